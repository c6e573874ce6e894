/* SPDX-License-Identifier: Apache-2.0 */
/* identity_store.h - keeps the keys of a run, so that a step can be repeated.
 */
#ifndef GENERATE_IDENTITY_STORE_H
#define GENERATE_IDENTITY_STORE_H

#include "base/error.h"
#include "generate/identities.h"

/*
 * A file, mode 0600: all keys and chains of the network, under
 * "root", "doorman", "networkmap" and "<pod>.ca", "<pod>.tls",
 * "<pod>.identity". keytool reads it with the nodes' keystore password; what
 * protects it is its mode. Entries of nodes that the network no longer has
 * stay: when they come again, they are who they were.
 */

/* Fills in what is there and belongs to the node's legal name; no file is
 * fine. To be called between identities_init() and identities_make(). */
int identity_store_load(const char *path, struct identities *ids,
			struct error *err);
int identity_store_save(const char *path, const struct identities *ids,
			struct error *err);

#endif
