/* SPDX-License-Identifier: Apache-2.0 */
/* rules.h - the verdict of a cell: that of the first rule which holds. */
#ifndef REPORT_RULES_H
#define REPORT_RULES_H

#include "report/judgement.h"

/* What the rules look at. */
struct cell_facts {
	const struct cell *cell;
	const struct counts *n; /* the cell's */
	size_t gate; /* how many payments must settle, at least 1 */
	struct arena *arena; /* for reasons */
};

/*
 * The order is that of docs/verdicts.md. The first DECLARED_RULES are the
 * declarations in expected.yaml; what the others say without them is the cell's
 * `judged`. The last one always holds.
 */
struct rule {
	enum verdict verdict;
	bool (*holds)(const struct cell_facts *f);
	/* One line, in the arena or the record's; "": nothing is to be said;
	 * NULL without memory. It is asked only if the rule holds. */
	const char *(*why)(const struct cell_facts *f);
};

enum { RULES = 12, DECLARED_RULES = 2 };
extern const struct rule rules[RULES];

struct cell_facts cell_facts(const struct cell *cell,
			     const struct record *record, struct arena *arena);

/* The first that holds, from that of index `first` on. */
const struct rule *rule_find(unsigned first, const struct cell_facts *f);

#endif
