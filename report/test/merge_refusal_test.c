/* SPDX-License-Identifier: Apache-2.0 */
/* merge_refusal_test.c - results that do not belong together, or that
 * somebody has made up. */
#include "report/test/merge_story.h"
#include "report/test/xml.h"

/* Each alters the file of the second run. */
static void what_does_not_fit_is_refused(void **state)
{
	static const struct {
		const char *from, *to, *why;
	} cases[] = {
		{ NULL, NULL, "have the same results.json" },
		{ "\"version\": 3", "\"version\": 2",
		  "run 'medley report two'" },
		{ "\"version\": 3", "\"version\": 9", "version 1 to 3" },
		{ "\"seconds\": 6", "\"merged\":[],\"seconds\": 6",
		  "a joined result itself" },
		{ "\"verdict\": \"pass\"", "\"verdict\": \"fine\"",
		  "two/results.json: cell 1 is not valid" },
		{ "\"payee\": \"4.5\"", "\"payee\": \"9.9\"",
		  "two/results.json: cell 1 is not valid" },
		{ "\"role\": \"bank\"", "\"role\": \"boss\"",
		  "node 0 is not valid" },
		{ "\"label\": \"4.0\"", "\"label\": 40",
		  "release 0 is not valid" },
		{ "\"settled_gate\": ", "\"settled_gate\": -",
		  "settled_gate is out of range" },
		{ "\"seconds\": 6", "\"seconds\": -6",
		  "seconds are out of range" },
		{ "\"histogram\": \"", "\"histogram\": \"-", "latency_ms" },
		{ "\"contracts_sha256\": \"", "\"contracts_sha256\": \"0",
		  "release '4.0' is not the same in all runs: its contracts "
		  "jar is " },
		{ "\"commit\": \"maven:4.0\"", "\"commit\": \"maven:4.6\"",
		  "its commit is maven:4.0 in one, and maven:4.6 in two" },
		{ "\"digest\": ", "\"digest\": \"unread\", \"d\": ", NULL },
		{ "@sha256:", "@sha256:0", "its image is sha256:" },
		{ "{", "[", "two/results.json" },
	};
	struct merge_story *s = *state;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct error err = { 0 };

		judge_run(s, "green", "one");
		judge_run(s, "green", "two");
		replace("two", "\"run\": \"two\"", "\"run\": \"too\"");
		if (!cases[i].from)
			replace("two", "\"run\": \"too\"", "\"run\": \"one\"");
		else
			replace("two", cases[i].from, cases[i].to);
		if (cases[i].why)
			assert_error(join_to(s, "one", "two", &err), err,
				     cases[i].why);
		else
			assert_ok(join_to(s, "one", "two", &err), err);
		assert_true(err.kind == (cases[i].why ? ERROR_INPUT : 0));
	}
}

/* A hundred releases, each with a bank and a notary, make a million cells. */
static void a_matrix_has_a_bound(void **state)
{
	struct merge_story *s = *state;
	struct js *releases = js_array(), *nodes = js_array(), *root;
	struct error err = { 0 };

	judge_run(s, "green", "one");
	for (int i = 0; i < 200; i++) {
		struct js *release = js_object(), *node = js_object();
		char label[16];

		snprintf(label, sizeof(label), "r%d", i / 2);
		js_set_str(release, "label", label);
		if (i % 2)
			js_append(releases, release);
		else
			js_free(release);
		js_set_str(node, "name", label);
		js_set_str(node, "release", label);
		js_set_str(node, "role", i % 2 ? "bank" : "notary");
		js_append(nodes, node);
	}
	root = results_of("one");
	js_set(root, "releases", releases);
	js_set(root, "nodes", nodes);
	keep_results("one", root);
	assert_error(join_to(s, "one", NULL, &err), err,
		     "100 releases of banks and 100 of notaries make a matrix "
		     "of more than 250000 cells");
	assert_int_equal(err.kind, ERROR_INPUT);
}

static void no_results_say_what_to_do(void **state)
{
	struct merge_story *s = *state;
	struct error err = { 0 };

	judge_run(s, "green", "one");
	assert_ok(dir_make("empty", 0755, &err), err);
	assert_error(join_to(s, "one", "empty", &err), err,
		     "empty/results.json: No such file; 'medley report empty' "
		     "writes it");
	assert_int_equal(err.kind, ERROR_INPUT);
}

/* Texts of others stay texts, wherever they are shown. */
static void hostile_texts_stay_plain(void **state)
{
	static const char *const files[] = { "junit.xml", "report.html",
					     "matrix.md" };
	static const char *const members[] = { "run",	  "answer", "reason",
					       "network", "engine", "medley",
					       "doubt" };
	struct merge_story *s = *state;
	struct js *root;

	judge_run(s, "green", "one");
	judge_run(s, "red", "two");
	root = results_of("two");
	for (size_t i = 0; i < ARRAY_SIZE(members); i++)
		js_set_str(root, members[i], "<b>\"@all\x1b[31m");
	js_set_str(part(root, "releases", 0), "commit", "<script>1</script>");
	js_set_str(part(root, "findings", 0), "summary", "<script>1</script>");
	js_set_int(root, "exit_code", 99);
	keep_results("two", root);
	js_free(joined(s, "one", "two"));
	assert_int_equal(s->exit_code, ERROR_INTERNAL);
	assert_null(strchr(buf_text(&s->text), '\x1b'));
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		cleanup(buf_release) struct buf text = BUF_INIT(ROOM);
		char path[PATH_ROOM];
		struct error err = { 0 };

		assert_ok(file_read(path_join(path, "out", files[i]), &text,
				    &err),
			  err);
		assert_null(strstr(buf_text(&text), "<b>\""));
		assert_null(strstr(buf_text(&text), "<script>1"));
		assert_null(strchr(buf_text(&text), '\x1b'));
		if (!i)
			assert_null(xml_fault(buf_text(&text)));
	}
}

#define T(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(what_does_not_fit_is_refused),
		T(a_matrix_has_a_bound),
		T(no_results_say_what_to_do),
		T(hostile_texts_stay_plain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
