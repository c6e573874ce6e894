/* SPDX-License-Identifier: Apache-2.0 */
/* report_test.c - stored runs give the text and the files they gave before.
 *
 * Each directory of test/vectors/report is a run; golden.txt and golden.md in
 * it are what a person has looked at. To accept a change, look at it first:
 * MEDLEY_GOLDEN=write rewrites them. */
#include "report/report.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/wrap.h"
#include "data/json.h"
#include "report/grid.h"
#include "report/words.h"
#include "report/test/xml.h"

#include "test/support/test.h"

enum { TEXT_MAX = 16 * 1024 * 1024 };

struct reported {
	char top[PATH_ROOM]; /* the checkout */
	char tmp[PATH_ROOM];
	char run[PATH_ROOM]; /* "runs/green", below tmp */
	char vectors[PATH_ROOM];
	struct buf text;
	int exit_code;
};

static int copy_one(const char *name, void *ctx)
{
	struct reported *r = ctx;
	char from[PATH_ROOM], to[PATH_ROOM];
	struct error err = { 0 };

	path_join(from, r->vectors, name);
	assert_ok(file_copy(from, path_join(to, r->run, name), 0644, &err),
		  err);
	return 0;
}

/* Copies a stored run aside and reports on it there. */
static void report_on(struct reported *r, const char *name)
{
	struct error err = { 0 };

	*r = (struct reported){ .text = BUF_INIT(TEXT_MAX) };
	assert_non_null(getcwd(r->top, sizeof(r->top)));
	path_printf(r->vectors, "%s/test/vectors/report/%s", r->top, name);
	assert_ok(dir_make_temporary("/tmp/medley-report-", r->tmp, &err), err);
	assert_int_equal(chdir(r->tmp), 0);
	path_join(r->run, "runs", name);
	assert_ok(dir_make(r->run, 0755, &err), err);
	dir_each(r->vectors, copy_one, r, &err);
	assert_ok(report_write(r->run, NULL, &r->text, &r->exit_code, &err),
		  err);
}

static void report_done(struct reported *r)
{
	struct error err = { 0 };

	assert_int_equal(chdir(r->top), 0);
	assert_ok(dir_remove(r->tmp, &err), err);
	buf_release(&r->text);
}

static void assert_golden(struct reported *r, const char *name,
			  const char *text)
{
	cleanup(buf_release) struct buf golden = BUF_INIT(TEXT_MAX);
	char path[PATH_ROOM];
	struct error err = { 0 };

	path_join(path, r->vectors, name);
	if (getenv("MEDLEY_GOLDEN"))
		assert_ok(file_write(path, text, strlen(text), 0644, &err),
			  err);
	assert_ok(file_read(path, &golden, &err), err);
	assert_string_equal(text, buf_text(&golden));
}

static struct buf output(struct reported *r, const char *name)
{
	struct buf text = BUF_INIT(TEXT_MAX);
	char path[PATH_ROOM];
	struct error err = { 0 };

	assert_ok(file_read(path_join(path, r->run, name), &text, &err), err);
	return text;
}

static void assert_narrow(const char *text)
{
	while (*text) {
		size_t len = strcspn(text, "\n");
		char line[1024];

		assert_true(len < sizeof(line));
		snprintf(line, sizeof(line), "%.*s", (int)len, text);
		if (text_columns(line) > TEXT_WIDTH)
			fail_msg("%zu columns: %s", text_columns(line), line);
		text += len + (text[len] == '\n');
	}
}

static void assert_well_formed(struct reported *r)
{
	cleanup(buf_release) struct buf xml = output(r, "junit.xml");
	const char *fault = xml_fault(buf_text(&xml));

	if (fault)
		fail_msg("junit.xml breaks at: %.80s", fault);
}

/* Nothing is fetched: no address, no import. */
static void assert_self_contained(struct reported *r)
{
	static const char *const outside[] = { "http:", "https:", " src=",
					       "<link", "@import" };
	cleanup(buf_release) struct buf page = output(r, "report.html");

	for (size_t i = 0; i < ARRAY_SIZE(outside); i++)
		assert_null(strstr(buf_text(&page), outside[i]));
	assert_non_null(strstr(buf_text(&page), "</html>"));
}

