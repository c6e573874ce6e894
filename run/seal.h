/* SPDX-License-Identifier: Apache-2.0 */
/* seal.h - the manifest of a run's files, written when the run has ended. */
#ifndef RUN_SEAL_H
#define RUN_SEAL_H

#include <stdbool.h>

#include "base/error.h"

/*
 * seal.json names the files that the run's directory and its logs/ have, with
 * their sizes and SHA-256:
 * {"version":1,"sealed":"…","files":[{"path":"history.jsonl","size":N,
 *  "sha256":"…"}…]}
 * It shows accidents: a file that was cut, lost or edited on its way. It is not
 * signed: who alters a file on purpose can write another seal.
 *
 * Not in it: what only this machine needs (config/, engine/, addresses,
 * passwords and keys, the lock). Files that the report writes are in it, for
 * those who read them elsewhere, but do not break it: they are made from the
 * others.
 */
enum seal_state {
	SEAL_NONE, /* no seal: the run has not ended, or is an older medley's */
	SEAL_WHOLE, /* every file is what it was */
	SEAL_BROKEN
};

enum { SEAL_WHY = 256 };

/* Whether the run has a seal, whole or broken. */
bool seal_exists(const char *run_dir);
/* Replaces the seal of an earlier end. */
int seal_write(const char *run_dir, struct error *err);
/* `why` is one line about the first difference, of a broken seal alone. A seal
 * that cannot be read is broken. */
int seal_check(const char *run_dir, enum seal_state *ret, char why[SEAL_WHY],
	       struct error *err);
/* Checks the seal, and takes it away if it is whole: who changes the run does
 * so before the first change, and writes another seal at the end. A broken seal
 * stays, so that no command covers up what happened to the files. */
int seal_open(const char *run_dir, enum seal_state *ret, char why[SEAL_WHY],
	      struct error *err);
/* What the report wrote replaces what the seal said of these files; all else
 * stays as it was sealed. Nothing without a seal. */
int seal_renew(const char *run_dir, struct error *err);
/* No seal any more; none before is fine. */
int seal_remove(const char *run_dir, struct error *err);

#endif
