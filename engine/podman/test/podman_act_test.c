/* SPDX-License-Identifier: Apache-2.0 */
/* podman_act_test.c - what podman is called with to act on pods: a script in
 * its place writes its words down. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "engine/engine.h"
#include "run/network.h"
#include "sys/clock.h"
#include "test/support/scratch.h"

enum { MAX = 1024 * 1024 };

static const char prefix[] = "medley-20261121-075012-3f1a";
#define POD "medley-20261121-075012-3f1a-bank-4-5-0"

/* It fails the word in the file `fail`; `state` is the container's, and no file
 * means no container. */
static const char script[] =
	"#!/bin/sh\n"
	"cd '%s' || exit 70\n"
	"echo \"$*\" >>calls\n"
	"if [ -f fail ] && [ \"$1\" = \"$(cat fail)\" ]; then\n"
	"	echo \"Error: $1 has failed\" >&2; exit 125\n"
	"fi\n"
	"case \"$1 $2\" in\n"
	"kill*|pod*|exec*) [ -f state ] || {\n"
	"	echo 'Error: no such container' >&2; exit 125; } ;;\n"
	"'container inspect') cat state || exit 125 ;;\n"
	"'volume ls') echo \"" POD "-data $PWD/volume\" ;;\n"
	"'volume export') cat tar ;;\n"
	"'volume import') cat >imported ;;\n"
	"'unshare find') shift; exec \"$@\" ;;\n"
	"esac\n";

static const char set[] = "apiVersion: apps/v1\n"
			  "kind: StatefulSet\n"
			  "metadata: {name: bank-4-5, namespace: medley}\n"
			  "spec:\n"
			  "  serviceName: bank-4-5\n"
			  "  template:\n"
			  "    spec:\n"
			  "      containers: [{name: node, image: x}]\n"
			  "  volumeClaimTemplates:\n"
			  "    - metadata: {name: data}\n"
			  "      spec: {accessModes: [ReadWriteOnce]}\n";

struct story {
	struct scratch at;
	struct engine *engine;
	struct pod *pod;
	const char *path; /* $PATH as it was */
};

static void make_dir(struct story *s, const char *name)
{
	char path[PATH_ROOM];

	assert_ok(dir_make(path_join(path, s->at.dir, name), 0700, &s->at.err),
		  s->at.err);
}

static void put_script(struct story *s)
{
	cleanup(buf_release) struct buf text = BUF_INIT(MAX);
	cleanup(buf_release) struct buf words = BUF_INIT(MAX);
	char path[PATH_ROOM];

	buf_addf(&text, script, s->at.dir);
	scratch_write(&s->at, "podman", buf_text(&text));
	assert_int_equal(chmod(path_join(path, s->at.dir, "podman"), 0700), 0);
	s->path = arena_strdup(&s->at.arena, getenv("PATH"));
	buf_addf(&words, "%s:%s", s->at.dir, s->path);
	setenv("PATH", buf_text(&words), 1);
	setenv("CONTAINERS_CONF", "/dev/null", 0);
}

/* A run with a bank, whose container runs. */
static int set_up(void **state)
{
	struct story *s = scratch_begin(sizeof(*s));
	const struct pod_want want = { .set = "bank-4-5" };
	struct network net;

	scratch_network(&s->at,
			"banks: [{release: maven:4.5, count: 2}]\n"
			"notaries: [{release: maven:4.5}]\n"
			"cordapps: finance-4.0\n",
			&net);
	make_dir(s, "config");
	make_dir(s, "engine");
	make_dir(s, "volume");
	scratch_write(&s->at, "config/set.yaml", set);
	scratch_write(&s->at, "engine/prefix", prefix);
	scratch_write(&s->at, "state", "running\n");
	scratch_write(&s->at, "volume/old", "of before");
	put_script(s);
	assert_ok(engine_open("podman", s->at.dir, &s->engine, &s->at.err),
		  s->at.err);
	assert_ok(s->engine->ops->find(s->engine, &want, &s->pod, &s->at.err),
		  s->at.err);
	*state = s;
	return 0;
}

static int tear_down(void **state)
{
	struct story *s = *state;

	engine_closep(&s->engine);
	setenv("PATH", s->path, 1);
	return scratch_end(state);
}

/* What podman was called with since the last look, a line each. */
static void called(struct story *s, const char *lines)
{
	cleanup(buf_release) struct buf text = BUF_INIT(64 * 1024);
	char path[PATH_ROOM];

	assert_ok(file_read_if_there(path_join(path, s->at.dir, "calls"), &text,
				     &s->at.err),
		  s->at.err);
	assert_string_equal(buf_text(&text), lines);
	unlink(path);
}

