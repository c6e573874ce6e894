/* SPDX-License-Identifier: Apache-2.0 */
/* commands_test.c - the tables of commands and options, and their page. */
#include "test/support/test.h"

#include "cli/build_order.h"
#include "cli/cmd_doorman.h"

static struct cli cli;

static int read_line(const char *command, struct error *err, unsigned argc,
		     const char **argv)
{
	const struct command *c = command_find(command, err);

	assert_non_null(c);
	cli_release(&cli);
	return cli_read(&cli, c, (int)argc, (char **)argv, err);
}

#define READ(command, err, ...)                                                \
	read_line(command, err,                                                \
		  sizeof((const char *[]){ __VA_ARGS__ }) / sizeof(char *),    \
		  (const char *[]){ __VA_ARGS__ })

/* The member of the command's struct that an option of this name fills. */
static const void *value_of(const char *name)
{
	struct option_list list;
	const struct option *o;

	command_options(cli.command, &list);
	o = options_find(&list, name, strlen(name));
	assert_non_null(o);
	return (const char *)cli.options + o->offset;
}

static const char *text_of(const char *name)
{
	return *(const char *const *)value_of(name);
}

static const struct option_number *number_of(const char *name)
{
	return value_of(name);
}

static bool flag_of(const char *name)
{
	return *(const bool *)value_of(name);
}

static int teardown(void **state)
{
	(void)state;
	cli_release(&cli);
	return 0;
}

/* All values, in their order. */
static void an_option_may_be_repeated(void **state)
{
	const char *words[2 * (OPTION_TEXTS_MAX + 1)];
	const struct option_texts *texts;
	struct error err = { 0 };

	(void)state;
	assert_ok(READ("report", &err, "--against", "b", "run", "--against=a"),
		  err);
	texts = value_of("against");
	assert_int_equal(texts->count, 2);
	assert_string_equal(texts->list[0], "b");
	assert_string_equal(texts->list[1], "a");
	assert_string_equal(cli_arg(&cli, 0), "run");
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		words[i] = i % 2 ? "a" : "--against";
	assert_error(read_line("report", &err, ARRAY_SIZE(words), words), err,
		     "--against: more than 16 values");
}

static void options_fill_the_struct_of_the_command(void **state)
{
	const struct cmd_build_options *build;
	struct error err = { 0 };

	(void)state;
	assert_ok(READ("run", &err, "--seed", "7", "n.yaml", "--keep",
		       "--runs=elsewhere"),
		  err);
	assert_int_equal(number_of("seed")->value, 7);
	assert_true(number_of("seed")->given);
	assert_string_equal(text_of("runs"), "elsewhere");
	assert_string_equal(cli.args[0], "n.yaml");
	assert_true(flag_of("keep"));
	assert_false(cli_common(&cli)->json);
	assert_ok(READ("logs", &err, "-n5", "run", "node"), err);
	assert_int_equal(number_of("lines")->value, 5);
	assert_int_equal(cli.arg_count, 2);
	assert_ok(READ("build", &err, "-f", "r.txt", "--", "--odd"), err);
	build = cli.options;
	assert_string_equal(build->file, "r.txt");
	assert_string_equal(cli.args[0], "--odd");
	assert_ok(READ("run", &err, "--help"), err);
	assert_true(cli_common(&cli)->help);
}

static void fallbacks_are_there_unless_given(void **state)
{
	struct error err = { 0 };

	(void)state;
	assert_ok(READ("status", &err, "-v"), err);
	assert_string_equal(text_of("runs"), "runs");
	assert_true(cli_common(&cli)->verbose);
	assert_ok(READ("build", &err, "node"), err);
	assert_int_equal(number_of("seconds")->value, 900);
	assert_false(number_of("seconds")->given);
	assert_ok(READ("run", &err, "n.yaml", "--seed=0"), err);
	assert_true(number_of("seed")->given);
	assert_ok(READ("run", &err, "n.yaml"), err);
	assert_false(number_of("seed")->given);
}

