/* SPDX-License-Identifier: Apache-2.0 */
/* network_map.h - the signed list of a network's nodes and parameters. */
#ifndef CORDA_NETWORK_MAP_H
#define CORDA_NETWORK_MAP_H

#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "corda/node_info.h"
#include "corda/signed_data.h"

/* Parameters that will become valid. Nodes may accept them until the
 * deadline. */
struct parameters_update {
	uint8_t parameters[SECURE_HASH];
	const char *description;
	int64_t deadline; /* seconds since 1970 */
};

/* Hashes are SHA-256 of inner blobs. A map is signed like parameters: see
 * signed_data_sign(). */
struct network_map {
	uint8_t parameters[SECURE_HASH];
	const uint8_t (*node_infos)[SECURE_HASH];
	size_t node_info_count;
	const struct parameters_update *update; /* or NULL */
};

/* Adds the inner blob. */
void network_map_write(const struct network_map *map, struct buf *out);

/* All at once: Pair(signed map, signed node infos), in the map's order. */
void network_map_pair_write(const struct signed_data *map,
			    const struct signed_node_info *infos, size_t count,
			    struct buf *out);

/* For clients: reads a map. Parts live in the arena. */
int network_map_read(struct der inner, struct arena *arena,
		     struct network_map *ret, struct error *err);

#endif
