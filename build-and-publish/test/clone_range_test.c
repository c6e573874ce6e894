/* SPDX-License-Identifier: Apache-2.0 */
/* clone_range_test.c - random histories are halved as git itself halves them.
 */
#include "build-and-publish/clone_range.h"

#include <stdlib.h>

#include "sys/process.h"
#include "test/support/repository.h"
#include "test/support/scratch.h"

enum { HISTORIES = 10, PAIRS = 4, COMMITS_MAX = 90, TEXT = 1 << 20 };

struct story {
	struct scratch at;
	char repo[PATH_ROOM];
	struct clone *clone;
	unsigned commits;
	char ids[COMMITS_MAX][COMMIT_ROOM];
	unsigned seed;
};

static unsigned random_of(struct story *s, unsigned limit)
{
	s->seed = s->seed * 1103515245U + 12345U;
	return (s->seed >> 16) % limit;
}

/* One commit of `git fast-import`, with one to three parents. */
static void add_commit(struct story *s, unsigned at, struct buf *out)
{
	const unsigned near = at < 6 ? at : 6;

	buf_addf(out,
		 "commit refs/heads/c%u\nmark :%u\n"
		 "committer t <t@example.com> %u +0000\ndata <<END\n"
		 "commit %u\nEND\n",
		 at, at + 1, 1000000 + at * 60, at);
	if (!at)
		return;
	buf_addf(out, "from :%u\n", at - random_of(s, near));
	for (unsigned extra = random_of(s, 6); extra > 3; extra--)
		buf_addf(out, "merge :%u\n", at - random_of(s, near));
}

static void read_ids(struct story *s)
{
	const char *line = GIT_IN(s->repo, "log", "--all", "--format=%s %H");
	char id[COMMIT_ROOM];
	unsigned at, count = 0;

	for (; line; line = strchr(line, '\n'), line = line ? line + 1 : NULL) {
		assert_int_equal(sscanf(line, "commit %u %40s", &at, id), 2);
		assert_true(at < s->commits);
		memcpy(s->ids[at], id, COMMIT_ROOM);
		count++;
	}
	assert_int_equal(count, s->commits);
}

static void make_history(struct story *s, unsigned seed)
{
	struct buf text = BUF_INIT(TEXT);
	const char *argv[] = { "git",	      "-C",	 s->repo,
			       "fast-import", "--quiet", NULL };
	struct process_spec spec = { .argv = argv,
				     .environment = ENVIRONMENT_BUILD,
				     .seconds = 60 };

	s->seed = seed;
	s->commits = 30 + random_of(s, COMMITS_MAX - 30);
	path_printf(s->repo, "%s/clone-%u", s->at.dir, seed);
	assert_ok(dir_make(s->repo, 0755, &s->at.err), s->at.err);
	GIT_IN(s->repo, "init", "-q");
	for (unsigned i = 0; i < s->commits; i++)
		add_commit(s, i, &text);
	spec.input = text.data;
	spec.input_len = text.len;
	assert_ok(process_run(&spec, NULL, &s->at.err), s->at.err);
	buf_release(&text);
	read_ids(s);
	assert_ok(clone_open(s->repo, &s->clone, &s->at.err), s->at.err);
}

static void forget_history(struct story *s)
{
	clone_free(s->clone);
	s->clone = NULL;
	arena_clear(&s->at.arena);
}

/* The value of a line "name=value" or "name='value'" of git's. */
static const char *value_of(const char *text, const char *name)
{
	static char room[64];
	const char *at = strstr(text, name);
	size_t len;

	assert_non_null(at);
	at += strlen(name) + 1;
	at += *at == '\'';
	len = strcspn(at, "'\n");
	assert_true(len < sizeof(room));
	memcpy(room, at, len);
	room[len] = 0;
	return room;
}

enum { GOODS_MAX = 16 };

struct question {
	const char *bad;
	const char *goods[GOODS_MAX];
	unsigned good_count;
};

static const char *ask_git(struct story *s, const struct question *q)
{
	static char nots[GOODS_MAX][COMMIT_ROOM + 1];
	const char *args[GOODS_MAX + 4] = { "rev-list", "--bisect-vars",
					    q->bad };

	for (unsigned i = 0; i < q->good_count; i++) {
		snprintf(nots[i], sizeof(nots[i]), "^%s", q->goods[i]);
		args[3 + i] = nots[i];
	}
	return git_run(s->repo, args);
}

static void choose(struct story *s, const struct question *q,
		   struct commit_range *range, struct halving *ret)
{
	assert_ok(clone_range(s->clone, q->bad, q->goods, q->good_count,
			      &s->at.arena, range, &s->at.err),
		  s->at.err);
	assert_true(range->count > 0);
	assert_ok(halving_choose(range->graph, range->count,
				 (unsigned)range_find(range, q->bad), 0,
				 &s->at.arena, ret, &s->at.err),
		  s->at.err);
}

