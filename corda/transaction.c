/* SPDX-License-Identifier: Apache-2.0 */
/* transaction.c - reads a stored transaction, layer by layer. */
#include "corda/transaction.h"

#include <string.h>

#include "base/cleanup.h"
#include "corda/transaction_id.h"
#include "corda/transaction_parts.h"
#include "proto/snappy.h"

/*
 * A stored blob is a SignedTransaction: signatures, and txBits, which is an
 * envelope of its own and holds the transaction; its components are envelopes
 * again, so that each can be hashed by itself.
 */
struct reading {
	struct arena *arena;
	struct transaction *tx;
	struct error *err;
};

/* The object in a component's bytes. */
static const struct amqp_value *open_component(struct reading *r,
					       const struct amqp_value *item)
{
	const struct amqp_value *bytes = amqp_get(item, "bytes"), *root;

	if (!bytes || bytes->type != AMQP_BINARY) {
		tx_malformed(r->err, "a component has no bytes");
		return NULL;
	}
	if (amqp_read(bytes->bytes, bytes->len, r->arena, &root, r->err) < 0)
		return NULL;
	return root;
}

/* Makes an array for a group and calls `one` for each of its components. */
#define READ_GROUP(r, list, array, count, one)                                 \
	read_group((r), (list), (void **)&(array), sizeof(*(array)), &(count), \
		   (one))

static int read_group(struct reading *r, const struct amqp_value *list,
		      void **ret_array, size_t size, size_t *ret_count,
		      int (*one)(struct reading *r, const struct amqp_value *v,
				 void *to))
{
	size_t count = amqp_count(list);
	uint8_t *array = arena_array(r->arena, count, size);

	if (!array)
		return error_nomem(r->err);
	*ret_array = array;
	for (size_t i = 0; i < count; i++) {
		const struct amqp_value *v = open_component(r, list->items[i]);

		if (!v || one(r, v, array + i * size) < 0)
			return -1;
	}
	*ret_count = count;
	return 0;
}

static int one_state_ref(struct reading *r, const struct amqp_value *v,
			 void *to)
{
	struct state_ref *ref = to;
	int64_t index = amqp_int(amqp_get(v, "index"), -1);

	if (index < 0 || index > INT32_MAX)
		return tx_malformed(r->err, "a state reference is damaged");
	ref->index = (uint32_t)index;
	return tx_id_of_hash(amqp_get(v, "txhash"), &ref->tx, r->err);
}

static int one_output(struct reading *r, const struct amqp_value *v, void *to)
{
	return tx_output_of(v, r->arena, to, r->err);
}

static int one_command(struct reading *r, const struct amqp_value *v, void *to)
{
	return tx_command_of(v, r->arena, to, r->err);
}

static int one_hash(struct reading *r, const struct amqp_value *v, void *to)
{
	return tx_id_of_hash(v, to, r->err);
}

/* Each component is a list of keys, one of each command. */
static int read_signers(struct reading *r, const struct amqp_value *list)
{
	struct transaction *tx = r->tx;

	for (size_t i = 0; i < amqp_count(list); i++) {
		const struct amqp_value *keys =
			open_component(r, amqp_at(list, i));
		size_t more = amqp_count(keys), had = tx->signer_count;
		struct tx_key *all;

		if (!keys)
			return -1;
		all = arena_array(r->arena, had + more, sizeof(*all));
		if (!all)
			return error_nomem(r->err);
		if (had > 0)
			memcpy(all, tx->signers, had * sizeof(*all));
		for (size_t k = 0; k < more; k++)
			if (tx_key_of(amqp_at(keys, k), &all[had + k], r->err) <
			    0)
				return -1;
		tx->signers = all;
		tx->signer_count = had + more;
	}
	return 0;
}

static int read_party(struct reading *r, const struct amqp_value *item,
		      struct tx_party *ret)
{
	const struct amqp_value *v = open_component(r, item);

	return v ? tx_party_of(v, r->arena, ret, r->err) : -1;
}

static int read_parameters(struct reading *r, const struct amqp_value *item)
{
	const struct amqp_value *v = open_component(r, item);

	if (!v || tx_id_of_hash(v, &r->tx->parameters, r->err) < 0)
		return -1;
	r->tx->has_parameters = true;
	return 0;
}

static int read_wire(struct reading *r, const struct amqp_value *core)
{
	const struct amqp_value *g[GROUPS_MAX];
	struct transaction *tx = r->tx;

	if (transaction_groups(core, g, r->err) < 0 ||
	    READ_GROUP(r, g[GROUP_INPUTS], tx->inputs, tx->input_count,
		       one_state_ref) < 0 ||
	    READ_GROUP(r, g[GROUP_REFERENCES], tx->references,
		       tx->reference_count, one_state_ref) < 0 ||
	    READ_GROUP(r, g[GROUP_OUTPUTS], tx->outputs, tx->output_count,
		       one_output) < 0 ||
	    READ_GROUP(r, g[GROUP_COMMANDS], tx->commands, tx->command_count,
		       one_command) < 0 ||
	    READ_GROUP(r, g[GROUP_ATTACHMENTS], tx->attachments,
		       tx->attachment_count, one_hash) < 0 ||
	    read_signers(r, g[GROUP_SIGNERS]) < 0)
		return -1;
	tx->has_window = g[GROUP_TIME_WINDOW] != NULL;
	if (g[GROUP_NOTARY] &&
	    read_party(r, amqp_at(g[GROUP_NOTARY], 0), &tx->notary) < 0)
		return -1;
	if (g[GROUP_PARAMETERS])
		return read_parameters(r, amqp_at(g[GROUP_PARAMETERS], 0));
	return 0;
}

