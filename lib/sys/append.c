/* SPDX-License-Identifier: Apache-2.0 */
/* append.c - bytes and lines at the end of a file, whole or not at all. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "sys/file.h"
#include "sys/interrupt.h"

/* Longer than any line that medley writes; see run/lines.c. */
enum { LINE_REACH = 2 * 1024 * 1024, CHUNK = 64 * 1024 };

struct end {
	const char *path;
	int fd;
	off_t size;
	bool locked; /* nobody else appends: what is behind `size` is ours */
};

/* A link, a device or a FIFO is never what a file of ours was. */
static int end_open(struct end *e, const char *path, mode_t mode,
		    struct error *err)
{
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	struct stat st;
	int rc;

	*e = (struct end){ .path = path };
	e->fd = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
		     mode);
	if (e->fd < 0)
		return error_errno(err, ERROR_INTERNAL, errno, "%s", path);
	while ((rc = fcntl(e->fd, F_OFD_SETLKW, &whole)) < 0 && errno == EINTR)
		if (interrupt_check(err) < 0)
			return -1;
	e->locked = rc == 0; /* not every file system has locks */
	if (fstat(e->fd, &st) < 0)
		return error_errno(err, ERROR_INTERNAL, errno, "%s", path);
	if (!S_ISREG(st.st_mode))
		return error_set(err, ERROR_INPUT, "%s: not a regular file",
				 path);
	e->size = st.st_size;
	return 0;
}

static ssize_t read_at(int fd, void *bytes, size_t len, off_t at)
{
	ssize_t n;

	do {
		n = pread(fd, bytes, len, at);
	} while (n < 0 && errno == EINTR);
	return n;
}

static int cut_to(struct end *e, off_t size, struct error *err)
{
	if (ftruncate(e->fd, size) < 0)
		return error_errno(err, ERROR_INTERNAL, errno,
				   "cutting a half line off %s", e->path);
	e->size = size;
	return 0;
}

/* A process that was killed, or a machine that lost power, left a line without
 * its end: the next line would become part of it. */
static int end_repair(struct end *e, struct error *err)
{
	char chunk[CHUNK], *newline;
	off_t at = e->size, least = e->size - LINE_REACH;
	ssize_t n;
	size_t len;

	if (!e->locked)
		return 0;
	while (at > 0 && at > least) {
		len = at < CHUNK ? (size_t)at : CHUNK;
		n = read_at(e->fd, chunk, len, at - (off_t)len);
		if (n != (ssize_t)len)
			return error_errno(err, ERROR_INTERNAL,
					   n < 0 ? errno : EIO, "%s", e->path);
		newline = memrchr(chunk, '\n', len);
		at -= (off_t)len;
		if (newline && at + (newline - chunk) + 1 == e->size)
			return 0;
		if (newline)
			return cut_to(e, at + (newline - chunk) + 1, err);
	}
	if (at > 0)
		return error_set(err, ERROR_INPUT,
				 "%s: its last line has no end within %d bytes",
				 e->path, LINE_REACH);
	return e->size ? cut_to(e, 0, err) : 0;
}

/* What a full disk took only a part of is taken back. */
static int end_add(struct end *e, const void *bytes, size_t len,
		   struct error *err)
{
	int why;

	if (file_write_all(e->fd, bytes, len) == 0)
		return 0;
	why = errno;
	if (e->locked && ftruncate(e->fd, e->size) < 0)
		return error_errno(err, ERROR_INTERNAL, why,
				   "appending to %s, which has a part of it",
				   e->path);
	return error_errno(err, ERROR_INTERNAL, why, "appending to %s",
			   e->path);
}

int file_append(const char *path, const void *bytes, size_t len, mode_t mode,
		struct error *err)
{
	struct end e;
	int rc = end_open(&e, path, mode, err);

	if (rc == 0)
		rc = end_add(&e, bytes, len, err);
	closep(&e.fd);
	return rc;
}

int file_append_line(const char *path, const void *bytes, size_t len,
		     mode_t mode, struct error *err)
{
	struct end e;
	int rc = end_open(&e, path, mode, err);

	if (rc == 0)
		rc = end_repair(&e, err);
	if (rc == 0)
		rc = end_add(&e, bytes, len, err);
	closep(&e.fd);
	return rc;
}
