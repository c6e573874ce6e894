/* SPDX-License-Identifier: Apache-2.0 */
/* baseline.c - matches the cells and releases of two results. */
#include "report/baseline.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

static const char *const cell_words[CELL_CHANGES] = {
	[CELL_SAME] = "same",
	[CELL_NEW_FAILURE] = "new-failure",
	[CELL_NEWLY_FLAKY] = "newly-flaky",
	[CELL_STILL_FAILING] = "still-failing",
	[CELL_LOST] = "coverage-lost",
	[CELL_FIXED] = "fixed",
	[CELL_GAINED] = "coverage-gained",
};

static const char *const pace_words[PACES] = {
	[PACE_UNKNOWN] = "unknown",
	[PACE_SAME] = "same",
	[PACE_SLOWER] = "slower",
	[PACE_FASTER] = "faster",
};

const char *cell_change_word(enum cell_change change)
{
	return cell_words[change];
}

const char *pace_word(enum pace pace)
{
	return pace_words[pace];
}

const char *list_change_word(enum list_change change)
{
	static const char *const words[] = {
		[LIST_SAME] = "same",
		[LIST_GONE] = "gone",
		[LIST_NEW] = "new",
		[LIST_CHANGED] = "changed",
	};

	return words[change];
}

/* ---- cells ---- */

/* What a verdict says of a cell: whether it was judged, and how. A word of a
 * later medley is not judged. KNOWN: it fails, and is declared to. */
enum standing { NOT_JUDGED, PASSED, FAILED, WAS_FLAKY, KNOWN, STANDINGS };

static enum standing standing_of(const struct result_cell *cell)
{
	static const char *const words[STANDINGS] = {
		[PASSED] = "pass",
		[FAILED] = "fail",
		[WAS_FLAKY] = "flaky",
		[KNOWN] = "known-failure",
	};

	for (int i = PASSED; cell && i < STANDINGS; i++)
		if (!strcmp(cell->verdict, words[i]))
			return (enum standing)i;
	return NOT_JUDGED;
}

static enum cell_change change_of(const struct result_cell *was,
				  const struct result_cell *is)
{
	static const enum cell_change changes[STANDINGS][STANDINGS] = {
		/* was: not judged, pass, fail, flaky, known */
		[NOT_JUDGED] = { CELL_SAME, CELL_LOST, CELL_LOST, CELL_LOST,
				 CELL_LOST },
		[PASSED] = { CELL_GAINED, CELL_SAME, CELL_FIXED, CELL_FIXED,
			     CELL_FIXED },
		[FAILED] = { CELL_NEW_FAILURE, CELL_NEW_FAILURE,
			     CELL_STILL_FAILING, CELL_NEW_FAILURE,
			     CELL_NEW_FAILURE },
		[WAS_FLAKY] = { CELL_NEWLY_FLAKY, CELL_NEWLY_FLAKY,
				CELL_NEWLY_FLAKY, CELL_SAME, CELL_NEWLY_FLAKY },
		[KNOWN] = { CELL_NEW_FAILURE, CELL_NEW_FAILURE,
			    CELL_STILL_FAILING, CELL_STILL_FAILING,
			    CELL_STILL_FAILING },
	};

	return changes[standing_of(is)][standing_of(was)];
}

static int by_way(const void *a, const void *b)
{
	const struct result_cell *x = *(const struct result_cell *const *)a;
	const struct result_cell *y = *(const struct result_cell *const *)b;
	int rc = strcmp(x->notary, y->notary);

	rc = rc ? rc : strcmp(x->payer, y->payer);
	return rc ? rc : strcmp(x->payee, y->payee);
}

int cell_index_new(const struct results *r, struct arena *arena,
		   struct cell_index *ret, struct error *err)
{
	const struct result_cell **list =
		arena_array(arena, r->cell_count + 1, sizeof(*list));

	if (!list)
		return error_nomem(err);
	for (size_t i = 0; i < r->cell_count; i++)
		list[i] = &r->cells[i];
	if (r->cell_count)
		qsort(list, r->cell_count, sizeof(*list), by_way);
	for (size_t i = 1; i < r->cell_count; i++)
		if (!by_way(&list[i - 1], &list[i]))
			return error_set(err, ERROR_INPUT,
					 "the results of run %s have the cell "
					 "%s -> %s (notary %s) twice",
					 r->run, list[i]->payer, list[i]->payee,
					 list[i]->notary);
	*ret = (struct cell_index){ list, r->cell_count };
	return 0;
}

const struct result_cell *cell_index_find(const struct cell_index *index,
					  const struct result_cell *like)
{
	const struct result_cell **found;

	if (!index->count)
		return NULL;
	found = bsearch(&like, index->list, index->count, sizeof(*index->list),
			by_way);
	return found ? *found : NULL;
}

static void add_cell(struct baseline *b, const struct result_cell *was,
		     const struct result_cell *is)
{
	const struct result_cell *any = is ? is : was;
	struct compared_cell *cell = &b->cells[b->cell_count++];

	*cell = (struct compared_cell){
		.payer = any->payer,
		.payee = any->payee,
		.notary = any->notary,
		.change = change_of(was, is),
		.was = was,
		.is = is,
	};
	b->counts[cell->change]++;
}

