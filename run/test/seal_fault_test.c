/* SPDX-License-Identifier: Apache-2.0 */
/* seal_fault_test.c - a run is sealed and checked, or neither: what fails on
 * this machine breaks no seal.
 */
#include "run/seal.h"

#include "test/support/fault_loop.h"
#include "test/support/scratch.h"

struct sealing {
	struct scratch *at;
	enum seal_state state;
	char why[SEAL_WHY];
};

static void some_files(void *ctx)
{
	struct sealing *s = ctx;

	scratch_write(s->at, "history.jsonl", "{}\n");
	scratch_write(s->at, "findings.jsonl", "");
	assert_ok(seal_remove(s->at->dir, &s->at->err), s->at->err);
}

static int write_seal(void *ctx, struct error *err)
{
	struct sealing *s = ctx;

	return seal_write(s->at->dir, err);
}

static void show_state(void *ctx, struct buf *out)
{
	struct sealing *s = ctx;

	assert_ok(seal_check(s->at->dir, &s->state, s->why, &s->at->err),
		  s->at->err);
	buf_addf(out, "%d %s", s->state, s->why);
}

static void a_seal_is_written_whole_or_not(void **state)
{
	static const struct fault_story story = {
		.name = "seal_write",
		.kinds = FAULTS_MEMORY | FAULTS_LIBRARY | FAULTS_READ |
			 FAULTS_WRITE | FAULTS_FULL,
		.prepare = some_files,
		.run = write_seal,
		.show = show_state,
		.trace = TRACE_DONE,
	};
	struct sealing s = { .at = *state };

	scratch_in_memory(s.at);
	fault_loop(&story, &s);
}

static void sealed_files(void *ctx)
{
	struct sealing *s = ctx;

	some_files(s);
	assert_ok(seal_write(s->at->dir, &s->at->err), s->at->err);
	s->state = SEAL_NONE;
}

static int check_seal(void *ctx, struct error *err)
{
	struct sealing *s = ctx;

	return seal_check(s->at->dir, &s->state, s->why, err);
}

static void show_result(void *ctx, struct buf *out)
{
	struct sealing *s = ctx;

	buf_addf(out, "%d", s->state);
}

static void what_cannot_be_read_breaks_no_seal(void **state)
{
	static const struct fault_story story = {
		.name = "seal_check",
		.kinds = FAULTS_MEMORY | FAULTS_LIBRARY | FAULTS_READ,
		.prepare = sealed_files,
		.run = check_seal,
		.show = show_result,
	};
	struct sealing s = { .at = *state };

	scratch_in_memory(s.at);
	fault_loop(&story, &s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH_TEST(a_seal_is_written_whole_or_not),
		SCRATCH_TEST(what_cannot_be_read_breaks_no_seal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
