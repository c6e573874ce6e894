/* SPDX-License-Identifier: Apache-2.0 */
/* judgement.h - the verdicts of a run, from which every output is written. */
#ifndef REPORT_JUDGEMENT_H
#define REPORT_JUDGEMENT_H

#include <stdbool.h>

#include "report/record.h"
#include "run/score.h"
#include "stats/timeline.h"

/* docs/verdicts.md says when each is given. */
enum verdict {
	VERDICT_PASS,
	VERDICT_FAIL,
	VERDICT_FLAKY,
	VERDICT_UNDECIDED,
	VERDICT_UNSUPPORTED,
	VERDICT_NOT_RUN,
	VERDICT_KNOWN, /* it fails as expected.yaml declares */
	VERDICTS
};

/* Why a cell has no payments; decides whether it was required. */
enum absence {
	ABSENT_NOT, /* it has payments */
	ABSENT_ONE_BANK, /* nobody of that release to pay: not required */
	ABSENT_BUILD, /* a release has no image */
	ABSENT_BOOT, /* a node did not come up */
	ABSENT_LOAD, /* the load ended before, or was never driven */
	ABSENT_APART /* of joined runs none had these releases together: not
		      * required */
};

/* What an entry of expected.yaml means for a cell; a later one says more. */
enum excuse_state {
	EXCUSE_NONE, /* no entry is about the cell */
	EXCUSE_EXPIRED,
	EXCUSE_DIFFERS, /* the cell fails otherwise than the entry declares */
	EXCUSE_OPEN, /* a known failure of a cell that neither passed nor
		      * failed */
	EXCUSE_PASSES, /* the cell passes nevertheless */
	EXCUSE_HOLDS,
	EXCUSE_STATES
};

/* An entry of expected.yaml that a person should look at. */
enum remark_kind {
	REMARK_EXPIRED,
	REMARK_PASSES, /* its cell passes again */
	REMARK_DIFFERS, /* its cell fails otherwise */
	REMARK_ABSENT, /* the run has no such cell */
	REMARKS
};

struct remark {
	enum remark_kind kind;
	const struct expected_entry *entry;
	const char *text; /* one line, with file and line */
};

struct placed_finding;
struct baseline;

/* What one of several joined runs says of a cell. */
struct cell_part {
	const struct source *source;
	enum verdict verdict, judged;
	enum absence absence;
	bool required;
	const char *reason, *starved; /* or NULL */
};

/* Payer release x payee release x notary release. */
struct cell {
	unsigned payer, payee, notary; /* indexes into network.releases */
	enum verdict verdict;
	enum verdict judged; /* without expected.yaml */
	const char *judged_reason; /* of that verdict; NULL: none */
	const struct expected_entry *entry; /* about it; NULL: none */
	enum excuse_state excuse; /* what `entry` means */
	enum absence absence;
	bool required; /* for exit code 0 */
	const char *reason; /* one line; NULL for a plain pass */
	const char *starved; /* the machine was too busy: what shows it; NULL:
			      * it was not (starvation.h) */
	struct score score;
	struct summary service, latency; /* of its histograms, us */
	const struct placed_finding **findings; /* no notes; in file order */
	size_t finding_count;
	size_t finding_payments; /* different payments that they name */
	const struct operation *first_failed; /* or lost; NULL: none */
	const struct settlement *first_settled; /* what the vaults say of it;
						 * NULL: it was not checked */
	/* Of joined results: */
	struct cell_part *parts; /* of the runs that have it, in their order */
	size_t part_count;
	const struct source *source; /* where the first payment failed */
};

/* A finding, the operation and the cell it is about. */
struct placed_finding {
	const struct finding *finding;
	const struct operation *op; /* NULL: none known */
	struct cell *cell; /* NULL: the network at large */
	const struct source *source; /* NULL: the record is of one run */
};

/* What became of a payment: what its payer's node answered, and whether that
 * was true. A good answer is believed until a vault says otherwise. */
enum payment_end {
	PAYMENT_OK,
	PAYMENT_UNSETTLED,
	PAYMENT_FAILED,
	PAYMENT_UNKNOWN,
	PAYMENT_ENDS
};

struct judgement {
	const struct record *record;
	unsigned *banks, *notaries; /* releases with such nodes */
	unsigned bank_count, notary_count;
	struct cell *cells; /* by notary, payer, payee */
	size_t cell_count;
	struct placed_finding *findings; /* all, notes too, in file order */
	size_t network_findings; /* without cell, without notes */
	struct counts issues; /* issues of cash, over all nodes */
	struct timeline_counts *payments; /* by enum payment_end, over time */
	int64_t began_us; /* of the first operation, wall clock; 0: none */
	struct remark *remarks; /* in the order of expected.yaml's lists */
	size_t remark_count;
	size_t counts[VERDICTS]; /* cells */
	const char *unproved; /* why nobody can say that it passed, or NULL */
	int exit_code;
	const char *word; /* "PASS", "FAIL", "UNDECIDED", "DEPLOY FAILED" … */
	const char *reason; /* one line: why not PASS; or NULL */
	double seconds; /* all phases together */
	const struct baseline *against; /* an earlier run, or NULL */
};

/* Reads the operations of the run once, and judges. Memory does not grow with
 * them: run/settled_reader.h. Lives in `arena` and borrows `record`. */
int judge(struct record *record, struct arena *arena, struct judgement *ret,
	  struct error *err);

/* The same of operations that come from elsewhere, in any order: a judgement is
 * begun, is given each one with its settlement (NULL: it was not checked), and
 * ends once the record is complete: record_complete(). */
struct judging;
int judging_begin(const struct record *record, struct arena *arena,
		  struct judging **ret, struct error *err);
int judging_add(struct judging *g, const struct operation *op,
		const struct settlement *settlement, struct error *err);
int judging_end(struct judging *g, struct judgement *ret, struct error *err);

/* The cells of `record->net`, without payments, verdicts and findings; its
 * banks and its notaries. ERROR_INPUT if there are none. */
int judgement_lay_out(const struct record *record, struct arena *arena,
		      struct judgement *ret, struct error *err);

/* The cell of three release indexes, or NULL. */
struct cell *judgement_cell(const struct judgement *j, unsigned payer,
			    unsigned payee, unsigned notary);

/* The steps of judging_end(): a cell whose payments and findings are complete
 * (rules.c), and the whole run once every cell has its verdict (verdict.c).
 * `began_us`: of the run. */
int cell_decide(struct cell *cell, const struct record *record,
		int64_t began_us, struct arena *arena, struct error *err);
int run_decide(struct judgement *j, struct arena *arena, struct error *err);
/* The same of joined results, whose cells have their verdicts. */
int sources_decide(struct judgement *j, struct arena *arena, struct error *err);
/* What the histograms and examples of a score come to. */
void cell_sum_up(struct cell *cell);
/* And absence.c: why a cell without payments has none. */
int cell_absence(struct cell *cell, const struct record *record,
		 struct arena *arena, struct error *err);

#endif
