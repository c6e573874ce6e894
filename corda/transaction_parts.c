/* SPDX-License-Identifier: Apache-2.0 */
/* transaction_parts.c - parties, amounts, states out of decoded values. */
#include "corda/transaction_parts.h"

#include <string.h>

#include "base/cleanup.h"

#define CASH "net.corda.finance.contracts.asset.Cash"

/* 500 characters of four bytes, and what stands between them. */
enum { NAME_MAX_LEN = 4096 };

int tx_malformed(struct error *err, const char *what)
{
	error_set(err, ERROR_INTERNAL, "transaction: %s", what);
	return -1;
}

/* "net.corda.finance.contracts.asset.Cash$State" */
static int class_name(const struct amqp_value *v, struct arena *arena,
		      const char **ret, struct error *err)
{
	if (!v || v->type != AMQP_OBJECT)
		return tx_malformed(err, "a state or command is not an object");
	*ret = arena_strndup(arena, v->cls->name, v->cls->name_len);
	return *ret ? 0 : error_nomem(err);
}

/* As nodes write names: "O=BankA, L=London, C=GB". */
static int name_text(const struct amqp_value *name, struct arena *arena,
		     const char **ret, struct error *err)
{
	static const struct {
		const char *field, *label;
	} parts[] = {
		{ "commonName", "CN" },	 { "organisationUnit", "OU" },
		{ "organisation", "O" }, { "locality", "L" },
		{ "state", "ST" },	 { "country", "C" },
	};
	cleanup(buf_release) struct buf text = BUF_INIT(NAME_MAX_LEN);

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		const struct amqp_value *v = amqp_get(name, parts[i].field);

		if (!v || v->type != AMQP_STRING)
			continue;
		buf_add_str(&text, text.len ? ", " : "");
		buf_add_str(&text, parts[i].label);
		buf_add_str(&text, "=");
		buf_add(&text, v->bytes, v->len);
	}
	if (buf_check(&text, err) < 0)
		return -1;
	*ret = arena_strdup(arena, buf_text(&text));
	return *ret ? 0 : error_nomem(err);
}

int tx_key_of(const struct amqp_value *key, struct tx_key *ret,
	      struct error *err)
{
	const struct amqp_value *der = amqp_bare(key);

	if (!der || der->type != AMQP_BINARY)
		return tx_malformed(err, "a key is missing");
	*ret = (struct tx_key){ der->bytes, der->len };
	return 0;
}

int tx_party_of(const struct amqp_value *party, struct arena *arena,
		struct tx_party *ret, struct error *err)
{
	const struct amqp_value *name = amqp_get(party, "name");

	ret->name = NULL;
	if (name && name->type == AMQP_OBJECT &&
	    name_text(name, arena, &ret->name, err) < 0)
		return -1;
	return tx_key_of(amqp_get(party, "owningKey"), &ret->key, err);
}

int tx_id_of_hash(const struct amqp_value *secure_hash, struct tx_id *ret,
		  struct error *err)
{
	const struct amqp_value *bytes = amqp_get(secure_hash, "bytes");
	const struct amqp_value *name = amqp_get(secure_hash, "algorithm");
	struct tx_id id = { .algorithm = DIGEST_SHA256 };

	if (name && (name->type != AMQP_STRING ||
		     !digest_by_name((const char *)name->bytes, name->len,
				     &id.algorithm)))
		return tx_malformed(err, "a hash of unknown algorithm");
	if (!bytes || bytes->type != AMQP_BINARY ||
	    bytes->len != digest_size(id.algorithm))
		return tx_malformed(err, "a hash of wrong length");
	memcpy(id.bytes, bytes->bytes, bytes->len);
	*ret = id;
	return 0;
}

/* An Amount of Issued currency. */
static int cash_of(const struct amqp_value *amount, struct arena *arena,
		   struct tx_cash *ret, struct error *err)
{
	const struct amqp_value *token = amqp_get(amount, "token");
	const struct amqp_value *ref = amqp_path(token, "issuer.reference");

	ret->quantity = amqp_int(amqp_get(amount, "quantity"), -1);
	if (amqp_text(amqp_bare(amqp_get(token, "product")), arena,
		      &ret->currency, err) < 0)
		return -1;
	ref = amqp_get(ref, "bytes");
	if (ret->quantity < 0 || !ret->currency || !ref ||
	    ref->type != AMQP_BINARY)
		return tx_malformed(err, "an amount of cash is damaged");
	ret->issuer_ref = ref->bytes;
	ret->issuer_ref_len = ref->len;
	return tx_party_of(amqp_path(token, "issuer.party"), arena,
			   &ret->issuer, err);
}

