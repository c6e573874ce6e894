/* SPDX-License-Identifier: Apache-2.0 */
/* judged_run.h - runs of which there is nothing but what an archive reads. */
#ifndef TEST_SUPPORT_JUDGED_RUN_H
#define TEST_SUPPORT_JUDGED_RUN_H

#include "test/support/scratch.h"

/* A run of "nightly/quick.yaml" with one or two cells at notary 4.8: "pass
 * fail" are the verdicts of 4.0 -> 4.10 and of 4.10 -> 4.0. */
void write_run(struct scratch *at, const char *name, const char *verdicts,
	       unsigned p50_ms);
void write_results(struct scratch *at, const char *name, const char *text);
/* results.json with these cells, "{…},{…}". */
void write_cells(struct scratch *at, const char *name, const char *cells);
/* Adds a cell as results.json has it. */
void add_result(struct buf *out, const char *payer, const char *payee,
		const char *verdict, unsigned p50_ms);

#endif
