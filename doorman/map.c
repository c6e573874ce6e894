/* SPDX-License-Identifier: Apache-2.0 */
/* map.c - the signed network map, alone or with all node infos. */
#include <string.h>

#include "corda/network_map.h"
#include "doorman/nodes.h"
#include "doorman/parameters.h"

enum { MAP_NODES_MAX = 10000, MAP_ARENA = 256 * 1024 * 1024 };

/* What goes into a map; parts live in the arena. */
struct mapping {
	struct doorman *doorman;
	struct arena arena;
	uint8_t (*hashes)[SECURE_HASH];
	struct signed_node_info *infos; /* NULL: hashes alone */
	size_t count;
	struct error *err;
};

static void mapping_release(struct mapping *m)
{
	arena_release(&m->arena);
}

static int unhex(struct store *s, const char *text, uint8_t ret[SECURE_HASH],
		 struct error *err)
{
	static const char digits[] = "0123456789ABCDEF";

	for (int i = 0; i < SECURE_HASH; i++) {
		const char *high = strchr(digits, text[2 * i]);
		const char *low =
			high && *high ? strchr(digits, text[2 * i + 1]) : NULL;

		if (!low || !*low) {
			error_set(err, ERROR_INTERNAL,
				  "\"%s\" is not a valid hash; expected 64 "
				  "digits 0-9 and A-F",
				  text);
			return store_damaged(s, err);
		}
		ret[i] = (uint8_t)((high - digits) << 4 | (low - digits));
	}
	return 0;
}

static int take_info(struct mapping *m, const char *hash,
		     struct signed_node_info *ret)
{
	cleanup(buf_release) struct buf file = BUF_INIT(STORE_VALUE_MAX);
	uint8_t *copy;
	bool found;

	if (store_get(m->doorman->store, "node-info", hash, &file, &found,
		      m->err) < 0)
		return -1;
	if (!found)
		return error_set(m->err, ERROR_INTERNAL,
				 "node info %.8s is missing in the state",
				 hash);
	copy = arena_alloc(&m->arena, file.len);
	if (!copy)
		return error_nomem(m->err);
	memcpy(copy, file.data, file.len);
	if (node_info_read(copy, file.len, &m->arena, ret, m->err) == 0)
		return 0;
	error_wrap(m->err, "node info %.8s", hash);
	return store_damaged(m->doorman->store, m->err);
}

static int take_node(const char *key, const struct buf *value, void *ctx)
{
	struct mapping *m = ctx;

	(void)key;
	if (m->count == MAP_NODES_MAX)
		return error_set(m->err, ERROR_INTERNAL,
				 "the map has more than %d nodes",
				 MAP_NODES_MAX);
	if (unhex(m->doorman->store, buf_text(value), m->hashes[m->count],
		  m->err) < 0)
		return -1;
	if (m->infos && take_info(m, buf_text(value), &m->infos[m->count]) < 0)
		return -1;
	m->count++;
	return 0;
}

static int collect(struct mapping *m, bool infos)
{
	m->hashes = arena_array(&m->arena, MAP_NODES_MAX, SECURE_HASH);
	if (infos)
		m->infos = arena_array(&m->arena, MAP_NODES_MAX,
				       sizeof(*m->infos));
	if (!m->hashes || (infos && !m->infos))
		return error_nomem(m->err);
	return store_each_hash(m->doorman->store, "node", take_node, m, m->err);
}

/* Adds the inner blob. */
static int write_map(struct mapping *m, const char *current,
		     const struct js *update, struct buf *out)
{
	struct parameters_update to_come = { .description = "" };
	struct network_map map = {
		.node_infos = (const uint8_t(*)[SECURE_HASH])m->hashes,
		.node_info_count = m->count
	};

	if (unhex(m->doorman->store, current, map.parameters, m->err) < 0)
		return -1;
	if (update) {
		if (unhex(m->doorman->store, js_str(update, "hash"),
			  to_come.parameters, m->err) < 0)
			return -1;
		if (js_str(update, "description"))
			to_come.description = js_str(update, "description");
		to_come.deadline = js_int(update, "deadline", 0);
		map.update = &to_come;
	}
	network_map_write(&map, out);
	return buf_check(out, m->err);
}

static int add_pair(struct mapping *m, const struct buf *signed_map,
		    struct buf *out)
{
	struct signed_data map;

	if (signed_data_read(signed_map->data, signed_map->len, &m->arena, &map,
			     m->err) < 0)
		return -1;
	network_map_pair_write(&map, m->infos, m->count, out);
	return buf_check(out, m->err);
}

int nodes_map(struct doorman *d, bool pair, struct buf *out, bool *ret_found,
	      struct error *err)
{
	cleanup(mapping_release) struct mapping m = {
		.doorman = d, .arena = ARENA_INIT(MAP_ARENA), .err = err
	};
	cleanup(buf_release) struct buf inner = BUF_INIT(4 * 1024 * 1024);
	cleanup(buf_release) struct buf file = BUF_INIT(4 * 1024 * 1024);
	cleanup(js_freep) struct js *update = NULL;
	const struct issued *signer = &d->authority.network_map;
	char current[HASH_TEXT];

	*ret_found = false;
	if (parameters_settle(d, err) < 0 ||
	    parameters_current(d, current, &update, err) < 0)
		return -1;
	if (!current[0])
		return 0;
	if (collect(&m, pair) != 0 ||
	    write_map(&m, current, update, &inner) < 0 ||
	    signed_data_sign((struct der){ inner.data, inner.len },
			     signer->certificate, signer->key, &file, err) < 0)
		return -1;
	*ret_found = true;
	if (pair)
		return add_pair(&m, &file, out);
	buf_add(out, file.data, file.len);
	return buf_check(out, err);
}
