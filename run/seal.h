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
 * "sha256":"…"}…]} The seal detects accidents: a file that was cut, lost or
 * edited. It is not signed: a person who changes a file on purpose can write
 * another seal.
 *
 * It does not cover files that only this machine needs (config/, engine/,
 * addresses, passwords and keys, the lock). It lists the files that the report
 * writes, for readers on other machines, but changes of these do not break it,
 * because they are made from the other files.
 */
enum seal_state {
	SEAL_NONE, /* no seal: the run has not ended, or is an older medley's */
	SEAL_WHOLE, /* no file has changed */
	SEAL_BROKEN
};

enum { SEAL_WHY = 256 };

/* Whether the run has a seal, whole or broken. */
bool seal_exists(const char *run_dir);
/* Replaces the seal of an earlier end. */
int seal_write(const char *run_dir, struct error *err);
/* `why` is one line about the first difference, only for a broken seal. A seal
 * that cannot be read is broken. */
int seal_check(const char *run_dir, enum seal_state *ret, char why[SEAL_WHY],
	       struct error *err);
/* Checks the seal, and removes it if it is whole. To be called before the first
 * change of a run; at the end a new seal is written. A broken seal stays, so
 * that no command hides what happened to the files. */
int seal_open(const char *run_dir, enum seal_state *ret, char why[SEAL_WHY],
	      struct error *err);
/* Updates the entries of the files that the report writes, and keeps all other
 * entries. Does nothing if there is no seal. */
int seal_renew(const char *run_dir, struct error *err);
/* Removes the seal, if there is one. */
int seal_remove(const char *run_dir, struct error *err);

#endif
