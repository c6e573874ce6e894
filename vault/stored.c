/* SPDX-License-Identifier: Apache-2.0 */
/* stored.c - one transaction as the nodes' databases have it. */
#include "vault/stored.h"

#include <stdio.h>
#include <string.h>

#include "base/money.h"
#include "corda/signature.h"
#include "corda/transaction.h"
#include "vault/check.h"

enum {
	ARENA_MAX = 256 * 1024 * 1024,
	BLOB_MAX = 64 * 1024 * 1024,
	REF_ROOM = TX_ID_TEXT + 16
};

struct stored {
	struct check check; /* network, database, secrets, arena alone */
	struct pg_value id;
	struct buf room; /* of the transaction */
	struct transaction tx;
	struct js *shown; /* NULL: not found yet; owned */
	const char *node; /* whose database is open */
	struct error *err;
};

/* ---- the transaction ---- */

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

static struct js *transaction_json(const struct transaction *tx)
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

/* ---- rows ---- */

static int take_blob(const struct pg_row *row, void *ctx)
{
	struct stored *s = ctx;
	const uint8_t *blob;
	size_t len;

	blob = pg_bytes(row, 0, &len);
	if (!s->shown) {
		if (!blob ||
		    transaction_read(blob, len, &s->room, &s->check.arena,
				     &s->tx, s->err) < 0)
			return blob ? -1 : 0;
		s->shown = transaction_json(&s->tx);
	}
	js_append_str(js_edit(s->shown, "stored_by"), s->node);
	return 0;
}

static struct js *output_at(const struct stored *s, int64_t index)
{
	const struct js *outputs = js_get(s->shown, "outputs");

	if (index < 0 || (size_t)index >= js_count(outputs))
		return NULL;
	return (struct js *)js_at(outputs, (size_t)index);
}

/* output_index, state_status, owner_name */
static int take_vault_row(const struct pg_row *row, void *ctx)
{
	struct stored *s = ctx;
	int64_t index = pg_int(row, 0, -1);
	struct js *output = output_at(s, index);
	struct js *one;

	if (!output)
		return 0;
	one = js_object();
	js_set_str(one, "node", s->node);
	js_set_str(one, "status",
		   pg_int(row, 1, 0) == ROW_CONSUMED ? "consumed"
						     : "unconsumed");
	js_set_str(one, "owner", pg_text(row, 2));
	js_append(js_edit(output, "vaults"), one);
	return 0;
}

static int read_database(struct stored *s, const struct database *db,
			 struct error *err)
{
	s->err = err;
	if (database_has(db, "node_transactions") &&
	    pg_each_with(db->pg,
			 "select lo_get(transaction_value)"
			 " from node_transactions where tx_id=$1",
			 &s->id, 1, take_blob, s, err) < 0)
		return -1;
	if (!s->shown || !database_has(db, "vault_states") ||
	    !database_has(db, "contract_cash_states"))
		return 0;
	return pg_each_with(db->pg,
			    "select v.output_index, v.state_status,"
			    " c.owner_name from vault_states v"
			    " left join contract_cash_states c"
			    " using (transaction_id, output_index)"
			    " where transaction_id=$1 and relevancy_status=0",
			    &s->id, 1, take_vault_row, s, err);
}

static int read_node(struct stored *s, uint16_t node, struct error *err)
{
	struct database db;
	int rc;

	if (database_open(&s->check, node, &db, err) < 0)
		return -1;
	s->node = s->check.net.nodes[node].name;
	rc = read_database(s, &db, err);
	database_close(&db);
	return rc < 0 ? error_wrap(err, "%s", s->node) : 0;
}

static int load(struct check *c, struct error *err)
{
	if (network_load(c->run_dir, &c->arena, &c->net, err) < 0 ||
	    endpoint_load(c->run_dir, NULL, &c->arena, &c->database, err) < 0)
		return -1;
	return secrets_load(c->run_dir, &c->arena, &c->secrets, err);
}

/* Banks first in the network: the notary has no blob of what it only commits.
 */
static int read_all(struct stored *s, struct error *err)
{
	if (load(&s->check, err) < 0)
		return -1;
	for (unsigned i = 0; i < s->check.net.node_count; i++)
		if (check_covers(&s->check, i) &&
		    read_node(s, (uint16_t)i, err) < 0)
			return -1;
	return 0;
}

int vault_stored(const char *run_dir, const char *tx, struct js **ret,
		 struct error *err)
{
	struct stored s = { .check = { .run_dir = run_dir,
				       .arena = ARENA_INIT(ARENA_MAX) },
			    .id = { tx, strlen(tx) },
			    .room = BUF_INIT(BLOB_MAX) };
	int rc = read_all(&s, err);

	if (rc == 0)
		*ret = s.shown;
	else
		js_free(s.shown);
	buf_release(&s.room);
	arena_release(&s.check.arena);
	return rc;
}
