/* SPDX-License-Identifier: Apache-2.0 */
/* endpoints.c - writes where a run's nodes and database are reached. */
#include "deploy/endpoints.h"

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

int endpoints_write(const struct endpoints *e, const char *run_dir,
		    struct error *err)
{
	cleanup(js_freep) struct js *root = js_object();
	cleanup(buf_release) struct buf text = BUF_INIT(TEXT_MAX);
	const struct pod *database = e->pods[e->net->node_count];
	struct js *nodes = js_object();
	char path[PATH_ROOM];

	for (unsigned i = 0; i < e->net->node_count; i++)
		if (e->pods[i])
			js_set(nodes, e->net->nodes[i].name,
			       endpoint_of(&e->pods[i]->at,
					   e->pods[i]->container));
	js_set(root, "nodes", nodes);
	js_set(root, "database",
	       database ? endpoint_of(&database->at, database->container)
			: endpoint_of(&e->external, NULL));
	if (js_print(root, JS_PRETTY, &text, err) < 0)
		return -1;
	path_join(path, run_dir, "endpoints.json");
	return file_write(path, text.data, text.len, 0600, err);
}
