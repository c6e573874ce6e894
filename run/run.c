/* SPDX-License-Identifier: Apache-2.0 */
/* run.c - the directory of a run, its inventory and its endpoints. */
#include "run/run.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "corda/digest.h"
#include "run/lines.h"
#include "sys/clock.h"

enum { SAME_SECOND_MAX = 99, RECORD_MAX = 1024 * 1024 };

static const char inventory_file[] = "inventory.jsonl";

/* mkdir decides who has the name when two runs begin in one second. */
static int claim_directory(const char *runs_dir, const char *prefix,
			   char room[PATH_ROOM], struct error *err)
{
	char stamp[CLOCK_TEXT];

	clock_stamp(stamp, clock_wall_us());
	for (int n = 1; n <= SAME_SECOND_MAX; n++) {
		if (n == 1)
			path_printf(room, "%s/%s%s", runs_dir, prefix, stamp);
		else
			path_printf(room, "%s/%s%s-%d", runs_dir, prefix, stamp,
				    n);
		if (!mkdir(room, 0755))
			return 0;
		if (errno != EEXIST)
			break;
	}
	return error_errno(err, ERROR_INPUT, errno, "making the run %s", room);
}

/* Never absent, not even for a moment: made aside, then renamed. */
int run_point_latest(const char *runs_dir, const char *run, struct error *err)
{
	char aside[PATH_ROOM], latest[PATH_ROOM], id[PATH_ROOM];

	path_printf(aside, "%s/latest.tmp-%d", runs_dir, (int)getpid());
	path_join(latest, runs_dir, "latest");
	unlink(aside);
	if (symlink(run_id(run, id), aside) < 0 || rename(aside, latest) < 0) {
		error_errno(err, ERROR_INPUT, errno, "linking %s", latest);
		unlink(aside);
		return -1;
	}
	return 0;
}

int run_create(const char *runs_dir, char room[PATH_ROOM], struct error *err)
{
	char part[PATH_ROOM];

	if (dir_make(runs_dir, 0755, err) < 0 ||
	    claim_directory(runs_dir, "", room, err) < 0 ||
	    dir_make(path_join(part, room, "config"), 0700, err) < 0 ||
	    dir_make(path_join(part, room, "logs"), 0755, err) < 0)
		return -1;
	return run_point_latest(runs_dir, room, err);
}

int run_create_merged(const char *runs_dir, char room[PATH_ROOM],
		      struct error *err)
{
	if (dir_make(runs_dir, 0755, err) < 0)
		return -1;
	return claim_directory(runs_dir, "merged-", room, err);
}

const char *run_id(const char *run_dir, char room[PATH_ROOM])
{
	char real[PATH_MAX];
	const char *slash;

	path_printf(room, "%s", realpath(run_dir, real) ? real : run_dir);
	slash = strrchr(room, '/');
	if (slash && slash[1])
		memmove(room, slash + 1, strlen(slash));
	return room;
}

int run_label(const char *run_dir, char room[PATH_ROOM], struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(RECORD_MAX);
	cleanup(js_freep) struct js *record = NULL;
	const char *run;
	int rc;

	path_join(room, run_dir, "engine/cluster.json");
	rc = file_read_if_there(room, &text, err);
	if (rc < 0 ||
	    (rc && js_parse(room, buf_text(&text), text.len, &record, err) < 0))
		return -1;
	run = js_str(record, "run");
	if (run)
		path_printf(room, "%s", run);
	else
		run_id(run_dir, room);
	return 0;
}

int run_hold(const char *run_dir, int *ret_fd, struct error *err)
{
	char path[PATH_ROOM];

	return file_lock(path_join(path, run_dir, "lock"), false, ret_fd, err);
}

int run_hold_old(const char *run_dir, int *ret_fd, struct error *err)
{
	char path[PATH_ROOM];

	*ret_fd = -1;
	if (!file_exists(path_join(path, run_dir, "lock")))
		return 1;
	return run_hold(run_dir, ret_fd, err);
}

int run_claim(const char *run_dir, const char *what, int *ret_fd,
	      struct error *err)
{
	char path[PATH_ROOM];

