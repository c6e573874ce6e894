/* SPDX-License-Identifier: Apache-2.0 */
/* home_unpack.c - the program's own copy of its data files, in the cache. */
#include "sys/home_data.h"

#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "sys/home.h"

static size_t size_of(const struct home_file *f)
{
	return (size_t)(f->end - f->begin);
}

/* ---- what is there ---- */

static bool is_ours(const struct stat *st)
{
	return st->st_uid == geteuid() && !(st->st_mode & (S_IWGRP | S_IWOTH));
}

static bool has_bytes(int fd, const struct home_file *f)
{
	char part[16384];
	const uint8_t *at = f->begin;
	ssize_t n;

	while ((n = file_read_some(fd, part, sizeof(part))) > 0) {
		if (n > f->end - at || memcmp(at, part, (size_t)n) != 0)
			return false;
		at += n;
	}
	return n == 0 && at == f->end;
}

static bool is_same(const char *dir, const struct home_file *f)
{
	cleanup(closep) int fd = -1;
	char path[PATH_ROOM];
	struct stat st;

	fd = open(path_join(path, dir, f->name),
		  O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	return fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	       is_ours(&st) && !(st.st_mode & S_IXUSR) == !f->program &&
	       has_bytes(fd, f);
}

/* How many things beside directories are in it, however deep; links are not
 * followed. */
static unsigned count_files(char *dir)
{
	char *const roots[] = { dir, NULL };
	FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	unsigned count = 0;
	FTSENT *one;

	while (walk && count <= home_file_count && (one = fts_read(walk)))
		count += one->fts_info != FTS_D && one->fts_info != FTS_DP;
	if (walk)
		fts_close(walk);
	return count;
}

static bool is_whole(char *dir)
{
	struct stat st;

	if (lstat(dir, &st) < 0 || !S_ISDIR(st.st_mode) || !is_ours(&st))
		return false;
	for (unsigned i = 0; i < home_file_count; i++)
		if (!is_same(dir, &home_files[i]))
			return false;
	return count_files(dir) == home_file_count;
}

/* ---- making it ---- */

static int write_file(const char *dir, const struct home_file *f,
		      struct error *err)
{
	cleanup(closep) int fd = -1;
	char path[PATH_ROOM], parent[PATH_ROOM];

	path_join(path, dir, f->name);
	path_printf(parent, "%.*s", (int)(strrchr(path, '/') - path), path);
	if (dir_make(parent, 0755, err) < 0)
		return -1;
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0 || file_write_all(fd, f->begin, size_of(f)) < 0 ||
	    fchmod(fd, f->program ? 0755 : 0644) < 0)
		return error_path(err, errno, "%s", path);
	return 0;
}

static int write_files(const char *dir, struct error *err)
{
	for (unsigned i = 0; i < home_file_count; i++)
		if (write_file(dir, &home_files[i], err) < 0)
			return -1;
	return 0;
}

/* A directory that has files is not replaced by rename(): it is moved out of
 * the way, unless another process has made it whole meanwhile. */
static int put(const char *fresh, char *dir, struct error *err)
{
	char old[PATH_ROOM];

	if (rename(fresh, dir) == 0)
		return 0;
	if (is_whole(dir))
		return 0;
	path_printf(old, "%s.old", fresh);
	rename(dir, old);
	if (rename(fresh, dir) < 0 && !is_whole(dir))
		return error_path(err, errno, "%s", dir);
	return dir_remove(old, err);
}

int home_unpack(char room[PATH_ROOM], struct error *err)
{
	char parent[PATH_ROOM], prefix[PATH_ROOM], fresh[PATH_ROOM];
	int rc;

	if (cache_path(parent, "data", err) < 0)
		return -1;
	path_join(room, parent, home_digest);
	if (is_whole(room))
		return 0;
	if (dir_make(parent, 0700, err) < 0 ||
	    dir_make_temporary(path_join(prefix, parent, "new-"), fresh, err) <
		    0)
		return -1;
	rc = write_files(fresh, err);
	if (rc == 0)
		rc = put(fresh, room, err);
	dir_remove(fresh, NULL);
	return rc;
}
