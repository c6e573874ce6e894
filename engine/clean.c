/* SPDX-License-Identifier: Apache-2.0 */
/* clean.c - what dead runs have left in this machine's podman. */
#include "engine/clean.h"

#include <stdlib.h>
#include <string.h>

#include "engine/podman/podman_listing.h"
#include "engine/podman/podman.h"
#include "engine/run_secrets.h"
#include "sys/containers.h"

enum { JSON_MAX = 64 * 1024 * 1024, NAMES_MAX = 1024 * 1024 };

struct machine {
	struct clean_place place; /* first */
	const char *runs_dir; /* borrowed */
	struct podman_listing leftovers, after;
};

static const struct {
	const char *kind;
	const char *words[6];
} listings[] = {
	{ "pod", { "pod", "ps", "--format", "json" } },
	{ "container", { "ps", "--all", "--external", "--format", "json" } },
	{ "volume", { "volume", "ls", "--format", "json" } },
	{ "network", { "network", "ls", "--format", "json" } },
};

static int list_kind(struct podman_listing *l, size_t row, struct error *err)
{
	cleanup(buf_release) struct buf out = BUF_INIT(JSON_MAX);
	const char *argv[8] = { "podman" };
	struct process_spec spec = { .argv = argv,
				     .environment = ENVIRONMENT_LOGIN,
				     .seconds = PODMAN_SECONDS };

	for (size_t i = 0; listings[row].words[i]; i++)
		argv[i + 1] = listings[row].words[i];
	if (process_run(&spec, &out, err) < 0)
		return -1;
	return podman_listing_add(l, listings[row].kind, buf_text(&out),
				  out.len, err);
}

/* `secret ls` tells no labels: each is looked at. One that goes meanwhile is
 * somebody's who takes care of it. */
static int list_secrets(struct podman_listing *l, struct error *err)
{
	cleanup(buf_release) struct buf names = BUF_INIT(NAMES_MAX);
	char *at, *name;

	if (podman_call(&names, err, "secret", "ls", "--format", "{{.Name}}",
			NULL) < 0)
		return -1;
	at = (char *)buf_text(&names);
	while ((name = strsep(&at, "\n"))) {
		cleanup(buf_release) struct buf out = BUF_INIT(JSON_MAX);

		if (*name &&
		    podman_call(&out, NULL, "secret", "inspect", "--", name,
				NULL) >= 0 &&
		    podman_listing_add(l, "secret", buf_text(&out), out.len,
				       err) < 0)
			return -1;
	}
	return 0;
}

static int list_all(struct podman_listing *l, struct error *err)
{
	for (size_t row = 0; row < ARRAY_SIZE(listings); row++)
		if (list_kind(l, row, err) < 0)
			return -1;
	return list_secrets(l, err);
}

/* The directory is this run's, not another's of the same id. */
static bool is_directory_of(const char *dir, const struct listed_run *r)
{
	cleanup(buf_release) struct buf prefix = BUF_INIT(256);
	char path[PATH_ROOM];

	path_join(path, dir, "engine/prefix");
	return file_read(path, &prefix, NULL) == 0 &&
	       strcmp(buf_text(&prefix), r->key) == 0;
}

/* Where the run is kept, or NULL when it is gone. */
static const char *directory_of(const struct machine *m,
				const struct listed_run *r,
				char room[PATH_ROOM])
{
	if (r->directory && is_directory_of(r->directory, r))
		return r->directory;
	path_join(room, m->runs_dir, r->run);
	return is_directory_of(room, r) ? room : NULL;
}

/* ---- what places have in common ---- */

int clean_hold(const char *run_dir, int *ret_fd, struct error *err)
{
	*ret_fd = -1;
	return run_dir ? run_hold_old(run_dir, ret_fd, err) : 1;
}

int clean_weigh(const char *run_dir, struct clean_run *run, struct error *err)
{
	cleanup(closep) int fd = -1;
	int held = clean_hold(run_dir, &fd, err);

	run->held = !held;
	if (run_dir && run_active_us(run_dir) > run->active_us)
		run->active_us = run_active_us(run_dir);
	return held < 0 ? -1 : 0;
}

