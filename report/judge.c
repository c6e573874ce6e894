/* SPDX-License-Identifier: Apache-2.0 */
/* judge.c - a stored run is judged while its operations are read. */
#include "report/judgement.h"

#include "run/settled_reader.h"

static int read_operations(struct record *r, struct judging *g,
			   struct arena *arena, struct error *err)
{
	cleanup(settled_reader_freep) struct settled_reader *reader = NULL;
	const struct settlement *settlement;
	struct operation op;
	int rc = settled_reader_open(r->run_dir, &reader, err);

	while (rc >= 0 &&
	       (rc = settled_read(reader, &op, &settlement, err)) > 0) {
		r->read.ops[op.kind][op.outcome]++;
		rc = judging_add(g, &op, settlement, err);
	}
	if (rc < 0)
		return -1;
	r->read.settlements = settled_count(reader);
	if (!settled_doubt(reader))
		return 0;
	r->read.doubt = arena_strdup(arena, settled_doubt(reader));
	return r->read.doubt ? 0 : error_nomem(err);
}

int judge(struct record *record, struct arena *arena, struct judgement *ret,
	  struct error *err)
{
	struct judging *g;

	if (judging_begin(record, arena, &g, err) < 0 ||
	    read_operations(record, g, arena, err) < 0 ||
	    record_complete(record, arena, err) < 0)
		return -1;
	return judging_end(g, ret, err);
}