/* git gives the bad commit itself where it is the only one left. */
static void compare(struct story *s, const struct question *q,
		    const struct commit_range *range, const struct halving *h)
{
	const char *git = ask_git(s, q);

	assert_string_equal(range->list[h->next].id,
			    value_of(git, "bisect_rev"));
	assert_int_equal(range->count,
			 strtoul(value_of(git, "bisect_all"), NULL, 10));
	if (h->kind != HALVING_TEST)
		return;
	assert_int_equal(h->left,
			 strtoul(value_of(git, "bisect_good"), NULL, 10));
	assert_int_equal(h->steps,
			 strtoul(value_of(git, "bisect_steps"), NULL, 10));
}

/* A commit is bad when the culprit is one of its ancestors. */
static unsigned bisect(struct story *s, const char *good, const char *bad,
		       const char *culprit)
{
	struct question q = { .bad = bad, .goods = { good }, .good_count = 1 };
	struct commit_range range;
	struct halving h;
	unsigned tests = 0;

	for (;; tests++) {
		const char *next;

		choose(s, &q, &range, &h);
		compare(s, &q, &range, &h);
		next = range.list[h.next].id;
		if (h.kind == HALVING_FOUND) {
			assert_string_equal(next, culprit);
			return tests;
		}
		assert_int_equal(h.kind, HALVING_TEST);
		if (clone_is_ancestor(s->clone, culprit, next))
			q.bad = next;
		else
			q.goods[q.good_count++] = next;
		assert_true(q.good_count < GOODS_MAX);
	}
}

static void git_chooses_the_same(void **state)
{
	struct story *s = *state;
	unsigned tests = 0, searches = 0;

	for (unsigned seed = 1; seed <= HISTORIES; seed++) {
		make_history(s, seed);
		for (unsigned i = 0; i < PAIRS; i++) {
			const unsigned part = s->commits / 3;
			const unsigned bad = 2 * part + random_of(s, part);
			const unsigned good = random_of(s, part);
			const char *goods[] = { s->ids[good] };
			struct commit_range range;
			unsigned culprit;

			if (!clone_is_ancestor(s->clone, s->ids[good],
					       s->ids[bad]))
				continue;
			assert_ok(clone_range(s->clone, s->ids[bad], goods, 1,
					      &s->at.arena, &range, &s->at.err),
				  s->at.err);
			culprit = random_of(s, range.count);
			tests += bisect(s, s->ids[good], s->ids[bad],
					range.list[culprit].id);
			searches++;
		}
		forget_history(s);
	}
	/* The seeds are fixed: there is something to compare. */
	assert_true(searches > HISTORIES);
	assert_true(tests > 2 * searches);
}

static void facts_about_commits(void **state)
{
	struct story *s = *state;
	const char **bases;
	unsigned count;

	make_history(s, 3);
	for (unsigned i = 1; i < s->commits; i++) {
		const char *git =
			GIT_IN(s->repo, "merge-base", s->ids[i], s->ids[i - 1]);

		assert_ok(clone_merge_bases(s->clone, s->ids[i], s->ids[i - 1],
					    &s->at.arena, &bases, &count,
					    &s->at.err),
			  s->at.err);
		assert_true(count >= 1);
		assert_non_null(strstr(git, bases[0]));
	}
	assert_string_equal(clone_subject(s->clone, s->ids[2], &s->at.arena),
			    "commit 2");
	assert_string_equal(
		clone_subject(s->clone,
			      "0123456789012345678901234567890123456789",
			      &s->at.arena),
		"");
	forget_history(s);
}

/* The wrong way round there is nothing between them. */
static void an_older_bad_commit_leaves_nothing(void **state)
{
	struct story *s = *state;
	struct commit_range range;
	const char *goods[1];

	make_history(s, 5);
	goods[0] = s->ids[s->commits - 1];
	assert_ok(clone_range(s->clone, s->ids[0], goods, 1, &s->at.arena,
			      &range, &s->at.err),
		  s->at.err);
	assert_int_equal(range.count, 0);
	goods[0] = "0123456789012345678901234567890123456789";
	assert_int_equal(clone_range(s->clone, s->ids[0], goods, 1,
				     &s->at.arena, &range, &s->at.err),
			 -1);
	assert_int_equal(s->at.err.kind, ERROR_INPUT);
	forget_history(s);
}

static int set_up(void **state)
{
	git_set_up();
	*state = scratch_begin(sizeof(struct story));
	return 0;
}

#define T(test) cmocka_unit_test_setup_teardown(test, set_up, scratch_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(git_chooses_the_same),
		T(facts_about_commits),
		T(an_older_bad_commit_leaves_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
