/* SPDX-License-Identifier: Apache-2.0 */
/* network_layout.h - what the steps of reading one network.yaml share. */
#ifndef RUN_NETWORK_LAYOUT_H
#define RUN_NETWORK_LAYOUT_H

#include "run/network_keys.h"

struct layout {
	struct network_file plan;
	struct network *net; /* = &plan.net */
	struct yaml_file file;
	struct arena *arena;
	struct error *err;
	bool jars_differ; /* between banks: part of their labels then */
};

#define COMPLAIN(l, at, ...) yaml_error(&(l)->file, at, (l)->err, __VA_ARGS__)

/* Where the key stands in the file, else its map, for messages. `map` NULL: the
 * whole document. */
static inline const struct yaml_node *layout_place(const struct layout *l,
						   const struct yaml_node *map,
						   const char *key)
{
	const struct yaml_node *at =
		yaml_get(map ? map : l->file.documents[0], key);

	return at ? at : map;
}

/* Notes in *rc that a check has failed; true: nothing more is to be checked,
 * since the file does not gather its faults. */
static inline bool layout_stops(const struct layout *l, int result, int *rc)
{
	if (result < 0)
		*rc = -1;
	return result < 0 && !yaml_goes_on(&l->file, l->err);
}

/* Checks the lines of banks and notaries, and gives them what the network says
 * for all. */
int layout_check_entries(struct layout *l);
/* Checks the keys of clusters: what goes into manifests must be what it is
 * there. */
int layout_check_cluster(struct layout *l);

#endif
