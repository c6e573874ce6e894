/* SPDX-License-Identifier: Apache-2.0 */
/* manifests.h - what a cluster, or podman, is told to run. */
#ifndef GENERATE_MANIFESTS_H
#define GENERATE_MANIFESTS_H

#include "base/buf.h"
#include "base/error.h"
#include "generate/identities.h"
#include "generate/node_conf.h"
#include "run/run.h"

/* Everything that goes into the manifests; all borrowed. */
struct manifest_input {
	const char *run_id;
	const struct network *net;
	const struct identities *ids;
	const struct secrets *secrets;
	const struct node_conf_rules *rules;
};

/* A ConfigMap holds 1 MiB, a node info has less than 5 KiB. */
enum { INFOS_PER_MAP = 200 };

/* Adds network.yaml: shared Secret, ConfigMaps, database. */
int manifests_write_network(const struct manifest_input *in, struct buf *out,
			    struct error *err);
/* Adds the manifest of the StatefulSet that this node is in. */
int manifests_write_set(const struct manifest_input *in,
			const struct node_identity *first, struct buf *out,
			struct error *err);

#endif
