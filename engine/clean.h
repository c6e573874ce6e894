/* SPDX-License-Identifier: Apache-2.0 */
/* clean.h - what runs have left behind that nobody takes down any more. */
#ifndef ENGINE_CLEAN_H
#define ENGINE_CLEAN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/progress.h"

/*
 * A run is dead when nobody holds it (run/run.h) and neither its directory nor
 * anything of it elsewhere is younger than a given age. What a dead run has is
 * taken away; a run that is not dead is not touched.
 */

/* Things of one run in one place. */
struct clean_run {
	const char *run; /* its id */
	const char *where; /* "podman", or "CONTEXT/NAMESPACE" */
	int64_t active_us; /* wall clock: the last sign of life */
	bool held; /* a medley works on it */
	unsigned things;
	bool removed; /* clean_remove() was called */
	unsigned left; /* after clean_prove() */
	const char *first_left; /* "pod medley-…"; NULL: nothing is left */
	void *own; /* of the place */
};

struct clean_place;

struct clean_ops {
	int (*find)(struct clean_place *p, struct error *err);
	int (*remove)(struct clean_place *p, struct clean_run *run, int seconds,
		      struct error *err);
	int (*prove)(struct clean_place *p, struct error *err);
	void (*close)(struct clean_place *p);
};

struct clean_place {
	const struct clean_ops *ops;
	struct progress *progress; /* or NULL */
	void (*note)(const char *text, void *ctx); /* or NULL */
	struct clean_run *runs; /* oldest first */
	unsigned count;
};

/* This machine's podman. `runs_dir`: where runs are looked for whose things do
 * not say where they are kept. */
int clean_machine(const char *runs_dir, struct clean_place **ret,
		  struct error *err);
/* A cluster, by its context; `namespace` NULL: all of them. A namespace that
 * is the run's goes, too, when nothing of others is in it. */
int clean_cluster(const char *context, const char *namespace,
		  const char *runs_dir, struct clean_place **ret,
		  struct error *err);

/* ---- what places have in common ---- */

/* Oldest first. */
void clean_sort(struct clean_place *p);
/* 1: the run in this directory (NULL: it has none) is nobody's, and stays so
 * until the descriptor is closed; 0: a medley works on it. */
int clean_hold(const char *run_dir, int *ret_fd, struct error *err);
/* Sets `held`, and `active_us` where the directory has a later sign. */
int clean_weigh(const char *run_dir, struct clean_run *run, struct error *err);

/* ---- calls ---- */

static inline int clean_find(struct clean_place *p, struct error *err)
{
	return p->ops->find(p, err);
}

/* Takes it away as far as it goes; a run that came to life is `held`. */
static inline int clean_remove(struct clean_place *p, struct clean_run *run,
			       int seconds, struct error *err)
{
	return p->ops->remove(p, run, seconds, err);
}

/* Lists anew what is there of the runs that were removed. */
static inline int clean_prove(struct clean_place *p, struct error *err)
{
	return p->ops->prove(p, err);
}

static inline void clean_closep(struct clean_place **p)
{
	if (*p)
		(*p)->ops->close(*p);
}

#endif
