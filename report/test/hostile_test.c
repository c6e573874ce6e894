/* SPDX-License-Identifier: Apache-2.0 */
/* hostile_test.c - what others wrote into a run does nothing to its readers:
 * no escape sequence, no turned text, no markup, no mention.
 */
#include "report/outputs.h"
#include "report/text.h"
#include "report/words.h"
#include "report/test/case.h"
#include "report/test/xml.h"

#include "base/cleanup.h"

enum { OUTPUT_MAX = 16 * 1024 * 1024 };

#define BAD                                                                    \
	"\033]0;x\a\xC2\x9B"                                                   \
	"31m\xE2\x80\xAE<script>\"'&lt;@all #12 |`*_~$![a](b)"

/* A failed payment and findings, in which every text is hostile. */
struct story {
	struct test_case c;
	struct js *evidence;
	struct buf text;
};

static int begin(void **state)
{
	static const char evidence[] =
		"{\"payer\":{\"has\":false,\"a\\u001b[1m<b>\":\"\\u001b[31m"
		"\\u202e<script>@all #12\",\"rows\":{\"t\\u009b<i>\":[{\"c\":"
		"\"\\u009b<script>\"}]}},\"notary\":\"\\u001b<script>\","
		"\"k\\u202e<b>\":[\"\\u0007<script>\"]}";
	struct story *s = calloc(1, sizeof(*s));
	struct error err = { 0 };
	struct finding *f;

	assert_non_null(s);
	s->text = (struct buf)BUF_INIT(OUTPUT_MAX);
	assert_ok(js_parse("evidence", evidence, strlen(evidence), &s->evidence,
			   &err),
		  err);
	case_init(&s->c);
	case_good(&s->c, 3);
	for (int i = 0; i < 3; i++) {
		s->c.releases[i].label = i ? BAD "1" : BAD;
		s->c.releases[i].cordapps = BAD;
		s->c.releases[i].contracts = BAD;
		s->c.releases[i].commit = BAD;
		s->c.releases[i].image = BAD;
		s->c.nodes[i].jvm = BAD;
	}
	for (size_t i = 0; i < s->c.op_count; i++)
		s->c.ops[i].currency = BAD;
	s->c.ops[1].outcome = OUTCOME_FAIL;
	s->c.ops[1].error_class = s->c.ops[1].error_text = BAD;
	s->c.ops[1].tx = BAD;
	s->c.settlements[1] = (struct settlement){ .op = 2, .tx = BAD };
	for (int i = 0; i < 3; i++) {
		f = case_find(&s->c, FINDING_LOST);
		f->node = f->summary = BAD;
		f->tx = i ? BAD : BAD "unknown";
		f->evidence = s->evidence;
		f->op = (uint64_t)i; /* 0: the network at large */
		f->note = i == 2;
	}
	s->c.phases[4].error = s->c.phases[4].summary = BAD;
	s->c.record.run_id = s->c.record.run_dir = BAD;
	s->c.record.net.file = s->c.record.net.engine = BAD;
	*state = s;
	return 0;
}

static int end(void **state)
{
	struct story *s = *state;

	js_free(s->evidence);
	buf_release(&s->text);
	arena_release(&s->c.arena);
	free(s);
	return 0;
}

static void assert_has_none(const char *text, const char *const *parts)
{
	for (; *parts; parts++) {
		const char *at = strstr(text, *parts);

		if (at)
			fail_msg("\"%s\" is in: %.200s", *parts,
				 at - text > 80 ? at - 80 : text);
	}
}

/* Of every format. */
static void assert_plain(const char *text)
{
	size_t len;

	for (; *text; text += len)
		if (!plain_next(text, &len) && *text != '\n' &&
		    strncmp(text, "\xE2\x80\x8B", 3))
			fail_msg("not plain: %.60s", text);
}

static void a_terminal_is_given_no_orders(void **state)
{
	struct story *s = *state;

	case_judge(&s->c, 0, 1);
	text_write(&s->c.j, NULL, &s->text);
	assert_plain(buf_text(&s->text));
	assert_non_null(strstr(buf_text(&s->text), "look: medley "));
	assert_non_null(strstr(buf_text(&s->text), "the network"));
}

static void markdown_has_no_foreign_markup(void **state)
{
	static const char *const markup[] = { "<script", "&lt;@", "@all",
					      "#12",	 " |`",	  "*_~",
					      "[a](b)",	 "$!",	  NULL };
	struct story *s = *state;

	case_judge(&s->c, 0, 1);
	markdown_write(&s->c.j, &s->text);
	assert_plain(buf_text(&s->text));
	assert_has_none(buf_text(&s->text), markup);
	assert_non_null(strstr(buf_text(&s->text), "\\@\xE2\x80\x8B"
						   "all \\#\xE2\x80\x8B"
						   "12"));
}

static void junit_is_xml_with_names_in_one_piece(void **state)
{
	static const char *const markup[] = { "<script", "'&lt;@", NULL };
	struct story *s = *state;

	s->c.releases[2].label = "4.8";
	case_judge(&s->c, 0, 1);
	junit_write(&s->c.j, &s->text);
	assert_plain(buf_text(&s->text));
	assert_has_none(buf_text(&s->text), markup);
	assert_null(xml_fault(buf_text(&s->text)));
	assert_non_null(
		strstr(buf_text(&s->text), "classname=\"medley.notary 4_8\""));
	assert_non_null(
		strstr(buf_text(&s->text), "<testsuite name=\"notary 4_8\""));
}

static void a_page_has_no_foreign_markup(void **state)
{
	static const char *const markup[] = { "<script", "<b>\"", "'&lt;@",
					      NULL };
	struct story *s = *state;
	char *own;

	case_judge(&s->c, 0, 1);
	page_write(&s->c.j, &s->text);
	assert_plain(buf_text(&s->text));
	/* The page ends with the one script that is its own. */
	own = strstr(buf_text(&s->text), "</footer>\n<script>\n(() => {");
	assert_non_null(own);
	own += strlen("</footer>\n");
	assert_null(strstr(own + 1, "<script"));
	*own = '\0';
	assert_has_none(buf_text(&s->text), markup);
}

static void names_of_cells_have_no_dots(void **state)
{
	cleanup(buf_release) struct buf out = BUF_INIT(1000);

	(void)state;
	write_junit_name(&out, "4.10+finance-4.10 -> <4.0>");
	assert_string_equal(buf_text(&out),
			    "4_10+finance-4_10 -&gt; &lt;4_0&gt;");
}

#define T(t) cmocka_unit_test_setup_teardown(t, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_terminal_is_given_no_orders),
		T(markdown_has_no_foreign_markup),
		T(junit_is_xml_with_names_in_one_piece),
		T(a_page_has_no_foreign_markup),
		cmocka_unit_test(names_of_cells_have_no_dots),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
