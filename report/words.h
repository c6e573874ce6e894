/* SPDX-License-Identifier: Apache-2.0 */
/* words.h - how verdicts, money, times and evidence are said, everywhere. */
#ifndef REPORT_WORDS_H
#define REPORT_WORDS_H

#include "base/buf.h"
#include "base/plain.h"
#include "report/judgement.h"

/* "pass", "not-run" …, as in results.json. */
const char *verdict_name(enum verdict v);
/* False: no verdict has this word. */
bool verdict_of_word(const char *word, enum verdict *ret);
/* At most 5 columns, for cells of a matrix: "undec"; "-" for not-run. */
const char *verdict_short(enum verdict v);
/* One character that tells verdicts apart without colour. */
const char *verdict_glyph(enum verdict v);
/* The same of a verdict's name, which may be of a newer medley: "." then.
 * Without `utf8` the character is ASCII. */
const char *verdict_sign(const char *name, bool utf8);
/* "one-bank", "build", "boot", "load", "apart"; NULL for ABSENT_NOT. */
const char *absence_name(enum absence a);
/* ABSENT_NOT when none has this word. */
enum absence absence_of_word(const char *word);

/* "none", "whole", "broken" */
const char *seal_word(enum seal_state seal);

/* All of these add to `out` what is plain on one line of a terminal
 * (base/plain.h). Other formats take it from there, by write_md() or
 * write_xml().
 */
void write_money(struct buf *out, MONEY_SUM amount, const char *currency);
/* "850 ms", "1.2 s", "71 s", "4 min 5 s" */
void write_duration(struct buf *out, int64_t us);
/* "19234D3C…3D9CA3"; shorter ones as they are. */
void write_tx(struct buf *out, const char *tx);
/* "12:41:07" of a wall clock, UTC */
void write_time(struct buf *out, int64_t wall_us);
/* "finance-4.10 (AB12CD34…)" */
void write_jars(struct buf *out, const struct release *r);
/* What the nodes' JVMs ran with: "fast"; "stock, bank-4.10-0: -Xmx1g" where
 * nodes differ from the first. */
void write_jvm(struct buf *out, const struct network *net);
/* "4.10 -> 4.0" */
void write_way(struct buf *out, const struct judgement *j,
	       const struct cell *cell);

/* As a word of a shell, which people may paste; else as plain_line(). */
void write_shell(struct buf *out, const char *text);
/* The command that shows more of a transaction, or of a node without one:
 * "medley show tx 4E074085 runs/red". `source` NULL: of the record's run. */
void write_look(struct buf *out, const struct judgement *j,
		const struct source *source, const char *tx, const char *node);
/* The command that repeats the run: "medley reproduce runs/red". For a run that
 * cannot be repeated exactly, because it has no images or its network was
 * changed: "medley run network.yaml --seed 7", and "medley drive --load FILE"
 * for each load that was not the run's own. Of joined results, the one that
 * joins them again. */
void write_again(struct buf *out, const struct record *r);

/* A value of a finding's evidence as one line: a text as it is, an object as
 * "its text, key value, …". */
void write_evidence(struct buf *out, const struct js *value);

/* What one role's store says: a text as it is; of the vault room's objects
 * ("has" or "committed", "rows" by table) a sentence. */
void write_side(struct buf *out, const struct js *side);

/* Who takes part in what went wrong: up to three rows of evidence. */
enum { ROLES = 3 };
struct role {
	const char *name; /* "payer", "notary", "payee" */
	const char *node; /* or NULL */
	const struct release *release; /* or NULL */
	const struct js *evidence; /* or NULL */
};
void finding_roles(const struct judgement *j, const struct placed_finding *p,
		   struct role ret[ROLES]);
/* What the vaults say of a failed payment, one text a role; `s` NULL: it is
 * not known, as of one in a results.json of an older medley. */
void payment_roles(const struct judgement *j, const struct operation *op,
		   const struct settlement *s, struct role ret[ROLES],
		   struct buf ret_texts[ROLES]);

#endif
