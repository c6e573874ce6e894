/* SPDX-License-Identifier: Apache-2.0 */
/* run.h - the directory of a run, its inventory and its endpoints. */
#ifndef RUN_RUN_H
#define RUN_RUN_H

#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "sys/clock.h"
#include "sys/file.h"

/* runs/<id>/ with config/ and logs/, and the link runs/latest. The id is the
 * UTC time, "20261121-075012", with "-2" … if taken. Path in `room`. */
int run_create(const char *runs_dir, char room[PATH_ROOM], struct error *err);
/* A directory "merged-20261121-075012" beside the runs, for joined results. It
 * is not a run. */
int run_create_merged(const char *runs_dir, char room[PATH_ROOM],
		      struct error *err);
/* Makes runs/latest lead to the run, by its id. */
int run_point_latest(const char *runs_dir, const char *run, struct error *err);
/* The value of the label medley.run of a run's objects: the id of the run, or,
 * for a configuration that users may apply themselves, the value in
 * <run>/engine/cluster.json; -1 if that file cannot be read. */
int run_label(const char *run_dir, char room[PATH_ROOM], struct error *err);
/* Refuses symbolic links in a run. A run may come from another person, and
 * medley writes files in it: a link could lead to any file. ERROR_INPUT names
 * the first link. Ignores config and secrets.json, which medley only reads, and
 * which may be its own links. */
int run_refuse_links(const char *run_dir, struct error *err);
/* The id of a run: the last part of its real path. */
const char *run_id(const char *run_dir, char room[PATH_ROOM]);

/*
 * A process that works on a run holds it, so that others see that the run is in
 * use. 1 and a descriptor, which holds the run until it is closed; 0: another
 * process holds the run.
 */
int run_hold(const char *run_dir, int *ret_fd, struct error *err);
/* The same for a run that may have been removed, or that an older medley made.
 * Creates no file. 1 and -1 if there is nothing to hold. */
int run_hold_old(const char *run_dir, int *ret_fd, struct error *err);
/*
 * Several processes may work on a run, but some work only one of them may do:
 * two loads would give their operations the same ids. A process that does
 * `what` claims it. 1 and a descriptor, which holds the claim until it is
 * closed; 0: another process has the claim. In a run that was never held
 * (run_hold_old()) nothing is created: 1 and -1.
 */
int run_claim(const char *run_dir, const char *what, int *ret_fd,
	      struct error *err);
/* When a file of the run was written last, wall clock; 0: the run does not
 * exist. */
int64_t run_active_us(const char *run_dir);

/*
 * inventory.jsonl: each thing that a run creates outside its directory gets a
 * line here before it is created. Teardown removes them in reverse order; a
 * thing that was never created is no error. Kinds are words of the engine:
 * "network", "pod", "container", "volume", "secret".
 * {"kind":"pod","name":"bank-4-5-0","time":"…"}
 */
struct inventory_item {
	const char *kind;
	const char *name;
};

int inventory_add(const char *run_dir, const char *kind, const char *name,
		  struct error *err);
/* Records that everything was removed, which was checked. The items before this
 * are not loaded any more, because later things with these names may belong to
 * others. */
int inventory_close(const char *run_dir, struct error *err);
/* 1 when that was said last, and when; 0 when things were made since. */
int inventory_closed(const char *run_dir, char ret_time[CLOCK_TEXT],
		     struct error *err);
/* All items, oldest first, without repeats; in `arena`. No file: none. */
int inventory_load(const char *run_dir, struct arena *arena,
		   struct inventory_item **ret_items, unsigned *ret_count,
		   struct error *err);

/*
 * endpoints.json: the addresses at which this machine reaches nodes and
 * database, mode 0600.
 * {"nodes":{"bank-4.5-0":{"host":"127.0.0.1","port":N,"container":"…"}…},
 * "database":{"host":…,"port":…}} Passwords are in secrets.json beside it, mode
 * 0600, written by generate:
 * {"rpc_user":"medley","rpc_password":"…","database_user":"corda",
 * "database_password":"…","nodes_key":"…"} The database's user is its
 * administrator, who can read all databases. Nodes have their own roles, whose
 * passwords are derived from nodes_key.
 */
struct endpoint {
	const char *host;
	uint16_t port;
};

struct secrets {
	const char *rpc_user, *rpc_password;
	const char *database_user, *database_password;
	const char *nodes_key; /* NULL if no roles are made with it */
};

/* `node` NULL: the database. ERROR_INPUT when the run has no such endpoint. */
int endpoint_load(const char *run_dir, const char *node, struct arena *arena,
		  struct endpoint *ret, struct error *err);
int secrets_load(const char *run_dir, struct arena *arena, struct secrets *ret,
		 struct error *err);
/* The same of a file by any name. */
int secrets_read(const char *path, struct arena *arena, struct secrets *ret,
		 struct error *err);
/* Derives the secret of a name from nodes_key. One such secret does not reveal
 * another. nodes_key must not be NULL. */
enum { SECRET_BYTES = 32 };
void secrets_derive(const struct secrets *s, const char *name,
		    uint8_t ret[SECRET_BYTES]);
/* The derived password of the role that owns this database and has its name:
 * letters and digits. */
enum { ROLE_PASSWORD = 33 };
void secrets_role_password(const struct secrets *s, const char *database,
			   char ret[ROLE_PASSWORD]);

#endif