static int compare_cells(struct baseline *b, struct arena *arena,
			 struct error *err)
{
	const struct results *was = b->was, *is = b->is;
	struct cell_index before, now;

	b->cells = arena_array(arena, was->cell_count + is->cell_count + 1,
			       sizeof(*b->cells));
	if (!b->cells)
		return error_nomem(err);
	if (cell_index_new(was, arena, &before, err) < 0 ||
	    cell_index_new(is, arena, &now, err) < 0)
		return -1;
	for (size_t i = 0; i < is->cell_count; i++)
		add_cell(b, cell_index_find(&before, &is->cells[i]),
			 &is->cells[i]);
	for (size_t i = 0; i < was->cell_count; i++)
		if (!cell_index_find(&now, &was->cells[i]))
			add_cell(b, &was->cells[i], NULL);
	return 0;
}

/* ---- releases ---- */

static const struct result_release *find_release(const struct results *r,
						 const char *label)
{
	for (size_t i = 0; i < r->release_count; i++)
		if (!strcmp(r->releases[i].label, label))
			return &r->releases[i];
	return NULL;
}

static bool differ(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) != 0 : a != b;
}

static const char *digest_of(const char *image)
{
	const char *at = image ? strchr(image, '@') : NULL;

	return at ? at + 1 : image;
}

static enum list_change release_change(const struct result_release *was,
				       const struct result_release *is)
{
	if (!was || !is)
		return is ? LIST_NEW : LIST_GONE;
	return differ(was->commit, is->commit) ||
			       differ(was->digest, is->digest) ||
			       differ(was->cordapps, is->cordapps) ||
			       differ(digest_of(was->cordapps_image),
				      digest_of(is->cordapps_image)) ||
			       differ(was->contracts, is->contracts) ||
			       was->platform != is->platform ||
			       !was->failure != !is->failure
		       ? LIST_CHANGED
		       : LIST_SAME;
}

static void add_release(struct baseline *b, const struct result_release *was,
			const struct result_release *is)
{
	b->releases[b->release_count++] = (struct compared_release){
		.label = (is ? is : was)->label,
		.change = release_change(was, is),
		.was = was,
		.is = is,
	};
}

static int compare_releases(struct baseline *b, struct arena *arena,
			    struct error *err)
{
	const struct results *was = b->was, *is = b->is;

	b->releases =
		arena_array(arena, was->release_count + is->release_count + 1,
			    sizeof(*b->releases));
	if (!b->releases)
		return error_nomem(err);
	for (size_t i = 0; i < is->release_count; i++)
		add_release(b, find_release(was, is->releases[i].label),
			    &is->releases[i]);
	for (size_t i = 0; i < was->release_count; i++)
		if (!find_release(is, was->releases[i].label))
			add_release(b, &was->releases[i], NULL);
	return 0;
}

/* ---- cells of releases that are gone ---- */

static int by_label(const void *a, const void *b)
{
	const struct compared_release *x =
		*(const struct compared_release *const *)a;
	const struct compared_release *y =
		*(const struct compared_release *const *)b;

	return strcmp(x->label, y->label);
}

static struct compared_release *find_gone(struct compared_release **gone,
					  size_t count, const char *label)
{
	const struct compared_release key = { .label = label }, *like = &key;
	struct compared_release **found =
		bsearch(&like, gone, count, sizeof(*gone), by_label);

	return found ? *found : NULL;
}

/* Each release that a cell names counts it, once. */
static void mark_cell(struct compared_release **gone, size_t count,
		      struct compared_cell *cell)
{
	struct compared_release *of[] = {
		find_gone(gone, count, cell->payer),
		find_gone(gone, count, cell->payee),
		find_gone(gone, count, cell->notary),
	};

	for (size_t i = 0; i < ARRAY_SIZE(of); i++) {
		bool again =
			(i > 0 && of[i] == of[0]) || (i > 1 && of[i] == of[1]);

		if (!of[i])
			continue;
		cell->release_gone = true;
		of[i]->cells_lost += !again && cell->change == CELL_LOST;
	}
}

static int mark_gone(struct baseline *b, struct arena *arena, struct error *err)
{
	struct compared_release **gone =
		arena_array(arena, b->release_count + 1, sizeof(*gone));
	size_t count = 0;

	if (!gone)
		return error_nomem(err);
	for (size_t i = 0; i < b->release_count; i++)
		if (b->releases[i].change == LIST_GONE)
			gone[count++] = &b->releases[i];
	if (!count)
		return 0;
	qsort(gone, count, sizeof(*gone), by_label);
	for (size_t i = 0; i < b->cell_count; i++)
		if (!b->cells[i].is)
			mark_cell(gone, count, &b->cells[i]);
	return 0;
}

/* ---- all ---- */

int baseline_compare(const struct results *was, const struct results *is,
		     const struct results *history, size_t history_count,
		     struct arena *arena, struct baseline *ret,
		     struct error *err)
{
	struct baseline b = { .was = was, .is = is };

	if (compare_cells(&b, arena, err) < 0 ||
	    compare_releases(&b, arena, err) < 0 ||
	    mark_gone(&b, arena, err) < 0 ||
	    baseline_findings(&b, arena, err) < 0 ||
	    baseline_conditions(&b, arena, err) < 0 ||
	    baseline_times(&b, history, history_count, arena, err) < 0)
		return -1;
	*ret = b;
	return 0;
}
