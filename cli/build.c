/* SPDX-License-Identifier: Apache-2.0 */
/* build.c - medley build: images of the releases of a file, or of words. */
#include <string.h>

#include "cli/job.h"
#include "cli/releases.h"
#include "sys/clock.h"
#include "sys/containers.h"

enum { LINES_MAX = 1000, FILE_MAX_BYTES = 1024 * 1024, WORD_WIDTH = 24 };

/* What is to be built, and where each was asked for. */
struct order {
	struct build_request *requests;
	const char **places; /* "releases.txt:3", or NULL */
	struct build_result *results;
	unsigned count;
};

static int order_add(struct order *o, struct job *job, const char *component,
		     const char *word, const char *place, struct error *err)
{
	const struct build_request request = { component, word,
					       job->cli->repo };

	if (o->count == LINES_MAX)
		return error_set(err, ERROR_INPUT, "more than %d releases",
				 LINES_MAX);
	if (build_check(&request, &job->arena, err) < 0)
		return place ? error_wrap(err, "%s", place) : -1;
	o->requests[o->count] = request;
	o->places[o->count++] = place;
	return 0;
}

/* One word a line; "#" begins a comment. */
static int order_file(struct order *o, struct job *job, struct error *err)
{
	const char *file = job->cli->file;
	cleanup(buf_release) struct buf text = BUF_INIT(FILE_MAX_BYTES);
	char *copy, *line, *word, *rest;

	if (file_read(file, &text, err) < 0)
		return -1;
	copy = arena_strdup(&job->arena, buf_text(&text));
	if (!copy)
		return error_nomem(err);
	for (unsigned n = 1; (line = strsep(&copy, "\n")); n++) {
		line[strcspn(line, "#")] = 0;
		word = strtok_r(line, " \t\r", &rest);
		if (!word)
			continue;
		if (strtok_r(NULL, " \t\r", &rest))
			return error_set(err, ERROR_INPUT,
					 "%s:%u: expected one release a line",
					 file, n);
		if (order_add(o, job, "node", word,
			      arena_printf(&job->arena, "%s:%u", file, n),
			      err) < 0)
			return -1;
	}
	return 0;
}

static int order_words(struct order *o, struct job *job, struct error *err)
{
	const struct cli *cli = job->cli;

	if (!cli->arg_count)
		return 0;
	if (cli->arg_count == 1)
		return order_add(o, job, cli->args[0], NULL, NULL, err);
	for (unsigned i = 1; i < cli->arg_count; i++)
		if (order_add(o, job, cli->args[0], cli->args[i], NULL, err) <
		    0)
			return -1;
	return 0;
}

static int order_read(struct order *o, struct job *job, struct error *err)
{
	struct arena *arena = &job->arena;

	o->requests = arena_array(arena, LINES_MAX, sizeof(o->requests[0]));
	o->results = arena_array(arena, LINES_MAX, sizeof(o->results[0]));
	o->places = arena_array(arena, LINES_MAX, sizeof(o->places[0]));
	if (!o->requests || !o->results || !o->places)
		return error_nomem(err);
	if ((job->cli->file && order_file(o, job, err) < 0) ||
	    order_words(o, job, err) < 0)
		return -1;
	if (!o->count)
		return error_set(err, ERROR_INPUT,
				 "nothing to build: name a file of releases "
				 "with -f, or words: medley build node "
				 "maven:4.10");
	return 0;
}

static void print_order(const struct order *o)
{
	for (unsigned i = 0; i < o->count; i++) {
		const struct build_request *q = &o->requests[i];
		const struct build_result *r = &o->results[i];

		if (r->failure)
			continue;
		printf("%-8s  %-*s  %s\n", q->component, WORD_WIDTH,
		       q->word ? q->word : "-", r->image);
	}
}

static int print_json(const struct order *o, struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(64 * 1024 * 1024);
	cleanup(js_freep) struct js *root = js_object();
	struct js *list = js_array();

	for (unsigned i = 0; i < o->count; i++)
		js_append(list, build_result_details(&o->requests[i],
						     &o->results[i]));
	js_set(root, "images", list);
	if (js_print(root, JS_PRETTY, &text, err) < 0)
		return -1;
	fputs(buf_text(&text), stdout);
	return 0;
}

static unsigned say_failures(const struct order *o)
{
	unsigned failed = 0;

	for (unsigned i = 0; i < o->count; i++) {
		const struct build_result *r = &o->results[i];

		if (!r->failure)
			continue;
		failed++;
		fprintf(stderr, "medley: %s%s%s%s%s: %s%s%s\n",
			o->places[i] ? o->places[i] : "",
			o->places[i] ? ": " : "", o->requests[i].component,
			o->requests[i].word ? " " : "",
			o->requests[i].word ? o->requests[i].word : "",
			r->failure, r->log ? "; see " : "",
			r->log ? r->log : "");
	}
	return failed;
}

static void say_end(struct job *job, const struct order *o, double seconds)
{
	unsigned cached = 0, failed = 0;
	char text[128], bad[32] = "";

	for (unsigned i = 0; i < o->count; i++) {
		cached += o->results[i].cached && !o->results[i].failure;
		failed += o->results[i].failure != NULL;
	}
	if (failed)
		snprintf(bad, sizeof(bad), ", %u FAILED", failed);
	snprintf(text, sizeof(text), "%u %s, %u cached%s", o->count - failed,
		 o->count - failed == 1 ? "image" : "images", cached, bad);
	screen_end(job->screen, text, seconds, failed);
}

int cmd_build(struct cli *cli, int *exit_code, struct error *err)
{
	cleanup(job_release) struct job job = { 0 };
	int64_t began = clock_mono_us();
	struct order o = { 0 };
	int rc;

	if (job_open(&job, cli, err) < 0 || order_read(&o, &job, err) < 0 ||
	    containers_prepare(err) < 0)
		return -1;
	rc = build_images(o.requests, o.count, built_dir, (int)cli->seconds,
			  &job.arena, screen_begin(job.screen, "build"),
			  o.results, err);
	if (rc < 0) {
		screen_end(job.screen, "FAILED", 0, true);
		return -1;
	}
	say_end(&job, &o, (double)(clock_mono_us() - began) / 1e6);
	if (!cli_has(cli, OPT_JSON))
		print_order(&o);
	else if (print_json(&o, err) < 0)
		return -1;
	if (say_failures(&o))
		*exit_code = ERROR_BUILD;
	return 0;
}
