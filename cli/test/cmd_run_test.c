/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_run_test.c - the order of a run's steps, and what ends it how; the rooms
 * are played by this file.
 */
#include "test/support/test.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "build-and-publish/build.h"
#include "cli/cli.h"
#include "deploy/deploy.h"
#include "driver/driver.h"
#include "generate/generate.h"
#include "report/report.h"
#include "run/network.h"
#include "run/records.h"
#include "run/run.h"
#include "sys/interrupt.h"
#include "vault/vault.h"

/* What the rooms are to do, and what was asked of them. */
static struct {
	char order[256]; /* "build generate …" */
	const char *failing; /* name of the step that fails */
	enum error_kind kind;
	const char *unbuilt; /* word without an image */
	bool interrupt; /* the load is interrupted */
	bool again; /* and so is teardown's first try */
	const char *stays; /* what teardown leaves to others */
	int verdict;
	unsigned requests;
	int64_t other_count; /* of the load that drive was given; 0: none */
} play;

static int act(const char *step, struct error *err)
{
	strcat(strcat(play.order, *play.order ? " " : ""), step);
	if (play.failing && !strcmp(play.failing, step))
		return error_set(err, play.kind, "%s failed as planned", step);
	return 0;
}

int build_images(const struct build_request *requests, unsigned count,
		 const struct build_options *options, struct arena *arena,
		 struct progress *progress, struct build_result *ret_results,
		 struct error *err)
{
	(void)arena;
	assert_int_equal(options->seconds, 900);
	assert_null(options->registry);
	progress_say(progress, 1, 2, 0, "building");
	play.requests = count;
	for (unsigned i = 0; i < count; i++) {
		bool bad = play.unbuilt && requests[i].word &&
			   !strcmp(requests[i].word, play.unbuilt);

		ret_results[i] = (struct build_result){
			.failure = bad ? "no such release" : NULL,
			.commit = requests[i].word ? requests[i].word : "db",
			.image = bad ? NULL : requests[i].component,
			.platform = 7,
			.contracts = "AB",
			.cached = 1,
		};
	}
	return act("build", err);
}

int generate_config(const char *run_dir, struct generate_summary *ret,
		    struct error *err)
{
	(void)run_dir;
	*ret = (struct generate_summary){ .identities = 3, .files = 9 };
	return act("generate", err);
}

int deploy_up(const char *run_dir, struct progress *progress,
	      struct js **ret_details, struct error *err)
{
	(void)run_dir, (void)progress;
	if (act("deploy", err) < 0)
		return -1;
	*ret_details = js_object();
	return 0;
}

int deploy_down(const char *run_dir, int seconds, struct progress *progress,
		struct js **ret_details, struct error *err)
{
	(void)run_dir, (void)progress;
	assert_int_equal(seconds, 120);
	assert_false(interrupted());
	*ret_details = js_object();
	js_set_int(*ret_details, "made", 3);
	if (play.stays)
		js_set_str(*ret_details, "stays", play.stays);
	if (play.again) {
		play.again = false;
		strcat(play.order, " down?");
		return error_set(err, ERROR_INTERRUPTED, "interrupted");
	}
	return act("down", err);
}

int deploy_scale(const char *run_dir, const char *set, unsigned replicas,
		 struct progress *progress, struct error *err)
{
	(void)run_dir, (void)set, (void)replicas, (void)progress;
	return act("scale", err);
}

int deploy_can_upgrade(const char *run_dir, const char *set,
		       const struct network_node *node, struct error *err)
{
	(void)run_dir, (void)set, (void)node;
	return act("can-upgrade", err);
}

int deploy_upgrade(const char *run_dir, const char *set,
		   struct progress *progress, struct error *err)
{
	(void)run_dir, (void)set, (void)progress;
	return act("upgrade", err);
}

int deploy_status(const char *run_dir, struct js **ret, struct error *err)
{
	(void)run_dir, (void)ret;
	return act("status", err);
}

int deploy_logs(const char *run_dir, const char *node,
		const struct log_want *want, struct error *err)
{
	(void)run_dir, (void)node, (void)want;
	return act("logs", err);
}

int deploy_attach(const char *run_dir, struct attachment **ret,
		  struct error *err)
{
	(void)run_dir, (void)err;
	*ret = NULL;
	return 0;
}

void attachment_free(struct attachment *at)
{
	(void)at;
}

int driver_run(const char *run_dir, const struct load_file *other,
	       struct progress *progress, struct js **ret_details,
	       struct error *err)
{
	(void)run_dir, (void)progress;
	play.other_count = other ? other->load.count : 0;
	if (act("drive", err) < 0)
		return -1;
	if (play.interrupt)
		raise(SIGINT);
	if (interrupt_check(err) < 0)
		return -1;
	*ret_details = js_object();
	return 0;
}

int vault_check(const char *run_dir, bool ask_nodes, struct progress *progress,
		struct js **ret_details, struct error *err)
{
	(void)run_dir, (void)ask_nodes, (void)progress;
	*ret_details = js_object();
	return act("check", err);
}

int report_write_against(const char *run_dir, const struct text_look *look,
			 const struct against *against, struct buf *text,
			 int *ret_exit_code, struct error *err)
{
	(void)run_dir, (void)look;
	assert_int_equal(against->count, 0);
	buf_add_str(text, "the matrix\n");
	*ret_exit_code = play.verdict;
	return act("report", err);
}

static char dir[PATH_ROOM], network[PATH_ROOM], runs[PATH_ROOM];

static int setup(void **state)
{
	static const char text[] =
		"banks: [{release: maven:4.0}, {release: maven:4.5},"
		" {release: maven:4.10}]\n"
		"notaries: [{release: maven:4.5}]\ncordapps: finance-4.0\n";
	struct error err = { 0 };

	(void)state;
	memset(&play, 0, sizeof(play));
	assert_ok(dir_make_temporary("/tmp/medley-cmd-run-", dir, &err), err);
	path_join(network, dir, "network.yaml");
	path_join(runs, dir, "runs");
	assert_ok(file_write(network, text, strlen(text), 0644, &err), err);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	return dir_remove(dir, NULL);
}

/* Runs a command line; the exit code as main() makes it. */
static int run_line(const char *name, unsigned argc, const char **argv)
{
	cleanup(cli_release) struct cli cli = { 0 };
	struct error err = { 0 };
	int exit_code = 0;

	assert_ok(cli_read(&cli, command_find(name, NULL), (int)argc,
			   (char **)argv, &err),
		  err);
	return cli.command->run(&cli, &exit_code, &err) < 0 ? (int)err.kind
							    : exit_code;
}

/* `medley run` with this option, or NULL. */
static int run_it(const char *option)
{
	const char *argv[] = { network, "--runs", runs, option };

	return run_line("run", option ? 4 : 3, argv);
}

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
	play.interrupt = true;
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
