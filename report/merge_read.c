/* SPDX-License-Identifier: Apache-2.0 */
/* merge_read.c - the results.json of each run that is joined. */
#include <string.h>

#include "corda/digest.h"
#include "report/merge.h"
#include "run/run.h"
#include "sys/file.h"

/* Of one file: a matrix of 400 cells has a few MiB. */
enum { FILE_MAX = 64 * 1024 * 1024, CELLS_MAX = 250000, NAMED_MAX = 12 };

static int read_file(struct merge_part *part, const char *path,
		     struct arena *arena, struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(FILE_MAX);

	if (!file_exists(path))
		return error_set(err, ERROR_INPUT,
				 "%s: No such file; 'medley report %s' writes "
				 "it",
				 path, part->source.dir);
	if (file_read(path, &text, err) < 0)
		return -1;
	digest_bytes(DIGEST_SHA256, text.data, text.len, part->digest);
	return results_parse(path, text.data, text.len, arena, &part->results,
			     err);
}

static int check_file(const struct merge_part *part, const char *path,
		      struct error *err)
{
	const struct results *r = &part->results;

	if (r->version != RESULTS_VERSION)
		return error_set(err, ERROR_INPUT,
				 "%s has version %d, of an older medley; run "
				 "'medley report %s' first",
				 path, r->version, part->source.dir);
	if (js_get(r->root, "merged"))
		return error_set(err, ERROR_INPUT,
				 "%s is a joined result itself; name the runs "
				 "that it was joined from",
				 path);
	if (r->cell_count > CELLS_MAX)
		return error_set(err, ERROR_INPUT, "%s: more than %d cells",
				 path, CELLS_MAX);
	return 0;
}

static size_t count_open(const struct results *r)
{
	size_t n = 0;

	for (size_t i = 0; i < r->cell_count; i++)
		n += r->cells[i].required &&
		     strcmp(r->cells[i].verdict, "pass") != 0;
	return n;
}

/* Where the file does not tell whether the record is complete, an undecided run
 * proves nothing. */
static void set_source(struct merge_part *part)
{
	const struct results *r = &part->results;
	struct source *s = &part->source;

	s->run = r->run;
	s->medley = r->medley;
	s->network = r->network;
	s->engine = r->engine;
	s->seed = part->net.seed;
	s->answer = r->answer;
	s->reason = r->reason;
	s->exit_code = r->exit_code;
	s->seconds = r->seconds;
	s->open = count_open(r);
	s->doubt = r->doubt;
	if (!r->tells_doubt && r->exit_code == 2)
		s->doubt = r->reason ? r->reason : r->answer;
	part->doubted = s->doubt != NULL;
}

static int read_part(struct merge_part *part, const char *dir,
		     struct arena *arena, struct error *err)
{
	char path[PATH_ROOM];
	size_t scored;

	part->source.dir = arena_strdup(arena, dir);
	if (!part->source.dir)
		return error_nomem(err);
	path_join(path, dir, "results.json");
	if (read_file(part, path, arena, err) < 0 ||
	    check_file(part, path, err) < 0 ||
	    results_network(path, &part->results, arena, &part->net, err) < 0 ||
	    scores_of_json(path, part->results.root, arena, &part->scores,
			   &scored, err) < 0)
		return -1;
	set_source(part);
	return 0;
}

/* A copy would count everything twice. */
static int check_twice(const struct merge *m, struct error *err)
{
	for (size_t i = 1; i < m->count; i++)
		for (size_t k = 0; k < i; k++)
			if (!memcmp(m->parts[i].digest, m->parts[k].digest,
				    sizeof(m->parts[i].digest)))
				return error_set(
					err, ERROR_INPUT,
					"%s and %s have the same results.json; "
					"name each run once",
					m->parts[k].source.dir,
					m->parts[i].source.dir);
	return 0;
}

/* Jobs on several machines may begin in the same second. */
static void name_apart(struct merge *m)
{
	for (size_t i = 0; i < m->count; i++) {
		const char *id = m->parts[i].results.run;

		for (size_t k = 0; k < m->count; k++)
			if (k != i && !strcmp(id, m->parts[k].results.run))
				m->parts[i].source.run = m->parts[i].source.dir;
	}
}

/* ---- the record ---- */

