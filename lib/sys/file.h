/* SPDX-License-Identifier: Apache-2.0 */
/* file.h - whole files and directories. */
#ifndef SYS_FILE_H
#define SYS_FILE_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/error.h"

/* Room for a path made by path_join(). */
enum { PATH_ROOM = 4096 };

/* "a/b"; a path that does not fit comes out empty, which no call opens. */
const char *path_join(char room[PATH_ROOM], const char *a, const char *b);
/* printf into `room`; the same rule. Returns room. */
const char *path_printf(char room[PATH_ROOM], const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

bool file_exists(const char *path);
/*
 * The calls that read refuse files that are not regular: a FIFO would block,
 * and a run from another person may have one in the place of any file. Only
 * names in /dev and /proc, such as /dev/stdin, may be of other kinds.
 *
 * Opens `path` to be read. 1, the descriptor and the size; 0 when there is no
 * such file.
 */
int file_open_to_read(const char *path, int *ret_fd, size_t *ret_size,
		      struct error *err);
/* read(), again after a signal. */
ssize_t file_read_some(int fd, void *at, size_t len);
/* Adds the content to `text`. A file that is larger than the ceiling of `text`
 * is not read at all. ERROR_INPUT if the file does not exist. */
int file_read(const char *path, struct buf *text, struct error *err);
/* 1, or 0 if the file does not exist. If it is not known whether the file
 * exists, this is an error; file_exists() returns false then. */
int file_read_if_there(const char *path, struct buf *text, struct error *err);
/* Replaces the file with a temporary file, fsync and rename, so that readers
 * see either the old file or the whole new one. */
int file_write(const char *path, const void *bytes, size_t len, mode_t mode,
	       struct error *err);
/* Appends with one write under a lock, so that lines of several writers never
 * mix. Appends all bytes or none, even on a full disk. Refuses links. */
int file_append(const char *path, const void *bytes, size_t len, mode_t mode,
		struct error *err);
/* The same for a file of lines. Removes an incomplete line that a killed
 * process may have left at its end. */
int file_append_line(const char *path, const void *bytes, size_t len,
		     mode_t mode, struct error *err);
/* write() until all is written; -1 and errno. */
int file_write_all(int fd, const void *bytes, size_t len);
int file_copy(const char *from, const char *to, mode_t mode, struct error *err);

/* Opens `path`, creates it if it is missing, and locks it against all other
 * descriptors, also of this process. 1 and the descriptor, which holds the lock
 * until it is closed; 0: it is locked, and `wait` is false; -1:
 * ERROR_INTERRUPTED if the user asked to stop during the wait. */
int file_lock(const char *path, bool wait, int *ret_fd, struct error *err);

/* mkdir -p */
int dir_make(const char *path, mode_t mode, struct error *err);
/* rm -r, which follows no links, not even one that takes the place of a
 * directory meanwhile, and enters no mounted file systems. A path that does not
 * exist is no error. */
int dir_remove(const char *path, struct error *err);
/* A new directory named `prefix`XXXXXX, mode 0700; its path in `room`. */
int dir_make_temporary(const char *prefix, char room[PATH_ROOM],
		       struct error *err);
/* Calls fn with each name in sorted order, without "." and ".."; stops and
 * returns its value on non-zero. */
int dir_each(const char *path, int (*fn)(const char *name, void *ctx),
	     void *ctx, struct error *err);

#endif
