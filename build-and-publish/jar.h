/* SPDX-License-Identifier: Apache-2.0 */
/* jar.h - reads members and the manifest of a jar. */
#ifndef BUILD_JAR_H
#define BUILD_JAR_H

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

#endif
