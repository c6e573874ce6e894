/* SPDX-License-Identifier: Apache-2.0 */
/* expected.h - expected.yaml: which cells do not work, why, and until when. */
#ifndef REPORT_EXPECTED_H
#define REPORT_EXPECTED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/buf.h"
#include "data/yaml.h"
#include "sys/file.h"

/*
 *	unsupported:			pairs that are not meant to work
 *	  - payer: "4.10+finance-4.10"	labels of releases
 *	    payee: "4.0+finance-4.0"
 *	    notary: "4.8"		optional: any
 *	    reason: 4.0 trusts its own contracts jar alone
 *	known_failures:			cells that will work again
 *	  - payer: "4.5"
 *	    payee: "4.0"
 *	    reason: 4.0 cannot read the field
 *	    issue: https://example.org/issues/12	optional, as the rest
 *	    owner: anna
 *	    expires: 2026-12-31		valid through this day, UTC
 *	    finding: not-recorded	kinds, separated by commas
 *	    message: no such field	a part of the reason or the error
 *	    flaky: true			a pass proves nothing
 *
 * It is looked for in the run first, then beside the network file. Unknown
 * keys and missing reasons are errors: a cell is excused by a person, in
 * writing, or not at all. The file may come from somebody else: it has at most
 * ENTRIES_MAX entries a list, each text at most EXPECTED_TEXT_MAX bytes.
 */
enum { ENTRIES_MAX = 4096, EXPECTED_TEXT_MAX = 4096 };

enum expected_kind { EXPECTED_UNSUPPORTED, EXPECTED_KNOWN };

struct expected_entry {
	enum expected_kind kind;
	const struct yaml_node *at; /* its place in the file */
	const char *payer, *payee;
	const char *notary; /* NULL: any */
	const char *reason;
	const char *issue, *owner; /* or NULL */
	int64_t expires_us; /* when its last day begins; 0: never */
	const char *finding, *message; /* or NULL: any failure */
	uint64_t findings; /* of `finding`: a bit for each kind */
	bool flaky;
};

struct expected {
	struct expected_entry *entries;
	size_t count;
};

extern const char expected_file[]; /* "expected.yaml" */
/* The key of a list, and its words in a text: "known failure". */
const char *expected_key(enum expected_kind kind);
const char *expected_word(enum expected_kind kind);

/* The file beside a network file. */
const char *expected_beside(const char *network_file, char room[PATH_ROOM]);
/* No file: nothing is declared. `sealed`: of the run's own file alone, because
 * a run that has ended is judged by what was declared then. */
int expected_load(const char *run_dir, const char *network_file, bool sealed,
		  struct arena *arena, struct expected *ret, struct error *err);
/* 1; 0: there is no such file. */
int expected_read(const char *path, struct arena *arena, struct expected *ret,
		  struct error *err);
int expected_parse(const char *name, const void *text, size_t len,
		   struct arena *arena, struct expected *ret,
		   struct error *err);

/* The line of the entry; 0: it was not read from a file. */
int expected_line(const struct expected_entry *e);
bool expected_covers(const struct expected_entry *e, const char *payer,
		     const char *payee, const char *notary);
/* `at_us`: wall clock; 0: not known, when no entry has expired. */
bool expected_expired(const struct expected_entry *e, int64_t at_us);

/* docs/expected-yaml.md */
void expected_document(struct buf *out);
/* The entry as an item of its list. */
int expected_item(const struct expected_entry *e, struct arena *arena,
		  struct yaml_node **ret, struct error *err);

#endif
