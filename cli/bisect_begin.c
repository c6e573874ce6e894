/* SPDX-License-Identifier: Apache-2.0 */
/* bisect_begin.c - the network and the commits of a new bisection. */
#include <string.h>

#include "build-and-publish/git.h"
#include "cli/cmd_bisect.h"
#include "cli/job.h"
#include "run/network_names.h"
#include "run/network_narrow.h"

enum { NETWORK_MAX = 8 * 1024 * 1024, WORDS_MAX = 4096 };

/* ---- the network ---- */

static int read_network(const struct cmd_bisect_options *o,
			const struct bisect_question *q, struct arena *arena,
			struct network *ret, struct error *err)
{
	struct job job = { .run = &o->run };

	if (placement_check(&o->run.place, err) < 0)
		return -1;
	if (job_is_file(q->source)) {
		if (network_read(q->source, arena, ret, err) < 0 ||
		    placement_apply(&o->run.place, ret, arena, err) < 0)
			return -1;
		return network_check_engine(ret, err);
	}
	if (job_find(&job, q->source, err) < 0 ||
	    network_load(job.run_dir, arena, ret, err) < 0)
		return -1;
	return placement_settle(&o->run.place, ret, NULL, err);
}

static int find_repo(const struct bisect_question *q, struct network *net,
		     struct error *err)
{
	if (q->repo)
		net->repo = q->repo;
	if (net->repo)
		return 0;
	return error_set(err, ERROR_INPUT,
			 "%s names no clone; name the one that has the commits "
			 "with --repo PATH",
			 net->file);
}

/* ---- its releases ---- */

/* The commit of a release that is one; NULL for a released version. */
static int commit_of(const struct network *net, struct release *r,
		     struct arena *arena, struct error *err)
{
	struct commit commit;

	if (release_is_maven(r->word))
		return 0;
	if (r->commit)
		return 0;
	if (commit_resolve(net->repo, r->word, &commit, err) < 0)
		return -1;
	r->commit = arena_strdup(arena, commit.id);
	return r->commit ? 0 : error_nomem(err);
}

static bool is_bad(const struct release *r, const struct bisect_state *s)
{
	return !release_is_maven(r->word) &&
	       (!strcmp(r->word, s->bad.word) ||
		!strcmp(r->commit, s->bad.commit));
}

/* Nothing of an earlier build is left. */
static void forget_build(struct release *r)
{
	*r = (struct release){ .label = r->label,
			       .word = r->word,
			       .cordapps = r->cordapps };
}

static int no_release(const struct network *net, const struct bisect_state *s,
		      struct error *err)
{
	cleanup(buf_release) struct buf words = BUF_INIT(WORDS_MAX);

	for (unsigned i = 0; i < net->release_count; i++)
		buf_addf(&words, "%s%s", i ? ", " : "", net->releases[i].word);
	return error_set(err, ERROR_INPUT,
			 "BAD, %s, is not a release of cell %s, which has %s; "
			 "expected one of them that is a commit-ish",
			 s->bad.word, s->cell, buf_text(&words));
}

static int find_bad(const struct network *net, struct bisect_state *s,
		    struct error *err)
{
	s->release = NULL;
	for (unsigned i = 0; i < net->release_count; i++)
		if (is_bad(&net->releases[i], s))
			s->release = s->bad.word;
	return s->release ? 0 : no_release(net, s, err);
}

/* All words but that of BAD become commits: a branch may move meanwhile. */
static int pin(struct network *net, struct bisect_state *s, struct arena *arena,
	       struct error *err)
{
	for (unsigned i = 0; i < net->release_count; i++)
		if (commit_of(net, &net->releases[i], arena, err) < 0)
			return -1;
	if (find_bad(net, s, err) < 0)
		return -1;
	for (unsigned i = 0; i < net->release_count; i++) {
		struct release *r = &net->releases[i];

		if (is_bad(r, s))
			r->word = s->release;
		else if (!release_is_maven(r->word))
			r->word = r->commit;
		forget_build(r);
	}
	return 0;
}

/* ---- the ends ---- */

static int resolve(const struct network *net, const char *word,
		   struct arena *arena, struct bisect_end *ret,
		   struct error *err)
{
	struct commit commit;

	if (commit_resolve(net->repo, word, &commit, err) < 0)
		return -1;
	ret->word = arena_strdup(arena, word);
	ret->commit = arena_strdup(arena, commit.id);
	return ret->word && ret->commit ? 0 : error_nomem(err);
}

static int keep_network(const struct network *net, struct arena *arena,
			struct bisect_state *s, struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(NETWORK_MAX);

	if (network_write(net, &text, err) < 0)
		return -1;
	s->network = arena_strdup(arena, buf_text(&text));
	return s->network ? 0 : error_nomem(err);
}

int bisect_begin(const struct cmd_bisect_options *o,
		 const struct bisect_question *q, struct arena *arena,
		 struct bisect_state *ret, struct error *err)
{
	struct bisect_state s = { .cell = q->cell };
	struct network net;

	if (read_network(o, q, arena, &net, err) < 0 ||
	    find_repo(q, &net, err) < 0 ||
	    network_narrow(&net, q->cell, arena, err) < 0 ||
	    resolve(&net, q->good, arena, &s.good, err) < 0 ||
	    resolve(&net, q->bad, arena, &s.bad, err) < 0 ||
	    pin(&net, &s, arena, err) < 0 ||
	    keep_network(&net, arena, &s, err) < 0 ||
	    bisect_state_begin(&s, arena, err) < 0)
		return -1;
	s.repo = net.repo;
	*ret = s;
	return 0;
}

int bisect_same(const struct bisect_state *s, const struct bisect_question *q,
		const char *dir, struct error *err)
{
	if (!strcmp(s->good.word, q->good) && !strcmp(s->bad.word, q->bad) &&
	    !strcmp(s->cell, q->cell))
		return 0;
	return error_set(err, ERROR_INPUT,
			 "%s has another bisection (%s %s --cell %s); remove "
			 "this directory, or name another one with --state DIR",
			 dir, s->good.word, s->bad.word, s->cell);
}
