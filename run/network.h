/* SPDX-License-Identifier: Apache-2.0 */
/* network.h - the network of a run: releases, nodes, load, gates, bounds. */
#ifndef RUN_NETWORK_H
#define RUN_NETWORK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "run/operation.h"

/*
 * A person writes network.yaml; network_read() checks it and computes the
 * nodes. The build fills in commits and images. network_save() writes the
 * network to <run>/network.resolved.yaml, and every later step reads this file
 * with network_load().
 */

/* A node release together with the CorDapps it runs: an axis of the matrix. */
struct release {
	const char *label; /* "4.10"; "4.10+finance-4.8" where jars differ */
	const char *word; /* as in releases.txt: "maven:4.10", a commit-ish */
	const char *cordapps; /* "finance-4.0" */
	/* Known after the build; NULL or 0 before. */
	const char *commit; /* of the repository, or "maven:4.10" */
	const char *image; /* by which podman finds it, with digest */
	const char *cordapps_image; /* the same, of the CorDapp jars */
	const char *notary_image; /* registers itself; NULL: not needed */
	const char *contracts; /* SHA-256 of the contracts jar, hex */
	int platform; /* Corda-Platform-Version */
	const char *failure; /* why there is no image: cells are not-run */
};

enum node_role { NODE_BANK, NODE_NOTARY };

struct network_node {
	const char *name; /* "bank-4.5-0": in reports, logs, history */
	const char *legal_name; /* "O=bank-4.5-0, L=London, C=GB" */
	const char *set; /* StatefulSet: "bank-4-5" */
	const char *pod; /* "bank-4-5-0" */
	const char
		*host; /* "bank-4-5-0.bank-4-5.<namespace>.svc.cluster.local" */
	const char *database; /* "bank_4_5_0" */
	unsigned ordinal; /* in its StatefulSet */
	unsigned release; /* index into network.releases */
	enum node_role role;
	bool validating; /* notary */
	const char *jvm; /* "fast": see jvm.h */
	/* Of a notary of several nodes, else NULL: */
	const char *cluster; /* how they agree: "raft", or the following */
#define CLUSTER_BFT_SMART "bft-smart"
	const char *service; /* the legal name that they share */
};

/* Inside the database's container. */
/* The first version of PostgreSQL that can read a range of pages without
 * reading the whole table. The check reads long tables in such ranges. */
enum { DATABASE_PORT = 5432, DATABASE_VERSION = 14 };
/* The database with a doorman's state is network_object() of this, with '_' for
 * '-'. Its role has the same name, as the role of a node has the name of the
 * node's database. */
#define DOORMAN_DATABASE "doorman"
/* Inside every node's container. */
enum {
	P2P_PORT = 10002,
	RPC_PORT = 10003,
	RPC_ADMIN_PORT = 10004,
	CLUSTER_PORT = 10005 /* by BFT-SMaRt the next one, too */
};

/* The load of the driver: its operations, rates and limits. */
struct load {
	double rate; /* payments a second over the network, 0: no limit */
	int64_t count; /* payments in all, 0: no limit */
	int64_t seconds; /* duration, 0: no limit; the first limit ends */
	int mix[OP_KINDS]; /* weights; the first issue of a bank is extra */
	int in_flight; /* flows in flight a node */
	const char *currency;
	int64_t issue_amount, pay_min, pay_max; /* smallest units */
};

struct timeouts { /* seconds */
	int build; /* one image */
	int migrate; /* one database template */
	int boot; /* from the start of a node to its readiness */
	int flow; /* one flow, from sent to done */
	int settle; /* after the load: until the vaults are quiet */
	int down; /* teardown */
};

/* Of a node's pod in a cluster, as Kubernetes writes quantities. */
struct resources {
	const char *cpu, *memory; /* requests */
	const char *cpu_limit, *memory_limit; /* cpu_limit may be NULL */
	/* Of each container of every pod: ephemeral-storage, or NULL. */
	const char *ephemeral_storage, *ephemeral_storage_limit;
	const char *storage; /* of a volume, the database's too */
};

/* A server that is there already; `host` NULL: one of our own. */
struct external_database {
	const char *host;
	int port;
	const char *secret; /* keys database-user, database-password */
};

/* A node's taint that pods of the network put up with. Each may be NULL. */
struct toleration {
	const char *key; /* NULL: every taint */
	const char *op; /* "Equal", "Exists" */
	const char *value;
	const char *effect; /* NULL: every effect */
	int seconds; /* until a pod is evicted; 0: no limit */
};

struct key_pair;

/* What all objects and pods in a cluster have beside medley's own. The engine
 * podman takes the prefix alone. */
struct kubernetes_extras {
	const char *prefix; /* of the names of objects; NULL: none */
	const struct key_pair *labels, *annotations, *node_selector;
	unsigned label_count, annotation_count, selector_count;
	const struct toleration *tolerations;
	unsigned toleration_count;
	const char *priority_class; /* NULL: the cluster's default */
	const char *image_pull_policy; /* of every container */
	bool network_policy; /* pods reach those alone whom they need */
	bool disruption_budget; /* pods are not evicted while they are needed */
};

/* Where nodes have their keys and certificates from. */
enum identity {
	IDENTITY_STATIC, /* made before the nodes start */
	IDENTITY_DOORMAN /* each registers itself */
};

