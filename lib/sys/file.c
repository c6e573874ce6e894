/* SPDX-License-Identifier: Apache-2.0 */
/* file.c - whole files and directories. */
#include "sys/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "sys/interrupt.h"

const char *path_printf(char room[PATH_ROOM], const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(room, PATH_ROOM, fmt, args);
	va_end(args);
	if (n < 0 || n >= PATH_ROOM)
		room[0] = 0;
	return room;
}

const char *path_join(char room[PATH_ROOM], const char *a, const char *b)
{
	return path_printf(room, "%s/%s", a, b);
}

/* What path_join() made empty, or the user named so. */
static const char *named(const char *path)
{
	return *path ? path : "a path that is empty or too long";
}

bool file_exists(const char *path)
{
	return access(path, F_OK) == 0;
}

/* "/dev/stdin", "/dev/fd/63", "/dev/null", but nothing in /dev/shm. */
static bool may_be_special(const char *path)
{
	return !strncmp(path, "/proc/", 6) ||
	       (!strncmp(path, "/dev/", 5) && strncmp(path, "/dev/shm/", 9));
}

int file_open_to_read(const char *path, int *ret_fd, size_t *ret_size,
		      struct error *err)
{
	bool special = may_be_special(path);
	cleanup(closep) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY |
						    (special ? 0 : O_NONBLOCK));
	struct stat st;

	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return 0;
	if (fd < 0 || fstat(fd, &st) < 0)
		return error_path(err, errno, "%s", path);
	if (S_ISDIR(st.st_mode))
		return error_errno(err, ERROR_INPUT, EISDIR, "%s", path);
	if (!S_ISREG(st.st_mode) && !special)
		return error_set(err, ERROR_INPUT, "%s: not a regular file",
				 path);
	*ret_size = S_ISREG(st.st_mode) ? (size_t)st.st_size : 0;
	*ret_fd = fd;
	fd = -1;
	return 1;
}

ssize_t file_read_some(int fd, void *at, size_t len)
{
	ssize_t n;

	do {
		n = read(fd, at, len);
	} while (n < 0 && errno == EINTR);
	return n;
}

/* The ceiling is reached: the file must end here. */
static int file_ends(int fd, struct buf *text)
{
	char more;
	ssize_t n = file_read_some(fd, &more, 1);

	text->failed |= n > 0;
	return n == 0 ? 0 : -1;
}

static int file_read_fd(int fd, struct buf *text)
{
	ssize_t n;
	void *at;

	do {
		if (text->data && text->len == text->max)
			return file_ends(fd, text);
		at = buf_reserve(text, 1);
		if (!at)
			return -1;
		n = file_read_some(fd, at, text->cap - text->len - 1);
		if (n > 0)
			text->len += n;
		text->data[text->len] = 0;
	} while (n > 0);
	return n < 0 ? -1 : 0;
}

static int too_large(const char *path, const struct buf *text,
		     struct error *err)
{
	return error_set(err, ERROR_INPUT, "%s: larger than %zu bytes", path,
			 text->max);
}

int file_read_if_there(const char *path, struct buf *text, struct error *err)
{
	cleanup(closep) int fd = -1;
	size_t size;
	int rc = file_open_to_read(path, &fd, &size, err);

	if (rc <= 0)
		return rc;
	if (size > text->max || text->len > text->max - size)
		return too_large(path, text, err);
	if (file_read_fd(fd, text) < 0) {
		if (text->no_memory)
			return error_nomem(err);
		if (text->failed)
			return too_large(path, text, err);
		return error_path(err, errno, "%s", path);
	}
	return 1;
}

int file_read(const char *path, struct buf *text, struct error *err)
{
	int rc = file_read_if_there(path, text, err);

	if (rc == 0)
		return error_errno(err, ERROR_INPUT, ENOENT, "%s", named(path));
	return rc < 0 ? -1 : 0;
}

int file_write_all(int fd, const void *bytes, size_t len)
{
	const char *p = bytes;
	ssize_t n;

	while (len) {
		n = write(fd, p, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		p += n;
		len -= n;
	}
	return 0;
}

/* A rename would put a file in the place of a device, a FIFO or a link. */
static int check_replaceable(const char *path, struct error *err)
{
	struct stat st;

	if (lstat(path, &st) < 0 || S_ISREG(st.st_mode))
		return 0;
	return error_set(err, ERROR_INPUT,
			 "%s: not a regular file; medley writes files only",
			 path);
}

int file_write(const char *path, const void *bytes, size_t len, mode_t mode,
	       struct error *err)
{
	char tmp[PATH_ROOM];
	int fd, bad;

	if (check_replaceable(path, err) < 0)
		return -1;
	path_printf(tmp, "%s.tmp-XXXXXX", path);
	fd = mkostemp(tmp, O_CLOEXEC);
	if (fd < 0)
		return error_path(err, *tmp ? errno : ENAMETOOLONG, "%s",
				  named(path));
	bad = file_write_all(fd, bytes, len) < 0 || fchmod(fd, mode) < 0 ||
	      fsync(fd) < 0;
	bad |= close(fd) < 0;
	if (bad || rename(tmp, path) < 0) {
		error_path(err, errno, "writing %s", path);
		unlink(tmp);
		return -1;
	}
	return 0;
}

int file_copy(const char *from, const char *to, mode_t mode, struct error *err)
{
	cleanup(buf_release) struct buf bytes = BUF_INIT((size_t)1 << 30);

	if (file_read(from, &bytes, err) < 0)
		return -1;
	return file_write(to, bytes.data, bytes.len, mode, err);
}

int file_lock(const char *path, bool wait, int *ret_fd, struct error *err)
{
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	cleanup(closep) int fd =
		open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0)
		return error_path(err, errno, "%s", path);
	while (fcntl(fd, wait ? F_OFD_SETLKW : F_OFD_SETLK, &whole) < 0) {
		if (!wait && (errno == EAGAIN || errno == EACCES))
			return 0;
		if (errno == EINTR && interrupt_check(err) < 0)
			return -1;
		if (errno == EINTR)
			continue;
		return error_path(err, errno, "%s", path);
	}
	*ret_fd = fd;
	fd = -1;
	return 1;
}

int dir_make(const char *path, mode_t mode, struct error *err)
{
	char part[PATH_ROOM];
	struct stat st;

	path_printf(part, "%s", path);
	for (char *p = part + 1; *p; p++) {
		if (*p != '/')
			continue;
		*p = 0;
		mkdir(part, mode);
		*p = '/';
	}
	if (mkdir(part, mode) == 0)
		return 0;
	if (errno == EEXIST && stat(part, &st) == 0) {
		if (S_ISDIR(st.st_mode))
			return 0;
		errno = ENOTDIR;
	}
	return error_path(err, *part ? errno : ENAMETOOLONG,
			  "making the directory %s", named(path));
}

int dir_make_temporary(const char *prefix, char room[PATH_ROOM],
		       struct error *err)
{
	path_printf(room, "%sXXXXXX", prefix);
	if (!mkdtemp(room))
		return error_path(err, errno, "making a directory %s…", prefix);
	return 0;
}

static int not_dots(const struct dirent *entry)
{
	return strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..");
}

int dir_each(const char *path, int (*fn)(const char *name, void *ctx),
	     void *ctx, struct error *err)
{
	struct dirent **names;
	int n = scandir(path, &names, not_dots, alphasort);
	int rc = 0;

	if (n < 0)
		return error_path(err, errno, "%s", path);
	for (int i = 0; i < n; i++) {
		if (!rc)
			rc = fn(names[i]->d_name, ctx);
		free(names[i]);
	}
	free(names);
	return rc;
}
