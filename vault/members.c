/* SPDX-License-Identifier: Apache-2.0 */
/* members.c - whether a transaction belongs to the network of the run. */
#include "vault/members.h"

#include <string.h>

#include "vault/check.h"

enum { MEMBERS_MAX = 1 << 16, SIGNERS_MAX = 256 };

const char *foreign_text(enum foreign foreign)
{
	static const char *const texts[] = {
		[FOREIGN_NOT] = "nothing belongs to another network",
		[FOREIGN_NOTARY] = "the notary does not belong to this network",
		[FOREIGN_PARAMETERS] =
			"the network parameters do not belong to this network",
		[FOREIGN_ISSUER] = "the issuer of the cash does not belong to"
				   " this network",
		[FOREIGN_INPUT] = "the transaction spends a state of a "
				  "transaction that is not recorded in this "
				  "network",
	};

	return texts[foreign];
}

/* ---- what the nodes say ---- */

struct reading {
	struct check *check;
	struct error *err;
};

/* Room for one more of `count` items; old ones stay in the arena. */
static int grow(struct reading *r, void *list, size_t size, size_t count,
		size_t *room)
{
	size_t more = *room ? *room * 2 : 64;
	void *old = *(void **)list, *bigger;

	if (count < *room)
		return 0;
	if (more > MEMBERS_MAX)
		return error_set(r->err, ERROR_INTERNAL,
				 "more than %d parties or parameters",
				 MEMBERS_MAX);
	bigger = arena_array(&r->check->arena, more, size);
	if (!bigger)
		return error_nomem(r->err);
	if (count)
		memcpy(bigger, old, count * size);
	*(void **)list = bigger;
	*room = more;
	return 0;
}

static bool lists(const struct members *m, unsigned node, const char *hash)
{
	for (size_t i = 0; i < m->count; i++)
		if (m->list[i].node == node &&
		    strcmp(m->list[i].key_hash, hash) == 0)
			return true;
	return false;
}

static int take_party(const struct pg_row *row, void *ctx)
{
	struct reading *r = ctx;
	struct members *m = &r->check->members;
	uint16_t node = check_node_by_name(r->check, pg_text(row, 0));
	const char *hash = pg_text(row, 1);

	if (node == NODE_NONE || !hash || lists(m, node, hash))
		return 0;
	if (grow(r, &m->list, sizeof(*m->list), m->count, &m->room) < 0)
		return -1;
	hash = arena_strdup(&r->check->arena, hash);
	if (!hash)
		return error_nomem(r->err);
	m->list[m->count++] = (struct member){ node, hash };
	return 0;
}

static bool has_parameters(const struct members *m, const uint8_t *id)
{
	for (size_t i = 0; i < m->parameters_count; i++)
		if (memcmp(m->parameters[i], id, FACT_ID) == 0)
			return true;
	return false;
}

static int take_parameters(const struct pg_row *row, void *ctx)
{
	struct reading *r = ctx;
	struct members *m = &r->check->members;
	uint8_t id[FACT_ID];

	if (!fact_key(pg_text(row, 0), id) || has_parameters(m, id))
		return 0;
	if (grow(r, &m->parameters, sizeof(*m->parameters), m->parameters_count,
		 &m->parameters_room) < 0)
		return -1;
	memcpy(m->parameters[m->parameters_count++], id, FACT_ID);
	return 0;
}

int members_read(struct check *c, const struct database *db, struct error *err)
{
	struct reading r = { c, err };

	if (database_has(db, "node_info_party_cert") &&
	    pg_each(db->pg,
		    "select party_name, owning_key_hash"
		    " from node_info_party_cert",
		    take_party, &r, err) < 0)
		return error_wrap(err, "node_info_party_cert");
	if (database_has(db, "node_network_parameters") &&
	    pg_each(db->pg, "select hash from node_network_parameters",
		    take_parameters, &r, err) < 0)
		return error_wrap(err, "node_network_parameters");
	return 0;
}

/* ---- what a transaction says ---- */

/* A party without a name, which no flow of cash makes an issuer or a notary of,
 * is nobody's. */
static bool is_member(const struct check *c, const struct tx_party *party,
		      struct key_hashes *hashes)
{
	const struct members *m = &c->members;
	uint16_t node = check_node_by_name(c, party->name);
	char room[KEY_HASH_TEXT];
	bool known = false;

	if (node == NODE_NONE)
		return false;
	for (size_t i = 0; !known && i < m->count; i++)
		known = m->list[i].node == node;
	return !known ||
	       lists(m, node, key_hashes_text(hashes, &party->key, room));
}

static bool is_notary(const struct check *c, const struct tx_party *party,
		      struct key_hashes *hashes)
{
	uint16_t node = check_node_by_name(c, party->name);

	return party->key.len == 0 || /* there is none */
	       (node != NODE_NONE && c->net.nodes[node].role == NODE_NOTARY &&
		is_member(c, party, hashes));
}

enum foreign members_judge(const struct check *c, const struct transaction *tx,
			   struct key_hashes *hashes)
{
	const struct members *m = &c->members;

	if (!is_notary(c, &tx->notary, hashes) ||
	    (tx->kind == TX_NOTARY_CHANGE &&
	     !is_notary(c, &tx->new_notary, hashes)))
		return FOREIGN_NOTARY;
	for (size_t i = 0; i < tx->output_count; i++)
		if (!is_notary(c, &tx->outputs[i].notary, hashes))
			return FOREIGN_NOTARY;
	if (tx->has_parameters && m->parameters_count &&
	    !has_parameters(m, tx->parameters.bytes))
		return FOREIGN_PARAMETERS;
	for (size_t i = 0; i < tx->output_count; i++)
		if (tx->outputs[i].has_cash &&
		    !is_member(c, &tx->outputs[i].cash.issuer, hashes))
			return FOREIGN_ISSUER;
	for (size_t i = 0; i < tx->command_count; i++)
		if (tx->commands[i].exit &&
		    !is_member(c, &tx->commands[i].exited.issuer, hashes))
			return FOREIGN_ISSUER;
	return FOREIGN_NOT;
}

/*
 * The contract wants the issuer's signature for what is issued. Where there are
 * inputs, too, some of the outputs may have been moved: then one issuer who has
 * signed is enough.
 */
bool members_issuer_missing(const struct transaction *tx)
{
	struct tx_key by[SIGNERS_MAX];
	size_t count = 0, issued = 0, signed_by = 0;
	bool issue = false;

	for (size_t i = 0; i < tx->command_count; i++)
		issue |= tx->commands[i].issue;
	if (!issue)
		return false;
	for (; count < tx->signature_count && count < SIGNERS_MAX; count++)
		by[count] = tx->signatures[count].by;
	for (size_t i = 0; i < tx->output_count; i++) {
		const struct tx_output *o = &tx->outputs[i];

		if (!o->has_cash)
			continue;
		issued++;
		signed_by += key_fulfilled(&o->cash.issuer.key, by, count);
	}
	return tx->input_count ? issued && !signed_by : signed_by < issued;
}
