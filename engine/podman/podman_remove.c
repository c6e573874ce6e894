/* SPDX-License-Identifier: Apache-2.0 */
/* podman_remove.c - takes away what a run made, and lists what is there. */
#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/podman/podman_listing.h"
#include "engine/own_names.h"
#include "engine/podman/podman.h"
#include "engine/removal_order.h"
#include "sys/clock.h"
#include "sys/file.h"

/*
 * Kinds are removed in the order in which they depend on each other, which is
 * also the inventory backwards; within a kind, newest first. `podman pod rm`
 * spends seconds waiting for cgroups, so several run side by side. Nothing
 * here looks at whether a removal worked: left() tells.
 */
enum {
	SIDE_BY_SIDE = 12,
	WORDS_MAX = 60,
	LIST_MAX = 16 * 1024 * 1024,
	RETRY_US = 10000
};

/* How podman removes a kind, and how many names at once it is given. */
static const struct removal {
	const char *kind;
	const char *words[7];
	size_t several;
} removals[] = {
	{ "pod", { "pod", "rm", "--force", "--time", "0", "--" }, 1 },
	{ "container", { "rm", "--force", "--time", "0", "--" }, 1 },
	{ "volume", { "volume", "rm", "--force", "--" }, 32 },
	{ "secret", { "secret", "rm", "--" }, 32 },
	{ "network", { "network", "rm", "--force", "--" }, 1 },
};

/* Where the removal of one kind stands. */
struct removing {
	const struct removal *how;
	struct removal_order order;
	int64_t limit; /* monotonic */
	struct process children[SIDE_BY_SIDE];
};

/* Fills argv with the next names of this kind; their number. */
static size_t next_removal(struct removing *r, const char *argv[WORDS_MAX])
{
	size_t n = 0, names;

	argv[n++] = "podman";
	for (const char *const *w = r->how->words; *w; w++)
		argv[n++] = *w;
	names = removal_next(&r->order, argv + n, r->how->several);
	argv[n + names] = NULL;
	return names;
}

/* Starts removals in free places; the number of children at work. */
static unsigned fill(struct removing *r)
{
	const char *argv[WORDS_MAX];
	struct process_spec spec = { .argv = argv,
				     .environment = ENVIRONMENT_LOGIN,
				     .seconds = PODMAN_SECONDS,
				     .finish = true };
	unsigned busy = 0;
	int status;

	for (size_t i = 0; i < SIDE_BY_SIDE; i++) {
		struct process *child = &r->children[i];

		if (child->pid && process_poll(child, &status, NULL) != 1)
			child->pid = 0;
		if (!child->pid && next_removal(r, argv) &&
		    process_start(&spec, child, NULL) < 0)
			child->pid = 0;
		busy += child->pid != 0;
	}
	return busy;
}

/* A removal that could not be started is tried again after a moment. */
static void wait_for_one(const struct removing *r, unsigned busy)
{
	pid_t pids[SIDE_BY_SIDE];

	for (size_t i = 0; i < SIDE_BY_SIDE; i++)
		pids[i] = r->children[i].pid;
	process_wait(pids, SIDE_BY_SIDE,
		     busy ? r->limit + 1 : clock_mono_us() + RETRY_US);
}

static void remove_kind(struct removing *r)
{
	unsigned busy;

	while ((busy = fill(r)) || r->order.left) {
		if (clock_mono_us() > r->limit)
			break;
		wait_for_one(r, busy);
	}
	for (size_t i = 0; i < SIDE_BY_SIDE; i++)
		process_stop(&r->children[i]);
}

/* ---- processes ---- */

/* conmon, or a podman that still works on something of ours; with `word`,
 * one that has it in its command line. */
static bool process_is_ours(const char *prefix, const char *pid,
			    const char *word)
{
	cleanup(buf_release) struct buf name = BUF_INIT(64);
	cleanup(buf_release) struct buf line = BUF_INIT(256 * 1024);
	char path[PATH_ROOM];

	if (file_read(path_printf(path, "/proc/%s/comm", pid), &name, NULL) <
		    0 ||
	    (strcmp(buf_text(&name), "conmon\n") &&
	     strcmp(buf_text(&name), "podman\n")))
		return false;
	if (file_read(path_printf(path, "/proc/%s/cmdline", pid), &line, NULL) <
	    0)
		return false;
	return line.len &&
	       memmem(line.data, line.len, prefix, strlen(prefix)) &&
	       (!word || memmem(line.data, line.len, word, strlen(word)));
}

static int each_process(const char *prefix, const char *word,
			int (*fn)(const char *pid, void *ctx), void *ctx)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	int rc = 0;

	while (proc && !rc && (entry = readdir(proc)))
		if (isdigit((unsigned char)entry->d_name[0]) &&
		    process_is_ours(prefix, entry->d_name, word))
			rc = fn(entry->d_name, ctx);
	if (proc)
		closedir(proc);
	return rc;
}

static int found_one(const char *pid, void *ctx)
{
	*(pid_t *)ctx = (pid_t)atoi(pid);
	return 1;
}

/* A medley that was killed leaves its plays at work; they end by themselves,
 * and what they make cannot be removed before. */
static void wait_for_plays(const char *prefix, int64_t limit)
{
	pid_t pid;

	while (each_process(prefix, "play", found_one, &pid) &&
	       clock_mono_us() < limit)
		process_wait(&pid, 1, limit);
}

