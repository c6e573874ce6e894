/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_run_test.c - the order of a run's steps, and what ends it how. */
#include "cli/test/played_rooms.h"

static char latest[PATH_ROOM];
static struct arena arena = ARENA_INIT(1024 * 1024);

static struct network kept(void)
{
	struct network net = { 0 };
	struct error err = { 0 };

	path_join(latest, runs, "latest");
	assert_ok(network_load(latest, &arena, &net, &err), err);
	return net;
}

static void all_well(void **state)
{
	struct network net;
	struct phase *phases;
	struct error err = { 0 };
	size_t count;

	(void)state;
	assert_int_equal(run_it("--seed=5"), 0);
	assert_string_equal(play.order,
			    "build generate deploy drive check down report");
	assert_int_equal(play.requests, 5); /* database, 3 nodes, 1 cordapps */
	net = kept();
	assert_int_equal(net.seed, 5);
	assert_string_equal(net.database_image, "database");
	assert_string_equal(net.releases[0].image, "node");
	assert_string_equal(net.releases[0].cordapps_image, "cordapps");
	assert_int_equal(net.releases[0].platform, 7);
	assert_ok(phase_load(latest, &arena, &phases, &count, &err), err);
	assert_int_equal(count, 6);
	assert_string_equal(phases[0].summary, "5 images, all cached");
	assert_string_equal(phases[1].summary, "3 identities, 9 files");
	assert_string_equal(phases[2].name, "deploy");
	for (size_t i = 0; i < count; i++) {
		assert_null(phases[i].error);
		js_free(phases[i].details);
	}
	arena_release(&arena);
}

static void what_stays_is_told(void **state)
{
	struct phase *phases;
	struct error err = { 0 };
	size_t count;

	(void)state;
	play.stays = "Namespace net has objects that medley did not create, so "
		     "it was not removed";
	assert_int_equal(run_it(NULL), 0);
	path_join(latest, runs, "latest");
	assert_ok(phase_load(latest, &arena, &phases, &count, &err), err);
	assert_int_equal(count, 6);
	assert_string_equal(
		phases[5].summary,
		"3 made, 0 removed, 0 left; Namespace net has objects "
		"that medley did not create, so it was not removed");
	for (size_t i = 0; i < count; i++)
		js_free(phases[i].details);
	arena_release(&arena);
}

/* Runs `medley drive --load`, whose file has this text; its exit code. */
static int drive_other(const char *text)
{
	char file[PATH_ROOM];
	const char *argv[] = { "--runs", runs, "--load",
			       path_join(file, dir, "other.yaml") };
	struct error err = { 0 };

	assert_ok(file_write(file, text, strlen(text), 0644, &err), err);
	return run_line("drive", ARRAY_SIZE(argv), argv);
}

/* The load of the last drive as phases.jsonl has it: its count. */
static int64_t recorded_count(const char **ret_file)
{
	struct phase *phases;
	struct error err = { 0 };
	size_t count;
	int64_t n = -1;

	*ret_file = NULL;
	path_join(latest, runs, "latest");
	assert_ok(phase_load(latest, &arena, &phases, &count, &err), err);
	for (size_t i = 0; i < count; i++) {
		const struct js *details = phases[i].details;
		const char *file = js_str(details, "load_file");

		if (!strcmp(phases[i].name, "drive")) {
			n = js_int(js_get(details, "load"), "count", -1);
			*ret_file = file ? arena_strdup(&arena, file) : NULL;
		}
		js_free(phases[i].details);
	}
	return n;
}

static void another_load_once(void **state)
{
	struct network before, after;
	const char *file;

	(void)state;
	assert_int_equal(run_it("--keep"), 0);
	assert_int_equal(play.other_count, 0);
	before = kept();
	assert_int_equal(recorded_count(&file), before.load.count);
	assert_null(file);
	assert_int_equal(drive_other("load: {count: 77}\n"), 0);
	assert_int_equal(play.other_count, 77);
	assert_int_equal(recorded_count(&file), 77);
	assert_non_null(strstr(file, "/other.yaml"));
	after = kept();
	assert_int_equal(after.load.count, before.load.count);
	arena_release(&arena);
}

/* What was driven is told of a drive that failed, too. */
static void a_load_that_failed_is_recorded(void **state)
{
	const char *file;

	(void)state;
	assert_int_equal(run_it("--keep"), 0);
	play.failing = "drive";
	play.kind = ERROR_LOAD;
	assert_int_equal(drive_other("load: {count: 78}\n"), ERROR_LOAD);
	assert_int_equal(recorded_count(&file), 78);
	assert_non_null(file);
	arena_release(&arena);
}

