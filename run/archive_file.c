/* SPDX-License-Identifier: Apache-2.0 */
/* archive_file.c - the archive of a directory of runs: history.sqlite. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "run/archive.h"
#include "run/archive_tables.h"
#include "run/lines.h"
#include "run/run.h"
#include "run/run_list.h"
#include "sys/file.h"
#include "sys/interrupt.h"

/*
 * A lock on the file keeps all other processes out while it is open, so that a
 * journal that is found beside it is what a killed process left, or what
 * somebody put there. SQLite is never given such a journal: the archive is made
 * again. Nor is it given a file whose header is not that of an archive.
 */
enum {
	HEADER = 100, /* of a file of SQLite */
	VERSION_AT = 60, /* user_version */
	APPLICATION_AT = 68, /* application_id */
	LEGACY_AT = 18, /* 1, 1: no write-ahead log */
	STAMP_MAX = 96
};
static const uint8_t magic[16] = "SQLite format 3";
static const uint32_t application = 0x6d65646c; /* "medl" */
static const size_t list_max = (size_t)256 * 1024 * 1024;

/* ---- the file ---- */

static uint32_t read_be32(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 |
	       (uint32_t)at[2] << 8 | at[3];
}

/* Whether a file of that name was there. */
static bool remove_beside(const char *path, const char *suffix)
{
	char beside[PATH_ROOM];

	return unlink(path_printf(beside, "%s%s", path, suffix)) == 0 ||
	       errno != ENOENT;
}

static bool remove_journals(const char *path)
{
	static const char *const suffixes[] = { "-journal", "-wal", "-shm" };
	bool found = false;

	for (size_t i = 0; i < ARRAY_SIZE(suffixes); i++)
		found |= remove_beside(path, suffixes[i]);
	return found;
}

static int empty(int fd, const char *path, struct error *err)
{
	if (ftruncate(fd, 0) < 0)
		return error_path(err, errno, "%s", path);
	return 0;
}

/* Only an archive is ever emptied: another file may be the only copy of
 * something. */
static int refuse_foreign(const char *path, struct error *err)
{
	return error_set(err, ERROR_INPUT,
			 "%s is not an index of runs that medley made; move or "
			 "remove this file: medley makes its index again from "
			 "the runs",
			 path);
}

static bool is_archive(const uint8_t header[HEADER])
{
	return !memcmp(header, magic, sizeof(magic)) &&
	       read_be32(header + APPLICATION_AT) == application;
}

static bool is_current(const uint8_t header[HEADER])
{
	return read_be32(header + VERSION_AT) == ARCHIVE_VERSION &&
	       header[LEGACY_AT] == 1 && header[LEGACY_AT + 1] == 1;
}

/* Less than HEADER bytes only if the file is shorter. */
static ssize_t read_header(int fd, uint8_t header[HEADER])
{
	size_t have = 0;
	ssize_t n;

	do {
		n = pread(fd, header + have, HEADER - have, (off_t)have);
		if (n > 0)
			have += (size_t)n;
	} while (n > 0 ? have < HEADER : n < 0 && errno == EINTR);
	return n < 0 ? -1 : (ssize_t)have;
}

/* Leaves an archive of this version, or an empty file. */
static int check_header(int fd, const char *path, struct error *err)
{
	uint8_t header[HEADER];
	const ssize_t n = read_header(fd, header);

	if (n < 0)
		return error_path(err, errno, "%s", path);
	if (n && (n < HEADER || !is_archive(header)))
		return refuse_foreign(path, err);
	if (remove_journals(path) || (n && !is_current(header)))
		return empty(fd, path, err);
	return 0;
}

/* ---- the schema ---- */

struct schema {
	size_t known; /* tables as this medley makes them */
	bool altered;
};

/* SQLite keeps a statement as it was, from the name of the table on. */
static int look_at_schema(const struct sql_row *row, void *ctx)
{
	struct schema *s = ctx;
	const char *text = sql_text(row, 0), *from;

	if (!text)
		return 0; /* the index of a primary key */
	for (size_t i = 0; i < ARCHIVE_TABLES; i++) {
		from = strstr(text, archive_tables[i].columns);
		if (from && !strcmp(from, archive_tables[i].columns) &&
		    from - text == (ptrdiff_t)strlen("CREATE TABLE ")) {
			s->known++;
			return 0;
		}
	}
	s->altered = true;
	return 0;
}

static int take_fault(const struct sql_row *row, void *ctx)
{
	const char *text = sql_text(row, 0);

	*(bool *)ctx |= !text || strcmp(text, "ok") != 0;
	return 0;
}

