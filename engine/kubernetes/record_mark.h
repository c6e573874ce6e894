/* SPDX-License-Identifier: Apache-2.0 */
/* record_mark.h - tells a record that was written here from a sent one. */
#ifndef ENGINE_KUBERNETES_RECORD_MARK_H
#define ENGINE_KUBERNETES_RECORD_MARK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/*
 * A run's directory may come from somebody else, and so may what stands beside
 * it. A mark is an HMAC-SHA256 of a record's texts, in hex, by a key that this
 * user's medley keeps in its cache (record-key, mode 0600). Without the cache
 * of the machine that wrote the record, a mark proves nothing: it is as absent.
 */
enum { RECORD_MARK = 65 };

/* Makes the key where there is none. A text may be NULL. */
int record_mark(const char *const *texts, size_t count, char ret[RECORD_MARK],
		struct error *err);
/* False also where `mark` is NULL or there is no key. */
bool record_is_marked(const char *const *texts, size_t count, const char *mark);

#endif
