/* SPDX-License-Identifier: Apache-2.0 */
/* run_list.c - the runs in a directory, and one of them by its name. */
#include "run/run_list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/nearest.h"
#include "run/network.h"
#include "sys/clock.h"

enum { NAMED_MOST = 5, CHOICE_MAX = 4096 };
static const size_t names_max = (size_t)16 * 1024 * 1024;

struct listing {
	const char *runs_dir;
	struct arena *arena;
	struct run_entry *items; /* on the heap while it grows */
	unsigned count, room;
	bool failed;
};

bool run_stamp_us(const char *name, int64_t *ret_us)
{
	char text[CLOCK_TEXT];

	if (strspn(name, "0123456789") != 8 || name[8] != '-' ||
	    strspn(name + 9, "0123456789") != 6)
		return false;
	snprintf(text, sizeof(text),
		 "%.4s-%.2s-%.2s"
		 "T%.2s:%.2s:%.2sZ",
		 name, name + 4, name + 6, name + 9, name + 11, name + 13);
	return clock_read(text, ret_us);
}

static int64_t begun(const char *name, const char *run_dir)
{
	char path[PATH_ROOM];
	struct stat st;
	int64_t us;

	if (run_stamp_us(name, &us))
		return us;
	path_join(path, run_dir, "network.resolved.yaml");
	return stat(path, &st) < 0 ? 0 : (int64_t)st.st_mtime * 1000000;
}

static int add_run(const char *name, void *ctx)
{
	struct listing *l = ctx;
	char path[PATH_ROOM];
	struct run_entry *grown;
	struct stat st;

	path_join(path, l->runs_dir, name);
	if (name[0] == '.' || lstat(path, &st) < 0 || !S_ISDIR(st.st_mode) ||
	    network_check_saved(path, NULL) < 0)
		return 0; /* or the link `latest` */
	if (l->count == l->room) {
		l->room = l->room ? 2 * l->room : 64;
		grown = realloc(l->items, l->room * sizeof(*grown));
		l->failed |= !grown;
		if (!grown)
			return -1;
		l->items = grown;
	}
	l->items[l->count].name = arena_strdup(l->arena, name);
	l->items[l->count].begun_us = begun(name, path);
	l->failed |= !l->items[l->count++].name;
	return l->failed ? -1 : 0;
}

static int newest_first(const void *a, const void *b)
{
	const struct run_entry *x = a, *y = b;

	if (x->begun_us != y->begun_us)
		return x->begun_us < y->begun_us ? 1 : -1;
	return strcmp(y->name, x->name);
}

int run_list(const char *runs_dir, struct arena *arena, struct run_entry **ret,
	     unsigned *ret_count, struct error *err)
{
	struct listing l = { .runs_dir = runs_dir, .arena = arena };
	struct run_entry *kept = NULL;
	int rc = 0;

	if (file_exists(runs_dir))
		rc = dir_each(runs_dir, add_run, &l, err);
	if (rc == 0 && l.count) {
		qsort(l.items, l.count, sizeof(*l.items), newest_first);
		kept = arena_array(arena, l.count, sizeof(*kept));
		if (kept)
			memcpy(kept, l.items, l.count * sizeof(*kept));
		l.failed = !kept;
	}
	free(l.items);
	if (l.failed)
		return error_nomem(err);
	if (rc < 0)
		return -1;
	*ret = kept;
	*ret_count = l.count;
	return 0;
}

/* ---- by name ---- */

static int refuse_ambiguous(const char *word, const struct run_entry *runs,
			    unsigned count, unsigned matches, struct error *err)
{
	cleanup(buf_release) struct buf names = BUF_INIT(CHOICE_MAX);
	size_t len = strlen(word);
	unsigned named = 0;

	for (unsigned i = 0; i < count && named < NAMED_MOST; i++)
		if (!strncmp(runs[i].name, word, len))
			buf_addf(&names, "%s%s", named++ ? ", " : "",
				 runs[i].name);
	return error_set(err, ERROR_INPUT,
			 "%u runs begin with '%s': %s%s; type more characters "
			 "of the name",
			 matches, word, buf_text(&names),
			 matches > named ? " ..." : "");
}

static int refuse_unknown(const char *runs_dir, const char *word,
			  const struct run_entry *runs, unsigned count,
			  struct error *err)
{
	struct nearest n = nearest_to(word);

	for (unsigned i = 0; i < count; i++)
		nearest_offer(&n, runs[i].name);
	if (n.word)
		return error_set(err, ERROR_INPUT,
				 "there is no run '%s' here or in %s; did you "
				 "mean '%s'?",
				 word, runs_dir, n.word);
	return error_set(err, ERROR_INPUT,
			 "there is no run '%s' here or in %s; 'medley list' "
			 "lists the runs",
			 word, runs_dir);
}

static int find_named(const char *runs_dir, const char *word,
		      const struct run_entry *runs, unsigned count,
		      char room[PATH_ROOM], struct error *err)
{
	const char *found = NULL;
	unsigned matches = 0;

	for (unsigned i = 0; i < count; i++) {
		if (strncmp(runs[i].name, word, strlen(word)))
			continue;
		found = runs[i].name;
		matches++;
		if (!strcmp(found, word)) {
			matches = 1;
			break;
		}
	}
	if (matches > 1)
		return refuse_ambiguous(word, runs, count, matches, err);
	if (!matches)
		return refuse_unknown(runs_dir, word, runs, count, err);
	path_join(room, runs_dir, found);
	return 0;
}

int run_find(const char *runs_dir, const char *word, char room[PATH_ROOM],
	     struct error *err)
{
	struct arena arena = ARENA_INIT(names_max);
	struct run_entry *runs;
	char path[PATH_ROOM];
	unsigned count;
	int rc = -1;

	if (strchr(word, '/') || file_exists(word)) {
		path_printf(room, "%s", word);
		return 0;
	}
	/* The link `latest`, which is not listed; or a directory that is not a
	 * run, which the caller refuses. */
	if (*word && file_exists(path_join(path, runs_dir, word))) {
		path_printf(room, "%s", path);
		return 0;
	}
	if (run_list(runs_dir, &arena, &runs, &count, err) == 0)
		rc = find_named(runs_dir, word, runs, count, room, err);
	arena_release(&arena);
	return rc;
}
