/* SPDX-License-Identifier: Apache-2.0 */
/* settled_reader.h - the operations of a run, each with what the vaults say of
 * it. */
#ifndef RUN_SETTLED_READER_H
#define RUN_SETTLED_READER_H

#include "base/cleanup.h"
#include "base/error.h"
#include "run/records.h"

/*
 * history.jsonl and settlements.jsonl, read side by side. A check writes a line
 * for each operation, in the order of the history: then memory does not grow
 * with the files, but for half a byte an operation that finds ids which came
 * twice. Settlements from the first one on that is not in this order are all
 * kept in memory.
 *
 * Files that contradict each other are read to their end, since a person may
 * want to see what they have: settled_doubt() says that they do.
 */
struct settled_reader;

int settled_reader_open(const char *run_dir, struct settled_reader **ret,
			struct error *err);
void settled_reader_free(struct settled_reader *r);
DEFINE_FREEP(struct settled_reader, settled_reader)

/* 1 and the next operation, in the order of history.jsonl, with its settlement,
 * NULL if no check has met it; all are the reader's until the next call. 0 at
 * the end. */
int settled_read(struct settled_reader *r, struct operation *ret_op,
		 const struct settlement **ret_settlement, struct error *err);

/* At the end: how many settlements there were. */
uint64_t settled_count(const struct settled_reader *r);
/* At the end: the first contradiction, one line with file and line; or NULL. An
 * id that came twice, a settlement without operation, another transaction in
 * one file than in the other. */
const char *settled_doubt(const struct settled_reader *r);

#endif
