/* SPDX-License-Identifier: Apache-2.0 */
/* endpoints.c - writes where a run's nodes and database are reached. */
#include "deploy/endpoints.h"

#include <string.h>

#include "data/json.h"

enum { TEXT_MAX = 16 * 1024 * 1024 };

static struct js *endpoint_of(const struct endpoint *at, const char *container)
{
	struct js *one = js_object();

	js_set_str(one, "host", at->host);
	js_set_int(one, "port", at->port);
	if (container)
		js_set_str(one, "container", container);
	return one;
}

static int save(const struct js *root, const char *run_dir, struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(TEXT_MAX);
	char path[PATH_ROOM];

	if (js_print(root, JS_PRETTY, &text, err) < 0)
		return -1;
	path_join(path, run_dir, "endpoints.json");
	return file_write(path, text.data, text.len, 0600, err);
}

int endpoints_write(const struct endpoints *e, const char *run_dir,
		    struct error *err)
{
	cleanup(js_freep) struct js *root = js_object();
	const struct pod *database = e->pods[e->net->node_count];
	struct js *nodes = js_object();

	for (unsigned i = 0; i < e->net->node_count; i++)
		if (e->pods[i])
			js_set(nodes, e->net->nodes[i].name,
			       endpoint_of(&e->pods[i]->at,
					   e->pods[i]->container));
	js_set(root, "nodes", nodes);
	js_set(root, "database",
	       database ? endpoint_of(&database->at, database->container)
			: endpoint_of(&e->external, NULL));
	return save(root, run_dir, err);
}

int endpoints_forget(const struct network *net, const char *set, unsigned from,
		     const char *run_dir, struct error *err)
{
	cleanup(js_freep) struct js *root = NULL;
	struct js *nodes;
	char path[PATH_ROOM];

	if (js_read_file(path_join(path, run_dir, "endpoints.json"), &root,
			 err) < 0)
		return -1;
	nodes = js_object();
	for (unsigned i = 0; i < net->node_count; i++) {
		const struct network_node *n = &net->nodes[i];
		const struct js *at = js_get(js_get(root, "nodes"), n->name);

		if (at && (strcmp(n->set, set) != 0 || n->ordinal < from))
			js_set(nodes, n->name, js_copy(at));
	}
	js_set(root, "nodes", nodes);
	return save(root, run_dir, err);
}
