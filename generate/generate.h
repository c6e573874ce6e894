/* SPDX-License-Identifier: Apache-2.0 */
/* generate.h - identities, signed network files and manifests of a run. */
#ifndef GENERATE_GENERATE_H
#define GENERATE_GENERATE_H

#include "base/error.h"

struct generate_summary {
	unsigned identities;
	unsigned files;
};

/*
 * Reads <run>/network.resolved.yaml and writes <run>/config/ and
 * <run>/secrets.json, in place of what was there. The same network and seed
 * give the same manifests; keys are new unless they are there already.
 *
 *	config/network/network.yaml	Secrets and ConfigMaps all share,
 *					database StatefulSet and Service
 *	config/<set>/<set>.yaml		Service, ConfigMap (node.conf), Secret
 *					(keystores), StatefulSet of a release
 */
int generate_config(const char *run_dir, struct generate_summary *ret,
		    struct error *err);

#endif
