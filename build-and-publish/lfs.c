/* SPDX-License-Identifier: Apache-2.0 */
/* lfs.c - puts files of Git LFS in the place of their pointers. */
#include "build-and-publish/lfs.h"

#include <ctype.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "sys/file.h"

enum { DEPTH_MAX = 64 };

static const char version_line[] = "version https://git-lfs.github.com/spec/v1";
static const char oid_key[] = "\noid sha256:";

bool lfs_pointer(const char *text, size_t len, char ret_oid[LFS_OID_ROOM])
{
	cleanup(buf_release) struct buf copy = BUF_INIT(LFS_POINTER_MAX);
	const char *at;

	if (len > LFS_POINTER_MAX || len < sizeof(version_line) ||
	    memcmp(text, version_line, sizeof(version_line) - 1))
		return false;
	buf_add(&copy, text, len);
	at = strstr(buf_text(&copy), oid_key);
	if (!at)
		return false;
	at += sizeof(oid_key) - 1;
	for (int i = 0; i < LFS_OID_ROOM - 1; i++)
		if (!isxdigit((unsigned char)at[i]))
			return false;
	memcpy(ret_oid, at, LFS_OID_ROOM - 1);
	ret_oid[LFS_OID_ROOM - 1] = 0;
	return true;
}

/* One walk through a worktree. */
struct fill {
	const char *root;
	const struct lfs_stores *stores;
	lfs_is_fn is_lfs;
	void *ctx;
	unsigned missing, depth;
	char first[PATH_ROOM]; /* of the missing, below the root */
	char dir[PATH_ROOM]; /* where the walk is */
	struct error *err;
};

static int fill_file(struct fill *f, const char *path, mode_t mode)
{
	cleanup(buf_release) struct buf text = BUF_INIT(LFS_POINTER_MAX);
	char oid[LFS_OID_ROOM], object[PATH_ROOM];
	unsigned i = 0;
	const char *below = path + strlen(f->root) + 1;

	if (file_read(path, &text, f->err) < 0)
		return -1;
	if (!lfs_pointer(buf_text(&text), text.len, oid) ||
	    !f->is_lfs(below, f->ctx))
		return 0;
	for (; i < f->stores->count; i++) {
		path_printf(object, "%s/%.2s/%.2s/%s", f->stores->paths[i], oid,
			    oid + 2, oid);
		if (file_exists(object))
			return file_copy(object, path, mode & 0777, f->err);
	}
	if (!f->missing++)
		path_printf(f->first, "%s", below);
	return 0;
}

static int fill_dir(struct fill *f);

static int fill_name(const char *name, void *ctx)
{
	struct fill *f = ctx;
	size_t len = strlen(f->dir);
	char path[PATH_ROOM];
	struct stat st;
	int rc;

	path_join(path, f->dir, name);
	if (!strcmp(name, ".git") || lstat(path, &st) < 0)
		return 0;
	if (S_ISREG(st.st_mode) && st.st_size <= LFS_POINTER_MAX)
		return fill_file(f, path, st.st_mode);
	if (!S_ISDIR(st.st_mode))
		return 0;
	path_printf(f->dir, "%s", path);
	rc = fill_dir(f);
	f->dir[len] = 0;
	return rc;
}

static int fill_dir(struct fill *f)
{
	int rc;

	if (f->depth == DEPTH_MAX)
		return error_set(
			f->err, ERROR_BUILD,
			"%s: directories are nested more than %d levels deep",
			f->dir, DEPTH_MAX);
	f->depth++;
	rc = dir_each(f->dir, fill_name, f, f->err);
	f->depth--;
	return rc;
}

int lfs_fill(const char *dir, const struct lfs_stores *stores, lfs_is_fn is_lfs,
	     void *ctx, struct error *err)
{
	struct fill f = { .root = dir,
			  .stores = stores,
			  .is_lfs = is_lfs,
			  .ctx = ctx,
			  .err = err };

	path_printf(f.dir, "%s", dir);
	if (fill_dir(&f) < 0)
		return -1;
	if (f.missing)
		return error_set(err, ERROR_BUILD,
				 "%u %s of Git LFS %s not in the clone, such "
				 "as %s: run `git -C %s lfs fetch --all`",
				 f.missing, f.missing == 1 ? "file" : "files",
				 f.missing == 1 ? "is" : "are", f.first,
				 stores->place);
	return 0;
}