/* 1: the archive is sound; 0: it has to be made again. */
static int check_content(struct sql *db, struct error *err)
{
	struct schema schema = { 0 };
	bool fault = false;

	if (sql_each(db, "select sql from sqlite_schema", NULL, 0,
		     look_at_schema, &schema, err) < 0 ||
	    sql_each(db, "pragma quick_check(1)", NULL, 0, take_fault, &fault,
		     err) < 0)
		return sql_damaged(db) ? 0 : -1;
	return schema.known == ARCHIVE_TABLES && !schema.altered && !fault;
}

static int mark(struct sql *db, struct error *err)
{
	char text[64];

	snprintf(text, sizeof(text), "pragma application_id = %u", application);
	if (sql_exec(db, text, err) < 0)
		return -1;
	snprintf(text, sizeof(text), "pragma user_version = %d",
		 ARCHIVE_VERSION);
	return sql_exec(db, text, err);
}

/* ---- the runs ---- */

/* What the archive has of a run. */
struct known {
	const char *run, *origin, *stamp;
};

struct known_list {
	struct line_list list;
	bool failed;
};

static int take_known(const struct sql_row *row, void *ctx)
{
	struct known_list *k = ctx;
	struct known *one = line_list_add(&k->list);
	struct arena *arena = k->list.arena;

	k->failed |= !one;
	if (k->failed)
		return 1;
	one->run = arena_strdup(arena, sql_text(row, 0) ?: "");
	one->origin = arena_strdup(arena, sql_text(row, 1) ?: "");
	one->stamp = arena_strdup(arena, sql_text(row, 2) ?: "");
	k->failed = !one->run || !one->origin || !one->stamp;
	return k->failed;
}

static int by_run(const void *a, const void *b)
{
	return strcmp(((const struct known *)a)->run,
		      ((const struct known *)b)->run);
}

static int load_known(struct sql *db, struct known_list *k, struct error *err)
{
	if (sql_each(db, "select run, origin, stamp from medley_runs", NULL, 0,
		     take_known, k, err) < 0)
		return -1;
	if (k->failed)
		return error_nomem(err);
	if (k->list.count)
		qsort(k->list.items, k->list.count, sizeof(struct known),
		      by_run);
	return 0;
}

/* A file that is replaced is another file, whatever its time. Empty: there is
 * none, or something that is not a file. */
static void stamp_of(const char *run_dir, char ret[STAMP_MAX])
{
	char path[PATH_ROOM];
	struct stat st;

	ret[0] = 0;
	if (lstat(path_join(path, run_dir, "results.json"), &st) < 0 ||
	    !S_ISREG(st.st_mode))
		return;
	snprintf(ret, STAMP_MAX, "%lld %lld.%09ld %llu", (long long)st.st_size,
		 (long long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec,
		 (unsigned long long)st.st_ino);
}

static int pass(struct error *err, const struct error *why)
{
	if (err)
		*err = *why;
	return -1;
}

static int store_run(struct sql *db, const char *run_dir,
		     const struct run_entry *entry, const char *stamp,
		     struct error *err)
{
	char origin[ARCHIVE_ORIGIN] = "";
	const struct archive_key key = { entry->name, origin, stamp,
					 entry->begun_us };
	struct error why = { 0 };

	if (interrupt_check(err) < 0)
		return -1;
	if (run_refuse_links(run_dir, &why) == 0 &&
	    archive_origin(run_dir, origin, &why) == 0)
		return archive_store(db, run_dir, &key, true, err);
	if (why.kind != ERROR_INPUT || why.memory)
		return pass(err, &why);
	return archive_store_unreadable(db, &key, why.text, err);
}

/* Brings one run of the directory up to date. */
static int update_run(struct sql *db, const char *runs_dir,
		      const struct run_entry *entry, const struct known_list *k,
		      struct error *err)
{
	const struct known wanted = { .run = entry->name };
	const struct known *had =
		k->list.count ? bsearch(&wanted, k->list.items, k->list.count,
					sizeof(wanted), by_run)
			      : NULL;
	char run_dir[PATH_ROOM], stamp[STAMP_MAX];

	stamp_of(path_join(run_dir, runs_dir, entry->name), stamp);
	if (had && !strcmp(had->stamp, stamp))
		return 0;
	if (had && archive_forget(db, had->run, had->origin, err) < 0)
		return -1;
	return stamp[0] ? store_run(db, run_dir, entry, stamp, err) : 0;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct run_entry *)a)->name,
		      ((const struct run_entry *)b)->name);
}

