/* SPDX-License-Identifier: Apache-2.0 */
/* append.c - bytes and lines at the end of a file, whole or not at all. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "sys/appender.h"
#include "sys/clock.h"
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

/* The bytes behind are those of appender_claim(): nobody waits for them. */
static const off_t lock_len = (off_t)1 << 62;

/* A link, a device or a FIFO is never what a file of ours was. */
static int end_open(struct end *e, const char *path, mode_t mode,
		    struct error *err)
{
	struct stat st;

	*e = (struct end){ .path = path };
	e->fd = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
		     mode);
	if (e->fd < 0 || fstat(e->fd, &st) < 0)
		return error_path(err, errno, "%s", path);
	if (!S_ISREG(st.st_mode))
		return error_set(err, ERROR_INPUT, "%s: not a regular file",
				 path);
	return 0;
}

static int end_lock(struct end *e, struct error *err)
{
	struct flock whole = { .l_type = F_WRLCK,
			       .l_whence = SEEK_SET,
			       .l_len = lock_len };
	struct stat st;
	int rc;

	while ((rc = fcntl(e->fd, F_OFD_SETLKW, &whole)) < 0 && errno == EINTR)
		if (interrupt_check(err) < 0)
			return -1;
	e->locked = rc == 0; /* not every file system has locks */
	if (fstat(e->fd, &st) < 0)
		return error_errno(err, ERROR_INTERNAL, errno, "%s", e->path);
	e->size = st.st_size;
	return 0;
}

static void end_unlock(struct end *e)
{
	struct flock whole = { .l_type = F_UNLCK,
			       .l_whence = SEEK_SET,
			       .l_len = lock_len };

	if (e->locked)
		(void)fcntl(e->fd, F_OFD_SETLK, &whole);
	e->locked = false;
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
				   "removing the incomplete last line of %s",
				   e->path);
	e->size = size;
	return 0;
}

/* So it is nearly always. */
static bool ends_a_line(const struct end *e)
{
	char last;

	return e->size > 0 && read_at(e->fd, &last, 1, e->size - 1) == 1 &&
	       last == '\n';
}

/* A process that was killed, or a machine that lost power, left a line without
 * its end: the next line would become part of it. */
static int end_repair(struct end *e, struct error *err)
{
	char chunk[CHUNK], *newline;
	off_t at = e->size, least = e->size - LINE_REACH;
	ssize_t n;
	size_t len;

	if (!e->locked || ends_a_line(e))
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
				 "%s: its last line is longer than %d bytes",
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
				   "appending to %s, which now has an "
				   "incomplete line",
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
		rc = end_lock(&e, err);
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
		rc = end_lock(&e, err);
	if (rc == 0)
		rc = end_repair(&e, err);
	if (rc == 0)
		rc = end_add(&e, bytes, len, err);
	closep(&e.fd);
	return rc;
}

/* ---- a file that stays open ---- */

struct appender {
	struct end end;
	struct buf text; /* whole lines that are not written yet */
	int64_t since_us; /* the first of them was added */
	char path[PATH_ROOM];
};

int appender_open(const char *path, mode_t mode, struct appender **ret,
		  struct error *err)
{
	cleanup(appender_freep) struct appender *a = calloc(1, sizeof(*a));
	int rc;

	if (!a)
		return error_nomem(err);
	a->end.fd = -1;
	buf_init(&a->text, APPENDER_BYTES);
	path_printf(a->path, "%s", path);
	rc = end_open(&a->end, a->path, mode, err);
	if (rc == 0)
		rc = end_lock(&a->end, err);
	if (rc == 0)
		rc = end_repair(&a->end, err);
	end_unlock(&a->end);
	if (rc == 0)
		*ret = steal(a);
	return rc;
}

void appender_free(struct appender *a)
{
	if (!a)
		return;
	closep(&a->end.fd);
	buf_release(&a->text);
	free(a);
}

bool appender_claim(struct appender *a, unsigned number)
{
	struct flock byte = { .l_type = F_WRLCK,
			      .l_whence = SEEK_SET,
			      .l_start = lock_len + number,
			      .l_len = 1 };

	return fcntl(a->end.fd, F_OFD_SETLK, &byte) == 0 ||
	       (errno != EAGAIN && errno != EACCES);
}

int appender_add(struct appender *a, const void *line, size_t len,
		 struct error *err)
{
	int64_t now = clock_mono_us();

	if (len > APPENDER_BYTES)
		return error_set(err, ERROR_INTERNAL,
				 "%s: a line of more than %d bytes", a->path,
				 APPENDER_BYTES);
	if (a->text.len + len > APPENDER_BYTES && appender_flush(a, err) < 0)
		return -1;
	if (!a->text.len)
		a->since_us = now;
	buf_add(&a->text, line, len);
	if (buf_check(&a->text, err) < 0) {
		/* It is as it was before. */
		a->text.failed = a->text.no_memory = false;
		return -1;
	}
	return now - a->since_us < APPENDER_US ? 0 : appender_flush(a, err);
}

int appender_tick(struct appender *a, struct error *err)
{
	if (!a->text.len || clock_mono_us() - a->since_us < APPENDER_US)
		return 0;
	return appender_flush(a, err);
}

int appender_flush(struct appender *a, struct error *err)
{
	int rc;

	if (!a->text.len)
		return 0;
	rc = end_lock(&a->end, err);
	if (rc == 0)
		rc = end_repair(&a->end, err);
	if (rc == 0)
		rc = end_add(&a->end, a->text.data, a->text.len, err);
	end_unlock(&a->end);
	if (rc == 0)
		buf_clear(&a->text);
	return rc;
}

int appender_close(struct appender *a, struct error *err)
{
	int rc = a ? appender_flush(a, err) : 0;

	appender_free(a);
	return rc;
}