/* Every cell of the matrix leads to a part of the page, which is there once. */
static void assert_cells_linked(struct reported *r)
{
	cleanup(buf_release) struct buf page = output(r, "report.html");
	const char *at = strstr(buf_text(&page), "<td class=");
	size_t count = 0;

	while ((at = strstr(at, " data-for=\""))) {
		char id[256], part[512];
		const char *first;

		at += strlen(" data-for=\"");
		snprintf(id, sizeof(id), "%.*s", (int)strcspn(at, "\""), at);
		snprintf(part, sizeof(part), "id=\"%s\"", id);
		first = strstr(buf_text(&page), part);
		assert_non_null(first);
		assert_null(strstr(first + 1, part));
		snprintf(part, sizeof(part), "href=\"#%s\"", id);
		assert_non_null(strstr(buf_text(&page), part));
		count++;
	}
	assert_true(count >= 4);
}

static struct js *results(struct reported *r)
{
	struct error err = { 0 };
	char path[PATH_ROOM];
	struct js *root;

	path_join(path, r->run, "results.json");
	assert_ok(js_read_file(path, &root, &err), err);
	assert_int_equal(js_int(root, "version", 0), 3);
	assert_int_equal(js_int(root, "exit_code", -1), r->exit_code);
	return root;
}

static void assert_all_outputs(struct reported *r)
{
	struct buf md = output(r, "matrix.md");

	assert_golden(r, "golden.txt", buf_text(&r->text));
	assert_golden(r, "golden.md", buf_text(&md));
	assert_narrow(buf_text(&r->text));
	assert_well_formed(r);
	assert_self_contained(r);
	assert_cells_linked(r);
	buf_release(&md);
}

static const struct js *cell_of(const struct js *root, const char *payer,
				const char *payee)
{
	const struct js *cells = js_get(root, "cells");

	for (size_t i = 0; i < js_count(cells); i++) {
		const struct js *cell = js_at(cells, i);

		if (!strcmp(js_str(cell, "payer"), payer) &&
		    !strcmp(js_str(cell, "payee"), payee))
			return cell;
	}
	fail_msg("no cell %s -> %s", payer, payee);
	return NULL;
}

/* Equal errors of several cells are one row, whatever ids and amounts they
 * name. */
static void assert_errors_grouped(struct reported *r, const char *key,
				  size_t payments, size_t cells)
{
	cleanup(buf_release) struct buf page = output(r, "report.html");
	char row[512];

	snprintf(row, sizeof(row),
		 "class=\"error\">%s</th><td class=\"n\">%zu</td>"
		 "<td class=\"n\">%zu</td>",
		 key, payments, cells);
	if (!strstr(buf_text(&page), row))
		fail_msg("the page lacks %s", row);
}

/* Of a run that an older medley made, no balances are known. */
static void assert_balances(struct reported *r, const struct js *root,
			    size_t count)
{
	cleanup(buf_release) struct buf page = output(r, "report.html");
	const char *there = strstr(buf_text(&page), "<h2>Balances</h2>");

	assert_int_equal(js_count(js_get(root, "balances")), count);
	assert_int_equal(there != NULL, count > 0);
}

/* Each suite has when its first payment was sent; `network`, the first of all
 * and the time of the check. */
static void assert_times(struct reported *r)
{
	static const char *const parts[] = {
		"<testsuite name=\"notary 4_8\" tests=\"4\" failures=\"1\" "
		"errors=\"0\" skipped=\"2\" time=\"10.866\" "
		"timestamp=\"2026-11-21T08:21:03.161Z\">",
		"<testsuite name=\"network\" tests=\"1\" failures=\"0\" "
		"errors=\"0\" skipped=\"0\" time=\"0.200\" "
		"timestamp=\"2026-11-21T08:21:03.161Z\">",
		"classname=\"medley.network\" time=\"0.200\"/>",
	};
	cleanup(buf_release) struct buf xml = output(r, "junit.xml");

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		if (!strstr(buf_text(&xml), parts[i]))
			fail_msg("junit.xml lacks %s", parts[i]);
}

