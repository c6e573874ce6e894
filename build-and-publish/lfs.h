/* SPDX-License-Identifier: Apache-2.0 */
/* lfs.h - puts files of Git LFS in the place of their pointers. */
#ifndef BUILD_LFS_H
#define BUILD_LFS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

enum { LFS_OID_ROOM = 65, LFS_POINTER_MAX = 1024 };

/* The object that a pointer names (Git LFS's specification, "The Pointer":
 * lines of key and value, of which the first is the version). False if the text
 * is not a pointer. */
bool lfs_pointer(const char *text, size_t len, char ret_oid[LFS_OID_ROOM]);

/* True if .gitattributes gives a path below `dir` to Git LFS. */
typedef bool (*lfs_is_fn)(const char *path, void *ctx);

enum { LFS_STORES_MAX = 64 };

/* The directories with the large files of a clone, searched in this order. */
struct lfs_stores {
	const char *paths[LFS_STORES_MAX]; /* "…/lfs/objects" */
	unsigned count;
	const char *place; /* the clone, where `git lfs` is to be run */
};

/*
 * Replaces the pointers in `dir`, without .git, by the files. ERROR_BUILD if
 * files are missing in the clone.
 */
int lfs_fill(const char *dir, const struct lfs_stores *stores, lfs_is_fn is_lfs,
	     void *ctx, struct error *err);

#endif
