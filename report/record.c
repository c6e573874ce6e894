/* SPDX-License-Identifier: Apache-2.0 */
/* record.c - all that a run left on disk, in memory. */
#include "report/record.h"

#include <stdlib.h>
#include <string.h>

#include "run/run.h"
#include "sys/file.h"
#include "sys/home.h"

static int by_op(const void *a, const void *b)
{
	const struct operation *x = a, *y = b;

	return (x->id > y->id) - (x->id < y->id);
}

static int settlement_by_op(const void *a, const void *b)
{
	const struct settlement *x = a, *y = b;

	return (x->op > y->op) - (x->op < y->op);
}

void record_sort(struct record *r)
{
	if (r->op_count > 1)
		qsort(r->ops, r->op_count, sizeof(*r->ops), by_op);
	if (r->settlement_count > 1)
		qsort(r->settlements, r->settlement_count,
		      sizeof(*r->settlements), settlement_by_op);
}

const struct settlement *record_settlement(const struct record *r, uint64_t op)
{
	const struct settlement key = { .op = op };

	if (!r->settlement_count)
		return NULL;
	return bsearch(&key, r->settlements, r->settlement_count, sizeof(key),
		       settlement_by_op);
}

const struct operation *record_operation(const struct record *r, uint64_t op)
{
	const struct operation key = { .id = op };

	if (!r->op_count)
		return NULL;
	return bsearch(&key, r->ops, r->op_count, sizeof(key), by_op);
}

const struct operation *record_maker(const struct record *r, const char *tx)
{
	for (size_t i = 0; i < r->op_count; i++)
		if (r->ops[i].tx && !strcmp(r->ops[i].tx, tx))
			return &r->ops[i];
	for (size_t i = 0; i < r->settlement_count; i++)
		if (r->settlements[i].tx && !strcmp(r->settlements[i].tx, tx))
			return record_operation(r, r->settlements[i].op);
	return NULL;
}

const struct phase *record_phase(const struct record *r, const char *name)
{
	for (size_t i = 0; i < r->phase_count; i++)
		if (!strcmp(r->phases[i].name, name))
			return &r->phases[i];
	return NULL;
}

static int load_lines(const char *run_dir, struct arena *arena,
		      struct record *r, struct error *err)
{
	if (history_load(run_dir, arena, &r->ops, &r->op_count, err) < 0 ||
	    balance_load(run_dir, arena, &r->balances, &r->balance_count, err) <
		    0 ||
	    settlement_load(run_dir, arena, &r->settlements,
			    &r->settlement_count, err) < 0 ||
	    finding_load(run_dir, arena, &r->findings, &r->finding_count, err) <
		    0 ||
	    phase_load_files(run_dir, arena, &r->load_files,
			     &r->load_file_count, err) < 0 ||
	    phase_driven(run_dir, &r->driven, err) < 0)
		return -1;
	return phase_load(run_dir, arena, &r->phases, &r->phase_count, err);
}

int record_load(const char *run_dir, struct arena *arena, struct record *ret,
		struct error *err)
{
	struct record r = { 0 };
	char room[PATH_ROOM];

	r.run_dir = arena_strdup(arena, run_dir);
	r.run_id = arena_strdup(arena, run_id(run_dir, room));
	if (!r.run_dir || !r.run_id)
		return error_nomem(err);
	if (network_load(run_dir, arena, &r.net, err) < 0 ||
	    expected_load(run_dir, r.net.file, arena, &r.expected, err) < 0 ||
	    known_refusals_read(home_path(room, "report/known-refusals.yaml"),
				arena, &r.refusals, err) < 0)
		return -1;
	/* Before the files are read: one that breaks the seal may be one that
	 * cannot be read, and both are worth telling. */
	if (seal_check(run_dir, &r.seal, r.seal_why, err) < 0)
		return -1;
	if (load_lines(run_dir, arena, &r, err) < 0 ||
	    record_complete(&r, arena, err) < 0) {
		record_release(&r);
		return -1;
	}
	record_sort(&r);
	*ret = r;
	return 0;
}

void record_release(struct record *r)
{
	for (size_t i = 0; i < r->finding_count; i++)
		js_free(r->findings[i].evidence);
	for (size_t i = 0; i < r->phase_count; i++)
		js_free(r->phases[i].details);
	r->finding_count = r->phase_count = 0;
}
