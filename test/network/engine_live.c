/* SPDX-License-Identifier: Apache-2.0 */
/*
 * engine_live.c - acts on a pod of a run that is up, as a load with faults
 *will: on an engine thread, beside a loop.
 *
 *	engine_live RUN NODE term|kill|stop|cont|restart
 *	engine_live RUN NODE save|load FILE [VOLUME]
 *	engine_live RUN NODE is running|exited|missing
 *
 * `is` waits for it. Ends with the exit code of an error.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "deploy/network_pods.h"
#include "engine/engine_thread.h"
#include "run/network.h"
#include "sys/clock.h"
#include "sys/interrupt.h"

enum {
	ARENA_MAX = 64 * 1024 * 1024,
	VOLUME_MAX = 256 * 1024 * 1024,
	RESTART_SECONDS = 120,
	VOLUME_SECONDS = 120,
	IS_SECONDS = 300,
	STEP_MS = 500,
	TICK_MS = 10
};

struct live {
	struct engine_job job; /* first */
	struct arena arena;
	struct network net;
	struct engine *engine;
	struct pod *pod;
	const char *verb, *word, *volume;
	bool done;
	struct error err;
	struct loop *loop;
};

/* ---- on the engine thread ---- */

static int is(struct live *l, struct error *err)
{
	static const char *const words[] = { "missing", "starting", "running",
					     "exited", "failed" };
	int64_t limit = clock_mono_us() + IS_SECONDS * 1000000LL;

	for (;;) {
		if (interrupt_check(err) < 0 ||
		    l->engine->ops->observe(l->engine, err) < 0)
			return -1;
		if (!strcmp(words[l->pod->phase], l->word))
			return 0;
		if (clock_mono_us() > limit)
			return error_set(err, ERROR_DEPLOY, "%s is %s",
					 l->pod->name, words[l->pod->phase]);
		loop_step(l->engine->loop, STEP_MS);
	}
}

static int move_volume(struct live *l, struct error *err)
{
	bool save = !strcmp(l->verb, "save");
	cleanup(closep) int fd =
		open(l->word,
		     save ? O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC
			  : O_RDONLY | O_CLOEXEC,
		     0600);
	const struct volume_stream stream = { .volume = l->volume,
					      .fd = fd,
					      .max = VOLUME_MAX,
					      .seconds = VOLUME_SECONDS };

	if (fd < 0)
		return error_set(err, ERROR_INPUT, "%s", l->word);
	if (engine_need(l->engine,
			save ? ENGINE_VOLUME_SAVE : ENGINE_VOLUME_LOAD,
			err) < 0)
		return -1;
	return (save ? l->engine->ops->volume_save
		     : l->engine->ops->volume_load)(l->engine, l->pod, &stream,
						    err);
}

static int act(struct engine_job *job, struct error *err)
{
	struct live *l = (struct live *)job;
	struct engine *e = l->engine;

	if (!strcmp(l->verb, "is"))
		return is(l, err);
	if (!strcmp(l->verb, "save") || !strcmp(l->verb, "load"))
		return move_volume(l, err);
	if (!strcmp(l->verb, "restart"))
		return engine_need(e, ENGINE_RESTART, err) < 0
			       ? -1
			       : e->ops->restart(e, l->pod, RESTART_SECONDS,
						 err);
	for (enum engine_signal s = 0; s < ENGINE_SIGNALS; s++)
		if (!strcasecmp(l->verb, engine_signal_word(s)))
			return engine_need(e, ENGINE_SIGNAL, err) < 0
				       ? -1
				       : e->ops->signal(e, l->pod, s, err);
	return error_set(err, ERROR_INPUT, "what is '%s'?", l->verb);
}

/* ---- on the loop ---- */

static void ended(struct engine_job *job, const struct error *err)
{
	struct live *l = (struct live *)job;

	l->done = true;
	if (err)
		l->err = *err;
}

static int find(struct live *l, const char *run, const char *name,
		struct error *err)
{
	const struct network_node *node;

	if (network_load(run, &l->arena, &l->net, err) < 0 ||
	    engine_open(l->net.engine, run, &l->engine, err) < 0)
		return -1;
	node = network_find(&l->net, name);
	if (!node && strcmp(name, "database"))
		return error_set(err, ERROR_INPUT, "no node %s", name);
	return pod_of(l->engine, &l->net, node, false, &l->pod, err);
}

static int live(struct live *l, struct error *err)
{
	struct engine_thread *thread;
	unsigned ticks = 0;

	if (loop_new(&l->loop, err) < 0 ||
	    engine_thread_start(l->loop, &thread, err) < 0)
		return -1;
	if (engine_thread_add(thread, &l->job, err) < 0)
		return -1;
	for (; !l->done; ticks++)
		loop_step(l->loop, TICK_MS);
	engine_thread_close(thread);
	loop_free(l->loop);
	printf("%s: the loop has turned %u times\n", l->verb, ticks);
	if (l->err.kind)
		return error_set(err, l->err.kind, "%s", l->err.text);
	return 0;
}

int main(int argc, char **argv)
{
	struct live l = { .job = { .run = act, .done = ended },
			  .arena = ARENA_INIT(ARENA_MAX),
			  .verb = argc > 3 ? argv[3] : "",
			  .word = argc > 4 ? argv[4] : "",
			  .volume = argc > 5 ? argv[5] : "data" };
	struct error err = { 0 };

	interrupt_install();
	if (argc < 4)
		return ERROR_INPUT;
	if (find(&l, argv[1], argv[2], &err) < 0 || live(&l, &err) < 0)
		fprintf(stderr, "engine_live: %s\n", err.text);
	engine_closep(&l.engine);
	arena_release(&l.arena);
	return (int)err.kind;
}
