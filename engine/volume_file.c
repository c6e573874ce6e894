/* SPDX-License-Identifier: Apache-2.0 */
/* volume_file.c - the file that a volume is filled from, before it is read. */
#include "engine/volume_file.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Of POSIX's ustar: every program that writes tar today writes this word, and
 * an empty archive is blocks of zeros. */
enum { BLOCK = 512, MAGIC_AT = 257 };
static const char magic[] = "ustar";

static bool begins_as_tar(const char block[BLOCK])
{
	static const char zeros[BLOCK];

	return !memcmp(block + MAGIC_AT, magic, sizeof(magic) - 1) ||
	       !memcmp(block, zeros, BLOCK);
}

int volume_file_check(const struct volume_stream *from, struct error *err)
{
	char block[BLOCK];
	struct stat st;

	if (fstat(from->fd, &st) < 0)
		return error_errno(err, ERROR_INTERNAL, errno, "its file");
	if (!S_ISREG(st.st_mode))
		return error_set(err, ERROR_INPUT,
				 "expected a regular file to read from");
	if (st.st_size > from->max)
		return error_set(
			err, ERROR_INPUT,
			"the file has %lld bytes; at most %lld are allowed",
			(long long)st.st_size, (long long)from->max);
	if (pread(from->fd, block, BLOCK, 0) != BLOCK || !begins_as_tar(block))
		return error_set(err, ERROR_INPUT,
				 "the file is not a tar archive");
	if (lseek(from->fd, 0, SEEK_SET) < 0)
		return error_errno(err, ERROR_INTERNAL, errno, "its file");
	return 0;
}