static void kept_up(void **state)
{
	(void)state;
	assert_int_equal(run_it("--keep"), 0);
	assert_string_equal(play.order,
			    "build generate deploy drive check report");
}

static void each_failure(void **state)
{
	static const struct {
		const char *step;
		enum error_kind kind;
		const char *order;
	} cases[] = {
		{ "build", ERROR_BUILD, "build report" },
		{ "generate", ERROR_INTERNAL, "build generate report" },
		{ "deploy", ERROR_DEPLOY, "build generate deploy down report" },
		{ "drive", ERROR_LOAD,
		  "build generate deploy drive down report" },
		{ "check", ERROR_INTERNAL,
		  "build generate deploy drive check down report" },
		{ "down", ERROR_LEFT,
		  "build generate deploy drive check down report" },
		{ "report", ERROR_INTERNAL,
		  "build generate deploy drive check down report" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		memset(&play, 0, sizeof(play));
		play.failing = cases[i].step;
		play.kind = cases[i].kind;
		assert_int_equal(run_it(NULL), cases[i].kind);
		assert_string_equal(play.order, cases[i].order);
	}
}

static void verdict_decides(void **state)
{
	(void)state;
	play.verdict = 1;
	assert_int_equal(run_it(NULL), 1);
}

/* Of a full disk, the answer is what matters. */
static void an_answer_that_cannot_be_written_counts(void **state)
{
	(void)state;
	play.unwritten = true;
	play.verdict = 1;
	assert_int_equal(run_it(NULL), 1);
	play.verdict = 0;
	assert_int_equal(run_it("--keep"), ERROR_INTERNAL);
}

static void one_release_unbuilt(void **state)
{
	struct network net;

	(void)state;
	play.unbuilt = "maven:4.0";
	assert_int_equal(run_it(NULL),
			 0); /* the report, played here, decides */
	assert_string_equal(play.order,
			    "build generate deploy drive check down report");
	net = kept();
	assert_string_equal(net.releases[0].failure, "no such release");
	assert_null(net.releases[1].failure);
	arena_release(&arena);
}

static void notary_unbuilt(void **state)
{
	(void)state;
	play.unbuilt = "maven:4.5";
	assert_int_equal(run_it(NULL), ERROR_BUILD);
	assert_string_equal(play.order, "build report");
}

/* Once a process: a second signal would end this program. */
static void interrupted_load(void **state)
{
	(void)state;
	interrupt_install();
	play.interrupt = play.unwritten = true;
	assert_int_equal(run_it(NULL), ERROR_INTERRUPTED);
	assert_string_equal(play.order,
			    "build generate deploy drive down report");
}

static void interrupted_teardown(void **state)
{
	(void)state;
	play.again = true;
	assert_int_equal(run_it(NULL), 0);
	assert_string_equal(
		play.order,
		"build generate deploy drive check down? down report");
}

static void bad_file(void **state)
{
	struct error err = { 0 };

	(void)state;
	assert_ok(file_write(network, "x: 1\n", 5, 0644, &err), err);
	assert_int_equal(run_it(NULL), ERROR_INPUT);
	assert_string_equal(play.order, "");
	assert_false(file_exists(runs));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(all_well, setup, teardown),
		cmocka_unit_test_setup_teardown(what_stays_is_told, setup,
						teardown),
		cmocka_unit_test_setup_teardown(another_load_once, setup,
						teardown),
		cmocka_unit_test_setup_teardown(a_load_that_failed_is_recorded,
						setup, teardown),
		cmocka_unit_test_setup_teardown(kept_up, setup, teardown),
		cmocka_unit_test_setup_teardown(each_failure, setup, teardown),
		cmocka_unit_test_setup_teardown(verdict_decides, setup,
						teardown),
		cmocka_unit_test_setup_teardown(
			an_answer_that_cannot_be_written_counts, setup,
			teardown),
		cmocka_unit_test_setup_teardown(one_release_unbuilt, setup,
						teardown),
		cmocka_unit_test_setup_teardown(notary_unbuilt, setup,
						teardown),
		cmocka_unit_test_setup_teardown(interrupted_load, setup,
						teardown),
		cmocka_unit_test_setup_teardown(interrupted_teardown, setup,
						teardown),
		cmocka_unit_test_setup_teardown(bad_file, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
