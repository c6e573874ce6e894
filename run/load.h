/* SPDX-License-Identifier: Apache-2.0 */
/* load.h - checks a load, and reads the file of another load. */
#ifndef RUN_LOAD_H
#define RUN_LOAD_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "data/json.h"
#include "data/yaml.h"
#include "run/network.h"

/* Computes the count of a load that was read from `file`, if the file has
 * neither a count nor a duration. Refuses a load that does not end, or that
 * issues too little cash. `at`: the place of the load in the file. */
int load_settle(struct load *load, const struct network *net,
		const struct yaml_file *file, const struct yaml_node *at,
		struct error *err);

/* The load of `medley drive --load FILE`, which is driven once. The network's
 * own load, gates and seed do not change. */
struct load_file {
	const char *name; /* FILE; NULL: the run's own load */
	struct load load;
	struct timeouts timeouts; /* of which only `flow` counts */
};

/*
 * FILE is YAML with the keys `load` and `timeouts: {flow}` of network.yaml. A
 * key that `load` does not have gets the default of network.yaml, not the value
 * of the run. Without `timeouts.flow`, that of `net` is used. Texts live in
 * `arena`. Errors: ERROR_INPUT, "file:line:column: what, expected …".
 */
int load_file_read(const char *path, const struct network *net,
		   struct arena *arena, struct load_file *ret,
		   struct error *err);
/* The same from a text, which may be what load_file_json() made. */
int load_file_parse(const char *name, const void *text, size_t len,
		    const struct network *net, struct arena *arena,
		    struct load_file *ret, struct error *err);
/* Pairs of the network's running banks, times its notaries. */
int64_t load_cells(const struct network *net);
/* The network's own load. */
struct load_file load_file_own(const struct network *net);
/* Replaces the load of `net` by this load. */
void load_file_apply(const struct load_file *f, struct network *net);
/* Adds the text that load_file_read() reads as the same load. */
int load_file_write(const struct load_file *f, struct buf *out,
		    struct error *err);
/* {"load":{…},"timeouts":{"flow":60}}; the caller frees it. */
struct js *load_file_json(const struct load_file *f);

#endif
