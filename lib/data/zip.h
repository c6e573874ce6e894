/* SPDX-License-Identifier: Apache-2.0 */
/* zip.h - zip archives, through libarchive: a member read, a few written. */
#ifndef DATA_ZIP_H
#define DATA_ZIP_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"

/* Adds the content of one member, up to the ceiling of `out`. ERROR_INPUT. */
int zip_member(const char *path, const char *name, struct buf *out,
	       struct error *err);

/* The same of an archive in memory. */
int zip_member_of(const struct buf *zip, const char *name, struct buf *out,
		  struct error *err);

/* The time of the newest member, in seconds since 1970. The archive has local
 * times, which are read with $TZ. ERROR_INPUT. */
int zip_time(const char *path, int64_t *ret, struct error *err);

struct zip_entry {
	const char *name;
	const void *bytes;
	size_t len;
};

/* Adds an archive of these entries, deflated, in this order. The same entries
 * give the same bytes. */
int zip_write(const struct zip_entry *entries, size_t count, struct buf *out,
	      struct error *err);

#endif
