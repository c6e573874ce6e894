/* SPDX-License-Identifier: Apache-2.0 */
/* help_test.c - the help of each command: its width, its examples, its page. */
#include "test/support/test.h"

#include "base/cleanup.h"
#include "cli/cmd_doorman.h"

enum { COLUMNS = 80, NARROW = 60, WORDS = 32 };

/* Plain ASCII, and no line is wider. */
static void fits(const char *text, size_t width)
{
	assert_null(strchr(text, '`'));
	for (; *text; text += strcspn(text, "\n") + 1) {
		size_t len = strcspn(text, "\n");

		if (len > width)
			fail_msg("wider than %zu: %.*s", width, (int)len, text);
		for (size_t i = 0; i < len; i++)
			assert_true(text[i] >= ' ' && text[i] <= '~');
	}
}

/* ---- each command ---- */

/* The words of a line, of which the first is medley. */
static int split(char *line, char **words)
{
	int n = 0;

	for (char *w = strtok(line, " "); w; w = strtok(NULL, " ")) {
		assert_true(n < WORDS);
		words[n++] = w;
	}
	return n;
}

/* Calls the command with words that medley takes. */
static void check_example(const struct command *c,
			  const struct usage_example *e)
{
	cleanup(cli_release) struct cli cli = { 0 };
	char line[COLUMNS + 1], *words[WORDS];
	struct error err = { 0 };
	const struct command *family;
	int n;

	snprintf(line, sizeof(line), "%s", e->line);
	n = split(line, words);
	assert_true(n >= 2);
	assert_string_equal(words[0], "medley");
	family = command_find(words[1], &err);
	assert_ok(family ? 0 : -1, err);
	assert_ok(cli_read(&cli, family, n - 2, words + 2, &err), err);
	assert_true(family->verb_count && c == family ? true : cli.typed == c);
}

static void check_help(const struct command *c)
{
	cleanup(buf_release) struct buf out = BUF_INIT(65536);

	help_command(c, COLUMNS, &out);
	assert_non_null(strstr(buf_text(&out), c->brief));
	fits(buf_text(&out), COLUMNS);
	assert_non_null(c->examples);
	for (const struct usage_example *e = c->examples; e->line; e++)
		check_example(c, e);
}

/* Only examples, which are to be copied, stay wider. */
static void check_narrow_help(const struct command *c)
{
	cleanup(buf_release) struct buf out = BUF_INIT(65536);
	char *examples;

	help_command(c, NARROW, &out);
	examples = strstr((char *)out.data, "\nExamples\n");
	assert_non_null(examples);
	*examples = 0;
	fits(buf_text(&out), NARROW);
}

static void each_command_has_help_that_fits(void **state)
{
	(void)state;
	for (unsigned i = 0; i < command_count; i++) {
		const struct command *c = commands[i];

		check_help(c);
		check_narrow_help(c);
		for (unsigned v = 0; v < c->verb_count; v++) {
			check_help(c->verbs[v]);
			check_narrow_help(c->verbs[v]);
		}
	}
}

static void help_of_a_verb_has_its_own_options_alone(void **state)
{
	cleanup(buf_release) struct buf all = BUF_INIT(65536);
	cleanup(buf_release) struct buf one = BUF_INIT(65536);

	(void)state;
	help_command(&command_doorman, COLUMNS, &all);
	assert_non_null(strstr(buf_text(&all), "  approve  "));
	assert_non_null(strstr(buf_text(&all), "--listen"));
	assert_null(strstr(buf_text(&all), "--reason"));
	help_command(&command_doorman_reject, COLUMNS, &one);
	assert_non_null(strstr(buf_text(&one),
			       "usage: medley doorman reject ID... [options]"));
	assert_non_null(strstr(buf_text(&one), "--reason TEXT"));
	assert_non_null(strstr(buf_text(&one), "--state DIR"));
	assert_null(strstr(buf_text(&one), "--listen"));
}

static void overview_has_each_command_in_a_group(void **state)
{
	cleanup(buf_release) struct buf out = BUF_INIT(65536);
	char entry[64];

	(void)state;
	assert_non_null(command_group(0));
	assert_null(command_group(command_count));
	help_overview(COLUMNS, &out);
	fits(buf_text(&out), COLUMNS);
	for (unsigned i = 0; i < command_count; i++) {
		snprintf(entry, sizeof(entry), "\n  %s ", commands[i]->name);
		assert_true(!strstr(buf_text(&out), entry) ==
			    commands[i]->hidden);
		assert_true(!command_group(i) ||
			    strstr(buf_text(&out), command_group(i)));
	}
	buf_clear(&out);
	help_overview(NARROW, &out);
	fits(buf_text(&out), NARROW);
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

/* docs/json.md has the shape of each document. */
static void check_json(const char *page, const struct command *c)
{
	struct option_list list;
	char heading[64];

	command_options(c, &list);
	if (c->verb_count || !options_find(&list, "json", 4))
		return;
	snprintf(heading, sizeof(heading), "\n## medley %s\n", c->name);
	if (!strstr(page, heading))
		fail_msg("docs/json.md has no heading of medley %s", c->name);
}

static void documents_of_json_are_described(void **state)
{
	cleanup(buf_release) struct buf page = BUF_INIT(1 << 20);
	struct error err = { 0 };

	(void)state;
	assert_ok(file_read("docs/json.md", &page, &err), err);
	for (unsigned i = 0; i < command_count; i++) {
		const struct command *c = commands[i];

		check_json(buf_text(&page), c);
		for (unsigned v = 0; v < c->verb_count; v++)
			check_json(buf_text(&page), c->verbs[v]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_command_has_help_that_fits),
		cmocka_unit_test(help_of_a_verb_has_its_own_options_alone),
		cmocka_unit_test(overview_has_each_command_in_a_group),
		cmocka_unit_test(documented),
		cmocka_unit_test(documents_of_json_are_described),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
