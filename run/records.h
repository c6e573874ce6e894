/* SPDX-License-Identifier: Apache-2.0 */
/* records.h - the lines of settlements.jsonl, findings.jsonl, balances.jsonl
 * and phases.jsonl; those of history.jsonl are in history.h. */
#ifndef RUN_RECORDS_H
#define RUN_RECORDS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/money.h"
#include "data/json.h"
#include "run/history.h"

/* What the vaults say of one operation; one line of settlements.jsonl. */
struct settlement {
	uint64_t op;
	const char *tx; /* NULL: no transaction was found for it */
	bool payer_has; /* the payer's database has the transaction */
	bool payee_has; /* the payee's: only this settles a payment */
	bool notary_has; /* committed there (issues need no notary: true) */
	bool in_flight; /* the payee lacks it, and a flow of it still runs */
};

/* Written through a file that stays open: sys/appender.h. */
struct appender;
int settlement_open(const char *run_dir, struct appender **ret,
		    struct error *err);
int settlement_write(struct appender *to, const struct settlement *s,
		     struct error *err);
/* One line by itself. */
int settlement_append(const char *run_dir, const struct settlement *s,
		      struct error *err);

/* One by one in fixed memory, as in history.h. A check writes a line for each
 * operation, in the order of history.jsonl. */
struct settlement_reader;
int settlement_reader_open(const char *run_dir, struct settlement_reader **ret,
			   struct error *err);
void settlement_reader_free(struct settlement_reader *r);
DEFINE_FREEP(struct settlement_reader, settlement_reader)
int settlement_read(struct settlement_reader *r, struct settlement *ret,
		    struct error *err);
/* The line of the last settlement, from 1. */
unsigned settlement_line(const struct settlement_reader *r);

/* Something the vaults prove; one line of findings.jsonl. */
enum finding_kind {
	FINDING_LOST, /* value gone: out < in, or an output that no vault has */
	FINDING_DOUBLED, /* one state consumed by two transactions */
	FINDING_FORGED, /* an output without input or issue */
	FINDING_UNBALANCED, /* sums over all vaults differ from issued */
	FINDING_NOT_RECORDED, /* committed, but an owner lacks it */
	FINDING_ID_MISMATCH, /* the bytes do not give the row's id */
	FINDING_BAD_SIGNATURE, /* wrong, missing or extra */
	FINDING_UNDECODABLE,
	FINDING_STUCK_FLOW,
	FINDING_SOFT_LOCK_LEFT,
	FINDING_ROW_MISMATCH, /* a vault row and the decoded output differ */
	FINDING_FOREIGN, /* stored, and not of this network */
	FINDING_KEY_MISMATCH, /* an owner lacks its key, or shares it */
	FINDING_BEHIND, /* a notary's node lacks commits of its others */
	FINDING_BALANCE_MISMATCH, /* a node says that it holds another sum */
	FINDING_NO_ANSWER, /* a node did not say what it holds */
	FINDING_KINDS
};

struct finding {
	enum finding_kind kind;
	bool note; /* reported, no failure */
	const char *tx; /* or NULL */
	uint64_t op; /* operation, 0: none known */
	const char *node; /* whose database shows it */
	const char *payer, *payee, *notary; /* node names, or NULL: the cell */
	const char *summary; /* one line for people */
	struct js *evidence; /* owned; object: both rows, jars, … */
};

/* "not-recorded" … */
const char *finding_name(enum finding_kind kind);
/* The kind of that name; -1: there is none. */
int finding_kind_of(const char *word);
/* From a line of findings.jsonl, or an item of results.json. Texts and evidence
 * stay those of `line`. False: the kind is unknown. */
bool finding_of_json(const struct js *line, struct finding *ret);
int finding_append(const char *run_dir, const struct finding *f,
		   struct error *err);
/* Calls fn for each finding, which is fn's until it returns; stops on non-zero.
 */
typedef int finding_fn(const struct finding *f, void *ctx, struct error *err);
int finding_each(const char *run_dir, finding_fn *fn, void *ctx,
		 struct error *err);
/* The text parts live in `arena`; each evidence is the caller's to free. */
int finding_load(const char *run_dir, struct arena *arena, struct finding **ret,
		 size_t *ret_count, struct error *err);

/*
 * What the vaults hold of one kind of money: a currency by an issuer, with its
 * reference; one line of balances.jsonl. A file of its own, as it grows with
 * issuers times nodes. All amounts are in the smallest unit. In JSON a sum that
 * has no room in 64 bits is a text.
 */
struct balance {
	const char *currency;
	const char *issuer; /* legal name; NULL: no transaction names it */
	const char *issuer_key_hash; /* as the nodes' cash tables have it */
	const char *ref; /* hex */
	MONEY_SUM issued, exited; /* by all transactions, each once */
	MONEY_SUM told_elsewhere; /* what findings add to it */
	MONEY_SUM expected; /* issued - exited + told_elsewhere */
	MONEY_SUM held; /* by all vaults */
	struct holding {
		const char *node;
		MONEY_SUM held; /* by its rows that are not consumed */
	} *nodes; /* all banks, and whoever else holds any */
	size_t node_count;
};

/* As it stands in balances.jsonl and results.json. */
struct js *balance_js(const struct balance *b);
int balance_append(const char *run_dir, const struct balance *b,
		   struct error *err);
int balance_load(const char *run_dir, struct arena *arena, struct balance **ret,
		 size_t *ret_count, struct error *err);

/* Sets a sum: a number, or a text where it has no room in one. */
void sum_set(struct js *to, const char *key, MONEY_SUM sum);

/*
 * phases.jsonl: what each step took and said, one line a step:
 * {"phase":"deploy","seconds":41.2,"summary":"5 nodes ready","ok":true,
 *  "error":null,"kind":null,"cpu_pressure":0.31,
 *  "details":{…}}; details are the step's own. The
 * kind of the error is a word of error_kind_word(); older lines have none.
 */
struct phase {
	const char *name;
	unsigned sequence; /* of its name, from 1; set by loading */
	double seconds;
	const char *summary;
	const char *error; /* NULL: went well */
	enum error_kind kind; /* of error; ERROR_NONE: not known */
	double cpu_pressure; /* pressure_share() of it; 0: not known */
	struct js *details; /* or NULL; owned */
};

int phase_append(const char *run_dir, const struct phase *p, struct error *err);
/* Every line, in the order of the file: a step that was done again has several,
 * each with its sequence and its error. In `arena`, but for the details. */
int phase_load_all(const char *run_dir, struct arena *arena, struct phase **ret,
		   size_t *ret_count, struct error *err);
/* The last line of each phase name, in order of first appearance: its sequence
 * says how many lines there are. */
int phase_load(const char *run_dir, struct arena *arena, struct phase **ret,
	       size_t *ret_count, struct error *err);
/* The files of the loads that were driven in place of the run's own, in order:
 * the texts `load_file` in the details of all phases "drive". In `arena`. */
int phase_load_files(const char *run_dir, struct arena *arena,
		     const char ***ret, size_t *ret_count, struct error *err);

/* What all phases "drive" counted. One that ended early counts nothing. */
struct driven {
	size_t loads; /* also those that ended early */
	uint64_t ops[OP_KINDS][OUTCOMES];
	/* Lines of history.jsonl at the end of the last load; -1: not known,
	 * of one that ended early, ran in a cluster, or is an older medley's.
	 */
	int64_t lines;
};
/* Counts that are not numbers from 0, or of which a part is missing, are
 * ERROR_INPUT with file and line. */
int phase_driven(const char *run_dir, struct driven *ret, struct error *err);

#endif
