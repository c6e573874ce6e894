/* SPDX-License-Identifier: Apache-2.0 */
/* network_boot.h - a network on its way up: what its nodes and databases do. */
#ifndef DEPLOY_NETWORK_BOOT_H
#define DEPLOY_NETWORK_BOOT_H

#include "base/arena.h"
#include "data/json.h"
#include "deploy/database.h"
#include "engine/engine.h"
#include "run/migration.h"
#include "deploy/probing.h"
#include "run/network.h"

/*
 * The happy path: the database answers; each schema is restored from the
 * cache, or made by a job, or left to the nodes; as soon as a node's database
 * is there its pod is applied; it runs; a probing finds it ready. All of it is
 * one loop of small steps (up.c), so that nodes and jobs go on side by side.
 *
 * A node that fails is a result, not an error: it is BOOT_FAILED with the
 * reason, and the others go on without it. Their network map still counts it,
 * since its node info is a file like theirs.
 */
struct network_boot {
	const char *run_dir;
	struct network net;
	struct secrets secrets;
	struct arena arena;
	struct engine *engine; /* owned */
	struct probing_bell bell;
	struct run_database database;
	double database_seconds;
	struct migrations migrations;
	struct node_schema *schemas;
	unsigned schema_count;
	struct boot *boots;
	unsigned boot_count;
	int64_t look_us; /* when the next log may be looked at */
};

/*
 * A schema is made once for all nodes of the same release, CorDapps and role.
 *
 *	TODO -> DONE		restored from the cache; or the nodes make it
 *	TODO -> MIGRATING	a job works on the first node's database
 *	MIGRATING -> DONE	the others' are copies of it
 *	any -> FAILED		its nodes fail
 */
enum schema_state { SCHEMA_TODO, SCHEMA_MIGRATING, SCHEMA_DONE, SCHEMA_FAILED };

struct node_schema {
	enum schema_state state;
	const struct release *release;
	enum node_role role;
	const struct network_node *first; /* the node it is made with */
	const struct migration *migration; /* NULL: nodes make it */
	const char *cache; /* file; NULL: images without digests */
	bool restored; /* from the cache */
	struct pod *job;
	int64_t begun_us; /* monotonic */
	double seconds;
	char why[512]; /* FAILED */
	char not_kept[512]; /* why it is not in the cache; "": it is, or is not
			     * to be */
};

/*
 *	WAITING -> STARTING	its schema is done, its pod applied
 *	STARTING -> BOOTING	the container runs, probing begins
 *	BOOTING -> READY	an RPC session answers with the whole map
 *	any but READY -> FAILED
 */
enum boot_state {
	BOOT_WAITING,
	BOOT_STARTING,
	BOOT_BOOTING,
	BOOT_READY,
	BOOT_FAILED
};

struct boot {
	enum boot_state state;
	const struct network_node *node;
	const struct node_schema *schema;
	struct pod *pod; /* from STARTING on */
	struct probing *probing; /* owned, in BOOTING */
	int64_t begun_us; /* monotonic, of STARTING, then BOOTING */
	int64_t look_us; /* when its log is to be looked at next */
	double seconds; /* READY: since the container started */
	double jvm_seconds; /* by the node's own words; 0: not known */
	char why[512]; /* FAILED */
};

/* Plans schemas and boots of all nodes that run. */
int network_boot_plan(struct network_boot *nb, struct error *err);

/* One step each, without waiting; -1 ends the whole boot. */
int schema_step(struct network_boot *nb, struct node_schema *s,
		struct error *err);
int boot_step(struct network_boot *nb, struct boot *b, struct error *err);

/* Bounds in seconds, by what this network has shown so far (patience.h). */
int boot_bound(const struct network_boot *nb);
int schema_bound(const struct network_boot *nb);

/* After the boot: keeps new schemas for the next run. One that cannot be kept
 * is no error; -1 only when interrupted. */
int schemas_keep(struct network_boot *nb, struct error *err);
/* Reads "started up and registered in N sec" of a ready node. */
void boot_read_log(struct network_boot *nb, struct boot *b);
/* N of that line, 0 when it is not there. */
double boot_registered_seconds(const char *log);

/* Nodes of a role that are ready, or may yet be. A notary of several nodes
 * counts once, with as many as network_notary_needs(). */
unsigned network_boot_ready(const struct network_boot *nb, enum node_role role);
unsigned network_boot_possible(const struct network_boot *nb,
			       enum node_role role);
/* Adds "; bank-0, bank-1: no space left" of those that failed, each reason
 * once. */
void network_boot_failures(const struct network_boot *nb, struct buf *out);

#endif
