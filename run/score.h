/* SPDX-License-Identifier: Apache-2.0 */
/* score.h - what the payments of one cell have come to. */
#ifndef RUN_SCORE_H
#define RUN_SCORE_H

#include <stdbool.h>

#include "base/arena.h"
#include "data/json.h"
#include "run/records.h"
#include "stats/histogram.h"

/*
 * A score is fed one payment at a time, in any order: of a stored run, or of
 * one that is still going on. Scores of parts, say of the same cell in several
 * regions, merge into the score of the whole: counts and times are the same
 * as if one score had been fed all payments. results.json has what is needed to
 * read a score back.
 *
 * Memory does not grow with the payments, but for a few bytes for each refused
 * one behind which none has settled yet. It is the arena's; what is fed is
 * copied.
 */

/* payments = ok + fail + unknown, by the payer's answer; the others are what
 * the vaults say. docs/verdicts.md has the words. */
struct counts {
	size_t payments, ok, fail, unknown;
	size_t settled; /* the payee's database has the transaction */
	size_t lost; /* reported ok, and not settled */
	size_t failed; /* fail or unknown, and not settled */
	size_t timeouts; /* of `failed`: no answer in time */
	size_t refused; /* of `failed`: known conduct, later ones settled */
	size_t unchecked; /* no vault was asked */
	size_t unsettled; /* a flow still ran when the vaults were read */
};

/* What the vaults say of one payment. */
enum fate {
	FATE_UNCHECKED, /* nothing: they were not asked */
	FATE_SETTLED, /* the payee has it */
	FATE_UNSETTLED, /* it lacks it, and a flow still ran */
	FATE_REFUSED, /* nobody has it, and the payer refused it in words that
		       * known-refusals.yaml has */
	FATE_MISSING /* the payee lacks it */
};

/* The order of payments: by the time they were due, then by their ids. Ids
 * alone order nothing where several drivers write them. */
struct turn {
	int64_t due_us;
	uint64_t id;
};

/* The first payments of a kind, whole; a text that has no room is cut: those of
 * a real one take about 1 KiB. */
enum { EXAMPLES_MAX = 5, EXAMPLE_TEXTS = 2048 };

struct example {
	struct operation op; /* its texts are in `texts` */
	struct settlement settlement; /* if it was checked; likewise */
	bool checked;
	char texts[EXAMPLE_TEXTS];
};

struct examples {
	struct example *items[EXAMPLES_MAX]; /* `count` in order, then spare */
	size_t count;
};

struct score {
	struct arena *arena; /* borrowed */
	struct counts counts;
	int64_t first_us; /* when the first payment was sent, or due if it was
			   * not sent; 0: not known */
	/* Of payments answered ok, microseconds. */
	struct histogram latency; /* from the time one was due to the answer */
	struct histogram service; /* from sending to the answer */
	struct examples failed; /* lost or failed, but not refused */
	/* Refused, and none that was due later has settled: those are in
	 * `failed` of the counts, until one does. */
	struct turn *open;
	size_t open_count, open_room;
	struct examples refused; /* of the open ones */
	struct turn last_settled;
};

#define SCORE_INIT(memory)                                                     \
	{ .arena = (memory),                                                   \
	  .latency = HISTOGRAM_INIT(memory),                                   \
	  .service = HISTOGRAM_INIT(memory) }

/* `settlement`: what the vaults say of it, for examples, or NULL. Fails without
 * memory; the score is useless then. */
int score_add(struct score *s, const struct operation *op,
	      const struct settlement *settlement, enum fate fate,
	      struct error *err);
/* Adds all that `from` was fed; it stays as it is. On failure `to` is useless.
 * Of open refusals the result may have fewer examples than there are. */
int score_merge(struct score *to, const struct score *from, struct error *err);

/* Counts an answer, and nothing else. */
void counts_outcome(struct counts *c, enum op_outcome outcome);

/* The first payments that were lost or failed and are not refused: at most
 * EXAMPLES_MAX, in order. Returns how many. They are the score's. */
size_t score_examples(const struct score *s,
		      const struct example *ret[EXAMPLES_MAX]);

/* Adds an example, and counts nothing. `settlement`: NULL, if not known. */
int score_add_example(struct score *s, const struct operation *op,
		      const struct settlement *settlement, struct error *err);

/* ---- results.json: score_json.c ---- */

/* Sets the members of a cell that are its score's: counts, `latency_ms`,
 * `service_ms` and `examples`; of counts alone, those. */
void score_set(struct js *cell, const struct score *s);
void counts_set(struct js *o, const struct counts *c);
/* Counts that are absent are 0. */
int counts_get(const struct js *o, struct counts *ret, struct error *err);
/* The times of a histogram: "count", "min" … "histogram". */
struct js *times_js(const struct histogram *h);
/* Milliseconds to the microsecond, without the noise of binary fractions. */
double milliseconds(double us);

/* One cell of a results.json. */
struct scored_cell {
	const char *payer, *payee, *notary; /* labels */
	struct score score;
};

/*
 * Reads the scores of a results.json of this version or an older one, whose
 * text is `text`; `name` is for errors. Versions 1 and 2 have no histograms and
 * no examples: of them the scores have counts alone. Refusals that were open
 * stay failed, whatever is merged with them.
 */
int scores_parse(const char *name, const void *text, size_t len,
		 struct arena *arena, struct scored_cell **ret,
		 size_t *ret_count, struct error *err);
/* The same of a results.json that was read. */
int scores_of_json(const char *name, const struct js *root, struct arena *arena,
		   struct scored_cell **ret, size_t *ret_count,
		   struct error *err);

#endif