	*ret_fd = -1;
	if (!file_exists(path_join(path, run_dir, "lock")))
		return 1;
	path_printf(path, "%s/lock-%s", run_dir, what);
	return file_lock(path, false, ret_fd, err);
}

struct activity {
	const char *dir;
	int64_t newest_us;
};

static int look_at_time(const char *name, void *ctx)
{
	struct activity *a = ctx;
	char path[PATH_ROOM];
	struct stat st;

	if (stat(path_join(path, a->dir, name), &st) == 0 &&
	    st.st_mtime * 1000000LL > a->newest_us)
		a->newest_us = st.st_mtime * 1000000LL;
	return 0;
}

int64_t run_active_us(const char *run_dir)
{
	struct activity a = { .dir = run_dir };

	if (!file_exists(run_dir) ||
	    dir_each(run_dir, look_at_time, &a, NULL) < 0)
		return 0;
	look_at_time(".", &a);
	return a.newest_us;
}

int inventory_add(const char *run_dir, const char *kind, const char *name,
		  struct error *err)
{
	struct js *line = js_object();
	char now[CLOCK_TEXT];

	js_set_str(line, "kind", kind);
	js_set_str(line, "name", name);
	js_set_str(line, "time", clock_text(now, clock_wall_us()));
	return lines_append(run_dir, inventory_file, line, err);
}

/* A kind of line, not of thing. */
static const char all_removed[] = "all-removed";

int inventory_close(const char *run_dir, struct error *err)
{
	return inventory_add(run_dir, all_removed, "-", err);
}

static int closing_line(const struct js *line, void *ctx, struct error *err)
{
	const char *kind = js_str(line, "kind"), *time = js_str(line, "time");
	const bool closes = kind && time && !strcmp(kind, all_removed);

	(void)err;
	snprintf(ctx, CLOCK_TEXT, "%s", closes ? time : "");
	return 0;
}

int inventory_closed(const char *run_dir, char ret_time[CLOCK_TEXT],
		     struct error *err)
{
	ret_time[0] = 0;
	if (lines_each(run_dir, inventory_file, closing_line, ret_time, err) <
	    0)
		return -1;
	return ret_time[0] != 0;
}

static int inventory_line(const struct js *line, void *ctx, struct error *err)
{
	struct line_list *list = ctx;
	const char *kind = js_str(line, "kind"), *name = js_str(line, "name");
	struct inventory_item *item;
	bool failed = false;

	if (!kind || !name)
		return error_set(err, ERROR_INPUT,
				 "not a valid item: kind or name is missing");
	if (!strcmp(kind, all_removed)) {
		list->count = 0;
		return 0;
	}
	item = line_list_add(list);
	if (!item)
		return error_nomem(err);
	item->kind = lines_text(line, "kind", list->arena, &failed);
	item->name = lines_text(line, "name", list->arena, &failed);
	return failed ? error_nomem(err) : 0;
}

/* Equal ones in the order of the file. */
static int compare_items(const void *a, const void *b)
{
	const struct inventory_item *x = *(struct inventory_item *const *)a;
	const struct inventory_item *y = *(struct inventory_item *const *)b;
	int rc = strcmp(x->name, y->name);

	if (!rc)
		rc = strcmp(x->kind, y->kind);
	return rc ? rc : (x > y) - (x < y);
}

static bool same_item(const struct inventory_item *a,
		      const struct inventory_item *b)
{
	return !strcmp(a->name, b->name) && !strcmp(a->kind, b->kind);
}

/* Keeps the first of equal ones. An inventory from elsewhere may be long. */
static int drop_repeats(struct line_list *list, struct error *err)
{
	struct inventory_item *items = list->items, **sorted;
	size_t count = list->count, kept = 0;

	if (!count)
		return 0;
	sorted = arena_array(list->arena, count, sizeof(*sorted));
	if (!sorted)
		return error_nomem(err);
	for (size_t i = 0; i < count; i++)
		sorted[i] = &items[i];
	qsort(sorted, count, sizeof(*sorted), compare_items);
	for (size_t i = 1, first = 0; i < count; i++)
		if (!same_item(sorted[first], sorted[i]))
			first = i;
		else
			sorted[i]->kind = NULL;
	for (size_t i = 0; i < count; i++)
		if (items[i].kind)
			items[kept++] = items[i];
	list->count = kept;
	return 0;
}

