/* SPDX-License-Identifier: Apache-2.0 */
/* git.c - resolves a commit-ish to a commit. */
#include "build-and-publish/git.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/nearest.h"

enum { NEAREST = 3, NAME_LEN_MAX = 120, BEGINNING_MIN = 4, TEXT_MAX = 4096 };

/* The clone and the word that is looked for in it. */
struct search {
	struct clone *clone;
	const char *path, *word;
	size_t len; /* of the name, without "^", "~2" … */
};

/* ---- names that look like a word ---- */

/* Best first. */
struct nearest_names {
	const char *word;
	char names[NEAREST][NAME_LEN_MAX];
	unsigned distances[NEAREST];
	unsigned count;
};

static void nearest_add(struct nearest_names *near, const char *name)
{
	unsigned d = word_distance(near->word, name), at = near->count;

	if (strlen(name) >= NAME_LEN_MAX)
		return;
	if (at == NEAREST && near->distances[--at] <= d)
		return;
	for (; at > 0 && near->distances[at - 1] > d; at--) {
		near->distances[at] = near->distances[at - 1];
		strcpy(near->names[at], near->names[at - 1]);
	}
	near->distances[at] = d;
	strcpy(near->names[at], name);
	if (near->count < NEAREST)
		near->count++;
}

/* Where git looks a name up, besides refs/ itself. */
static const char *const kinds[] = { "refs/tags/", "refs/heads/",
				     "refs/remotes/" };

static int nearest_reference(const char *name, void *ctx)
{
	for (unsigned i = 0; i < ARRAY_SIZE(kinds); i++)
		if (!strncmp(name, kinds[i], strlen(kinds[i])))
			nearest_add(ctx, name + strlen(kinds[i]));
	return 0;
}

/* ---- the commits that a word may mean ---- */

/* What may follow a name in a commit-ish. */
static const char suffixes[] = "^~@:";

/* The names that a word may stand for, in git's order; those at the top, such
 * as HEAD, mean themselves. */
static const char *const forms[] = { "refs/%.*s", "refs/tags/%.*s",
				     "refs/heads/%.*s", "refs/remotes/%.*s",
				     "refs/remotes/%.*s/HEAD" };

static bool form_fits(const struct search *s, unsigned form,
		      char full[REFERENCE_ROOM])
{
	return snprintf(full, REFERENCE_ROOM, forms[form], (int)s->len,
			s->word) < REFERENCE_ROOM;
}

/* The commits whose SHA-1 begins with a word. */
struct beginnings {
	struct buf names;
	char last[COMMIT_ROOM];
	unsigned count;
};

static int add_beginning(const char *id, void *ctx)
{
	struct beginnings *b = ctx;

	/* An object may lie in several places. */
	if (b->count && !strcmp(id, b->last))
		return 0;
	strcpy(b->last, id);
	if (b->count++ < NEAREST)
		buf_addf(&b->names, "%s %.16s", b->count > 1 ? "," : "", id);
	return 0;
}

/* Several objects begin so; where one alone is a commit, it is meant. */
static int short_word(const struct search *s, struct commit *ret,
		      struct error *err)
{
	struct beginnings b = { .names = BUF_INIT(TEXT_MAX) };
	char full[NAME_LEN_MAX];
	int rc = 0;

	clone_each_commit(s->clone, s->word, s->len, add_beginning, &b);
	if (b.count != 1)
		rc = error_set(
			err, ERROR_INPUT,
			"%s: \"%s\" matches several objects; commits among "
			"them:%s",
			s->path, s->word,
			b.count ? buf_text(&b.names) : " none");
	else if (snprintf(full, sizeof(full), "%s%s", b.last,
			  s->word + s->len) >= NAME_LEN_MAX ||
		 clone_look_up(s->clone, full, ret) != WORD_FOUND)
		rc = error_set(err, ERROR_INPUT, "%s: \"%s\" is not a commit",
			       s->path, s->word);
	buf_release(&b.names);
	return rc;
}

/* What one word means, name by name. */
struct meanings {
	struct buf names;
	char first[COMMIT_ROOM];
	int found;
	bool differ;
};

static void add_meaning(struct meanings *m, const char *name,
			const char *commit)
{
	m->differ |= m->found && strcmp(commit, m->first) != 0;
	if (!m->found)
		strcpy(m->first, commit);
	buf_addf(&m->names, "%s %s", m->found++ ? "," : "", name);
}

