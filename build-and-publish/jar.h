/* SPDX-License-Identifier: Apache-2.0 */
/* jar.h - looks into a jar: its members, its manifest. */
#ifndef BUILD_JAR_H
#define BUILD_JAR_H

#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"

/* Adds the content of one member, up to the ceiling of `out`. */
int jar_member(const char *path, const char *name, struct buf *out,
	       struct error *err);

/* The value of a main attribute of a manifest's text (JAR File
 * Specification: lines of 72 bytes, a blank continues one), or NULL. */
const char *manifest_value(const char *manifest, const char *name,
			   struct arena *arena);

/* The integer at `name` in the jar's META-INF/MANIFEST.MF. */
int jar_manifest_int(const char *path, const char *name, int *ret,
		     struct error *err);

/* When its newest member was made, seconds since 1970; the clock times in it
 * are taken in $TZ. */
int jar_time(const char *path, int64_t *ret, struct error *err);

#endif
