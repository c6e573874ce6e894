/* SPDX-License-Identifier: Apache-2.0 */
/* database.h - the PostgreSQL of a run: its databases and their schemas. */
#ifndef DEPLOY_DATABASE_H
#define DEPLOY_DATABASE_H

#include "base/error.h"
#include "data/pg.h"
#include "engine/engine.h"
#include "run/run.h"

struct run_database {
	struct engine *engine; /* borrowed */
	struct pod *pod; /* borrowed */
	const struct secrets *secrets; /* borrowed */
	struct pg *pg; /* owned: a session in the database "postgres" */
};

/* Waits until the pod answers, at most `seconds`; the pod must be applied.
 * ERROR_DEPLOY with what it wrote when it ends before. */
int database_wait(struct run_database *db, int seconds, struct error *err);
void database_release(struct run_database *db);

/*
 * A node's database, and the role of the same name that owns it and all in it,
 * and that reaches no other database (generate/manifests/createdb.yaml is the
 * same for a cluster's pods). `from`: the database to copy, or NULL for an
 * empty one.
 */
int database_create(struct run_database *db, const char *name, const char *from,
		    struct error *err);
int database_drop(struct run_database *db, const char *name, struct error *err);

/*
 * Schemas as SQL text: the tables of a node's database without what the node
 * wrote there, but with the migrations' own record of what they did. Any node
 * of the same release, CorDapps and role can start on it.
 */
int database_save_schema(struct run_database *db, const char *name,
			 const char *path, struct error *err);
/* Makes the database `name` from such a text. */
int database_load_schema(struct run_database *db, const char *name,
			 const char *path, struct error *err);

#endif
