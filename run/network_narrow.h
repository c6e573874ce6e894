/* SPDX-License-Identifier: Apache-2.0 */
/* network_narrow.h - the part of a network that some cells need. */
#ifndef RUN_NETWORK_NARROW_H
#define RUN_NETWORK_NARROW_H

#include "run/network.h"

/*
 * Leaves of the network the releases of the cells that have this name
 * (run/cell_name.h): the banks of payer and payee, and the notary. Nodes and
 * releases keep their names. The load is made smaller, so that each cell gets
 * as many payments, and each bank as many a second, as before. Lists are copied
 * into the arena. ERROR_INPUT: no cell has the name, or its releases have only
 * one bank.
 */
int network_narrow(struct network *net, const char *cell, struct arena *arena,
		   struct error *err);

/* The load of a network after it was narrowed from `before` to `after`. */
void load_narrow(struct load *load, const struct network *before,
		 const struct network *after);

#endif