static int by_age(const void *a, const void *b)
{
	const struct clean_run *x = a, *y = b;

	return (x->active_us > y->active_us) - (x->active_us < y->active_us);
}

void clean_sort(struct clean_place *p)
{
	qsort(p->runs, p->count, sizeof(*p->runs), by_age);
}

/* ---- the machine ---- */

/* Fills the run from what podman and its directory say. */
static int weigh(struct machine *m, struct listed_run *r, struct clean_run *run,
		 struct error *err)
{
	char room[PATH_ROOM];

	*run = (struct clean_run){ .run = r->run,
				   .where = "podman",
				   .active_us = r->newest_us,
				   .things = r->count,
				   .own = r };
	return clean_weigh(directory_of(m, r, room), run, err);
}

static int machine_find(struct clean_place *p, struct error *err)
{
	struct machine *m = (struct machine *)p;
	unsigned i = 0;

	if (containers_prepare(err) < 0 || list_all(&m->leftovers, err) < 0)
		return -1;
	p->count = 0;
	for (struct listed_run *r = m->leftovers.first; r; r = r->next)
		p->count++;
	p->runs = arena_array(&m->leftovers.arena, p->count + 1,
			      sizeof(*p->runs));
	if (!p->runs)
		return error_nomem(err);
	for (struct listed_run *r = m->leftovers.first; r; r = r->next)
		if (weigh(m, r, &p->runs[i++], err) < 0)
			return -1;
	clean_sort(p);
	return 0;
}

/* The engine's removal wants no more of an engine than whose things these
 * are. */
static int machine_remove(struct clean_place *p, struct clean_run *run,
			  int seconds, struct error *err)
{
	struct machine *m = (struct machine *)p;
	const struct listed_run *r = run->own;
	struct podman engine = { .scope.prefix = r->key };
	cleanup(closep) int fd = -1;
	char room[PATH_ROOM];
	int held = clean_hold(directory_of(m, r, room), &fd, err);

	run->held = !held;
	if (held <= 0)
		return held;
	run->removed = true;
	return podman_remove(&engine.engine, r->items, r->count, seconds, err);
}

/* Nothing that mounts them is there any more. The things are gone, whatever
 * becomes of the files: they are tried again by medley down. */
static void forget_secrets(const struct machine *m, const struct listed_run *r)
{
	char room[PATH_ROOM];
	const char *dir = directory_of(m, r, room);

	if (dir)
		run_secrets_remove(dir, NULL);
}

static int machine_prove(struct clean_place *p, struct error *err)
{
	struct machine *m = (struct machine *)p;
	struct podman_listing *now = &m->after;

	podman_listing_release(now);
	podman_listing_init(now);
	if (list_all(now, err) < 0)
		return -1;
	for (unsigned i = 0; i < p->count; i++) {
		struct clean_run *run = &p->runs[i];
		const struct listed_run *own = run->own;

		run->left = 0;
		run->first_left = NULL;
		for (const struct listed_run *r = now->first; r; r = r->next)
			if (run->removed && strcmp(r->key, own->key) == 0) {
				run->left = r->count;
				run->first_left =
					arena_printf(&now->arena, "%s %s",
						     r->items[0].kind,
						     r->items[0].name);
			}
		if (run->removed && !run->left)
			forget_secrets(m, own);
	}
	return 0;
}

static void machine_close(struct clean_place *p)
{
	struct machine *m = (struct machine *)p;

	podman_listing_release(&m->leftovers);
	podman_listing_release(&m->after);
	free(m);
}

static const struct clean_ops machine_ops = {
	.find = machine_find,
	.remove = machine_remove,
	.prove = machine_prove,
	.close = machine_close,
};

int clean_machine(const char *runs_dir, struct clean_place **ret,
		  struct error *err)
{
	struct machine *m = calloc(1, sizeof(*m));

	if (!m)
		return error_nomem(err);
	m->place.ops = &machine_ops;
	m->runs_dir = runs_dir;
	podman_listing_init(&m->leftovers);
	podman_listing_init(&m->after);
	*ret = &m->place;
	return 0;
}
