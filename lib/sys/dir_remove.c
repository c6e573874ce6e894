/* SPDX-License-Identifier: Apache-2.0 */
/* dir_remove.c - removes a directory and what is in it. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "sys/file.h"

/*
 * Each directory is opened in the one above it, never by a path: if another
 * process puts a link in the place of a directory meanwhile, the link is
 * removed, and what it leads to stays. All calls return -1 and errno.
 */
enum {
	DEPTH_MAX = 256, /* a descriptor each */
	PASSES = 8 /* of a directory in which others write */
};

static int remove_entry(int parent, const char *name, const dev_t *device,
			unsigned depth);

static int remove_all(DIR *dir, dev_t device, unsigned depth)
{
	struct dirent *entry;

	while (errno = 0, (entry = readdir(dir))) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		if (remove_entry(dirfd(dir), entry->d_name, &device,
				 depth + 1) < 0)
			return -1;
	}
	return errno ? -1 : 0;
}

static void closedirp(DIR **dir)
{
	if (*dir) {
		const int why = errno;

		closedir(*dir);
		errno = why;
	}
}

static int remove_empty(int parent, const char *name)
{
	return unlinkat(parent, name, AT_REMOVEDIR) < 0 && errno != ENOENT ? -1
									   : 0;
}

/* A file system may pass over names while others are removed. */
static int empty_and_remove(int parent, const char *name, DIR *dir,
			    dev_t device, unsigned depth)
{
	for (int pass = 1;; pass++) {
		if (remove_all(dir, device, depth) < 0)
			return -1;
		if (remove_empty(parent, name) == 0)
			return 0;
		if (errno != ENOTEMPTY || pass == PASSES)
			return -1;
		rewinddir(dir);
	}
}

/* The file system of the first directory is that of all. */
static int remove_directory(int parent, const char *name, const dev_t *device,
			    unsigned depth)
{
	cleanup(closedirp) DIR *dir = NULL;
	struct stat st;
	const int fd = openat(parent, name,
			      O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	int why;

	/* One that nobody may read can be empty. */
	if (fd < 0)
		return errno == ENOENT	 ? 0
		       : errno == EACCES ? remove_empty(parent, name)
					 : -1;
	dir = fdopendir(fd);
	if (!dir) {
		why = errno;
		close(fd);
		errno = why;
		return -1;
	}
	if (fstat(fd, &st) < 0)
		return -1;
	errno = depth > DEPTH_MAX ? ENAMETOOLONG : EBUSY;
	if (depth > DEPTH_MAX || (device && *device != st.st_dev))
		return -1;
	return empty_and_remove(parent, name, dir, st.st_dev, depth);
}

static int remove_entry(int parent, const char *name, const dev_t *device,
			unsigned depth)
{
	if (unlinkat(parent, name, 0) == 0 || errno == ENOENT)
		return 0;
	if (errno != EISDIR)
		return -1;
	return remove_directory(parent, name, device, depth);
}

int dir_remove(const char *path, struct error *err)
{
	if (remove_entry(AT_FDCWD, path, NULL, 0) < 0)
		return error_path(err, errno, "removing %s", path);
	return 0;
}
