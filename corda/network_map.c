/* SPDX-License-Identifier: Apache-2.0 */
/* network_map.c - the signed list of a network's nodes and parameters. */
#include "corda/network_map.h"

#include <string.h>

#include "corda/schemas.h"

/* Descriptors: fingerprints of the classes. */
#define MAP "net.corda:hsLP+B5h/iEJtJAmTe3GXw=="
#define UPDATE "net.corda:z3ERozcEmHv5Pw+mlPH39g=="
#define HASH_LIST "net.corda:cSkzqbskuJ0tzGSo1k+Zvw=="
#define PAIR "net.corda:0EX6gpKigGJ6wZqtUS51cg=="
#define OBJECT_LIST "net.corda:1BLPJgNvsxdvPcbrIQd87g=="

static void write_update(const struct parameters_update *update,
			 struct amqp_writer *w)
{
	amqp_object_begin(w, UPDATE);
	amqp_write_string(w, update->description);
	secure_hash_write(w, update->parameters);
	instant_write(w, update->deadline, 0);
	amqp_list_end(w);
}

void network_map_write(const struct network_map *map, struct buf *out)
{
	struct amqp_writer w;

	amqp_writer_init(&w, out);
	amqp_envelope_begin(&w);
	amqp_object_begin(&w, MAP);
	secure_hash_write(&w, map->parameters);
	amqp_object_begin(&w, HASH_LIST);
	for (size_t i = 0; i < map->node_info_count; i++)
		secure_hash_write(&w, map->node_infos[i]);
	amqp_list_end(&w);
	if (map->update)
		write_update(map->update, &w);
	else
		amqp_write_null(&w);
	amqp_list_end(&w);
	schema_write(&w, SCHEMA_NETWORK_MAP);
	amqp_list_end(&w);
}

void network_map_pair_write(const struct signed_data *map,
			    const struct signed_node_info *infos, size_t count,
			    struct buf *out)
{
	struct amqp_writer w;

	amqp_writer_init(&w, out);
	amqp_envelope_begin(&w);
	amqp_object_begin(&w, PAIR);
	signed_data_write(map, &w);
	amqp_object_begin(&w, OBJECT_LIST);
	for (size_t i = 0; i < count; i++)
		signed_node_info_write(&infos[i], &w);
	amqp_list_end(&w);
	amqp_list_end(&w);
	schema_write(&w, SCHEMA_PAIR);
	amqp_list_end(&w);
}

static int read_hash(const struct amqp_value *v, uint8_t ret[SECURE_HASH],
		     struct error *err)
{
	struct der hash = der_of(amqp_get(v, "bytes"));

	if (hash.len != SECURE_HASH)
		return error_set(err, ERROR_INPUT, "expected a SHA-256");
	memcpy(ret, hash.bytes, SECURE_HASH);
	return 0;
}

static int read_infos(const struct amqp_value *list, struct arena *arena,
		      struct network_map *map, struct error *err)
{
	size_t n = amqp_count(list);
	uint8_t(*hashes)[SECURE_HASH] =
		arena_array(arena, n + 1, sizeof(*hashes));

	if (!hashes)
		return error_nomem(err);
	for (size_t i = 0; i < n; i++)
		if (read_hash(amqp_at(list, i), hashes[i], err) < 0)
			return -1;
	map->node_infos = hashes;
	map->node_info_count = n;
	return 0;
}

static int read_update(const struct amqp_value *v, struct arena *arena,
		       struct network_map *map, struct error *err)
{
	struct parameters_update *update =
		arena_new(arena, struct parameters_update);
	const struct amqp_value *deadline =
		amqp_bare(amqp_get(v, "updateDeadline"));

	if (!update)
		return error_nomem(err);
	if (amqp_text(amqp_get(v, "description"), arena, &update->description,
		      err) < 0)
		return -1;
	update->deadline = amqp_int(amqp_at(deadline, 0), 0);
	map->update = update;
	return read_hash(amqp_get(v, "newParametersHash"), update->parameters,
			 err);
}

int network_map_read(struct der inner, struct arena *arena,
		     struct network_map *ret, struct error *err)
{
	struct network_map map = { .update = NULL };
	const struct amqp_value *v, *update;

	if (amqp_read(inner.bytes, inner.len, arena, &v, err) < 0)
		return -1;
	if (!amqp_is(v, "net.corda.nodeapi.internal.network.NetworkMap"))
		return error_set(err, ERROR_INPUT, "expected a NetworkMap");
	update = amqp_get(v, "parametersUpdate");
	if (read_hash(amqp_get(v, "networkParameterHash"), map.parameters,
		      err) < 0 ||
	    read_infos(amqp_get(v, "nodeInfoHashes"), arena, &map, err) < 0)
		return -1;
	if (update && update->type == AMQP_OBJECT &&
	    read_update(update, arena, &map, err) < 0)
		return -1;
	*ret = map;
	return 0;
}
