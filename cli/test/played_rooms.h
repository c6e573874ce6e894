/* SPDX-License-Identifier: Apache-2.0 */
/* played_rooms.h - stand-ins for the rooms, of which `medley run` and `medley
 * drive` call one after the other. A test program includes this once. */
#ifndef CLI_TEST_PLAYED_ROOMS_H
#define CLI_TEST_PLAYED_ROOMS_H

#include "test/support/test.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "build-and-publish/build.h"
#include "build-and-publish/kept_images.h"
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
	char order[512]; /* "build generate …" */
	const char *failing; /* name of the step that fails */
	enum error_kind kind;
	const char *unbuilt; /* word without an image */
	bool interrupt; /* the load is interrupted */
	bool unwritten; /* the report has an answer, but no files */
	bool again; /* and so is teardown's first try */
	const char *stays; /* what teardown leaves to others */
	int verdict;
	unsigned requests;
	bool images_gone; /* of a stored network */
	/* Further words without an image; writes what a report would; or
	 * NULL. */
	bool (*is_unbuilt)(const char *word);
	void (*write_results)(const char *run_dir);
	int64_t other_count; /* of the load that drive was given; 0: none */
	/* Of --repeat: */
	unsigned runs; /* begun, by their builds */
	unsigned
		failing_run; /* the only one in which `failing` fails; 0: all */
	uint64_t seeds[4];
	size_t joined;
	char first_joined[PATH_ROOM], out[PATH_ROOM];
} play;

static inline int act(const char *step, struct error *err)
{
	/* Of many runs only the last steps are kept. */
	if (strlen(play.order) + strlen(step) + 16 > sizeof(play.order))
		play.order[0] = 0;
	strcat(strcat(play.order, *play.order ? " " : ""), step);
	play.runs += !strcmp(step, "build");
	if (play.failing && !strcmp(play.failing, step) &&
	    (!play.failing_run || play.failing_run == play.runs))
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
		const char *word = requests[i].word;
		bool bad = word &&
			   ((play.unbuilt && !strcmp(word, play.unbuilt)) ||
			    (play.is_unbuilt && play.is_unbuilt(word)));

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

int kept_images_check(const struct network *net, struct arena *arena,
		      unsigned *ret_count, struct error *err)
{
	(void)net, (void)arena;
	*ret_count = 5;
	if (play.images_gone)
		return error_set(err, ERROR_BUILD, "an image is gone");
	return act("images", err);
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
	assert_true(!against || against->count == 0);
	buf_add_str(text, "the matrix\n");
	*ret_exit_code = play.verdict;
	if (play.write_results)
		play.write_results(run_dir);
	if (play.unwritten)
		error_set(err, ERROR_INTERNAL, "results.json: disk full");
	return act("report", err) < 0 || play.unwritten ? -1 : 0;
}

int report_merge(const char *const *dirs, size_t count, const char *out_dir,
		 const struct text_look *look, struct buf *text,
		 int *ret_exit_code, struct error *err)
{
	cleanup(arena_release) struct arena memory = ARENA_INIT(1024 * 1024);

	(void)look;
	for (size_t i = 0; i < count && i < ARRAY_SIZE(play.seeds); i++) {
		struct network net;

		assert_ok(network_load(dirs[i], &memory, &net, err), *err);
		play.seeds[i] = net.seed;
	}
	play.joined = count;
	path_printf(play.first_joined, "%s", dirs[0]);
	path_printf(play.out, "%s", out_dir);
	buf_add_str(text, "the joined matrix\n");
	*ret_exit_code = play.verdict;
	return act("join", err);
}

static char dir[PATH_ROOM], network[PATH_ROOM], runs[PATH_ROOM];

static inline int setup(void **state)
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

static inline int teardown(void **state)
{
	(void)state;
	return dir_remove(dir, NULL);
}

/* Runs a command line; the exit code as main() makes it. */
static inline int run_line(const char *name, unsigned argc, const char **argv)
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
static inline int run_it(const char *option)
{
	const char *argv[] = { network, "--runs", runs, option };

	return run_line("run", option ? 4 : 3, argv);
}

#endif