static enum seal_state seal_of(const struct results *r)
{
	if (r->seal && !strcmp(r->seal, "broken"))
		return SEAL_BROKEN;
	return r->seal && !strcmp(r->seal, "whole") ? SEAL_WHOLE : SEAL_NONE;
}

/* The worst of all. */
static enum seal_state join_seals(const struct merge *m)
{
	enum seal_state worst = SEAL_WHOLE;

	for (size_t i = 0; i < m->count && worst != SEAL_BROKEN; i++) {
		enum seal_state seal = seal_of(&m->parts[i].results);

		if (seal != SEAL_WHOLE)
			worst = seal;
	}
	return worst;
}

static bool same_text(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

/* "a (PASS), b (DEPLOY FAILED: why)" */
static const char *name_runs(const struct merge *m)
{
	const char *text = "";

	for (size_t i = 0; text && i < m->count && i < NAMED_MAX; i++) {
		const struct source *s = &m->parts[i].source;
		const char *why = s->doubt ? s->doubt : s->reason;

		text = arena_printf(m->arena, "%s%s%s (%s%s%s)", text,
				    i ? ", " : "", s->run, s->answer,
				    why ? ": " : "", why ? why : "");
	}
	if (text && m->count > NAMED_MAX)
		text = arena_printf(m->arena, "%s and %zu more", text,
				    m->count - NAMED_MAX);
	return text;
}

/* The first that another medley judged than the first of all, or NULL. */
static const struct source *other_version(const struct merge *m)
{
	for (size_t i = 1; i < m->count; i++)
		if (!same_text(m->parts[i].source.medley,
			       m->parts[0].source.medley))
			return &m->parts[i].source;
	return NULL;
}

static int add_notes(struct merge *m, struct error *err)
{
	const struct source *first = &m->parts[0].source;
	const struct source *other = other_version(m);
	struct record *r = &m->record;
	const char *runs = name_runs(m);

	r->notes = arena_array(m->arena, 2, sizeof(*r->notes));
	if (!r->notes || !runs)
		return error_nomem(err);
	r->notes[r->note_count++] =
		arena_printf(m->arena, "joined from %zu run%s: %s", m->count,
			     m->count == 1 ? "" : "s", runs);
	if (other)
		r->notes[r->note_count++] = arena_printf(
			m->arena,
			"the runs were judged by different versions of "
			"medley: %s by %s, %s by %s",
			first->run, first->medley ?: "an unknown one",
			other->run, other->medley ?: "an unknown one");
	for (size_t i = 0; i < r->note_count; i++)
		if (!r->notes[i])
			return error_nomem(err);
	return 0;
}

static int fill_record(struct merge *m, const char *out_dir, struct error *err)
{
	struct source *sources =
		arena_array(m->arena, m->count, sizeof(*sources));
	struct record *r = &m->record;
	char room[PATH_ROOM];

	r->run_dir = arena_strdup(m->arena, out_dir);
	r->run_id = arena_strdup(m->arena, run_id(out_dir, room));
	if (!sources || !r->run_dir || !r->run_id)
		return error_nomem(err);
	for (size_t i = 0; i < m->count; i++) {
		sources[i] = m->parts[i].source;
		r->seeds_differ |= sources[i].seed != sources[0].seed;
	}
	r->sources = sources;
	r->source_count = m->count;
	r->seal = join_seals(m);
	return add_notes(m, err);
}

int merge_read(const char *const *dirs, size_t count, const char *out_dir,
	       struct arena *arena, struct merge *ret, struct error *err)
{
	*ret = (struct merge){ .arena = arena };
	if (!count || count > MERGE_RUNS_MAX)
		return error_set(err, ERROR_INPUT,
				 "%zu runs to join; expected 1 to %d", count,
				 MERGE_RUNS_MAX);
	ret->parts = arena_array(arena, count, sizeof(*ret->parts));
	if (!ret->parts)
		return error_nomem(err);
	while (ret->count < count) {
		struct merge_part *part = &ret->parts[ret->count];

		if (read_part(part, dirs[ret->count++], arena, err) < 0)
			return -1;
	}
	if (check_twice(ret, err) < 0)
		return -1;
	name_apart(ret);
	if (fill_record(ret, out_dir, err) < 0)
		return -1;
	return merge_networks(ret, err);
}

void merge_release(struct merge *m)
{
	for (size_t i = 0; i < m->count; i++)
		results_release(&m->parts[i].results);
	m->count = 0;
}
