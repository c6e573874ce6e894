/* SPDX-License-Identifier: Apache-2.0 */
/* pod_plan.h - turns a StatefulSet into Pods that podman can play. */
#ifndef ENGINE_POD_PLAN_H
#define ENGINE_POD_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "engine/run_manifests.h"

/*
 * What podman 4.3.1 does not take as Kubernetes writes it, and what becomes
 * of it here:
 *
 *	StatefulSet		a Pod an ordinal; no restarts, no probes: how a
 *				node fares is what the run is to find out
 *	volumeClaimTemplates	a PersistentVolumeClaim of the pod's own
 *	ConfigMap, emptyDir	become named volumes, whose names podman shares
 *				among all pods: copied under the pod's name
 *	Secret as volume	comes out as base64 text: files of the run,
 *				mounted read-only by hostPath
 *	Secret as variable	is read as JSON but stored as YAML: a secret
 *				made by `podman secret create`
 *	init containers		those that a cluster's pods need, createdb,
 *				migrate and infos, go: deploy does their work
 *	Service			aliases of the pod in the run's network
 *	resources		where podman cannot set a limit, it goes, and
 *				the request, of which podman makes another
 *
 * Names of podman's objects are global on a machine, so each begins with the
 * scope's `prefix`, which no other run has.
 */
struct pod_scope {
	const char *prefix; /* "medley-20261121-075012-3f1a" */
	const char *run_id; /* value of the label medley.run */
	const char *namespace; /* of the DNS names */
	const char *secret_dir; /* absolute: <secret_dir>/<secret>/<key> */
	/* Podman cannot set these here: the containers go without. */
	bool no_memory_limit, no_cpu_limit;
};

/* Which pod of a StatefulSet, and how it differs from the template. */
struct pod_order {
	const char *set;
	unsigned ordinal;
	uint16_t port; /* in the container, to be reached from here; 0: none */
	uint16_t host_port; /* on 127.0.0.1 */
	const char *job; /* NULL, or a word: the pod does a job and ends */
	/* Of a job: in the container's command, what follows `after` (the jar)
	 * gets `insert` put before it, and `drop` is left out. */
	const char *after, *insert, *drop;
};

struct pod_plan {
	const char *name; /* podman's, of the pod */
	const char *container; /* podman's, of the first container */
	const char *host; /* DNS name in the network; NULL for a job */
	const char *const *aliases; /* all its names there, NULL-terminated */
	const char *const *volumes; /* named volumes, NULL-terminated */
	/* A limit of the manifest is left out, as the scope demands. */
	bool no_memory_limit, no_cpu_limit;
	struct yaml_node *documents; /* a list: ConfigMaps, claims, the Pod */
};

/* All parts live in `arena`; the manifests are left as they are. */
int pod_plan(const struct pod_scope *scope, const struct manifests *m,
	     const struct pod_order *order, struct arena *arena,
	     struct pod_plan *ret, struct error *err);

/* The documents as one YAML stream. */
void pod_plan_write(const struct pod_plan *plan, struct buf *out);

/* The replicas that a StatefulSet states; 0: none, it is scaled later. */
unsigned set_replicas(const struct yaml_node *set);

#endif
