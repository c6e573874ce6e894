/* SPDX-License-Identifier: Apache-2.0 */
/* stored_json.c - a decoded transaction as JSON. */
#include "vault/stored_json.h"

#include <stdio.h>
#include <string.h>

#include "base/money.h"
#include "corda/signature.h"

enum { REF_ROOM = TX_ID_TEXT + 16 };

static struct js *key_list(const struct tx_key *keys, size_t count)
{
	struct js *list = js_array();
	char hash[KEY_HASH_TEXT];

	for (size_t i = 0; i < count; i++) {
		bool before = false;

		for (size_t j = 0; j < i; j++)
			before |=
				keys[j].len == keys[i].len &&
				!memcmp(keys[j].der, keys[i].der, keys[i].len);
		if (!before)
			js_append_str(list, key_hash_text(hash, &keys[i]));
	}
	return list;
}

static struct js *ref_list(const struct state_ref *refs, size_t count)
{
	struct js *list = js_array();
	char id[TX_ID_TEXT], text[REF_ROOM];

	for (size_t i = 0; i < count; i++) {
		snprintf(text, sizeof(text), "%s(%u)",
			 tx_id_text(id, &refs[i].tx), refs[i].index);
		js_append_str(list, text);
	}
	return list;
}

static struct js *participant_list(const struct tx_output *o)
{
	struct js *list = js_array();
	char hash[KEY_HASH_TEXT];

	for (size_t i = 0; i < o->participant_count; i++) {
		const struct tx_party *p = &o->participants[i];
		struct js *one = js_object();

		js_set_str(one, "name", p->name);
		js_set_str(one, "key", key_hash_text(hash, &p->key));
		js_set_str(one, "node", NULL);
		js_append(list, one);
	}
	return list;
}

static struct js *output_json(const struct tx_output *o, size_t index)
{
	struct js *one = js_object();
	char hash[KEY_HASH_TEXT];

	js_set_int(one, "index", (int64_t)index);
	js_set_str(one, "contract", o->contract);
	js_set_str(one, "state", o->state);
	if (o->has_cash) {
		js_set_num(one, "amount",
			   money_units(o->cash.quantity, o->cash.currency));
		js_set_int(one, "quantity", o->cash.quantity);
		js_set_str(one, "currency", o->cash.currency);
		js_set_str(one, "issuer", o->cash.issuer.name);
	}
	/* Of cash, its owner. */
	if (o->participant_count == 1)
		js_set_str(one, "owner_key",
			   key_hash_text(hash, &o->participants[0].key));
	js_set_str(one, "notary", o->notary.name);
	js_set(one, "participants", participant_list(o));
	js_set(one, "consumed_by", js_array());
	js_set(one, "vaults", js_array());
	return one;
}

static struct js *signature_list(const struct transaction *tx)
{
	struct js *list = js_array();
	char hash[KEY_HASH_TEXT];

	for (size_t i = 0; i < tx->signature_count; i++) {
		const struct tx_key *by = &tx->signatures[i].by;
		struct js *one = js_object();

		js_set_str(one, "key", key_hash_text(hash, by));
		js_set_bool(one, "notary",
			    by->len == tx->notary.key.len &&
				    !memcmp(by->der, tx->notary.key.der,
					    by->len));
		js_append(list, one);
	}
	return list;
}

struct js *stored_json(const struct transaction *tx)
{
	static const char *const kinds[] = {
		[TX_WIRE] = "wire",
		[TX_NOTARY_CHANGE] = "notary change",
		[TX_CONTRACT_UPGRADE] = "contract upgrade",
	};
	struct js *root = js_object(), *outputs = js_array(),
		  *commands = js_array();

	for (size_t i = 0; i < tx->output_count; i++)
		js_append(outputs, output_json(&tx->outputs[i], i));
	for (size_t i = 0; i < tx->command_count; i++)
		js_append_str(commands, tx->commands[i].class_name);
	js_set(root, "stored_by", js_array());
	js_set_str(root, "kind", kinds[tx->kind]);
	js_set_str(root, "notary", tx->notary.name);
	js_set(root, "inputs", ref_list(tx->inputs, tx->input_count));
	js_set(root, "references",
	       ref_list(tx->references, tx->reference_count));
	js_set(root, "outputs", outputs);
	js_set(root, "commands", commands);
	js_set(root, "signers", key_list(tx->signers, tx->signer_count));
	js_set(root, "signatures", signature_list(tx));
	return root;
}
