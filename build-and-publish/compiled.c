/* SPDX-License-Identifier: Apache-2.0 */
/* compiled.c - keeps compiled files, to compile nothing twice. */
#include "build-and-publish/compiled.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "corda/digest.h"
#include "sys/home.h"

int compiled_path(const struct build_job *job, char room[PATH_ROOM],
		  struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(4096);
	cleanup(buf_release) struct buf hex = BUF_INIT(DIGEST_MAX * 2);
	uint8_t digest[DIGEST_MAX];
	char dir[PATH_ROOM];

	buf_addf(&text, "%s\n%s\n%s\n", job->request.component,
		 job->recipe->hash, job->tree);
	digest_bytes(DIGEST_SHA256, text.data, text.len, digest);
	buf_add_hex(&hex, digest, 32);
	if (cache_path(dir, "compiled", err) < 0)
		return -1;
	path_join(room, dir, buf_text(&hex));
	return 0;
}

/* The oldest of a directory's entries, and how many there are. */
struct oldest {
	const char *dir;
	char path[PATH_ROOM];
	time_t time;
	unsigned count;
};

static int look_at(const char *name, void *ctx)
{
	struct oldest *o = ctx;
	char path[PATH_ROOM];
	struct stat st;

	if (stat(path_join(path, o->dir, name), &st) < 0)
		return 0;
	if (!o->count++ || st.st_mtime < o->time) {
		o->time = st.st_mtime;
		path_printf(o->path, "%s", path);
	}
	return 0;
}

static void make_room(const char *dir)
{
	struct oldest o;

	for (;;) {
		o = (struct oldest){ .dir = dir };
		dir_each(dir, look_at, &o, NULL);
		if (o.count < COMPILED_MAX || dir_remove(o.path, NULL) < 0)
			return;
	}
}

static int copy_all(const struct build_job *job, const char *to,
		    struct error *err)
{
	const struct recipe_files *files = &job->rule->files;
	char a[PATH_ROOM], b[PATH_ROOM];

	for (size_t i = 0; i < files->count; i++)
		if (file_copy(context_path(job, files->items[i].name, a),
			      path_join(b, to, files->items[i].name), 0644,
			      err) < 0)
			return -1;
	return 0;
}

int compiled_keep(const struct build_job *job, const char *path,
		  struct error *err)
{
	char all[PATH_ROOM], temporary[PATH_ROOM];

	/* On the cache's own file system, so that it can be renamed. */
	path_join(temporary, job->work, "compiled");
	if (cache_path(all, "compiled", err) < 0 ||
	    dir_make(all, 0700, err) < 0 ||
	    dir_make(temporary, 0700, err) < 0 ||
	    copy_all(job, temporary, err) < 0)
		return -1;
	make_room(all);
	if (rename(temporary, path) < 0 && errno != EEXIST &&
	    errno != ENOTEMPTY)
		return error_errno(err, ERROR_BUILD, errno, "storing %s", path);
	return 0;
}