struct network {
	const char *file; /* network.yaml, for messages */
	const char *engine; /* a word of run/engine_names.h */
	const char *namespace; /* of the DNS names: "medley" */
	const char *repo; /* clone for commit-ish words, or NULL */
	const char *database_set; /* StatefulSet: "database", with the prefix */
	const char *database_image; /* known after the build */
	/* The image of the driver that runs inside a cluster; NULL: the load is
	 * driven from this machine. */
	const char *driver_image;
	/* Of a cluster; each may be NULL. */
	const char *context; /* of the kubeconfig */
	const char *storage_class; /* NULL: the cluster's default */
	const char *registry; /* "host[:port][/path]" that has the images */
	struct external_database external;
	struct resources resources;
	struct kubernetes_extras extras;
	enum identity identity;
	const char *identity_at; /* "file:line:column"; NULL: not written */
	const char *doorman_image; /* as database_image */
	const char *health_image; /* NULL: there is none */
	uint64_t seed;
	int settled_gate; /* settled payments a cell needs */
	int stable_gate; /* runs in a row a cell must have passed before this
			  * one to be required; 0: it always is */
	/* URI of the archive of a team (run/archive.h), or NULL. Only of the
	 * file that a person wrote: a run that somebody else made names no
	 * server that this machine connects to. */
	const char *history_database;
	struct load load;
	struct timeouts timeouts;
	struct release *releases;
	unsigned release_count;
	struct network_node *nodes; /* banks in file order, then notaries */
	unsigned node_count;
};

/* All parts live in `arena`. Errors: "file:line:column: what, expected …". */
int network_read(const char *path, struct arena *arena, struct network *ret,
		 struct error *err);
/* The same from a text; `name` stands for the file in messages. */
int network_parse(const char *name, const void *text, size_t len,
		  struct arena *arena, struct network *ret, struct error *err);
/* The same of a person's file of which all faults are wanted: they are added to
 * `faults`. -1 without any: only `err` says why. */
struct yaml_faults;
int network_check(const char *path, struct arena *arena,
		  struct yaml_faults *faults, struct network *ret,
		  struct error *err);
/* Gives the nodes their hosts in another namespace. ERROR_INPUT unless it is a
 * DNS label. */
int network_move(struct network *net, const char *namespace,
		 struct arena *arena, struct error *err);
/* Gives the nodes host names without a namespace, which hold in each one; the
 * nodes are copied into the arena. */
int network_unbind(struct network *net, struct arena *arena, struct error *err);
/* ERROR_INPUT if the file needs a feature that the engine does not have: podman
 * has no doorman and no external database. */
int network_check_engine(const struct network *net, struct error *err);
/* Adds the text that network_save() writes. */
int network_write(const struct network *net, struct buf *out,
		  struct error *err);
int network_save(const struct network *net, const char *run_dir,
		 struct error *err);
/* ERROR_INPUT if the directory does not have the file: then it is not a run. */
int network_check_saved(const char *run_dir, struct error *err);
int network_load(const char *run_dir, struct arena *arena, struct network *ret,
		 struct error *err);
/* The same of a file by any name. */
int network_load_file(const char *path, struct arena *arena,
		      struct network *ret, struct error *err);
/* The same of a text; `name` stands for the file in messages. */
int network_load_text(const char *name, const void *text, size_t len,
		      struct arena *arena, struct network *ret,
		      struct error *err);

/* Adds docs/network-yaml.md: every key, from the reader's own table. */
void network_keys_document(struct buf *out);

/*
 * The prefix of objects makes it possible that two networks share a namespace.
 * It is part of node->set, and so of the nodes' pods, hosts and databases. All
 * other objects, and their hosts, get their names here.
 */
enum { OBJECT_NAME = 96 };
static inline const char *network_prefix(const struct network *net)
{
	return net->extras.prefix ? net->extras.prefix : "";
}
/* Writes the prefix and `name` to the room, and returns it. */
const char *network_object(const struct network *net, const char *name,
			   char room[OBJECT_NAME]);
/* The same of DOORMAN_DATABASE. */
const char *network_doorman_database(const struct network *net,
				     char room[OBJECT_NAME]);

/* NULL when there is none. */
const struct network_node *network_find(const struct network *net,
					const char *name);
/* Whether the release has a node of this role, built or not. */
bool network_has_role(const struct network *net, unsigned release,
		      enum node_role role);
/* The node that represents a notary in the schedule, the history and the
 * findings: the first of the nodes that share its service, or the node
 * itself. */
const struct network_node *network_notary(const struct network *net,
					  const struct network_node *node);
/* How many of `nodes` BFT-SMaRt nodes must sign: of 3f + 1 nodes all except
 * f. */
static inline unsigned network_bft_signers(unsigned nodes)
{
	return nodes - (nodes - 1) / 3;
}
/* How many of the `nodes` nodes of the notary must be up: with Raft more than
 * half, with BFT-SMaRt all, because each waits for all others. */
unsigned network_notary_needs(const struct network_node *node, unsigned nodes);
/* The legal name that transactions use: the service's name if there is one. */
static inline const char *network_party(const struct network_node *node)
{
	return node->service ? node->service : node->legal_name;
}
/* A node takes part when its release was built. */
static inline bool network_node_runs(const struct network *net,
				     const struct network_node *node)
{
	return !net->releases[node->release].failure;
}

#endif
