/* SPDX-License-Identifier: Apache-2.0 */
/* operation.h - one operation of a load, as its driver saw it. */
#ifndef RUN_OPERATION_H
#define RUN_OPERATION_H

#include <stdbool.h>
#include <stdint.h>

enum op_kind {
#define OP_KIND(NAME, ...) OP_##NAME,
#include "run/op_kinds.def"
#undef OP_KIND
	OP_KINDS
};

/* Whose database has to have the transaction before an operation is settled. */
enum op_settles {
	OP_SETTLES_ALONE, /* the payer's; no notary takes part */
	OP_SETTLES_WITH_PAYEE /* the payee's; a notary commits it */
};

/* A line of op_kinds.def, which says what each member means. */
struct op_kind_info {
	const char *word, *noun, *nouns;
	bool has_payee, second_notary;
	enum op_settles settles;
	int coins;
};

const struct op_kind_info *op_kind_info(enum op_kind kind);
/* The kind with this word in history.jsonl, or -1; NULL is no word. */
int op_kind_of_word(const char *word);

/* True if somebody else gets the money: it belongs to a cell. */
static inline bool op_has_payee(enum op_kind kind)
{
	return op_kind_info(kind)->has_payee;
}

/* True if its transaction has an issue command. */
static inline bool op_makes_coins(enum op_kind kind)
{
	return op_kind_info(kind)->coins > 0;
}

/* The first kind of the table that makes coins: what a bank is funded with; and
 * the first that spends coins for a payee: what covers a cell. */
enum op_kind op_kind_of_funding(void);
enum op_kind op_kind_of_cover(void);

enum op_outcome { OUTCOME_OK, OUTCOME_FAIL, OUTCOME_UNKNOWN, OUTCOMES };

/* "ok", "fail" or "unknown" */
const char *op_outcome_word(enum op_outcome outcome);
int op_outcome_of_word(const char *word);

/*
 * Ids are numbers from 1, each once in a run. The lower 32 bits count the
 * operations of one writer in the order of its schedule; the bits above are the
 * writer's number (history.h), 0 in the histories of older releases. All 53
 * bits fit in a double, which is what jq and JavaScript read numbers as.
 */
enum { OP_SEQUENCE_BITS = 32, OP_WRITERS_MAX = 1 << 21 };

static inline uint64_t op_id(uint32_t writer, uint32_t sequence)
{
	return (uint64_t)writer << OP_SEQUENCE_BITS | sequence;
}

static inline uint64_t op_id_writer(uint64_t id)
{
	return id >> OP_SEQUENCE_BITS;
}

static inline uint32_t op_id_sequence(uint64_t id)
{
	return (uint32_t)id;
}

/* What a file has may be no id. */
static inline bool op_id_is_valid(int64_t id)
{
	return id > 0 && id < (int64_t)OP_WRITERS_MAX << OP_SEQUENCE_BITS;
}

struct operation {
	uint64_t id;
	enum op_kind kind;
	const char *payer; /* node names; without a payee payee = payer */
	const char *payee;
	const char *notary;
	int64_t amount; /* smallest units */
	const char *currency;
	int64_t intended_us, sent_us, done_us; /* wall clock; 0: never */
	enum op_outcome outcome;
	const char *error_class, *error_text; /* NULL when ok */
	const char *flow; /* flow id, or NULL */
	const char *tx; /* transaction id, upper-case hex, or NULL */
};

#endif