int inventory_load(const char *run_dir, struct arena *arena,
		   struct inventory_item **ret_items, unsigned *ret_count,
		   struct error *err)
{
	struct line_list list = { .size = sizeof(struct inventory_item),
				  .arena = arena };

	if (lines_each(run_dir, inventory_file, inventory_line, &list, err) <
		    0 ||
	    drop_repeats(&list, err) < 0)
		return -1;
	*ret_items = list.items;
	*ret_count = (unsigned)list.count;
	return 0;
}

static int find_beside(const char *run_dir, const char *file,
		       const char *made_by, char path[PATH_ROOM],
		       struct error *err)
{
	if (file_exists(path_join(path, run_dir, file)))
		return 0;
	return error_set(err, ERROR_INPUT,
			 "%s has no %s; 'medley %s' writes it", run_dir, file,
			 made_by);
}

int endpoint_load(const char *run_dir, const char *node, struct arena *arena,
		  struct endpoint *ret, struct error *err)
{
	cleanup(js_freep) struct js *file = NULL;
	const struct js *at;
	bool failed = false;
	char path[PATH_ROOM];
	int64_t port;

	if (find_beside(run_dir, "endpoints.json", "up", path, err) < 0 ||
	    js_read_file(path, &file, err) < 0)
		return -1;
	at = node ? js_get(js_get(file, "nodes"), node)
		  : js_get(file, "database");
	port = js_int(at, "port", 0);
	if (!js_str(at, "host") || port < 1 || port > UINT16_MAX)
		return error_set(err, ERROR_INPUT,
				 "%s/endpoints.json has no address of %s",
				 run_dir, node ? node : "the database");
	ret->host = lines_text(at, "host", arena, &failed);
	ret->port = (uint16_t)port;
	return failed ? error_nomem(err) : 0;
}

int secrets_read(const char *path, struct arena *arena, struct secrets *ret,
		 struct error *err)
{
	cleanup(js_freep) struct js *file = NULL;
	struct secrets s;
	bool failed = false;

	if (js_read_file(path, &file, err) < 0)
		return -1;
	s.rpc_user = lines_text(file, "rpc_user", arena, &failed);
	s.rpc_password = lines_text(file, "rpc_password", arena, &failed);
	s.database_user = lines_text(file, "database_user", arena, &failed);
	s.database_password =
		lines_text(file, "database_password", arena, &failed);
	s.nodes_key = lines_text(file, "nodes_key", arena, &failed);
	if (failed)
		return error_nomem(err);
	if (!s.rpc_user || !s.rpc_password || !s.database_user ||
	    !s.database_password)
		return error_set(err, ERROR_INPUT,
				 "%s: a name or a password is missing", path);
	*ret = s;
	return 0;
}

void secrets_derive(const struct secrets *s, const char *name,
		    uint8_t ret[SECRET_BYTES])
{
	const struct digest_part parts[] = {
		{ s->nodes_key, strlen(s->nodes_key) },
		{ "/", 1 },
		{ name, strlen(name) },
	};
	uint8_t digest[DIGEST_MAX];

	digest_parts(DIGEST_SHA256, parts, ARRAY_SIZE(parts), digest);
	memcpy(ret, digest, SECRET_BYTES);
}

void secrets_role_password(const struct secrets *s, const char *database,
			   char ret[ROLE_PASSWORD])
{
	uint8_t digest[SECRET_BYTES];

	secrets_derive(s, database, digest);
	for (size_t i = 0; i < (ROLE_PASSWORD - 1) / 2; i++)
		snprintf(ret + 2 * i, 3, "%02x", digest[i]);
}

int secrets_load(const char *run_dir, struct arena *arena, struct secrets *ret,
		 struct error *err)
{
	char path[PATH_ROOM];

	if (find_beside(run_dir, "secrets.json", "generate", path, err) < 0)
		return -1;
	return secrets_read(path, arena, ret, err);
}