/* A component that is a list of StateRef. */
static int read_inputs(struct reading *r, const struct amqp_value *item)
{
	const struct amqp_value *list = open_component(r, item);
	struct transaction *tx = r->tx;

	if (!list)
		return -1;
	tx->inputs =
		arena_array(r->arena, amqp_count(list), sizeof(*tx->inputs));
	if (!tx->inputs)
		return error_nomem(r->err);
	for (size_t i = 0; i < amqp_count(list); i++)
		if (one_state_ref(r, amqp_at(list, i), &tx->inputs[i]) < 0)
			return -1;
	tx->input_count = amqp_count(list);
	return 0;
}

/* [inputs, notary, new notary, (parameters)] */
static int read_notary_change(struct reading *r, const struct amqp_value *core)
{
	const struct amqp_value *c = amqp_get(core, "serializedComponents");

	if (amqp_count(c) < 3)
		return tx_malformed(r->err, "a notary change is damaged");
	if (read_inputs(r, amqp_at(c, 0)) < 0 ||
	    read_party(r, amqp_at(c, 1), &r->tx->notary) < 0 ||
	    read_party(r, amqp_at(c, 2), &r->tx->new_notary) < 0)
		return -1;
	return amqp_count(c) > 3 ? read_parameters(r, amqp_at(c, 3)) : 0;
}

/* [inputs, notary, old attachment, new contract, new attachment,
 *  (parameters)] */
static int read_upgrade(struct reading *r, const struct amqp_value *core)
{
	const struct amqp_value *c = amqp_get(core, "serializedComponents");
	const struct amqp_value *name;

	if (amqp_count(c) < 5)
		return tx_malformed(r->err, "a contract upgrade is damaged");
	if (read_inputs(r, amqp_at(c, 0)) < 0 ||
	    read_party(r, amqp_at(c, 1), &r->tx->notary) < 0)
		return -1;
	name = open_component(r, amqp_at(c, 3));
	if (!name ||
	    amqp_text(name, r->arena, &r->tx->new_contract, r->err) < 0)
		return -1;
	if (!r->tx->new_contract)
		return tx_malformed(r->err, "a contract upgrade is damaged");
	return amqp_count(c) > 5 ? read_parameters(r, amqp_at(c, 5)) : 0;
}

static int one_signature(const struct amqp_value *v, struct tx_signature *ret,
			 struct error *err)
{
	const struct amqp_value *bytes = amqp_get(v, "bytes");
	const struct amqp_value *tree = amqp_get(v, "partialMerkleTree");
	const struct amqp_value *meta = amqp_get(v, "signatureMetadata");

	if (!bytes || bytes->type != AMQP_BINARY)
		return tx_malformed(err, "a signature is damaged");
	ret->bytes = bytes->bytes;
	ret->len = bytes->len;
	ret->platform = (int)amqp_int(amqp_get(meta, "platformVersion"), -1);
	ret->scheme = (int)amqp_int(amqp_get(meta, "schemeNumberID"), -1);
	ret->tree = tree && tree->type == AMQP_OBJECT ? tree : NULL;
	return tx_key_of(amqp_get(v, "by"), &ret->by, err);
}

static int read_signatures(struct reading *r, const struct amqp_value *list)
{
	struct transaction *tx = r->tx;

	tx->signatures = arena_array(r->arena, amqp_count(list),
				     sizeof(*tx->signatures));
	if (!tx->signatures)
		return error_nomem(r->err);
	for (size_t i = 0; i < amqp_count(list); i++)
		if (one_signature(amqp_at(list, i), &tx->signatures[i],
				  r->err) < 0)
			return -1;
	tx->signature_count = amqp_count(list);
	return 0;
}

static int read_core(struct reading *r, const struct amqp_value *core)
{
	struct transaction *tx = r->tx;

	if (transaction_kind_of(core, &tx->kind, r->err) < 0 ||
	    transaction_compute_id(core, r->arena, &tx->id, r->err) < 0)
		return -1;
	switch (tx->kind) {
	case TX_WIRE:
		return read_wire(r, core);
	case TX_NOTARY_CHANGE:
		return read_notary_change(r, core);
	case TX_CONTRACT_UPGRADE:
		return read_upgrade(r, core);
	}
	return -1;
}

int transaction_read(const uint8_t *stored, size_t len, struct buf *room,
		     struct arena *arena, struct transaction *ret,
		     struct error *err)
{
	struct transaction tx = { 0 };
	struct reading r = { .arena = arena, .tx = &tx, .err = err };
	const struct amqp_value *root, *bits, *core;
	const uint8_t *p;
	size_t size;

	if (storage_unpack(stored, len, room, &p, &size, err) < 0 ||
	    amqp_read(p, size, arena, &root, err) < 0)
		return -1;
	bits = amqp_path(root, "txBits.bytes");
	if (!bits || bits->type != AMQP_BINARY)
		return tx_malformed(err, "no SignedTransaction");
	if (amqp_read(bits->bytes, bits->len, arena, &core, err) < 0 ||
	    read_core(&r, core) < 0 ||
	    read_signatures(&r, amqp_get(root, "sigs")) < 0)
		return -1;
	*ret = tx;
	return 0;
}
