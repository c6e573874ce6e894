/* SPDX-License-Identifier: Apache-2.0 */
/* file_ends.c - the ends of files: of one, or of a directory's in one file. */
#include "engine/file_ends.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "sys/file.h"

enum { PIECE = 64 * 1024 };

struct ends {
	const char *path, *ending;
	size_t max;
	int dir; /* read from */
	int out; /* -1: not made yet */
	struct error *err;
};

static int write_all(struct ends *e, const void *bytes, size_t len)
{
	const char *p = bytes;

	while (len > 0) {
		ssize_t n = write(e->out, p, len);

		if (n < 0 && errno != EINTR)
			return error_errno(e->err, ERROR_INTERNAL, errno, "%s",
					   e->path);
		p += n > 0 ? n : 0;
		len -= n > 0 ? (size_t)n : 0;
	}
	return 0;
}

static int write_title(struct ends *e, const char *name)
{
	char line[NAME_MAX + 16];
	int len = snprintf(line, sizeof(line), "%s==> %s <==\n",
			   e->out < 0 ? "" : "\n", name);

	if (e->out < 0)
		e->out = open(e->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
			      0600);
	if (e->out < 0)
		return error_errno(e->err, ERROR_INTERNAL, errno, "%s",
				   e->path);
	return write_all(e, line, (size_t)len);
}

/* Copies what was there when it was looked at: it may still be written to.
 * `cut`: what comes before the first line's end is part of a line. */
static int copy(struct ends *e, int fd, off_t at, off_t end, bool cut)
{
	char piece[PIECE];

	while (at < end) {
		size_t want = end - at < PIECE ? (size_t)(end - at) : PIECE;
		ssize_t n = pread(fd, piece, want, at);
		const char *p = piece, *line;

		if (n <= 0)
			return 0; /* cut short meanwhile */
		at += n;
		line = cut ? memchr(p, '\n', (size_t)n) : NULL;
		if (line) {
			n -= line + 1 - p;
			p = line + 1;
		}
		cut = false;
		if (write_all(e, p, (size_t)n) < 0)
			return -1;
	}
	return 0;
}

static bool has_ending(const char *name, const char *ending)
{
	size_t n = strlen(name), k = strlen(ending);

	return n > k && strcmp(name + n - k, ending) == 0;
}

static int add_file(const char *name, void *ctx)
{
	struct ends *e = ctx;
	cleanup(closep) int fd = -1;
	struct stat st;
	off_t from;

	if (!has_ending(name, e->ending))
		return 0;
	fd = openat(e->dir, name,
		    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) ||
	    st.st_size == 0)
		return 0;
	from = (size_t)st.st_size > e->max ? st.st_size - (off_t)e->max : 0;
	if (write_title(e, name) < 0)
		return -1;
	return copy(e, fd, from, st.st_size, from > 0);
}

int file_ends_save(const char *dir, const char *ending, size_t max,
		   const char *path, struct error *err)
{
	cleanup(closep) int fd =
		open(dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	char opened[64];
	struct ends e = { .path = path,
			  .ending = ending,
			  .max = max,
			  .dir = fd,
			  .out = -1,
			  .err = err };
	int rc;

	if (fd < 0)
		return error_errno(err, ERROR_INTERNAL, errno, "%s", dir);
	/* The directory that was opened, whatever has its name by now. */
	snprintf(opened, sizeof(opened), "/proc/self/fd/%d", fd);
	rc = dir_each(opened, add_file, &e, err);
	closep(&e.out);
	return rc;
}

int file_keep_end(const char *path, size_t max, struct error *err)
{
	cleanup(buf_release) struct buf end = BUF_INIT(max + 1);
	cleanup(closep) int fd = open(path, O_RDONLY | O_CLOEXEC);
	const char *line;
	struct stat st;
	void *at;
	ssize_t n;

	if (fd < 0 || fstat(fd, &st) < 0)
		return error_errno(err, ERROR_INTERNAL, errno, "%s", path);
	if ((size_t)st.st_size <= max)
		return 0;
	at = buf_reserve(&end, max);
	if (!at)
		return buf_check(&end, err);
	n = pread(fd, at, max, st.st_size - (off_t)max);
	if (n < 0)
		return error_errno(err, ERROR_INTERNAL, errno, "%s", path);
	line = memchr(at, '\n', (size_t)n);
	line = line ? line + 1 : at;
	return file_write(path, line,
			  (size_t)n - (size_t)(line - (const char *)at), 0600,
			  err);
}