/* ---- removal ---- */

static const struct removal *removal_of(const char *kind)
{
	for (size_t i = 0; i < ARRAY_SIZE(removals); i++)
		if (!strcmp(removals[i].kind, kind))
			return &removals[i];
	return NULL;
}

bool podman_owns(struct engine *e, const struct inventory_item *item)
{
	const struct podman *p = (struct podman *)e;

	return removal_of(item->kind) && own_name(p->scope.prefix, item->name);
}

/* A run that was sent may have the prefix of another run on this machine. The
 * network tells which directory it was made for; a run that was moved since has
 * left none behind. */
static int refuse_others(const struct podman *p, struct error *err)
{
	cleanup(buf_release) struct buf out = BUF_INIT(2 * PATH_ROOM);
	char directory[PATH_ROOM], engine[PATH_ROOM];

	if (!p->run_dir) /* `medley clean` has looked whose things they are */
		return 0;
	if (podman_call(&out, NULL, "network", "inspect", "--format",
			"{{index .Labels \"" LABEL_DIRECTORY "\"}}", "--",
			p->scope.prefix, NULL) < 0)
		return 0; /* there is no such network */
	path_printf(directory, "%.*s", (int)strcspn(buf_text(&out), "\n"),
		    buf_text(&out));
	if (!*directory || !strcmp(directory, p->run_dir) ||
	    !file_exists(path_join(engine, directory, "engine")))
		return 0;
	return error_set(err, ERROR_INPUT,
			 "%s/prefix: containers with the prefix %s belong to "
			 "the run in %s; nothing was removed",
			 p->engine.dir, p->scope.prefix, directory);
}

int podman_remove(struct engine *e, const struct inventory_item *items,
		  unsigned count, int seconds, struct error *err)
{
	int64_t limit = clock_mono_us() + (int64_t)seconds * 1000000;
	struct podman *p = (struct podman *)e;

	if (!p->network_asked && refuse_others(p, err) < 0)
		return -1;
	p->network_asked = true;
	wait_for_plays(p->scope.prefix, limit);
	for (const char *const *kind = removal_kinds; *kind; kind++) {
		struct removing r = { .how = removal_of(*kind),
				      .order = { items, count, *kind },
				      .limit = limit };

		remove_kind(&r);
	}
	return 0;
}

/* ---- what is left ---- */

static const struct {
	const char *kind;
	const char *words[6];
} listings[] = {
	{ "pod", { "pod", "ps", "--format", "{{.Name}}" } },
	{ "container",
	  { "ps", "--all", "--external", "--format", "{{.Names}}" } },
	{ "volume", { "volume", "ls", "--format", "{{.Name}}" } },
	{ "secret", { "secret", "ls", "--format", "{{.Name}}" } },
	{ "network", { "network", "ls", "--format", "{{.Name}}" } },
};

/* Items found so far; grows by doubling within the arena. */
struct found {
	struct arena *arena;
	struct inventory_item *items;
	unsigned count, room;
	struct error *err;
};

static int add_found(struct found *f, const char *kind, const char *name)
{
	if (f->count == f->room) {
		unsigned room = f->room ? f->room * 2 : 16;
		struct inventory_item *more =
			arena_array(f->arena, room, sizeof(*more));

		if (!more)
			return error_nomem(f->err);
		if (f->count)
			memcpy(more, f->items, f->count * sizeof(*more));
		f->items = more;
		f->room = room;
	}
	name = arena_strdup(f->arena, name);
	if (!name)
		return error_nomem(f->err);
	f->items[f->count++] = (struct inventory_item){ kind, name };
	return 0;
}

static int list_kind(struct podman *p, size_t row, struct found *f)
{
	cleanup(buf_release) struct buf out = BUF_INIT(LIST_MAX);
	const char *argv[8] = { "podman" };
	struct process_spec spec = { .argv = argv,
				     .environment = ENVIRONMENT_LOGIN,
				     .seconds = PODMAN_SECONDS };
	char *at, *name;

	for (size_t i = 0; listings[row].words[i]; i++)
		argv[i + 1] = listings[row].words[i];
	if (process_run(&spec, &out, f->err) < 0)
		return -1;
	at = (char *)buf_text(&out);
	/* Names tell whose a thing is: volumes of ConfigMaps carry no labels,
	 * and another directory of runs may have a run of the same id. */
	while ((name = strsep(&at, "\n")))
		if (own_name(p->scope.prefix, name) &&
		    add_found(f, listings[row].kind, name) < 0)
			return -1;
	return 0;
}

static int add_process(const char *pid, void *ctx)
{
	return add_found(ctx, "process", pid);
}

int podman_left(struct engine *e, struct arena *arena,
		struct inventory_item **ret_items, unsigned *ret_count,
		struct error *err)
{
	struct podman *p = (struct podman *)e;
	struct found f = { .arena = arena, .err = err };

	for (size_t row = 0; row < ARRAY_SIZE(listings); row++)
		if (list_kind(p, row, &f) < 0)
			return -1;
	if (each_process(p->scope.prefix, NULL, add_process, &f) < 0)
		return -1;
	*ret_items = f.items;
	*ret_count = f.count;
	return 0;
}
