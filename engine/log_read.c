/* SPDX-License-Identifier: Apache-2.0 */
/* log_read.c - what a pod has logged so far, in memory. */
#include "engine/log_read.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "engine/file_ends.h"
#include "sys/file.h"

static void unlinkp(char (*path)[PATH_ROOM])
{
	unlink(*path);
}

int log_read(struct engine *e, const struct pod *pod, int64_t since_us,
	     size_t most, struct buf *text, struct error *err)
{
	cleanup(unlinkp) char path[PATH_ROOM];
	int fd;

	path_join(path, e->dir, "log-XXXXXX");
	fd = mkostemp(path, O_CLOEXEC);
	if (fd < 0)
		return error_errno(err, ERROR_INTERNAL, errno, "%s", path);
	close(fd);
	if (e->ops->logs(e, pod, since_us, path, err) < 0 ||
	    (most && file_keep_end(path, most, err) < 0))
		return -1;
	return file_read(path, text, err);
}
