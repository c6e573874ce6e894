/* SPDX-License-Identifier: Apache-2.0 */
/* operation.c - the names of kinds and outcomes of operations. */
#include "run/operation.h"

#include <assert.h>
#include <string.h>

static const struct op_kind_info kinds[OP_KINDS] = {
#define OP_KIND(NAME, word_, noun_, nouns_, has_payee_, second_notary_,        \
		settles_, coins_, ...)                                         \
	[OP_##NAME] = { .word = word_,                                         \
			.noun = noun_,                                         \
			.nouns = nouns_,                                       \
			.has_payee = has_payee_,                               \
			.second_notary = second_notary_,                       \
			.settles = settles_,                                   \
			.coins = coins_ },
#include "run/op_kinds.def"
#undef OP_KIND
};

static const char *const outcomes[OUTCOMES] = { [OUTCOME_OK] = "ok",
						[OUTCOME_FAIL] = "fail",
						[OUTCOME_UNKNOWN] = "unknown" };

const struct op_kind_info *op_kind_info(enum op_kind kind)
{
	assert(kind < OP_KINDS);
	return &kinds[kind];
}

int op_kind_of_word(const char *word)
{
	for (int i = 0; word && i < OP_KINDS; i++)
		if (!strcmp(kinds[i].word, word))
			return i;
	return -1;
}

static enum op_kind first_kind(bool has_payee, int coins)
{
	int kind = 0;

	while (kind < OP_KINDS && (kinds[kind].has_payee != has_payee ||
				   kinds[kind].coins != coins))
		kind++;
	assert(kind < OP_KINDS);
	return (enum op_kind)kind;
}

enum op_kind op_kind_of_funding(void)
{
	return first_kind(false, 1);
}

enum op_kind op_kind_of_cover(void)
{
	return first_kind(true, -1);
}

const char *op_outcome_word(enum op_outcome outcome)
{
	assert(outcome < OUTCOMES);
	return outcomes[outcome];
}

int op_outcome_of_word(const char *word)
{
	for (int i = 0; word && i < OUTCOMES; i++)
		if (!strcmp(outcomes[i], word))
			return i;
	return -1;
}
