/* SPDX-License-Identifier: Apache-2.0 */
/* seal_test.c - the manifest of a run's files finds what was changed. */
#include "run/seal.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "data/json.h"
#include "test/support/scratch.h"

static char why[SEAL_WHY];

static enum seal_state state_of(struct scratch *at)
{
	enum seal_state state;
	struct error err = { 0 };

	assert_ok(seal_check(at->dir, &state, why, &err), err);
	return state;
}

static void assert_broken(struct scratch *at, const char *part)
{
	assert_int_equal(state_of(at), SEAL_BROKEN);
	if (!strstr(why, part))
		fail_msg("\"%s\" is not in \"%s\"", part, why);
}

static const char *path_of(struct scratch *at, const char *name)
{
	static char path[PATH_ROOM];

	return path_join(path, at->dir, name);
}

static void seal(struct scratch *at)
{
	struct error err = { 0 };

	assert_int_equal(mkdir(path_of(at, "logs"), 0755), 0);
	assert_int_equal(mkdir(path_of(at, "config"), 0700), 0);
	scratch_write(at, "history.jsonl", "abc");
	scratch_write(at, "logs/bank-0.log", "ready\n");
	scratch_write(at, "config/key", "secret");
	scratch_write(at, "secrets.json", "secret");
	scratch_write(at, "lock", "");
	scratch_write(at, "lock-vaults", "");
	assert_int_equal(state_of(at), SEAL_NONE);
	assert_ok(seal_write(at->dir, &err), err);
	assert_int_equal(state_of(at), SEAL_WHOLE);
}

static void names_each_file_with_size_and_sha256(void **state)
{
	cleanup(js_freep) struct js *seal_json = NULL;
	const struct js *files;
	struct error err = { 0 };

	seal(*state);
	assert_ok(js_read_file(path_of(*state, "seal.json"), &seal_json, &err),
		  err);
	files = js_get(seal_json, "files");
	assert_int_equal(js_count(files), 2);
	assert_string_equal(js_str(js_at(files, 0), "path"), "history.jsonl");
	assert_int_equal(js_int(js_at(files, 0), "size", 0), 3);
	assert_string_equal(js_str(js_at(files, 0), "sha256"),
			    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb4"
			    "10ff61f20015ad");
	assert_string_equal(js_str(js_at(files, 1), "path"), "logs/bank-0.log");
}

static void another_content_of_the_same_size_is_found(void **state)
{
	seal(*state);
	scratch_write(*state, "history.jsonl", "abd");
	assert_broken(*state, "the content of history.jsonl has changed");
}

static void a_log_that_was_cut_is_found(void **state)
{
	seal(*state);
	scratch_write(*state, "logs/bank-0.log", "rea");
	assert_broken(*state, "logs/bank-0.log has 3 bytes instead of 6");
}

static void evidence_that_turns_up_is_found(void **state)
{
	static const char *const names[] = { "findings.jsonl",
					     "balances.jsonl" };

	seal(*state);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		scratch_write(*state, names[i], "{}\n");
		assert_broken(*state, "was added later");
		assert_int_equal(unlink(path_of(*state, names[i])), 0);
	}
}

static void what_only_this_machine_needs_may_change(void **state)
{
	seal(*state);
	assert_int_equal(unlink(path_of(*state, "config/key")), 0);
	assert_int_equal(unlink(path_of(*state, "secrets.json")), 0);
	assert_int_equal(state_of(*state), SEAL_WHOLE);
}

/* A FIFO would block the reader; a link leads to a file of another place. */
static void other_kinds_of_files_are_not_read(void **state)
{
	seal(*state);
	assert_int_equal(unlink(path_of(*state, "history.jsonl")), 0);
	assert_int_equal(mkfifo(path_of(*state, "history.jsonl"), 0600), 0);
	assert_broken(*state, "history.jsonl: not a regular file");
	assert_int_equal(unlink(path_of(*state, "history.jsonl")), 0);
	assert_int_equal(symlink("logs/bank-0.log",
				 path_of(*state, "history.jsonl")),
			 0);
	assert_broken(*state, "history.jsonl: not a regular file");
}

static void a_seal_of_somebody_else_leads_nowhere(void **state)
{
	static const char *const paths[] = { "/etc/passwd", "../x",
					     "logs/../../x", "config/key",
					     "secrets.json" };
	char text[256];

	seal(*state);
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		snprintf(text, sizeof(text),
			 "{\"version\":1,\"files\":[{\"path\":\"%s\","
			 "\"size\":3,\"sha256\":\"00\"}]}",
			 paths[i]);
		scratch_write(*state, "seal.json", text);
		assert_broken(*state, "an entry of the seal is not valid");
	}
}

static void a_seal_that_cannot_be_read_is_broken(void **state)
{
	seal(*state);
	scratch_write(*state, "seal.json", "{\"version\":1,");
	assert_broken(*state, "seal.json:1:");
	scratch_write(*state, "seal.json", "{\"version\":2,\"files\":[]}");
	assert_broken(*state, "expected a seal of version 1");
	scratch_write(*state, "seal.json", "{\"version\":1,\"files\":[]}");
	assert_broken(*state, "history.jsonl was added later");
}

static void who_changes_a_run_opens_its_seal(void **state)
{
	struct scratch *at = *state;
	enum seal_state before;
	struct error err = { 0 };

	seal(at);
	assert_ok(seal_open(at->dir, &before, why, &err), err);
	assert_int_equal(before, SEAL_WHOLE);
	assert_int_equal(state_of(at), SEAL_NONE);
	assert_ok(seal_write(at->dir, &err), err);
	scratch_write(at, "history.jsonl", "x");
	assert_ok(seal_open(at->dir, &before, why, &err), err);
	assert_int_equal(before, SEAL_BROKEN);
	assert_int_equal(state_of(at), SEAL_BROKEN);
}

/* What was changed in between does not become right by a report. */
static void a_report_seals_its_own_files_alone(void **state)
{
	struct scratch *at = *state;
	struct error err = { 0 };

	seal(at);
	scratch_write(at, "results.json", "new");
	scratch_write(at, "history.jsonl", "abd");
	assert_ok(seal_renew(at->dir, &err), err);
	assert_broken(at, "the content of history.jsonl has changed");
	scratch_write(at, "history.jsonl", "abc");
	assert_int_equal(state_of(at), SEAL_WHOLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH_TEST(names_each_file_with_size_and_sha256),
		SCRATCH_TEST(another_content_of_the_same_size_is_found),
		SCRATCH_TEST(a_log_that_was_cut_is_found),
		SCRATCH_TEST(evidence_that_turns_up_is_found),
		SCRATCH_TEST(what_only_this_machine_needs_may_change),
		SCRATCH_TEST(other_kinds_of_files_are_not_read),
		SCRATCH_TEST(a_seal_of_somebody_else_leads_nowhere),
		SCRATCH_TEST(a_seal_that_cannot_be_read_is_broken),
		SCRATCH_TEST(who_changes_a_run_opens_its_seal),
		SCRATCH_TEST(a_report_seals_its_own_files_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
