/* SPDX-License-Identifier: Apache-2.0 */
/* commands_test.c - the table of commands, its options and its page. */
#include "test/support/test.h"

#include "base/cleanup.h"
#include "cli/cli.h"

static struct cli cli;

static int parse(const char *command, struct error *err, unsigned argc,
		 const char **argv)
{
	cli = (struct cli){ .command = command_find(command, err) };
	assert_non_null(cli.command);
	return options_parse(&cli, (int)argc, (char **)argv, err);
}

#define PARSE(command, err, ...)                                               \
	parse(command, err,                                                    \
	      sizeof((const char *[]){ __VA_ARGS__ }) / sizeof(char *),        \
	      (const char *[]){ __VA_ARGS__ })

static void options(void **state)
{
	struct error err = { 0 };

	(void)state;
	assert_ok(PARSE("run", &err, "--seed", "7", "n.yaml", "--keep",
			"--runs=elsewhere"),
		  err);
	assert_int_equal(cli.seed, 7);
	assert_string_equal(cli.runs, "elsewhere");
	assert_string_equal(cli.args[0], "n.yaml");
	assert_true(cli_has(&cli, OPT_KEEP) && cli_has(&cli, OPT_SEED));
	assert_false(cli_has(&cli, OPT_JSON));
	assert_ok(PARSE("logs", &err, "-n5", "run", "node"), err);
	assert_int_equal(cli.lines, 5);
	assert_int_equal(cli.arg_count, 2);
	assert_ok(PARSE("build", &err, "-f", "r.txt", "--", "--odd"), err);
	assert_string_equal(cli.file, "r.txt");
	assert_string_equal(cli.args[0], "--odd");
	assert_ok(PARSE("run", &err, "--help"), err);
}

static void refused(void **state)
{
	struct error err = { 0 };

	(void)state;
	assert_error(PARSE("run", &err, "--sed", "7", "n"), err,
		     "medley run has no option '--sed'; did you mean "
		     "'--seed'?");
	assert_int_equal(err.kind, ERROR_INPUT);
	assert_error(PARSE("run", &err, "--quux", "n"), err,
		     "see 'medley help run'");
	assert_error(PARSE("up", &err, "--keep"), err, "has no option");
	assert_error(PARSE("run", &err, "-x", "n"), err, "has no option '-x'");
	assert_error(PARSE("run", &err, "n", "--seed"), err,
		     "--seed needs a value: N");
	assert_error(PARSE("run", &err, "n", "--seed", "x"), err,
		     "--seed: expected a whole number, not 'x'");
	assert_error(PARSE("run", &err, "n", "--keep=1"), err,
		     "--keep takes no value");
	assert_error(PARSE("run", &err, "--keep"), err,
		     "usage: medley run NETWORK.yaml [options]");
	assert_error(PARSE("status", &err, "a", "b"), err, "usage:");
	assert_null(command_find("chekc", &err));
	assert_non_null(strstr(err.text, "did you mean 'check'?"));
	assert_null(command_find("frobnicate", &err));
	assert_non_null(strstr(err.text, "'medley help' lists them"));
}

static void table_is_whole(void **state)
{
	(void)state;
	for (unsigned i = 0; i < command_count; i++) {
		const struct command *c = &commands[i];
		cleanup(buf_release) struct buf out = BUF_INIT(65536);

		assert_non_null(c->run);
		assert_true(c->least <= c->most && c->most <= CLI_ARGS);
		assert_true(strlen(c->brief) <= 64);
		assert_ptr_equal(command_find(c->name, NULL), c);
		help_command(c, &out);
		assert_non_null(strstr(buf_text(&out), c->brief));
		assert_null(strchr(buf_text(&out), '`'));
	}
}

/* docs/commands.md is made by `medley help commands`. */
static void documented(void **state)
{
	cleanup(buf_release) struct buf made = BUF_INIT(1 << 20);
	cleanup(buf_release) struct buf kept = BUF_INIT(1 << 20);
	struct error err = { 0 };

	(void)state;
	help_document(&made);
	assert_ok(file_read("docs/commands.md", &kept, &err), err);
	assert_string_equal(buf_text(&made), buf_text(&kept));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options),
		cmocka_unit_test(refused),
		cmocka_unit_test(table_is_whole),
		cmocka_unit_test(documented),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
