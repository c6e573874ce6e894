/* SPDX-License-Identifier: Apache-2.0 */
/* bisect_state.c - what a bisection has found out so far, on disk. */
#include "run/bisect_state.h"

#include <string.h>

#include "base/plain.h"
#include "sys/file.h"

enum { STATE_MAX = 64 * 1024 * 1024, ID_LEN = 40 };

static const char state_name[] = "bisect.json", log_name[] = "bisect.log";

static const char *const words[] = {
	[BISECT_GOOD] = "good",
	[BISECT_BAD] = "bad",
	[BISECT_SKIP] = "skip",
};

const char *bisect_word(enum bisect_verdict verdict)
{
	return words[verdict];
}

/* ---- reading ---- */

struct reading {
	const char *name;
	struct arena *arena;
	struct error *err;
	bool failed; /* out of memory */
};

static const char *keep(struct reading *r, const struct js *from,
			const char *key)
{
	const char *text = js_str(from, key);
	const char *copy = text ? arena_strdup(r->arena, text) : NULL;

	r->failed = r->failed || (text && !copy);
	return copy;
}

static bool is_commit(const char *text)
{
	return text && strlen(text) == ID_LEN &&
	       strspn(text, "0123456789abcdef") == ID_LEN;
}

static struct bisect_end read_end(struct reading *r, const struct js *from)
{
	return (struct bisect_end){ keep(r, from, "word"),
				    keep(r, from, "commit") };
}

static bool read_verdict(const struct js *from, enum bisect_verdict *ret)
{
	const char *word = js_str(from, "verdict");

	for (size_t i = 0; word && i < ARRAY_SIZE(words); i++)
		if (!strcmp(words[i], word)) {
			*ret = (enum bisect_verdict)i;
			return true;
		}
	return false;
}

static int read_tests(struct reading *r, const struct js *list,
		      struct bisect_state *s)
{
	for (size_t i = 0; i < js_count(list); i++) {
		const struct js *from = js_at(list, i);
		struct bisect_test test = { .commit = js_str(from, "commit"),
					    .subject = js_str(from, "subject"),
					    .run = js_str(from, "run"),
					    .reason = js_str(from, "reason") };

		if (!is_commit(test.commit) ||
		    !read_verdict(from, &test.verdict))
			return error_set(r->err, ERROR_INPUT,
					 "%s: test %zu is not valid", r->name,
					 i);
		if (bisect_state_add(s, &test, r->arena, r->err) < 0)
			return -1;
	}
	return 0;
}

static int read_state(struct reading *r, const struct js *root,
		      struct bisect_state *s)
{
	if (js_int(root, "version", 0) != BISECT_STATE_VERSION)
		return error_set(r->err, ERROR_INPUT,
				 "%s: expected the state of a bisection, of "
				 "version %d",
				 r->name, BISECT_STATE_VERSION);
	*s = (struct bisect_state){
		.repo = keep(r, root, "repo"),
		.cell = keep(r, root, "cell"),
		.good = read_end(r, js_get(root, "good")),
		.bad = read_end(r, js_get(root, "bad")),
		.release = keep(r, root, "release"),
		.network = keep(r, root, "network"),
		.first_bad = keep(r, root, "first_bad"),
		.bad_run = keep(r, js_get(root, "evidence"), "bad"),
		.good_run = keep(r, js_get(root, "evidence"), "good"),
	};
	if (r->failed)
		return error_nomem(r->err);
	if (!s->repo || !s->cell || !s->good.word || !s->bad.word ||
	    !is_commit(s->good.commit) || !is_commit(s->bad.commit) ||
	    !s->release || !s->network ||
	    (s->first_bad && !is_commit(s->first_bad)))
		return error_set(r->err, ERROR_INPUT,
				 "%s: a member is missing or not valid",
				 r->name);
	if (bisect_state_begin(s, r->arena, r->err) < 0)
		return -1;
	return read_tests(r, js_get(root, "tests"), s);
}

int bisect_state_parse(const char *name, const void *text, size_t len,
		       struct arena *arena, struct bisect_state *ret,
		       struct error *err)
{
	struct reading r = { .name = name, .arena = arena, .err = err };
	cleanup(js_freep) struct js *root = NULL;
	struct bisect_state s;

	if (js_parse(name, text, len, &root, err) < 0 ||
	    read_state(&r, root, &s) < 0)
		return -1;
	*ret = s;
	return 0;
}

int bisect_state_read(const char *dir, struct arena *arena,
		      struct bisect_state *ret, struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(STATE_MAX);
	char path[PATH_ROOM];
	int rc = file_read_if_there(path_join(path, dir, state_name), &text,
				    err);

	if (rc <= 0)
		return rc;
	return bisect_state_parse(path, text.data, text.len, arena, ret, err) <
			       0
		       ? -1
		       : 1;
}

/* ---- writing ---- */

static struct js *end_json(const struct bisect_end *end)
{
	struct js *o = js_object();

	js_set_str(o, "word", end->word);
	js_set_str(o, "commit", end->commit);
	return o;
}

static struct js *test_json(const struct bisect_test *test)
{
	struct js *o = js_object();