/* Two commands may give one name two meanings. */
static void options_of_one_name_are_each_command_s_own(void **state)
{
	struct error err = { 0 };

	(void)state;
	assert_ok(READ("up", &err, "-n", "corda"), err);
	assert_string_equal(text_of("namespace"), "corda");
	assert_ok(READ("logs", &err, "-n", "5", "node"), err);
	assert_int_equal(number_of("lines")->value, 5);
	assert_ok(READ("clean", &err, "-n", "corda"), err);
	assert_string_equal(text_of("namespace"), "corda");

	assert_ok(READ("build", &err, "node"), err);
	assert_int_equal(number_of("seconds")->value, 900);
	assert_ok(READ("doorman", &err, "request", "u", "n", "k", "s"), err);
	assert_int_equal(number_of("seconds")->value, 3600);
	assert_ok(READ("health", &err, "tcp://a:1"), err);
	assert_int_equal(number_of("seconds")->value, 0);

	assert_ok(READ("doorman", &err, "--parameters", "p.yaml"), err);
	assert_string_equal(text_of("parameters"), "p.yaml");
	assert_ok(READ("doorman", &err, "parameters", "p.yaml"), err);
	assert_string_equal(cli.args[0], "p.yaml");
}

static void options_that_are_wrong_are_refused(void **state)
{
	struct error err = { 0 };

	(void)state;
	assert_error(READ("run", &err, "--sed", "7", "n"), err,
		     "medley run has no option '--sed'; did you mean "
		     "'--seed'?");
	assert_int_equal(err.kind, ERROR_INPUT);
	assert_error(READ("run", &err, "--quux", "n"), err,
		     "see 'medley help run'");
	assert_error(READ("up", &err, "--keep"), err, "has no option");
	assert_error(READ("run", &err, "-x", "n"), err, "has no option '-x'");
	assert_error(READ("run", &err, "n", "--seed"), err,
		     "--seed needs a value: N");
	assert_error(READ("run", &err, "n", "--seed", "x"), err,
		     "--seed: expected a whole number, not 'x'");
	assert_error(READ("run", &err, "n", "--keep=1"), err,
		     "--keep takes no value");
	assert_error(READ("run", &err, "--keep"), err,
		     "usage: medley run NETWORK.yaml [options]");
	assert_error(READ("status", &err, "a", "b"), err, "usage:");
	assert_error(READ("up", &err, "--engine=docker"), err,
		     "--engine: expected podman or kubernetes, not 'docker'");
	assert_error(READ("generate", &err, "--format", "yaml"), err,
		     "--format: expected plain, helm or kustomize, not 'yaml'");
	assert_null(command_find("chekc", &err));
	assert_non_null(strstr(err.text, "did you mean 'check'?"));
	assert_null(command_find("frobnicate", &err));
	assert_non_null(strstr(err.text, "'medley help' lists them"));
}

static void numbers_have_bounds(void **state)
{
	struct error err = { 0 };

	(void)state;
	assert_ok(READ("build", &err, "--seconds", "1"), err);
	assert_ok(READ("build", &err, "--seconds", "86400"), err);
	assert_error(READ("build", &err, "--seconds", "0"), err,
		     "--seconds: expected 1 to 86400, not 0");
	assert_error(READ("build", &err, "--seconds=86401"), err,
		     "--seconds: expected 1 to 86400, not 86401");
	assert_error(READ("build", &err, "--seconds="), err,
		     "--seconds: expected a whole number, not ''");
	assert_error(READ("build", &err, "--seconds", "-1"), err,
		     "--seconds: expected a whole number, not '-1'");
	assert_ok(READ("run", &err, "n", "--seed", "18446744073709551615"),
		  err);
	assert_true(number_of("seed")->value == UINT64_MAX);
	assert_error(READ("run", &err, "n", "--seed", "18446744073709551616"),
		     err, "--seed: expected a whole number, not '1844");
}

