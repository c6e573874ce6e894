/* SPDX-License-Identifier: Apache-2.0 */
/* registration.h - what nodes that register themselves are told. */
#ifndef GENERATE_REGISTRATION_H
#define GENERATE_REGISTRATION_H

#include "generate/identities.h"
#include "generate/node_conf.h"

/*
 * Adds entries of a container's `env`, by the rules of registration.yaml, for
 * all nodes of the set that `one` is of: where their names differ,
 * $(ORDINAL) stands, which Kubernetes fills in. So a set may have more pods
 * than the network has nodes.
 */
int registration_write(const struct node_conf_rules *rules,
		       const struct network *net,
		       const struct node_identity *one, struct buf *out,
		       struct error *err);

#endif