static void a_green_run(void **state)
{
	struct reported r;
	struct js *root;
	const struct js *cell;

	(void)state;
	report_on(&r, "green");
	assert_int_equal(r.exit_code, 0);
	assert_all_outputs(&r);
	root = results(&r);
	assert_balances(&r, root, 0);
	cell = cell_of(root, "4.0", "4.10");
	assert_string_equal(js_str(cell, "verdict"), "pass");
	assert_int_equal(js_int(cell, "settled", 0), 6);
	assert_int_equal(js_int(js_get(cell, "latency_ms"), "count", 0), 6);
	assert_int_equal(js_int(js_get(cell, "service_ms"), "count", 0), 6);
	assert_true(js_num(js_get(cell, "latency_ms"), "max", 0) >=
		    js_num(js_get(cell, "service_ms"), "max", 0));
	cell = cell_of(root, "4.5", "4.5");
	assert_string_equal(js_str(cell, "absence"), "one-bank");
	assert_false(js_bool(cell, "required", true));
	js_free(root);
	report_done(&r);
}

static void a_red_run(void **state)
{
	struct reported r;
	struct js *root;
	const struct js *cell, *finding;

	(void)state;
	report_on(&r, "red");
	assert_int_equal(r.exit_code, 1);
	assert_all_outputs(&r);
	root = results(&r);
	assert_balances(&r, root, 2);
	assert_times(&r);
	cell = cell_of(root, "4.10+finance-4.10", "4.0+finance-4.0");
	assert_string_equal(js_str(cell, "verdict"), "fail");
	assert_int_equal(js_count(js_get(cell, "findings")), 6);
	finding = js_at(js_get(root, "findings"), 0);
	assert_string_equal(js_str(finding, "kind"), "not-recorded");
	assert_string_equal(js_str(js_get(finding, "cell"), "payee"),
			    "4.0+finance-4.0");
	assert_non_null(js_get(js_get(finding, "evidence"), "payee"));
	js_free(root);
	report_done(&r);
}

/* Smallest units for machines, money for people. */
static void balances_are_in_json_and_on_the_page(void **state)
{
	static const char *const parts[] = {
		/* issued, exited, by findings, expected, held */
		"<td>O=bank-4.10-finance-4.10-0, L=London, C=GB</td>"
		"<td>USD</td><td class=\"n\">10000.00</td>"
		"<td class=\"n\">0.00</td><td class=\"n bad\">-475.19</td>"
		"<td class=\"n\">9524.81</td><td class=\"n\">9524.81</td>",
		"<th scope=\"row\">bank-4.10-finance-4.10-0</th>"
		"<td>O=bank-4.0-finance-4.0-0, L=London, C=GB</td>"
		"<td>USD</td><td class=\"n\">344.71</td>",
	};
	struct reported r;
	struct js *root;
	struct buf page;
	const struct js *balance;

	(void)state;
	report_on(&r, "red");
	page = output(&r, "report.html");
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		if (!strstr(buf_text(&page), parts[i]))
			fail_msg("the page lacks %s", parts[i]);
	root = results(&r);
	balance = js_at(js_get(root, "balances"), 1);
	assert_int_equal(js_int(balance, "issued", 0), 1000000);
	assert_int_equal(js_int(balance, "held", 0), 952481);
	balance = js_at(js_get(balance, "nodes"), 1);
	assert_string_equal(js_str(balance, "node"),
			    "bank-4.10-finance-4.10-0");
	assert_int_equal(js_int(balance, "held", 0), 952481);
	js_free(root);
	buf_release(&page);
	report_done(&r);
}

static void seven_releases_fit_a_terminal(void **state)
{
	struct reported r;
	struct js *root;

	(void)state;
	report_on(&r, "seven");
	assert_int_equal(r.exit_code, 1);
	assert_all_outputs(&r);
	root = results(&r);
	assert_int_equal(js_count(js_get(root, "cells")), 98);
	assert_errors_grouped(&r, "answer unknown: no answer within … s", 2, 1);
	assert_errors_grouped(&r, "answer ok, not settled", 8, 4);
	js_free(root);
	report_done(&r);
}

static void a_run_that_never_began_has_an_answer(void **state)
{
	const struct text_look colours = { .colour = true, .width = 100 };
	struct reported r;
	struct error err = { 0 };

	(void)state;
	report_on(&r, "green");
	assert_int_equal(unlink("runs/green/history.jsonl"), 0);
	assert_int_equal(unlink("runs/green/settlements.jsonl"), 0);
	assert_int_equal(unlink("runs/green/phases.jsonl"), 0);
	buf_clear(&r.text);
	assert_ok(report_write(r.run, &colours, &r.text, &r.exit_code, &err),
		  err);
	assert_int_equal(r.exit_code, 2);
	assert_non_null(strstr(buf_text(&r.text), "no load was driven"));
	assert_non_null(strstr(buf_text(&r.text), "\033["));
	assert_well_formed(&r);
	report_done(&r);
}

