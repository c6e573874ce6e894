/* SPDX-License-Identifier: Apache-2.0 */
/* manifests.h - what a cluster, or podman, is told to run. */
#ifndef GENERATE_MANIFESTS_H
#define GENERATE_MANIFESTS_H

#include "generate/manifest_parts.h"

/* What all nodes share: the part "network". */
int manifests_write_network(const struct manifest_input *in, struct output *out,
			    struct error *err);
/* The doorman, where nodes register themselves, and what asks after health,
 * where there is an image of it; into "network". */
int manifests_write_services(const struct manifest_input *in,
			     struct output *out, struct error *err);
/* NetworkPolicies, if the network is to have them; into "network". */
int manifests_write_policies(const struct manifest_input *in,
			     struct output *out, struct error *err);
/* The driver, where the network has an image of it: the part "network". */
int manifests_write_driver(const struct manifest_input *in, struct output *out,
			   struct error *err);
/* The StatefulSet that this node is the first of, into the part of its name;
 * a notary's into "network", as every release needs it. */
int manifests_write_set(const struct manifest_input *in,
			const struct node_identity *first, struct output *out,
			struct error *err);

#endif
