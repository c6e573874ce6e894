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
/* The value of the label medley.run of what a run made: its id, or, of a
 * configuration that others may apply as well, what stands in
 * <run>/engine/cluster.json; -1 when that cannot be read. */
int run_label(const char *run_dir, char room[PATH_ROOM], struct error *err);
/* A run may come from somebody else, and files in it are written: a symbolic
 * link in it could lead to any file. ERROR_INPUT names the first. Passes over
 * config and secrets.json, which are only read, and may be links of medley. */
int run_refuse_links(const char *run_dir, struct error *err);
/* The id of a run: the last part of its real path. */
const char *run_id(const char *run_dir, char room[PATH_ROOM]);

/*
 * Who works on a run holds it: others see that it is alive. 1 and the
 * descriptor, whose close lets go; 0: another holds it.
 */
int run_hold(const char *run_dir, int *ret_fd, struct error *err);
/* The same of a run that may be gone, or of an older medley: nothing is made.
 * 1 and -1 where there is nothing to hold. */
int run_hold_old(const char *run_dir, int *ret_fd, struct error *err);
/*
 * Several processes may look after a run, but not do everything of it at a
 * time: two loads would give their operations the same ids. Who does `what`
 * claims it. 1 and the descriptor, whose close ends the claim; 0: another
 * process has it. In a run that nobody has held (run_hold_old()) nothing is
 * made: 1 and -1.
 */
int run_claim(const char *run_dir, const char *what, int *ret_fd,
	      struct error *err);
/* When something of the run was written last, wall clock; 0: it is gone. */
int64_t run_active_us(const char *run_dir);

/*
 * inventory.jsonl: everything that a run creates outside its directory has a
 * line here before it exists. Teardown replays the lines backwards; removing
 * what was never made is fine. Kinds are the engine's words: "network",
 * "pod", "container", "volume", "secret".
 * {"kind":"pod","name":"bank-4-5-0","time":"…"}
 */
struct inventory_item {
	const char *kind;
	const char *name;
};

int inventory_add(const char *run_dir, const char *kind, const char *name,
		  struct error *err);
/* All of it is proved to be gone: it is not loaded any more, since what bears
 * these names later may be another's. */
int inventory_close(const char *run_dir, struct error *err);
/* 1 when that was said last, and when; 0 when things were made since. */
int inventory_closed(const char *run_dir, char ret_time[CLOCK_TEXT],
		     struct error *err);
/* All items, oldest first, without repeats; in `arena`. No file: none. */
int inventory_load(const char *run_dir, struct arena *arena,
		   struct inventory_item **ret_items, unsigned *ret_count,
		   struct error *err);

/*
 * endpoints.json: where this machine reaches what runs, mode 0600.
 * {"nodes":{"bank-4.5-0":{"host":"127.0.0.1","port":N,"container":"…"}…},
 *  "database":{"host":…,"port":…}}
 * Passwords are in secrets.json beside it, mode 0600, written by generate:
 * {"rpc_user":"medley","rpc_password":"…","database_user":"corda",
 *  "database_password":"…","nodes_key":"…"}
 * The database's user is its administrator, who reads all databases; nodes
 * have roles of their own, whose passwords follow from nodes_key.
 */
struct endpoint {
	const char *host;
	uint16_t port;
};

struct secrets {
	const char *rpc_user, *rpc_password;
	const char *database_user, *database_password;
	const char *nodes_key; /* NULL where nobody makes roles by it */
};

/* `node` NULL: the database. ERROR_INPUT when the run has no such endpoint. */
int endpoint_load(const char *run_dir, const char *node, struct arena *arena,
		  struct endpoint *ret, struct error *err);
int secrets_load(const char *run_dir, struct arena *arena, struct secrets *ret,
		 struct error *err);
/* The same of a file by any name. */
int secrets_read(const char *path, struct arena *arena, struct secrets *ret,
		 struct error *err);
/* What follows from nodes_key and a name, for what the name stands for: from
 * one nobody learns another. There must be a nodes_key. */
enum { SECRET_BYTES = 32 };
void secrets_derive(const struct secrets *s, const char *name,
		    uint8_t ret[SECRET_BYTES]);
/* The password of the role that owns this database, and bears its name:
 * letters and digits. Derived. */
enum { ROLE_PASSWORD = 33 };
void secrets_role_password(const struct secrets *s, const char *database,
			   char ret[ROLE_PASSWORD]);

#endif
