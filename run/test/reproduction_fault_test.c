/* SPDX-License-Identifier: Apache-2.0 */
/* reproduction_fault_test.c - what repeats a run, and a bisection, without
 * memory, and of a disk that gives or takes them in pieces. */
#include "run/reproduction.h"

#include "base/cleanup.h"
#include "run/bisect_state.h"
#include "run/records.h"
#include "test/support/fault_loop.h"
#include "test/support/scratch.h"

enum { ROOM = 16 * 1024 * 1024 };

#define A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

static const char yaml[] =
	"banks: [{release: maven:4.0}, {release: maven:4.5},"
	" {release: maven:4.10}]\n"
	"notaries: [{release: maven:4.5}]\ncordapps: finance-4.0\nseed: 5\n"
	"load: {count: 60}\n";

static const char phases[] =
	"{\"phase\":\"drive\",\"seconds\":1,\"summary\":\"\",\"ok\":true,"
	"\"error\":null,\"details\":{\"load_file\":\"more.yaml\",\"load\":"
	"{\"count\":12,\"pay\":[1.0,2.5]},\"timeouts\":{\"flow\":9}}}\n";

struct working {
	struct scratch *at;
	struct arena arena;
	struct buf out;
	int (*work)(struct working *w, struct buf *out, struct error *err);
};

static int run(void *ctx, struct error *err)
{
	struct working *w = ctx;
	struct buf out = BUF_INIT(ROOM);

	if (w->work(w, &out, err) < 0) {
		buf_release(&out);
		return -1;
	}
	buf_release(&w->out);
	w->out = out;
	return 0;
}

static void show(void *ctx, struct buf *out)
{
	struct working *w = ctx;

	buf_add(out, w->out.data, w->out.len);
}

static void release(void *ctx)
{
	struct working *w = ctx;

	arena_release(&w->arena);
	buf_release(&w->out);
}

static void fail_all(void **state, const char *name, uint64_t kinds,
		     int (*work)(struct working *w, struct buf *out,
				 struct error *err))
{
	const struct fault_story story = { .name = name,
					   .kinds = FAULTS_MEMORY | kinds,
					   .run = run,
					   .show = show,
					   .release = release };
	struct working w = { .at = *state,
			     .arena = ARENA_INIT(ROOM),
			     .out = BUF_INIT(ROOM),
			     .work = work };
	struct network net;

	scratch_in_memory(w.at);
	scratch_network(w.at, yaml, &net);
	scratch_write(w.at, "phases.jsonl", phases);
	fault_loop(&story, &w);
}

static int load_and_print(struct working *w, struct buf *out, struct error *err)
{
	cleanup(js_freep) struct js *json = NULL;
	struct reproduction r;

	if (reproduction_load(w->at->dir, &w->arena, &r, err) < 0 ||
	    reproduction_narrow(&r, "4.0:4.10:4.5", &w->arena, err) < 0)
		return -1;
	json = reproduction_json(&r);
	return json ? js_print(json, JS_PRETTY, out, err) : error_nomem(err);
}

static void a_run_is_read_or_not(void **state)
{
	fail_all(state, "reproduction_load", FAULTS_READ | FAULTS_LIBRARY,
		 load_and_print);
}

static int write_and_read(struct working *w, struct buf *out, struct error *err)
{
	const struct bisect_test test = { B, "break", BISECT_BAD, "runs/1",
					  "3 of 6" };
	struct bisect_state s = { .repo = "/clone",
				  .cell = "a:b:n",
				  .good = { "v1", A },
				  .bad = { "main", B },
				  .release = "main",
				  .network = yaml };
	struct bisect_state back;

	if (bisect_state_begin(&s, &w->arena, err) < 0 ||
	    bisect_state_add(&s, &test, &w->arena, err) < 0 ||
	    bisect_state_write(w->at->dir, &s, err) < 0 ||
	    bisect_state_read(w->at->dir, &w->arena, &back, err) != 1)
		return -1;
	bisect_log_write(&back, out);
	buf_add_str(out, back.network);
	return buf_check(out, err);
}

static void a_bisection_is_kept_or_not(void **state)
{
	fail_all(state, "bisect_state", FAULTS_WRITE | FAULTS_FULL,
		 write_and_read);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH_TEST(a_run_is_read_or_not),
		SCRATCH_TEST(a_bisection_is_kept_or_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