	js_set_str(o, "commit", test->commit);
	js_set_str(o, "subject", test->subject);
	js_set_str(o, "verdict", bisect_word(test->verdict));
	js_set_str(o, "run", test->run);
	js_set_str(o, "reason", test->reason);
	return o;
}

struct js *bisect_state_json(const struct bisect_state *s)
{
	struct js *root = js_object(), *tests = js_array();
	struct js *evidence = js_object();

	js_set_int(root, "version", BISECT_STATE_VERSION);
	js_set_str(root, "repo", s->repo);
	js_set_str(root, "cell", s->cell);
	js_set(root, "good", end_json(&s->good));
	js_set(root, "bad", end_json(&s->bad));
	js_set_str(root, "release", s->release);
	js_set_str(root, "network", s->network);
	for (size_t i = 0; i < s->test_count; i++)
		js_append(tests, test_json(&s->tests[i]));
	js_set(root, "tests", tests);
	js_set_str(root, "first_bad", s->first_bad);
	js_set_str(evidence, "bad", s->bad_run);
	js_set_str(evidence, "good", s->good_run);
	js_set(root, "evidence", evidence);
	return root;
}

/* A subject is one line already; its other characters are made plain. */
static void add_commit(struct buf *out, const char *what, const char *commit,
		       const char *subject)
{
	buf_addf(out, "# %s: [%s] ", what, commit);
	plain_line(out, subject ?: "");
	buf_add_u8(out, '\n');
}

static void add_comment(struct buf *out, const char *what, const char *text)
{
	if (!text)
		return;
	buf_addf(out, "# %s: ", what);
	plain_line(out, text);
	buf_add_u8(out, '\n');
}

void bisect_log_write(const struct bisect_state *s, struct buf *out)
{
	const struct bisect_test *first;

	buf_add_str(out, "git bisect start\n");
	for (size_t i = 0; i < s->test_count; i++) {
		const struct bisect_test *t = &s->tests[i];
		const char *word = bisect_word(t->verdict);

		add_commit(out, word, t->commit, t->subject);
		add_comment(out, "run", t->run);
		add_comment(out, "reason", t->reason);
		buf_addf(out, "git bisect %s %s\n", word, t->commit);
	}
	first = s->first_bad ? bisect_state_find(s, s->first_bad) : NULL;
	if (first)
		add_commit(out, "first bad commit", first->commit,
			   first->subject);
}

static int write_file(const char *dir, const char *name, const struct buf *text,
		      struct error *err)
{
	char path[PATH_ROOM];

	if (buf_check(text, err) < 0)
		return -1;
	return file_write(path_join(path, dir, name), text->data, text->len,
			  0644, err);
}

int bisect_state_write(const char *dir, const struct bisect_state *s,
		       struct error *err)
{
	cleanup(js_freep) struct js *root = bisect_state_json(s);
	cleanup(buf_release) struct buf json = BUF_INIT(STATE_MAX);
	cleanup(buf_release) struct buf log = BUF_INIT(STATE_MAX);

	if (!root)
		return error_nomem(err);
	if (js_print(root, JS_PRETTY, &json, err) < 0)
		return -1;
	bisect_log_write(s, &log);
	if (dir_make(dir, 0755, err) < 0 ||
	    write_file(dir, state_name, &json, err) < 0)
		return -1;
	return write_file(dir, log_name, &log, err);
}

/* ---- tests ---- */

int bisect_state_begin(struct bisect_state *s, struct arena *arena,
		       struct error *err)
{
	s->tests = arena_array(arena, BISECT_TESTS_MAX, sizeof(*s->tests));
	s->test_count = 0;
	return s->tests ? 0 : error_nomem(err);
}

int bisect_state_add(struct bisect_state *s, const struct bisect_test *test,
		     struct arena *arena, struct error *err)
{
	struct bisect_test *to = &s->tests[s->test_count];

	if (s->test_count == BISECT_TESTS_MAX)
		return error_set(err, ERROR_INPUT,
				 "the bisection has more than %d tests",
				 BISECT_TESTS_MAX);
	*to = (struct bisect_test){
		.commit = arena_strdup(arena, test->commit),
		.subject = arena_strdup(arena, test->subject ?: ""),
		.verdict = test->verdict,
		.run = test->run ? arena_strdup(arena, test->run) : NULL,
		.reason =
			test->reason ? arena_strdup(arena, test->reason) : NULL,
	};
	if (!to->commit || !to->subject || (test->run && !to->run) ||
	    (test->reason && !to->reason))
		return error_nomem(err);
	s->test_count++;
	return 0;
}

const struct bisect_test *bisect_state_find(const struct bisect_state *s,
					    const char *commit)
{
	for (size_t i = 0; i < s->test_count; i++)
		if (!strcmp(s->tests[i].commit, commit))
			return &s->tests[i];
	return NULL;
}

unsigned bisect_state_streak(const struct bisect_state *s)
{
	unsigned streak = 0;

	while (streak < s->test_count &&
	       s->tests[s->test_count - 1 - streak].verdict == BISECT_SKIP)
		streak++;
	return streak;
}