/* A name of hexadecimal digits may also be the beginning of commits. */
static void add_beginnings(const struct search *s, struct meanings *m)
{
	struct beginnings b = { .names = BUF_INIT(TEXT_MAX) };

	if (s->len < BEGINNING_MIN || s->len >= COMMIT_ROOM ||
	    strspn(s->word, "0123456789abcdefABCDEF") < s->len)
		return;
	clone_each_commit(s->clone, s->word, s->len, add_beginning, &b);
	if (b.count > 1 || (b.count && strcmp(b.last, m->first) != 0)) {
		buf_addf(&m->names, ", the beginning of%s", buf_text(&b.names));
		m->differ = true;
	}
	buf_release(&b.names);
}

/* git takes one of them and warns at most; whoever reads the result would not
 * know which of them it was. */
static int check_one_name(const struct search *s, struct error *err)
{
	struct meanings m = { .names = BUF_INIT(TEXT_MAX) };
	char full[REFERENCE_ROOM], id[COMMIT_ROOM];

	for (unsigned i = 0; i < ARRAY_SIZE(forms); i++)
		if (form_fits(s, i, full) &&
		    clone_reference(s->clone, full, id) == REFERENCE_COMMIT)
			add_meaning(&m, full, id);
	if (m.found)
		add_beginnings(s, &m);
	if (m.differ)
		error_set(err, ERROR_INPUT,
			  "%s: \"%s\" has several meanings:%s; write the "
			  "full name of one of them",
			  s->path, s->word, buf_text(&m.names));
	buf_release(&m.names);
	return m.differ ? -1 : 0;
}

/* ---- words that mean nothing ---- */

/* A reference of that name whose commit is not there, or NULL. */
static const char *broken_reference(const struct search *s,
				    char full[REFERENCE_ROOM])
{
	char id[COMMIT_ROOM];

	snprintf(full, REFERENCE_ROOM, "%.*s", (int)s->len, s->word);
	if (clone_reference(s->clone, full, id) == REFERENCE_BROKEN)
		return full;
	for (unsigned i = 0; i < ARRAY_SIZE(forms); i++)
		if (form_fits(s, i, full) &&
		    clone_reference(s->clone, full, id) == REFERENCE_BROKEN)
			return full;
	return NULL;
}

static int broken_word(const struct search *s, const char *reference,
		       struct error *err)
{
	const char *missing = clone_stores(s->clone)->missing;

	if (missing)
		return error_set(err, ERROR_INPUT,
				 "%s has %s, but not its commit: the clone "
				 "uses the objects of %s, which does not exist",
				 s->path, reference, missing);
	return error_set(err, ERROR_INPUT,
			 "%s has %s, but not its commit: `git -C %s fsck` "
			 "lists what is missing",
			 s->path, reference, clone_place(s->clone));
}

static int unknown_word(const struct search *s, struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(TEXT_MAX);
	struct nearest_names near = { .word = s->word };
	const char *missing = clone_stores(s->clone)->missing;

	clone_each_reference(s->clone, nearest_reference, &near);
	for (unsigned i = 0; i < near.count; i++)
		buf_addf(&text, "%s %s",
			 i ? "," : "; the nearest names:", near.names[i]);
	if (missing)
		buf_addf(&text,
			 "; the clone uses the objects of %s, which does not "
			 "exist",
			 missing);
	return error_set(err, ERROR_INPUT,
			 "%s has no branch, tag or commit \"%s\"%s", s->path,
			 s->word, buf_text(&text));
}

int commit_resolve(const char *path, const char *word, struct commit *ret,
		   struct error *err)
{
	cleanup(clone_freep) struct clone *clone = NULL;
	struct search s = { .path = path,
			    .word = word,
			    .len = strcspn(word, suffixes) };
	char full[REFERENCE_ROOM];

	if (clone_open(path, &clone, err) < 0)
		return -1;
	s.clone = clone;
	/* Before libgit2 is asked, which leaks a broken reference. */
	if (broken_reference(&s, full))
		return broken_word(&s, full, err);
	if (check_one_name(&s, err) < 0)
		return -1;
	switch (clone_look_up(clone, word, ret)) {
	case WORD_FOUND:
		return 0;
	case WORD_SEVERAL:
		return short_word(&s, ret, err);
	case WORD_NO_COMMIT:
		return error_set(err, ERROR_INPUT, "%s: \"%s\" is not a commit",
				 path, word);
	default:
		return unknown_word(&s, err);
	}
}

bool reference_named(const char *path, const char *word, char room[PATH_ROOM])
{
	cleanup(clone_freep) struct clone *clone = NULL;
	char id[COMMIT_ROOM];

	if (clone_open(path, &clone, NULL) < 0)
		return false;
	for (unsigned i = 0; i < ARRAY_SIZE(kinds); i++)
		if (clone_reference(clone,
				    path_printf(room, "%s%s", kinds[i], word),
				    id) == REFERENCE_COMMIT)
			return true;
	return false;
}
