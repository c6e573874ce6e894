/* SPDX-License-Identifier: Apache-2.0 */
/* facts.h - a check that is given facts in place of databases. */
#ifndef TEST_SUPPORT_FACTS_H
#define TEST_SUPPORT_FACTS_H

#include "run/records.h"
#include "sys/file.h"
#include "vault/check.h"

/* Its nodes: "bank", "other", and the notaries "a" and "b". */
enum { FACTS_BANK, FACTS_OTHER, FACTS_A, FACTS_B, FACTS_NODES };

struct facts {
	char dir[PATH_ROOM];
	struct check check;
	int64_t ends[FACTS_NODES], listed[FACTS_NODES];
	struct arena arena;
	/* Written by facts_judge(). */
	struct finding *found;
	size_t count;
};

/* Setup and teardown of a test; *state is a struct facts. */
int facts_begin(void **state);
int facts_end(void **state);

/* About what has this byte as the first of its key, and zeroes. */
void facts_add(struct spool *to, uint8_t key, struct fact f);
/* The number of an asset: a currency by an issuer of that name. */
int32_t facts_asset(struct facts *s, const char *currency, const char *issuer);

/* The three rounds and the rest. */
void facts_judge(struct facts *s);
/* The same; just this is found, of the transaction `tx`, 0: of none. */
void facts_find(struct facts *s, enum finding_kind kind, uint8_t tx,
		const char *part);

#endif
