/* SPDX-License-Identifier: Apache-2.0 */
/* schema_test.c - each column of each release's databases is on the page that
 * says how it is checked, or why it is not. */
#include <ctype.h>

#include "base/cleanup.h"
#include "test/support/kept_run.h"
#include "test/support/test.h"

enum { TEXT_MAX = 1024 * 1024, NAMES_MAX = 1024, NAME_ROOM = 160 };

static const char page[] = "docs/vault-columns.md";

/* "table.column", or "table" of one that is not opened. */
struct name {
	char text[NAME_ROOM];
	bool reason; /* has some text beside it */
	bool met; /* in some release */
};

static struct name names[NAMES_MAX];
static size_t name_count;

/* The first cell of a row: | `name` | text | */
static void read_line(const char *line)
{
	const char *end = strchr(line + 3, '`');
	struct name *n = &names[name_count];

	assert_non_null(end);
	assert_true(name_count < NAMES_MAX);
	snprintf(n->text, sizeof(n->text), "%.*s", (int)(end - line - 3),
		 line + 3);
	n->reason =
		strncmp(end, "` | ", 4) == 0 && isalnum((unsigned char)end[4]);
	name_count++;
}

static int read_page(void **state)
{
	cleanup(buf_release) struct buf text = BUF_INIT(TEXT_MAX);
	struct error err = { 0 };
	char *rest, *line;

	assert_ok(file_read(page, &text, &err), err);
	rest = (char *)text.data;
	while ((line = strsep(&rest, "\n")))
		if (strncmp(line, "| `", 3) == 0)
			read_line(line);
	return kept_runs_start(state);
}

static struct name *find(const char *text)
{
	for (size_t i = 0; i < name_count; i++)
		if (strcmp(names[i].text, text) == 0)
			return &names[i];
	return NULL;
}

static bool is_opened(const char *table)
{
	size_t len = strlen(table);

	for (size_t i = 0; i < name_count; i++)
		if (strncmp(names[i].text, table, len) == 0 &&
		    names[i].text[len] == '.')
			return true;
	return false;
}

struct walk {
	const char *run;
	size_t columns, missing;
};

/* table, column */
static int take_column(const struct pg_row *row, void *ctx)
{
	const char *table = pg_text(row, 0);
	struct walk *w = ctx;
	char text[NAME_ROOM];
	struct name *n;

	w->columns++;
	snprintf(text, sizeof(text), "%s.%s", table, pg_text(row, 1));
	n = find(is_opened(table) ? text : table);
	if (n) {
		n->met = true;
		return 0;
	}
	w->missing++;
	print_error("%s: %s has no line for %s\n", w->run, page, text);
	return 0;
}

static void walk_database(struct walk *w, const char *database)
{
	struct error err = { 0 };

	assert_ok(kept_run_each(database,
				"select table_name, column_name"
				" from information_schema.columns"
				" join information_schema.tables"
				" using (table_schema, table_name)"
				" where table_schema = 'public'"
				" and table_type = 'BASE TABLE'",
				take_column, w, &err),
		  err);
}

static void every_column_has_a_line(void **state)
{
	const char *const *runs;
	struct error err = { 0 };
	struct kept_run *run;
	struct walk w = { 0 };

	(void)state;
	runs = kept_run_names(&err);
	assert_non_null(runs);
	for (; *runs; runs++) {
		assert_ok(kept_run_find(*runs, &run, &err), err);
		kept_run_restore(run);
		w.run = *runs;
		for (unsigned i = 0; i < run->net.node_count; i++)
			walk_database(&w, run->net.nodes[i].database);
	}
	assert_true(w.columns > 1000);
	assert_int_equal(w.missing, 0);
}

/* After the walk. */
static void every_line_has_a_column(void **state)
{
	(void)state;
	for (size_t i = 0; i < name_count; i++)
		if (!names[i].met)
			fail_msg("%s: no kept run has %s", page, names[i].text);
}

static void every_line_has_a_reason(void **state)
{
	(void)state;
	assert_true(name_count > 80);
	for (size_t i = 0; i < name_count; i++)
		if (!names[i].reason)
			fail_msg("%s: nothing is said of %s", page,
				 names[i].text);
}

static bool reads(const char *text, const char *table)
{
	size_t len = strlen(table);

	for (; (text = strstr(text, table)); text += len)
		if (text[len] != '_' && !isalnum((unsigned char)text[len]))
			return true;
	return false;
}

/* The code of the check names no table of those that are not opened. */
static void what_is_not_opened_is_not_read(void **state)
{
	static const char *const files[] = {
		"vault/scan.c", "vault/finding_evidence.c", "vault/flows.c",
		"vault/attachments.c", "vault/transactions.c"
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		cleanup(buf_release) struct buf text = BUF_INIT(TEXT_MAX);
		struct error err = { 0 };

		assert_ok(file_read(files[i], &text, &err), err);
		for (size_t k = 0; k < name_count; k++)
			if (!strchr(names[k].text, '.') &&
			    reads(buf_text(&text), names[k].text))
				fail_msg("%s reads %s", files[i],
					 names[k].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_column_has_a_line),
		cmocka_unit_test(every_line_has_a_column),
		cmocka_unit_test(every_line_has_a_reason),
		cmocka_unit_test(what_is_not_opened_is_not_read),
	};

	return cmocka_run_group_tests(tests, read_page, kept_runs_stop);
}
