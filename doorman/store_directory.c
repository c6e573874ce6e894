/* SPDX-License-Identifier: Apache-2.0 */
/* store_directory.c - a doorman's state as files: <directory>/<kind>/<key>. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "doorman/store.h"
#include "sys/clock.h"
#include "sys/file.h"
#include "sys/interrupt.h"
#include "sys/wait.h"

/*
 * A value is written to a temporary file, which is synced and then takes its
 * name: by rename() where it replaces, by link() where it must be the first.
 * The directory is synced before the call returns. A temporary file that was
 * left by a kill is no key, as ".tmp-" is in its name; the one who locks the
 * store clears them away. Two more files are locked, and stay empty: "lock" by
 * the process that serves, "changing" for the time of a change.
 */
enum { LOOK_AGAIN_MS = 2 };

struct directory {
	struct store base;
	char path[PATH_ROOM];
	int lock, change; /* fds, or -1 */
};

static struct directory *directory_of(struct store *s)
{
	return (struct directory *)s; /* base is the first member */
}

static const char *path_of(struct store *s, char room[PATH_ROOM],
			   const char *kind, const char *key)
{
	return path_printf(room, "%s/%s/%s", directory_of(s)->path, kind, key);
}

static int get(struct store *s, const char *kind, const char *key,
	       struct buf *out, bool *ret_found, struct error *err)
{
	char path[PATH_ROOM];
	int rc;

	path_of(s, path, kind, key);
	rc = file_read_if_there(path, out, err);
	*ret_found = rc > 0;
	return rc < 0 ? -1 : 0;
}

/* 1, or 0 when there is none: not when that cannot be told. */
static int is_there(const char *path, struct error *err)
{
	if (access(path, F_OK) == 0)
		return 1;
	if (errno == ENOENT && *path)
		return 0;
	return error_errno(err, ERROR_INTERNAL, *path ? errno : ENAMETOOLONG,
			   "%s", path);
}

static int sync_directory(const char *path, struct error *err)
{
	cleanup(closep) int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 || fsync(fd) < 0)
		return error_errno(err, ERROR_INTERNAL, errno, "syncing %s",
				   path);
	return 0;
}

/* Gives the finished file its name unless that is taken. */
static int name_first(const char *file, const char *path, bool *ret_created,
		      struct error *err)
{
	int bad = link(file, path) < 0 ? errno : 0;

	unlink(file);
	if (bad && bad != EEXIST)
		return error_errno(err, ERROR_INTERNAL, bad, "writing %s",
				   path);
	*ret_created = !bad;
	return 0;
}

static int put(struct store *s, const char *kind, const char *key,
	       const void *bytes, size_t len, bool create, bool *ret_created,
	       struct error *err)
{
	char dir[PATH_ROOM], path[PATH_ROOM], file[PATH_ROOM];

	path_join(dir, directory_of(s)->path, kind);
	path_of(s, path, kind, key);
	if (!file_exists(dir) &&
	    (dir_make(dir, 0700, err) < 0 ||
	     sync_directory(directory_of(s)->path, err) < 0))
		return -1;
	*ret_created = !create;
	if (!create) {
		if (file_write(path, bytes, len, 0600, err) < 0)
			return -1;
	} else {
		path_printf(file, "%s.tmp-%ld", path, (long)getpid());
		if (file_write(file, bytes, len, 0600, err) < 0 ||
		    name_first(file, path, ret_created, err) < 0)
			return -1;
	}
	return sync_directory(dir, err);
}

static int remove_one(struct store *s, const char *kind, const char *key,
		      struct error *err)
{
	char path[PATH_ROOM];

	if (unlink(path_of(s, path, kind, key)) < 0 && errno != ENOENT)
		return error_errno(err, ERROR_INTERNAL, errno, "removing %s",
				   path);
	return 0;
}

struct walk {
	struct store *store;
	const char *kind;
	int (*fn)(const char *key, const struct buf *value, void *ctx);
	void *ctx;
	struct error *err;
};

static bool is_temporary(const char *name)
{
	return strstr(name, ".tmp-") || !store_key_valid(name);
}

static int walk_one(const char *name, void *ctx)
{
	cleanup(buf_release) struct buf value = BUF_INIT(STORE_VALUE_MAX);
	struct walk *w = ctx;
	bool found;

	if (is_temporary(name))
		return 0;
	if (get(w->store, w->kind, name, &value, &found, w->err) < 0)
		return -1;
	return found ? w->fn(name, &value, w->ctx) : 0;
}

static int each(struct store *s, const char *kind,
		int (*fn)(const char *key, const struct buf *value, void *ctx),
		void *ctx, struct error *err)
{
	struct walk walk = { s, kind, fn, ctx, err };
	char dir[PATH_ROOM];
	int rc = is_there(path_join(dir, directory_of(s)->path, kind), err);

	return rc > 0 ? dir_each(dir, walk_one, &walk, err) : rc;
}