static void a_verb_is_a_command(void **state)
{
	struct error err = { 0 };

	(void)state;
	assert_ok(READ("doorman", &err, "approve", "ab", "cd"), err);
	assert_ptr_equal(cli.command, &command_doorman_approve);
	assert_ptr_equal(cli.typed, &command_doorman_approve);
	assert_int_equal(cli.arg_count, 2);
	/* The options of a group, before the verb and behind it. */
	assert_string_equal(text_of("state"), "doorman-state");
	assert_ok(READ("doorman", &err, "--state", "d", "approve", "ab"), err);
	assert_string_equal(text_of("state"), "d");
	assert_string_equal(cli.args[0], "ab");
	assert_ok(READ("doorman", &err, "-v", "--state=d", "--", "list"), err);
	assert_ptr_equal(cli.command, &command_doorman_list);
	/* Without one, the first. */
	assert_ok(READ("doorman", &err, "--listen", "127.0.0.1:0"), err);
	assert_ptr_equal(cli.command, &command_doorman_serve);
	assert_ptr_equal(cli.typed, &command_doorman);
	assert_string_equal(text_of("listen"), "127.0.0.1:0");
	assert_int_equal(number_of("rate")->value, 100);
	assert_ok(READ("doorman", &err, "approve", "--help"), err);
	assert_ptr_equal(cli.typed, &command_doorman_approve);
	assert_ok(READ("doorman", &err, "-h"), err);
	assert_ptr_equal(cli.typed, &command_doorman);
}

static void a_verb_refuses_what_is_not_its_own(void **state)
{
	struct error err = { 0 };

	(void)state;
	assert_error(READ("doorman", &err, "aprove", "ab"), err,
		     "medley doorman has no verb 'aprove'; did you mean "
		     "'approve'?");
	assert_error(READ("doorman", &err, "frobnicate"), err,
		     "medley doorman has no verb 'frobnicate'; see 'medley "
		     "help doorman'");
	assert_error(READ("doorman", &err, "reject", "ab", "--reasn", "x"), err,
		     "medley doorman reject has no option '--reasn'; did you "
		     "mean '--reason'?");
	assert_error(READ("doorman", &err, "list", "--quux"), err,
		     "medley doorman list has no option '--quux'; see 'medley "
		     "help doorman list'");
	assert_error(READ("doorman", &err, "list", "--seconds", "5"), err,
		     "medley doorman list takes no --seconds; see 'medley "
		     "help doorman list'");
	assert_error(READ("doorman", &err, "--reason", "x"), err,
		     "medley doorman serve takes no --reason");
	assert_error(READ("doorman", &err, "reject", "ab", "--reason"), err,
		     "--reason needs a value: TEXT");
	assert_error(READ("doorman", &err, "approve"), err,
		     "usage: medley doorman approve ID... [options]");
	assert_error(READ("doorman", &err, "--approve", "ask"), err,
		     "--approve: expected auto or hand, not 'ask'");
	assert_null(command_find_verb(&command_run, "x", &err));
	assert_non_null(strstr(err.text, "medley run has no verb 'x'"));
}

/* ---- the tables ---- */

static void check_groups(const struct option_group *group, size_t size)
{
	assert_int_equal(group->size, size);
	for (unsigned i = 0; i < group->count; i++) {
		const struct option *o = &group->list[i];

		assert_true(!o->name == (o->group != NULL));
		if (o->group)
			check_groups(o->group, o->size);
		assert_true(o->offset < size);
	}
}

static void check_option(const struct option *o)
{
	char mark[64];

	assert_non_null(o->help);
	assert_true(!o->value == (o->type == OPTION_FLAG));
	assert_true(!o->choices || o->type == OPTION_TEXT);
	assert_true(!o->most || o->type == OPTION_NUMBER);
	if (!o->fallback)
		return;
	snprintf(mark, sizeof(mark), "(%s)", o->fallback);
	assert_non_null(strstr(o->help, mark));
}

