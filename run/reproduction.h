/* SPDX-License-Identifier: Apache-2.0 */
/* reproduction.h - what it takes to repeat a run: its network with the digests
 * of all images, and the loads that were driven. */
#ifndef RUN_REPRODUCTION_H
#define RUN_REPRODUCTION_H

#include "data/json.h"
#include "run/load.h"
#include "run/network.h"

struct phase;

struct reproduction {
	struct network net;
	/* In the order in which they were driven. Of those without a name the
	 * load is that of the network. */
	struct load_file *drives;
	size_t drive_count; /* 0: the load was never driven */
	bool ask_nodes; /* the check asked the nodes, too */
	/* The step that changed the network while it ran ("upgrade"), which is
	 * not repeated; or NULL. */
	const char *changed;
	/* Why a load that was driven is not known; NULL: all are. */
	const char *unknown;
};

/* What the run in this directory was. Everything lives in `arena`. ERROR_INPUT
 * if a load is not known. */
int reproduction_load(const char *run_dir, struct arena *arena,
		      struct reproduction *ret, struct error *err);
/* The same with its network, which was loaded before; here an unknown load is
 * no error, but sets `unknown`. */
int reproduction_of(const char *run_dir, const struct network *net,
		    struct arena *arena, struct reproduction *ret,
		    struct error *err);

/*
 * The member `reproduce` of results.json:
 * {"network":"the text of network.resolved.yaml","ask_nodes":false,
 *  "changed":null,"drives":[{"load_file":null,"load":{…},"timeouts":{…}}…]}
 * The caller frees it. NULL: out of memory.
 */
struct js *reproduction_json(const struct reproduction *r);
/* The same read back from the root of a results.json; `name` stands for the
 * file in messages. ERROR_INPUT without the member. */
int reproduction_parse(const char *name, const struct js *results,
		       struct arena *arena, struct reproduction *ret,
		       struct error *err);
/* Reads a results.json. */
int reproduction_read(const char *path, struct arena *arena,
		      struct reproduction *ret, struct error *err);

/* network_narrow() of the network and of all loads. */
int reproduction_narrow(struct reproduction *r, const char *cell,
			struct arena *arena, struct error *err);

#endif
