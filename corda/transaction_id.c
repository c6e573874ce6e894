/* SPDX-License-Identifier: Apache-2.0 */
/* transaction_id.c - computes a transaction's id by one of three rules. */
#include "corda/transaction_id.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"

enum { TX_MEMORY_MAX = 64 * 1024 * 1024, COMPONENTS_MAX = 100000 };

/* ---- ids as text ---- */

const char *tx_id_text(char room[TX_ID_TEXT], const struct tx_id *id)
{
	static const char hex[] = "0123456789ABCDEF";
	char *p = room;

	if (id->algorithm != DIGEST_SHA256)
		p += snprintf(room, TX_ID_TEXT,
			      "%s:", digest_name(id->algorithm));
	for (size_t i = 0; i < digest_size(id->algorithm); i++) {
		*p++ = hex[id->bytes[i] >> 4];
		*p++ = hex[id->bytes[i] & 15];
	}
	*p = '\0';
	return room;
}

bool tx_id_equal(const struct tx_id *a, const struct tx_id *b)
{
	return a->algorithm == b->algorithm &&
	       memcmp(a->bytes, b->bytes, digest_size(a->algorithm)) == 0;
}

static int hex_value(char c)
{
	if (isdigit((unsigned char)c))
		return c - '0';
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool tx_id_parse(const char *text, struct tx_id *ret)
{
	const char *colon = strchr(text, ':');
	struct tx_id id = { .algorithm = DIGEST_SHA256 };
	size_t size;

	if (colon &&
	    !digest_by_name(text, (size_t)(colon - text), &id.algorithm))
		return false;
	text = colon ? colon + 1 : text;
	size = digest_size(id.algorithm);
	if (strlen(text) != 2 * size)
		return false;
	for (size_t i = 0; i < size; i++) {
		int high = hex_value(text[2 * i]);
		int low = hex_value(text[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		id.bytes[i] = (uint8_t)(high << 4 | low);
	}
	*ret = id;
	return true;
}

/* ---- what the bytes say ---- */

static int malformed(struct error *err, const char *what)
{
	error_set(err, ERROR_INTERNAL, "transaction: %s", what);
	return -1;
}

#define PACKAGE "net.corda.core.transactions."

int transaction_kind_of(const struct amqp_value *core, enum tx_kind *ret,
			struct error *err)
{
	static const char *const names[] = {
		[TX_WIRE] = PACKAGE "WireTransaction",
		[TX_NOTARY_CHANGE] = PACKAGE "NotaryChangeWireTransaction",
		[TX_CONTRACT_UPGRADE] =
			PACKAGE "ContractUpgradeWireTransaction",
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (amqp_is(core, names[i])) {
			*ret = (enum tx_kind)i;
			return 0;
		}
	if (core && core->type == AMQP_OBJECT)
		return error_set(err, ERROR_INTERNAL,
				 "transaction: unknown class %.*s",
				 (int)core->cls->name_len, core->cls->name);
	return malformed(err, "not an object");
}

/* Transactions of releases before 4.7 do not say it: SHA-256. */
static int algorithm_of(const struct amqp_value *core, enum digest_kind *ret,
			struct error *err)
{
	const struct amqp_value *name =
		amqp_path(core, "digestService.hashAlgorithm");

	*ret = DIGEST_SHA256;
	if (name &&
	    (name->type != AMQP_STRING ||
	     !digest_by_name((const char *)name->bytes, name->len, ret)))
		return malformed(err, "an unknown hash algorithm");
	return 0;
}

/* The bytes of an OpaqueBytes, SerializedBytes, PrivacySalt. */
static int bytes_of(const struct amqp_value *v, struct digest_part *ret,
		    struct error *err)
{
	const struct amqp_value *bytes = amqp_get(v, "bytes");

	if (!bytes || bytes->type != AMQP_BINARY)
		return malformed(err, "bytes are missing");
	*ret = (struct digest_part){ bytes->bytes, bytes->len };
	return 0;
}

int transaction_groups(const struct amqp_value *core,
		       const struct amqp_value *ret_groups[GROUPS_MAX],
		       struct error *err)
{
	const struct amqp_value *groups = amqp_get(core, "componentGroups");

	memset(ret_groups, 0, GROUPS_MAX * sizeof(*ret_groups));
	if (amqp_count(groups) == 0)
		return malformed(err, "no components");
	for (size_t i = 0; i < amqp_count(groups); i++) {
		const struct amqp_value *g = amqp_at(groups, i);
		const struct amqp_value *list = amqp_get(g, "components");
		int64_t index = amqp_int(amqp_get(g, "groupIndex"), -1);

		if (index < 0 || index >= GROUPS_MAX || ret_groups[index] ||
		    amqp_count(list) == 0 || amqp_count(list) > COMPONENTS_MAX)
			return malformed(err, "a damaged component group");
		ret_groups[index] = list;
	}
	return 0;
}

/* ---- rule 1: WireTransaction ---- */

struct hashing {
	enum digest_kind algorithm;
	struct digest_part salt;
	struct arena *arena;
};

static void put_be32(uint8_t *to, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		to[i] = (uint8_t)(v >> (24 - 8 * i));
}

/* HH(salt, x, y) */
static void path_hash(const struct hashing *h, uint32_t x, uint32_t y,
		      uint8_t out[DIGEST_MAX])
{
	uint8_t path[8];
	const struct digest_part parts[] = { h->salt, { path, sizeof(path) } };

	put_be32(path, x);
	put_be32(path + 4, y);
	digest_twice(h->algorithm, parts, 2, out);
}

/* HH(nonce, component); with SHA-256 the nonce itself is made that way too,
 * so that the component goes in twice. */
static void leaf_hash(const struct hashing *h, uint32_t group, uint32_t index,
		      struct digest_part component, uint8_t *out)
{
	uint8_t nonce[DIGEST_MAX];
	const struct digest_part parts[] = {
		{ nonce, digest_size(h->algorithm) }, component
	};

	path_hash(h, group, index, nonce);
	if (h->algorithm == DIGEST_SHA256)
		digest_twice(h->algorithm, parts, 2, nonce);
	digest_twice(h->algorithm, parts, 2, nonce);
	memcpy(out, nonce, digest_size(h->algorithm));
}

static int group_root(const struct hashing *h, uint32_t group,
		      const struct amqp_value *list, uint8_t *out,
		      struct error *err)
{
	size_t size = digest_size(h->algorithm), count = amqp_count(list);
	uint8_t *leaves = arena_array(h->arena, merkle_room(count), size);
	uint8_t root[DIGEST_MAX];

	if (!leaves)
		return error_nomem(err);
	for (size_t i = 0; i < count; i++) {
		struct digest_part component;

		if (bytes_of(amqp_at(list, i), &component, err) < 0)
			return -1;
		leaf_hash(h, group, (uint32_t)i, component, leaves + i * size);
	}
	merkle_root(h->algorithm, leaves, count, root);
	memcpy(out, root, size);
	return 0;
}

static int wire_id(const struct amqp_value *core, const struct hashing *h,
		   uint8_t out[DIGEST_MAX], struct error *err)
{
	const struct amqp_value *groups[GROUPS_MAX];
	uint8_t roots[GROUPS_MAX * DIGEST_MAX];
	size_t size = digest_size(h->algorithm), count = 0;

	if (transaction_groups(core, groups, err) < 0)
		return -1;
	memset(roots, 0xff, sizeof(roots)); /* an absent group */
	for (uint32_t g = 0; g < GROUPS_MAX; g++) {
		if (!groups[g])
			continue;
		if (group_root(h, g, groups[g], roots + g * size, err) < 0)
			return -1;
		count = g + 1;
	}
	merkle_root(h->algorithm, roots, count, out);
	return 0;
}

/* ---- rules 2 and 3: notary change, contract upgrade ---- */

static const struct amqp_value *serialized(const struct amqp_value *core,
					   struct error *err)
{
	const struct amqp_value *list = amqp_get(core, "serializedComponents");

	if (amqp_count(list) == 0 || amqp_count(list) > GROUPS_MAX)
		malformed(err, "no components");
	else
		return list;
	return NULL;
}

/* Folded from the left: H(H(H(c0), H(c1)), H(c2)) … */
static int notary_change_id(const struct amqp_value *core,
			    const struct hashing *h, uint8_t out[DIGEST_MAX],
			    struct error *err)
{
	const struct amqp_value *list = serialized(core, err);
	uint8_t hash[DIGEST_MAX];

	for (size_t i = 0; i < amqp_count(list); i++) {
		struct digest_part c;

		if (bytes_of(amqp_at(list, i), &c, err) < 0)
			return -1;
		digest_bytes(h->algorithm, c.bytes, c.len, hash);
		if (i == 0)
			memcpy(out, hash, sizeof(hash));
		else
			digest_pair(h->algorithm, out, hash, out);
	}
	return list ? 0 : -1;
}

/* One hash over the components' hashes, each with a nonce of its own. */
static int upgrade_id(const struct amqp_value *core, const struct hashing *h,
		      uint8_t out[DIGEST_MAX], struct error *err)
{
	const struct amqp_value *list = serialized(core, err);
	size_t size = digest_size(h->algorithm);
	uint8_t hashes[GROUPS_MAX * DIGEST_MAX], hash[DIGEST_MAX];

	for (size_t i = 0; i < amqp_count(list); i++) {
		struct digest_part parts[2] = { { hash, size } };

		if (bytes_of(amqp_at(list, i), &parts[1], err) < 0)
			return -1;
		path_hash(h, (uint32_t)i, 0, hash);
		digest_twice(h->algorithm, parts, 2, hash);
		memcpy(hashes + i * size, hash, size);
	}
	if (!list)
		return -1;
	digest_bytes(h->algorithm, hashes, amqp_count(list) * size, out);
	return 0;
}

/* ---- the id ---- */

int transaction_compute_id(const struct amqp_value *core, struct arena *arena,
			   struct tx_id *ret, struct error *err)
{
	struct hashing h = { .arena = arena };
	struct tx_id id = { 0 };
	enum tx_kind kind;
	int rc;

	if (transaction_kind_of(core, &kind, err) < 0 ||
	    algorithm_of(core, &h.algorithm, err) < 0)
		return -1;
	/* How the two others hash with another algorithm was never seen. */
	if (kind != TX_WIRE && h.algorithm != DIGEST_SHA256)
		return malformed(err, "an unknown rule for its id");
	if (kind != TX_NOTARY_CHANGE &&
	    bytes_of(amqp_get(core, "privacySalt"), &h.salt, err) < 0)
		return -1;
	id.algorithm = h.algorithm;
	if (kind == TX_WIRE)
		rc = wire_id(core, &h, id.bytes, err);
	else if (kind == TX_NOTARY_CHANGE)
		rc = notary_change_id(core, &h, id.bytes, err);
	else
		rc = upgrade_id(core, &h, id.bytes, err);
	if (rc == 0)
		*ret = id;
	return rc;
}

int transaction_id_of(const void *tx_bits, size_t len, struct tx_id *ret,
		      struct error *err)
{
	cleanup(arena_release) struct arena arena = ARENA_INIT(TX_MEMORY_MAX);
	const struct amqp_value *core;

	if (amqp_read(tx_bits, len, &arena, &core, err) < 0)
		return -1;
	return transaction_compute_id(core, &arena, ret, err);
}

int transaction_id_of_value(const struct amqp_value *signed_tx,
			    struct tx_id *ret, struct error *err)
{
	struct digest_part bits;

	if (bytes_of(amqp_get(signed_tx, "txBits"), &bits, err) < 0)
		return -1;
	return transaction_id_of(bits.bytes, bits.len, ret, err);
}