static void check_options(const struct command *c)
{
	struct option_list list;

	if (c->options.count)
		check_groups(&c->options, c->options.size);
	command_options(c, &list);
	for (unsigned i = 0; i < list.count; i++) {
		const struct option *o = &list.list[i];

		check_option(o);
		assert_ptr_equal(options_find(&list, o->name, strlen(o->name)),
				 o);
		if (o->letter)
			assert_ptr_equal(options_find_letter(&list, o->letter),
					 o);
	}
}

static void check_command(const struct command *c)
{
	assert_non_null(c->usage);
	assert_true(!c->run == (c->verb_count > 0));
	assert_true(c->least <= c->most && c->most <= CLI_ARGS);
	assert_true(strlen(c->brief) <= 64);
	check_options(c);
}

/* "--state d list": whether "list" is the verb must not depend on the verb. */
static void verbs_agree_on_values(const struct command *family)
{
	for (unsigned i = 0; i < family->verb_count; i++) {
		struct option_list a, b;

		command_options(family->verbs[i], &a);
		for (unsigned j = 0; j < family->verb_count; j++) {
			command_options(family->verbs[j], &b);
			for (unsigned k = 0; k < a.count; k++) {
				const char *name = a.list[k].name;
				const struct option *other =
					options_find(&b, name, strlen(name));

				assert_true(!other ||
					    !other->value == !a.list[k].value);
			}
		}
	}
}

static void tables_are_whole(void **state)
{
	(void)state;
	for (unsigned i = 0; i < command_count; i++) {
		const struct command *c = commands[i];

		assert_ptr_equal(command_find(c->name, NULL), c);
		check_command(c);
		for (unsigned v = 0; v < c->verb_count; v++) {
			const struct command *verb = c->verbs[v];

			assert_memory_equal(verb->name, c->name,
					    strlen(c->name));
			assert_ptr_equal(
				command_find_verb(c, command_word(verb), NULL),
				verb);
			check_command(verb);
		}
		verbs_agree_on_values(c);
	}
}

static int read_program(struct program_options *ret, struct error *err,
			int argc, const char **argv)
{
	return cli_read_program(ret, argc, (char **)argv, err);
}

static void options_stand_before_the_command_too(void **state)
{
	const char *line[] = { "medley", "--no-color", "-v", "run", "-h" };
	const char *none[] = { "medley", "-v" };
	const char *version[] = { "medley", "-V" };
	const char *own[] = { "medley", "--seed", "7", "run" };
	struct program_options program;
	struct error err = { 0 };

	(void)state;
	assert_ok(read_program(&program, &err, 5, line), err);
	assert_true(program.common.verbose && program.common.no_color);
	assert_false(program.common.help || program.version);
	assert_string_equal(line[1], "run");
	assert_ok(read_line(line[1], &err, 3, line + 2), err);
	assert_true(cli_common(&cli)->verbose && cli_common(&cli)->no_color &&
		    cli_common(&cli)->help);
	assert_ok(read_program(&program, &err, 2, version), err);
	assert_true(program.version);
	assert_ok(read_program(&program, &err, 1, version), err);
	assert_error(read_program(&program, &err, 2, none), err,
		     "expected a command after '-v'");
	assert_error(read_program(&program, &err, 4, own), err,
		     "medley has no option '--seed'; write an option of a "
		     "command after the command");
}

#define TEST(name) cmocka_unit_test_teardown(name, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_option_may_be_repeated),
		TEST(options_fill_the_struct_of_the_command),
		TEST(fallbacks_are_there_unless_given),
		TEST(options_of_one_name_are_each_command_s_own),
		TEST(options_that_are_wrong_are_refused),
		TEST(numbers_have_bounds),
		TEST(a_verb_is_a_command),
		TEST(a_verb_refuses_what_is_not_its_own),
		TEST(tables_are_whole),
		TEST(options_stand_before_the_command_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
