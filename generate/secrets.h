/* SPDX-License-Identifier: Apache-2.0 */
/* secrets.h - the passwords of a run: made once, then read. */
#ifndef GENERATE_SECRETS_H
#define GENERATE_SECRETS_H

#include "base/arena.h"
#include "base/error.h"
#include "run/run.h"

/* Reads the file, or makes passwords and writes it, mode 0600; adds what a file
 * of an earlier medley lacks. */
int secrets_make(const char *path, struct arena *arena, struct secrets *ret,
		 struct error *err);

#endif