static void a_declared_cell_is_excused(void **state)
{
	static const char declared[] =
		"unsupported:\n  - payer: 4.10+finance-4.10\n"
		"    payee: 4.0+finance-4.0\n    reason: trusts one jar\n";
	struct reported r;
	struct error err = { 0 };

	(void)state;
	report_on(&r, "red");
	assert_ok(file_write("runs/red/expected.yaml", declared,
			     strlen(declared), 0644, &err),
		  err);
	buf_clear(&r.text);
	assert_ok(report_write(r.run, NULL, &r.text, &r.exit_code, &err), err);
	assert_int_equal(r.exit_code, 0);
	assert_non_null(strstr(buf_text(&r.text), "unsup"));
	assert_non_null(strstr(buf_text(&r.text), "trusts one jar"));
	assert_well_formed(&r);
	report_done(&r);
}

static void report_with(struct reported *r, const char *declared)
{
	struct error err = { 0 };

	assert_ok(file_write("runs/red/expected.yaml", declared,
			     strlen(declared), 0644, &err),
		  err);
	buf_clear(&r->text);
	assert_ok(report_write(r->run, NULL, &r->text, &r->exit_code, &err),
		  err);
	assert_well_formed(r);
}

static void assert_output_has(const char *name, const char *part)
{
	cleanup(buf_release) struct buf text = BUF_INIT(16 * 1024 * 1024);
	struct error err = { 0 };
	char path[PATH_ROOM];

	assert_ok(file_read(path_join(path, "runs/red", name), &text, &err),
		  err);
	if (!strstr(buf_text(&text), part))
		fail_msg("%s lacks \"%s\"", name, part);
}

#define RED                                                                    \
	"known_failures:\n  - payer: 4.10+finance-4.10\n"                      \
	"    payee: 4.0+finance-4.0\n    reason: one jar\n"
#define GREEN                                                                  \
	"  - payer: 4.0+finance-4.0\n    payee: 4.10+finance-4.10\n"           \
	"    reason: <b>old</b>\n"

/* The run began on 2026-11-21. */
static void entries_are_in_all_files(void **state)
{
	struct reported r;

	(void)state;
	report_on(&r, "red");
	report_with(&r, RED "    issue: https://example.org/12\n"
			    "    expires: 2026-11-21\n"
			    "    finding: not-recorded\n" GREEN);
	assert_int_equal(r.exit_code, 0);
	assert_non_null(strstr(buf_text(&r.text), "known 0/6"));
	assert_non_null(strstr(buf_text(&r.text), "warning: expected.yaml:8"));
	assert_output_has("matrix.md", "- **Warning**: expected.yaml:8");
	assert_output_has("matrix.md", "known-failure");
	assert_output_has("report.html",
			  "href=\"https://example.org/12\">https://");
	assert_output_has("report.html", "<b>Warning</b>: expected.yaml:8");
	assert_output_has("junit.xml", "<skipped message=\"one jar (https://"
				       "example.org/12, until 2026-11-21)");
	assert_output_has("junit.xml", "<skipped message=\"expected.yaml:8");
	assert_output_has("results.json", "\"remark\": \"passes-again\"");
	assert_output_has("results.json", "\"state\": \"excused\"");
	assert_output_has("results.json",
			  "\"judged_reason\": \"not-recorded, 6 of 6");
	report_with(&r, RED "    expires: 2026-11-20\n");
	assert_int_equal(r.exit_code, 1);
	assert_output_has("results.json", "\"state\": \"expired\"");
	assert_output_has("matrix.md", "was valid until 2026-11-20");
	assert_output_has("report.html", "was valid until 2026-11-20");
	report_with(&r, RED "    finding: lost\n    issue: javascript:x\n");
	assert_int_equal(r.exit_code, 1);
	assert_output_has("junit.xml", "declares the finding lost\"");
	assert_output_has("report.html", ", issue javascript:x: ");
	report_done(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_green_run),
		cmocka_unit_test(a_red_run),
		cmocka_unit_test(balances_are_in_json_and_on_the_page),
		cmocka_unit_test(seven_releases_fit_a_terminal),
		cmocka_unit_test(a_run_that_never_began_has_an_answer),
		cmocka_unit_test(a_declared_cell_is_excused),
		cmocka_unit_test(entries_are_in_all_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
