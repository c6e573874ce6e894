/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_check_test.c - medley check asks the nodes on request, and says what came
 * of it; engine and vaults are played by this file. */
#include "base/cleanup.h"
#include "cli/cli.h"
#include "deploy/deploy.h"
#include "run/network.h"
#include "run/records.h"
#include "run/run.h"
#include "test/support/test.h"
#include "vault/vault.h"

static struct {
	bool down; /* no node is up */
	bool checked, asked;
	int64_t banks, answered, agree;
} play;

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

int vault_can_ask(const char *run_dir, struct error *err)
{
	(void)run_dir;
	return play.down ? error_set(err, ERROR_INPUT, "it is down") : 0;
}

int vault_check(const char *run_dir, bool ask_nodes, struct progress *progress,
		struct js **ret_details, struct error *err)
{
	struct js *asked = js_object();

	(void)run_dir, (void)progress, (void)err;
	play.checked = true;
	play.asked = ask_nodes;
	js_set_int(asked, "banks", play.banks);
	js_set_int(asked, "answered", play.answered);
	js_set_int(asked, "agree", play.agree);
	*ret_details = js_object();
	js_set(*ret_details, "asked", asked);
	return 0;
}

static char dir[PATH_ROOM], run[PATH_ROOM];
static struct arena arena;

static int setup(void **state)
{
	static const char text[] = "banks: [{release: maven:4.0},"
				   " {release: maven:4.10}]\n"
				   "notaries: [{release: maven:4.5}]\n"
				   "cordapps: finance-4.0\n";
	struct network net;
	struct error err = { 0 };
	char path[PATH_ROOM];

	(void)state;
	memset(&play, 0, sizeof(play));
	arena_init(&arena, 1 << 20);
	assert_ok(dir_make_temporary("/tmp/medley-check-", dir, &err), err);
	path_join(path, dir, "network.yaml");
	assert_ok(file_write(path, text, strlen(text), 0644, &err), err);
	assert_ok(network_read(path, &arena, &net, &err), err);
	assert_ok(run_create(dir, run, &err), err);
	assert_ok(network_save(&net, run, &err), err);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_release(&arena);
	return dir_remove(dir, NULL);
}

/* Runs `medley check`, with this option or NULL; its exit code. */
static int check(const char *option)
{
	const char *argv[] = { "--runs", dir, option };
	cleanup(cli_release) struct cli cli = { 0 };
	struct error err = { 0 };
	int exit_code = 0;

	assert_ok(cli_read(&cli, command_find("check", NULL), option ? 3 : 2,
			   (char **)argv, &err),
		  err);
	return cli.command->run(&cli, &exit_code, &err) < 0 ? (int)err.kind
							    : exit_code;
}

/* The end of the line in phases.jsonl, or NULL without a line. */
static const char *summary(void)
{
	struct phase *phases;
	struct error err = { 0 };
	size_t count;

	assert_ok(phase_load(run, &arena, &phases, &count, &err), err);
	if (!count)
		return NULL;
	js_free(phases[0].details);
	return strchr(phases[0].summary, ';');
}

static void nodes_are_asked_on_request(void **state)
{
	(void)state;
	assert_int_equal(check(NULL), 0);
	assert_true(play.checked);
	assert_false(play.asked);
	play.banks = play.answered = play.agree = 2;
	assert_int_equal(check("--ask-nodes"), 0);
	assert_true(play.asked);
	assert_string_equal(summary(), "; 2 banks agree");
}

static void who_does_not_agree_is_counted(void **state)
{
	(void)state;
	play.banks = 6;
	play.answered = 5;
	play.agree = 4;
	assert_int_equal(check("--ask-nodes"), 0);
	assert_string_equal(summary(), "; 5 of 6 banks answered, 4 agree");
	play.agree = 1;
	assert_int_equal(check("--ask-nodes"), 0);
	assert_string_equal(summary(), "; 5 of 6 banks answered, 1 agrees");
}

/* Nothing is read, and nothing is recorded. */
static void nodes_that_are_down_are_not_asked(void **state)
{
	(void)state;
	play.down = true;
	assert_int_equal(check("--ask-nodes"), ERROR_INPUT);
	assert_false(play.checked);
	assert_null(summary());
	assert_int_equal(check(NULL), 0);
	assert_true(play.checked);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(nodes_are_asked_on_request,
						setup, teardown),
		cmocka_unit_test_setup_teardown(who_does_not_agree_is_counted,
						setup, teardown),
		cmocka_unit_test_setup_teardown(
			nodes_that_are_down_are_not_asked, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
