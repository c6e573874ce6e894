/* SPDX-License-Identifier: Apache-2.0 */
/* generate.h - identities, signed network files and manifests of a run. */
#ifndef GENERATE_GENERATE_H
#define GENERATE_GENERATE_H

#include <stdbool.h>

#include "base/error.h"
#include "run/network.h"

struct generate_summary {
	unsigned identities; /* none where nodes make their own */
	unsigned files;
	bool login; /* the images' registry takes the user's */
};

enum generate_format { GENERATE_PLAIN, GENERATE_HELM, GENERATE_KUSTOMIZE };

struct generate_order {
	const char *dir; /* of the manifests; made if missing */
	const char *keys; /* file: all keys, in one key store */
	const char *passwords; /* file, see run/run.h */
	const char *list; /* file: what was written, or NULL */
	const char *run; /* value of the label medley.run */
	enum generate_format format;
	bool login; /* look up the user's login to the images' registry */
};

/*
 * Writes the manifests of a network whose releases have their images. Keys and
 * passwords come from their files, or are made and kept there, mode 0600: the
 * same network and the same two files give the same bytes. (Certificates are
 * signed with numbers from chance, so that no seed could stand for the files.)
 *
 *	network/00-namespace.yaml	Namespace
 *	network/passwords.yaml		Secret medley-passwords: rpc-password,
 *					database-user, database-password (of the
 *					administrator)
 *	network/regsecret.yaml		Secret regsecret, where a login is known
 *	network/network.yaml		ConfigMap network: the parameters
 *	network/node-infos.yaml		ConfigMap node-infos; beyond 32 nodes
 *					node-infos-1 … as well
 *	network/database.yaml		Service and StatefulSet database, unless
 *					there is an external one
 *	network/healthcheck.yaml	CronJob, where there is an image of it
 *	network/network-policies.yaml	NetworkPolicies, where network.yaml
 *					wants them; and <set>-budget.yaml beside
 *					each StatefulSet: PodDisruptionBudget
 *	network/driver.yaml		if there is an image of the driver:
 *					ConfigMaps driver, driver-1 …,
 *					PersistentVolumeClaim driver,
 *					Job driver, suspended
 *	<set>/<set>.yaml		Service <set>, StatefulSet <set>
 *	<set>/<set>-conf.yaml		ConfigMap: node-<ordinal>.conf
 *	<set>/<set>-keys.yaml		Secret: <ordinal>.nodekeystore.jks,
 *					<ordinal>.sslkeystore.jks, the password
 *					<ordinal>.database; in the first
 *					truststore.jks
 *
 * The names of all objects but the Namespace begin with the network's prefix.
 *
 * Where nodes register themselves there is network/doorman.yaml (Service,
 * ConfigMap, StatefulSet) and doorman-secret.yaml instead of parameters and
 * node infos, a set is its StatefulSet alone, and no key is made.
 *
 * A notary's set is in network/ and has its replicas; the banks' have none yet.
 * Ordinals without end: maps are cut by count, <set>-keys-1 … beside the first.
 *
 * Init containers of a node, in this order: boot (the node's image, as it
 * makes the data volume the node's own), cordapps, createdb, migrate (where
 * the release needs it; skipped when done for these images and this database),
 * infos (beside the node, all the time); its container: node. Those of the
 * database: init, database; the server's data lie in
 * /var/lib/postgresql/data/pgdata, sockets in /tmp, and its first role `corda`
 * is a superuser with a database `postgres`. createdb makes the others: one a
 * node, that owns the database of its name and reaches no other.
 *
 * The Job's container, driver, drives the load of /var/lib/medley/run on the
 * claim: history.jsonl grows there with each Job of this name, phases.jsonl is
 * of the last one. It reaches the nodes by their DNS names.
 *
 * Nodes of a release that was not built are left out; ERROR_BUILD when no
 * notary is left.
 */
int generate_network(const struct network *net,
		     const struct generate_order *order,
		     struct generate_summary *ret, struct error *err);

/* Reads <run>/network.resolved.yaml and writes <run>/config/, in place of what
 * was there; keys and passwords in <run>/identities.jks and
 * <run>/secrets.json. */
int generate_config(const char *run_dir, struct generate_summary *ret,
		    struct error *err);

#endif