static void lose(struct story *s, const char *name)
{
	char path[PATH_ROOM];

	assert_int_equal(unlink(path_join(path, s->at.dir, name)), 0);
}

static int send(struct story *s, enum engine_signal signal)
{
	return s->engine->ops->signal(s->engine, s->pod, signal, &s->at.err);
}

/* The first process of a node is a launcher. */
static void stop_and_cont_go_to_all_processes(void **state)
{
	struct story *s = *state;

	assert_ok(send(s, ENGINE_STOP), s->at.err);
	called(s, "exec -- " POD "-node /bin/sh -c "
		  "kill -s \"$1\" -- -1 signal STOP\n"
		  "kill --signal STOP -- " POD "-node\n");
	assert_ok(send(s, ENGINE_CONT), s->at.err);
	called(s, "kill --signal CONT -- " POD "-node\n"
		  "exec -- " POD "-node /bin/sh -c "
		  "kill -s \"$1\" -- -1 signal CONT\n");
}

static void term_and_kill_go_to_the_first(void **state)
{
	struct story *s = *state;

	assert_ok(send(s, ENGINE_TERM), s->at.err);
	assert_ok(send(s, ENGINE_KILL), s->at.err);
	called(s, "kill --signal TERM -- " POD "-node\n"
		  "kill --signal KILL -- " POD "-node\n");
}

static void a_restart_is_of_the_whole_pod(void **state)
{
	struct story *s = *state;
	const struct engine_ops *ops = s->engine->ops;

	scratch_write(&s->at, "state", "exited\n");
	s->pod->phase = POD_EXITED;
	s->pod->started_us = 5;
	assert_ok(ops->restart(s->engine, s->pod, 60, &s->at.err), s->at.err);
	assert_int_equal(s->pod->phase, POD_STARTING);
	assert_int_equal(s->pod->started_us, 0);
	called(s, "pod stop --time 10 -- " POD "\npod start -- " POD "\n");
	assert_ok(ops->restart(s->engine, s->pod, 4, &s->at.err), s->at.err);
	called(s, "pod stop --time 2 -- " POD "\npod start -- " POD "\n");
}

static void a_pod_that_is_not_there_is_an_error(void **state)
{
	struct story *s = *state;
	const struct engine_ops *ops = s->engine->ops;

	lose(s, "state");
	for (enum engine_signal n = 0; n < ENGINE_SIGNALS; n++) {
		assert_int_equal(send(s, n), -1);
		assert_int_equal(s->at.err.kind, ERROR_DEPLOY);
		assert_non_null(strstr(s->at.err.text, "no such container"));
		assert_non_null(strstr(s->at.err.text, engine_signal_word(n)));
		assert_non_null(strstr(s->at.err.text, "pod " POD ", signal"));
	}
	assert_int_equal(ops->restart(s->engine, s->pod, 60, &s->at.err), -1);
	assert_int_equal(s->at.err.kind, ERROR_DEPLOY);
	assert_non_null(strstr(s->at.err.text, "restart: "));
	assert_non_null(strstr(s->at.err.text, "no such container"));
}

static void a_pod_that_has_ended_is_an_error(void **state)
{
	struct story *s = *state;

	scratch_write(&s->at, "state", "exited\n");
	scratch_write(&s->at, "fail", "kill");
	assert_int_equal(send(s, ENGINE_KILL), -1);
	assert_int_equal(s->at.err.kind, ERROR_DEPLOY);
	assert_string_equal(s->at.err.text,
			    "pod " POD
			    ", signal KILL: the container is not running, "
			    "its state is exited");
}

/* ---- volumes ---- */

/* Two blocks, as tar begins and ends. */
static void put_tar(struct story *s, const char *name)
{
	char block[1024] = "./certificates", path[PATH_ROOM];

	memcpy(block + 257, "ustar", 6);
	assert_ok(file_write(path_join(path, s->at.dir, name), block,
			     sizeof(block), 0600, &s->at.err),
		  s->at.err);
}

/* Opened for both. */
static struct volume_stream stream(struct story *s, const char *name)
{
	struct volume_stream of = { .volume = "data",
				    .max = MAX,
				    .seconds = 60 };
	char path[PATH_ROOM];

	of.fd = open(path_join(path, s->at.dir, name), O_RDWR | O_CREAT, 0600);
	assert_true(of.fd > 0);
	return of;
}

static int save(struct story *s, const struct volume_stream *to)
{
	return s->engine->ops->volume_save(s->engine, s->pod, to, &s->at.err);
}

static int load(struct story *s, const struct volume_stream *from)
{
	return s->engine->ops->volume_load(s->engine, s->pod, from, &s->at.err);
}