static int clear_file(const char *name, void *ctx)
{
	char path[PATH_ROOM];

	if (strstr(name, ".tmp-"))
		unlink(path_join(path, ctx, name));
	return 0;
}

static int clear_kind(const char *name, void *ctx)
{
	struct directory *d = ctx;
	char path[PATH_ROOM];

	dir_each(path_join(path, d->path, name), clear_file, path, NULL);
	return 0;
}

/* Looks again and again: a lock that is waited for has no bound. */
static int begin(struct store *s, struct error *err)
{
	const int64_t end = clock_mono_us() + STORE_PATIENCE * 1000000LL;
	struct directory *d = directory_of(s);
	char path[PATH_ROOM];
	int rc;

	path_join(path, d->path, "changing");
	while ((rc = file_lock(path, false, &d->change, err)) == 0) {
		if (interrupt_check(err) < 0)
			return -1;
		if (clock_mono_us() > end)
			return error_set(
				err, ERROR_INTERNAL,
				"%s: another process has locked it for "
				"more than %d s; try again when that "
				"process has ended",
				d->path, STORE_PATIENCE);
		pause_ms(LOOK_AGAIN_MS);
	}
	return rc < 0 ? -1 : 0;
}

static int end(struct store *s, bool keep, struct error *err)
{
	struct directory *d = directory_of(s);

	(void)keep, (void)err;
	closep(&d->change);
	d->change = -1;
	return 0;
}

static int lock(struct store *s, struct error *err)
{
	struct directory *d = directory_of(s);
	char path[PATH_ROOM];
	int rc = 1;

	path_join(path, d->path, "lock");
	if (d->lock < 0)
		rc = file_lock(path, false, &d->lock, err);
	if (rc < 0)
		return -1;
	if (rc == 0)
		return error_set(err, ERROR_INPUT,
				 "%s: another doorman serves from here",
				 d->path);
	/* Between changes a temporary file is nobody's. */
	if (begin(s, err) < 0)
		return -1;
	rc = dir_each(d->path, clear_kind, d, err);
	end(s, true, NULL);
	return rc;
}

static void close_directory(struct store *s)
{
	struct directory *d = directory_of(s);

	closep(&d->lock);
	closep(&d->change);
	free(d);
}

static const struct store_driver driver = {
	.get = get,
	.put = put,
	.remove = remove_one,
	.each = each,
	.lock = lock,
	.begin = begin,
	.end = end,
	.close = close_directory,
};

/* The keys are in it: whoever may read it can sign, whoever may write it can
 * let himself in. */
static int check_private(const char *path, struct error *err)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return error_errno(err, ERROR_INPUT, errno, "%s", path);
	if (st.st_uid != geteuid())
		return error_set(err, ERROR_INPUT,
				 "%s belongs to user %ld; run the doorman as "
				 "that user (this is %ld), or chown it",
				 path, (long)st.st_uid, (long)geteuid());
	if (st.st_mode & 077)
		return error_set(err, ERROR_INPUT,
				 "other users have rights for %s (mode %04o); "
				 "remove them with: chmod go= %s",
				 path, st.st_mode & 07777, path);
	return 0;
}

static int check_state(const char *path, struct error *err)
{
	static const char *const names[] = { "keys", "keys/authority" };
	char keys[PATH_ROOM];
	int rc = check_private(path, err);

	for (size_t i = 0; i < ARRAY_SIZE(names) && rc == 0; i++) {
		rc = is_there(path_join(keys, path, names[i]), err);
		if (rc <= 0)
			return rc;
		rc = check_private(keys, err);
	}
	return rc;
}

/* The keys are written before anything else. */
static int check_made(const char *path, struct error *err)
{
	char keys[PATH_ROOM];
	int rc = is_there(path_join(keys, path, "keys/authority"), NULL);

	if (rc > 0)
		return 0;
	return rc < 0 ? error_path(err, *keys ? errno : ENAMETOOLONG, "%s",
				   path)
		      : error_set(err, ERROR_INPUT,
				  "%s does not have the state of a doorman (no "
				  "keys/authority); 'medley doorman serve' "
				  "makes it, --state DIR names another "
				  "directory",
				  path);
}

int store_open_directory(const char *path, bool make, struct store **ret,
			 struct error *err)
{
	cleanup(freep) struct directory *d = calloc(1, sizeof(*d));

	if (!d)
		return error_nomem(err);
	d->base.driver = &driver;
	d->lock = d->change = -1;
	path_printf(d->path, "%s", path);
	if ((make ? dir_make(path, 0700, err) : check_made(path, err)) < 0 ||
	    check_state(path, err) < 0)
		return -1;
	*ret = &steal(d)->base;
	return 0;
}