/* Forgets the runs that are not in the directory any more. */
static int forget_gone(struct sql *db, const struct known_list *k,
		       const struct run_entry *runs, unsigned count,
		       struct error *err)
{
	const struct known *known = k->list.items;

	for (size_t i = 0; i < k->list.count; i++) {
		const struct run_entry wanted = { .name = known[i].run };

		if (count &&
		    bsearch(&wanted, runs, count, sizeof(wanted), by_name))
			continue;
		if (archive_forget(db, known[i].run, known[i].origin, err) < 0)
			return -1;
	}
	return 0;
}

static int update_all(struct sql *db, const char *runs_dir, struct error *err)
{
	cleanup(arena_release) struct arena arena = ARENA_INIT(list_max);
	struct known_list k = { .list = { .size = sizeof(struct known),
					  .arena = &arena } };
	struct run_entry *runs = NULL;
	unsigned count = 0;

	if (load_known(db, &k, err) < 0 ||
	    run_list(runs_dir, &arena, &runs, &count, err) < 0)
		return -1;
	for (unsigned i = 0; i < count; i++)
		if (update_run(db, runs_dir, &runs[i], &k, err) < 0)
			return -1;
	if (count)
		qsort(runs, count, sizeof(*runs), by_name);
	return forget_gone(db, &k, runs, count, err);
}

/* A killed update leaves a journal, and thereby nothing. */
static int update(struct sql *db, const char *runs_dir, bool create,
		  struct error *err)
{
	if (sql_exec(db, "begin", err) < 0 ||
	    (create && (mark(db, err) < 0 || archive_create(db, err) < 0)) ||
	    update_all(db, runs_dir, err) < 0)
		return -1;
	return sql_exec(db, "commit", err);
}

/* ---- opening ---- */

/* 1; 0: the file is damaged. */
static int try_file(struct archive *a, const char *path, const char *runs_dir,
		    struct error *err)
{
	struct stat st;
	int rc = 1;

	if (fstat(a->lock, &st) < 0)
		return error_path(err, errno, "%s", path);
	if (sql_open_file(path, &a->db, err) < 0)
		return -1;
	if (st.st_size)
		rc = check_content(a->db, err);
	if (rc == 1 && update(a->db, runs_dir, !st.st_size, err) < 0)
		rc = sql_damaged(a->db) ? 0 : -1;
	if (rc != 1)
		sql_close(steal(a->db));
	return rc;
}

/* 1: it is open; 0: it cannot be used now. */
static int open_file(struct archive *a, const char *path, const char *runs_dir,
		     struct error *err)
{
	struct error why = { 0 };
	int rc = file_lock(path, false, &a->lock, &why);

	if (rc <= 0)
		return 0;
	if (check_header(a->lock, path, &why) < 0) {
		if (why.kind == ERROR_INPUT)
			return pass(err, &why);
		return 0;
	}
	rc = try_file(a, path, runs_dir, &why);
	if (rc == 0) {
		remove_journals(path);
		rc = empty(a->lock, path, &why) < 0
			     ? -1
			     : try_file(a, path, runs_dir, &why);
	}
	if (rc < 0 && (why.kind == ERROR_INTERRUPTED || why.memory)) {
		return pass(err, &why);
	}
	return rc == 1;
}

static int open_memory(struct archive *a, const char *runs_dir,
		       struct error *err)
{
	if (a->lock >= 0)
		close(a->lock);
	a->lock = -1;
	if (sql_open_file(NULL, &a->db, err) < 0)
		return -1;
	return update(a->db, runs_dir, true, err);
}

/* SQLite refuses a path with a link in it. */
static int open_archive(struct archive *a, const char *runs_dir,
			struct error *err)
{
	char real[PATH_MAX], path[PATH_ROOM];
	struct stat st;
	int rc = 0;

	if (realpath(runs_dir, real)) {
		path_join(path, real, "history.sqlite");
		if (lstat(path, &st) == 0 && !S_ISREG(st.st_mode))
			return refuse_foreign(path, err);
		rc = open_file(a, path, runs_dir, err);
	}
	return rc ? rc : open_memory(a, runs_dir, err);
}

int archive_open(const char *runs_dir, struct archive **ret, struct error *err)
{
	cleanup(archive_closep) struct archive *a = calloc(1, sizeof(*a));

	if (!a)
		return error_nomem(err);
	a->lock = -1;
	if (open_archive(a, runs_dir, err) < 0)
		return error_wrap(err, "the history of the runs in %s",
				  runs_dir);
	*ret = steal(a);
	return 0;
}

void archive_close(struct archive *a)
{
	if (!a)
		return;
	sql_close(a->db);
	if (a->lock >= 0)
		close(a->lock);
	free(a);
}