static void assert_same(struct story *s, const char *a, const char *b)
{
	cleanup(buf_release) struct buf one = BUF_INIT(MAX);
	cleanup(buf_release) struct buf two = BUF_INIT(MAX);
	char path[PATH_ROOM];

	assert_ok(file_read(path_join(path, s->at.dir, a), &one, &s->at.err),
		  s->at.err);
	assert_ok(file_read(path_join(path, s->at.dir, b), &two, &s->at.err),
		  s->at.err);
	assert_int_equal(one.len, two.len);
	assert_memory_equal(one.data, two.data, one.len);
}

static void a_volume_is_saved_and_loaded(void **state)
{
	struct story *s = *state;
	struct volume_stream file = stream(s, "saved");
	cleanup(buf_release) struct buf lines = BUF_INIT(MAX);
	char path[PATH_ROOM];

	put_tar(s, "tar");
	assert_ok(save(s, &file), s->at.err);
	assert_same(s, "tar", "saved");
	called(s, "volume export -- " POD "-data\n");
	/* From its beginning, wherever the file stands. */
	assert_ok(load(s, &file), s->at.err);
	assert_same(s, "tar", "imported");
	assert_false(file_exists(path_join(path, s->at.dir, "volume/old")));
	assert_true(file_exists(path_join(path, s->at.dir, "volume")));
	buf_add_str(&lines, "volume ls --format {{.Name}} {{.Mountpoint}}\n");
	if (geteuid())
		buf_addf(&lines, "unshare find %s -xdev -mindepth 1 -delete\n",
			 path);
	buf_add_str(&lines, "volume import -- " POD "-data -\n");
	called(s, buf_text(&lines));
	close(file.fd);
}

static void what_is_too_large_is_an_error(void **state)
{
	struct story *s = *state;
	struct volume_stream file = stream(s, "saved");

	put_tar(s, "tar");
	file.max = 1023;
	assert_int_equal(save(s, &file), -1);
	assert_non_null(strstr(s->at.err.text, "more than the 1023 bytes"));
	assert_non_null(strstr(s->at.err.text, POD "-data"));
	close(file.fd);
}

/* Nothing is emptied for these. */
static void a_file_that_does_not_fit_is_refused(void **state)
{
	struct story *s = *state;
	struct volume_stream file = stream(s, "other");
	struct volume_stream pipe_end = file, large;
	char path[PATH_ROOM];
	int ends[2];

	put_tar(s, "large");
	large = stream(s, "large");
	large.max = 1000;
	assert_int_equal(load(s, &large), -1);
	assert_non_null(strstr(s->at.err.text, "at most 1000"));
	assert_int_equal(load(s, &file), -1);
	assert_int_equal(s->at.err.kind, ERROR_INPUT);
	assert_non_null(strstr(s->at.err.text, "not a tar archive"));
	assert_int_equal(pipe(ends), 0);
	pipe_end.fd = ends[0];
	assert_int_equal(load(s, &pipe_end), -1);
	assert_non_null(strstr(s->at.err.text, "expected a regular file"));
	assert_true(file_exists(path_join(path, s->at.dir, "volume/old")));
	called(s, "");
	close(file.fd), close(large.fd), close(ends[0]), close(ends[1]);
}

static void a_volume_that_is_not_there_is_an_error(void **state)
{
	struct story *s = *state;
	struct volume_stream file = stream(s, "saved");

	put_tar(s, "saved");
	file.volume = "dat";
	assert_int_equal(save(s, &file), -1);
	assert_non_null(strstr(s->at.err.text, "has no volume dat"));
	assert_int_equal(load(s, &file), -1);
	called(s, "");
	file.volume = "data";
	scratch_write(&s->at, "fail", "volume");
	assert_int_equal(save(s, &file), -1);
	assert_non_null(strstr(s->at.err.text, "volume has failed"));
	assert_int_equal(load(s, &file), -1);
	assert_non_null(strstr(s->at.err.text, "loading volume " POD "-data"));
	close(file.fd);
}

#define STORY(t) cmocka_unit_test_setup_teardown(t, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORY(stop_and_cont_go_to_all_processes),
		STORY(term_and_kill_go_to_the_first),
		STORY(a_restart_is_of_the_whole_pod),
		STORY(a_pod_that_is_not_there_is_an_error),
		STORY(a_pod_that_has_ended_is_an_error),
		STORY(a_volume_is_saved_and_loaded),
		STORY(what_is_too_large_is_an_error),
		STORY(a_file_that_does_not_fit_is_refused),
		STORY(a_volume_that_is_not_there_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
