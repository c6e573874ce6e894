/* SPDX-License-Identifier: Apache-2.0 */
/* calls.c - read(), write() and their like, which fail when a fault is armed.
 */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "test/support/faults/faults.h"

/* The next definition of the name: a sanitizer's, or the C library's. */
#define NEXT(name)                                                             \
	__extension__({                                                        \
		static __typeof__(&(name)) next_;                              \
		if (!next_)                                                    \
			next_ = (__typeof__(next_))dlsym(RTLD_NEXT, #name);    \
		next_;                                                         \
	})

/* A call without length, which either fails or is made. */
#define MAKE(call, name, ...)                                                  \
	(fault_strikes(call, NULL) ? -1 : NEXT(name)(__VA_ARGS__))

/* ---- bytes ---- */

ssize_t read(int fd, void *bytes, size_t len)
{
	if (fault_strikes(CALL_READ, &len) == EFFECT_FAIL)
		return -1;
	return NEXT(read)(fd, bytes, len);
}

ssize_t pread(int fd, void *bytes, size_t len, off_t at)
{
	if (fault_strikes(CALL_READ, &len) == EFFECT_FAIL)
		return -1;
	return NEXT(pread)(fd, bytes, len, at);
}

ssize_t write(int fd, const void *bytes, size_t len)
{
	if (fault_strikes(CALL_WRITE, &len) == EFFECT_FAIL)
		return -1;
	return NEXT(write)(fd, bytes, len);
}

ssize_t pwrite(int fd, const void *bytes, size_t len, off_t at)
{
	if (fault_strikes(CALL_WRITE, &len) == EFFECT_FAIL)
		return -1;
	return NEXT(pwrite)(fd, bytes, len, at);
}

ssize_t getrandom(void *bytes, size_t len, unsigned flags)
{
	if (fault_strikes(CALL_RANDOM, &len) == EFFECT_FAIL)
		return -1;
	return NEXT(getrandom)(bytes, len, flags);
}

/* ---- descriptors ---- */

/* The mode is there when a file is made. */
#define MODE_OF(flags)                                                         \
	__extension__({                                                        \
		mode_t mode_ = 0;                                              \
		if ((flags) & (O_CREAT | O_TMPFILE)) {                         \
			va_list args_;                                         \
			va_start(args_, flags);                                \
			mode_ = va_arg(args_, mode_t);                         \
			va_end(args_);                                         \
		}                                                              \
		mode_;                                                         \
	})

static enum fault_call opening(int flags)
{
	return flags & O_CREAT ? CALL_CREATE : CALL_OPEN;
}

int open(const char *path, int flags, ...)
{
	mode_t mode = MODE_OF(flags);

	return MAKE(opening(flags), open, path, flags, mode);
}

int openat(int at, const char *path, int flags, ...)
{
	mode_t mode = MODE_OF(flags);

	return MAKE(opening(flags), openat, at, path, flags, mode);
}

int mkostemp(char *template, int flags)
{
	return MAKE(CALL_CREATE, mkostemp, template, flags);
}

char *mkdtemp(char *template)
{
	if (fault_strikes(CALL_CREATE, NULL))
		return NULL;
	return NEXT(mkdtemp)(template);
}

int scandir(const char *path, struct dirent ***ret,
	    int (*filter)(const struct dirent *),
	    int (*order)(const struct dirent **, const struct dirent **))
{
	return MAKE(CALL_OPEN, scandir, path, ret, filter, order);
}

int close(int fd)
{
	int rc = NEXT(close)(fd);

	return fault_strikes(CALL_CLOSE, NULL) ? -1 : rc;
}

/* Nothing is synced: thousands of tries would wait for the disk. */
int fsync(int fd)
{
	(void)fd;
	return fault_strikes(CALL_SYNC, NULL) ? -1 : 0;
}

int fdatasync(int fd)
{
	return fsync(fd);
}

int fcntl(int fd, int what, ...)
{
	va_list args;
	void *arg;

	va_start(args, what);
	arg = va_arg(args, void *);
	va_end(args);
	/* The others never wait. */
	if (what == F_OFD_SETLKW || what == F_SETLKW)
		return MAKE(CALL_LOCK, fcntl, fd, what, arg);
	return NEXT(fcntl)(fd, what, arg);
}

int access(const char *path, int how)
{
	return MAKE(CALL_LOOK, access, path, how);
}

/* ---- directories ---- */

int rename(const char *from, const char *to)
{
	return MAKE(CALL_CHANGE, rename, from, to);
}

int link(const char *from, const char *to)
{
	return MAKE(CALL_CHANGE, link, from, to);
}

int symlink(const char *to, const char *path)
{
	return MAKE(CALL_CHANGE, symlink, to, path);
}

int unlink(const char *path)
{
	return MAKE(CALL_CHANGE, unlink, path);
}

int unlinkat(int at, const char *path, int flags)
{
	return MAKE(CALL_CHANGE, unlinkat, at, path, flags);
}

int rmdir(const char *path)
{
	return MAKE(CALL_CHANGE, rmdir, path);
}

int remove(const char *path)
{
	return MAKE(CALL_CHANGE, remove, path);
}

int mkdir(const char *path, mode_t mode)
{
	return MAKE(CALL_CHANGE, mkdir, path, mode);
}

int chmod(const char *path, mode_t mode)
{
	return MAKE(CALL_CHANGE, chmod, path, mode);
}

int fchmod(int fd, mode_t mode)
{
	return MAKE(CALL_CHANGE, fchmod, fd, mode);
}

int ftruncate(int fd, off_t len)
{
	return MAKE(CALL_CHANGE, ftruncate, fd, len);
}
