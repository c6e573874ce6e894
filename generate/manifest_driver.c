/* SPDX-License-Identifier: Apache-2.0 */
/* manifest_driver.c - the driver of a network, as a Job in its cluster. */
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "data/json.h"
#include "generate/manifests.h"

enum {
	TEXT_MAX = 4 * 1024 * 1024,
	MANIFEST_MAX = 16 * 1024 * 1024,
	PIECE = 128 * 1024, /* of a text, in one ConfigMap */
	/* MiB that the driver may take: a session a node. */
	DRIVER_MEMORY = 512
};

struct driver {
	const struct manifest_input *in;
	struct buf text; /* of driver.yaml */
	struct buf maps; /* names of the ConfigMaps, for the volume */
	unsigned map_count;
};

static void driver_release(struct driver *d)
{
	buf_release(&d->text);
	buf_release(&d->maps);
}

static struct js *endpoint(const char *host, int port)
{
	struct js *at = js_object();

	js_set_str(at, "host", host);
	js_set_int(at, "port", port);
	return at;
}

/* Where the nodes are for those who live beside them. */
static int write_endpoints(const struct network *net, struct buf *out,
			   struct error *err)
{
	cleanup(js_freep) struct js *root = js_object();
	const struct external_database *e = &net->external;
	struct js *nodes = js_object();

	for (unsigned i = 0; i < net->node_count; i++)
		if (network_node_runs(net, &net->nodes[i]))
			js_set(nodes, net->nodes[i].name,
			       endpoint(net->nodes[i].host, RPC_PORT));
	js_set(root, "nodes", nodes);
	js_set(root, "database",
	       endpoint(e->host ? e->host : net->database_set,
			e->host ? e->port : DATABASE_PORT));
	if (js_print(root, JS_PRETTY, out, err) < 0)
		return -1;
	buf_add_str(out, "\n");
	return buf_check(out, err);
}

/* How much of the text is whole lines of a piece. */
static size_t piece_of(const char *text)
{
	size_t most = strnlen(text, PIECE), len = most;

	if (most < PIECE)
		return most;
	while (len && text[len - 1] != '\n')
		len--;
	return len ? len : most;
}

static int add_map(struct driver *d, const char *file, unsigned part,
		   const char *piece, size_t len, struct error *err)
{
	cleanup(values_release) struct values v = { .count = 0 };
	char name[PART_NAME], driver[OBJECT_NAME];

	manifest_part_name(network_object(d->in->net, "driver", driver),
			   d->map_count++, name);
	manifest_common(d->in, &v);
	values_text(&v, "name", name);
	buf_addf(values_add(&v, "key", VALUE_BYTES_MAX), "%s.%03u", file, part);
	buf_add(values_add(&v, "piece", PIECE), piece, len);
	buf_addf(&d->maps, "- configMap:\n    name: %s\n", name);
	return values_fill(&v, "generate/manifests/driver-map.yaml", &d->text,
			   err);
}

/* The file of that name, for the container to put together. */
static int add_file(struct driver *d, const char *file, const char *text,
		    struct error *err)
{
	for (unsigned part = 0; *text; part++) {
		size_t len = piece_of(text);

		if (add_map(d, file, part, text, len, err) < 0)
			return -1;
		text += len;
	}
	return 0;
}

static int add_files(struct driver *d, struct error *err)
{
	cleanup(buf_release) struct buf network = BUF_INIT(TEXT_MAX);
	cleanup(buf_release) struct buf endpoints = BUF_INIT(TEXT_MAX);

	if (network_write(d->in->net, &network, err) < 0 ||
	    write_endpoints(d->in->net, &endpoints, err) < 0 ||
	    add_file(d, "network.resolved.yaml", buf_text(&network), err) < 0)
		return -1;
	return add_file(d, "endpoints.json", buf_text(&endpoints), err);
}

static int add_job(struct driver *d, struct error *err)
{
	cleanup(values_release) struct values v = { .count = 0 };

	manifest_common(d->in, &v);
	manifest_image(d->in, &v, "driver_image", "driver",
		       d->in->net->driver_image);
	values_text(&v, "rpc_user", RPC_USER);
	values_number(&v, "driver_memory",
		      DRIVER_MEMORY + d->in->net->node_count);
	buf_add(values_add(&v, "driver_maps", VALUE_BYTES_MAX), d->maps.data,
		d->maps.len);
	return values_fill(&v, "generate/manifests/driver.yaml", &d->text, err);
}

int manifests_write_driver(const struct manifest_input *in, struct output *out,
			   struct error *err)
{
	cleanup(driver_release) struct driver d = {
		.in = in,
		.text = BUF_INIT(MANIFEST_MAX),
		.maps = BUF_INIT(VALUE_BYTES_MAX),
	};

	if (!in->net->driver_image)
		return 0;
	if (add_files(&d, err) < 0 || buf_check(&d.maps, err) < 0 ||
	    add_job(&d, err) < 0)
		return error_wrap(err, "the driver");
	return output_add(out, "network", "driver.yaml", &d.text, err);
}