/* Types as vault_states.constraint_type has them. */
static int constraint_of(const struct amqp_value *v, struct tx_output *ret,
			 struct error *err)
{
	static const char *const names[] = {
		"net.corda.core.contracts.AlwaysAcceptAttachmentConstraint",
		"net.corda.core.contracts.HashAttachmentConstraint",
		"net.corda.core.contracts."
		"WhitelistedByZoneAttachmentConstraint",
		"net.corda.core.contracts.SignatureAttachmentConstraint",
	};
	const struct amqp_value *data = NULL;
	struct tx_key key;

	ret->constraint_type = -1;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (amqp_is(v, names[i]))
			ret->constraint_type = (int)i;
	if (ret->constraint_type == 1)
		data = amqp_path(v, "attachmentId.bytes");
	if (data && data->type == AMQP_BINARY) {
		ret->constraint = data->bytes;
		ret->constraint_len = data->len;
	}
	if (ret->constraint_type != 3)
		return 0;
	if (tx_key_of(amqp_get(v, "key"), &key, err) < 0)
		return -1;
	ret->constraint = key.der;
	ret->constraint_len = key.len;
	return 0;
}

static bool is_party(const struct amqp_value *v)
{
	const struct amqp_value *key = amqp_bare(amqp_get(v, "owningKey"));

	return key && key->type == AMQP_BINARY;
}

/* The list in the state, where its class keeps one; else NULL. */
static const struct amqp_value *participants_in(const struct amqp_value *data)
{
	const struct amqp_value *list = amqp_get(data, "participants");

	if (!list || list->type != AMQP_OBJECT ||
	    list->cls->kind != AMQP_RESTRICTED_LIST)
		return NULL;
	for (size_t i = 0; i < amqp_count(list); i++)
		if (!is_party(amqp_at(list, i)))
			return NULL;
	return list;
}

/* The vault of a node has a state with a key of the node among the keys of its
 * participants and, if it is an OwnableState, of its owner. */
static int participants_of(const struct amqp_value *data, struct arena *arena,
			   struct tx_output *ret, struct error *err)
{
	const struct amqp_value *list = participants_in(data);
	const struct amqp_value *owner = amqp_get(data, "owner");
	const size_t listed = amqp_count(list);
	const bool owned =
		is_party(owner) &&
		(ret->has_cash || amqp_extends(data, "net.corda.core.contracts."
						     "OwnableState"));

	ret->all_participants = list || ret->has_cash;
	ret->participants =
		arena_array(arena, listed + owned, sizeof(*ret->participants));
	if (!ret->participants && listed + owned > 0)
		return error_nomem(err);
	ret->participant_count = listed + owned;
	for (size_t i = 0; i < listed + owned; i++)
		if (tx_party_of(i < listed ? amqp_at(list, i) : owner, arena,
				&ret->participants[i], err) < 0)
			return -1;
	return 0;
}

int tx_output_of(const struct amqp_value *state, struct arena *arena,
		 struct tx_output *ret, struct error *err)
{
	const struct amqp_value *data = amqp_get(state, "data");

	if (amqp_text(amqp_get(state, "contract"), arena, &ret->contract, err) <
		    0 ||
	    class_name(data, arena, &ret->state, err) < 0)
		return -1;
	if (!ret->contract)
		return tx_malformed(err, "an output is damaged");
	if (tx_party_of(amqp_get(state, "notary"), arena, &ret->notary, err) <
		    0 ||
	    constraint_of(amqp_get(state, "constraint"), ret, err) < 0)
		return -1;
	ret->has_cash = amqp_is(data, CASH "$State");
	if (ret->has_cash &&
	    cash_of(amqp_get(data, "amount"), arena, &ret->cash, err) < 0)
		return -1;
	if (participants_of(data, arena, ret, err) < 0)
		return -1;
	return ret->has_cash && !ret->participant_count
		       ? tx_malformed(err, "cash has no owner")
		       : 0;
}

int tx_command_of(const struct amqp_value *command, struct arena *arena,
		  struct tx_command *ret, struct error *err)
{
	if (class_name(command, arena, &ret->class_name, err) < 0)
		return -1;
	ret->issue = amqp_is(command, CASH "$Commands$Issue");
	ret->exit = amqp_is(command, CASH "$Commands$Exit");
	if (!ret->exit)
		return 0;
	return cash_of(amqp_get(command, "amount"), arena, &ret->exited, err);
}
