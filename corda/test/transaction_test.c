/* SPDX-License-Identifier: Apache-2.0 */
/* transaction_test.c - stored transactions say what their nodes meant. */
#include "corda/transaction.h"

#include "base/cleanup.h"
#include "corda/signature.h"
#include "data/json.h"
#include "test/support/test.h"

enum { ROOM = 16 * 1024 * 1024 };

struct stored {
	struct buf file, room;
	struct arena arena;
	struct transaction tx;
	const char *name;
};

static void stored_open(struct stored *s, const char *dir, const char *name)
{
	char path[PATH_ROOM];
	struct error err = { 0 };

	*s = (struct stored){ .file = BUF_INIT(ROOM),
			      .room = BUF_INIT(ROOM),
			      .arena = ARENA_INIT(ROOM),
			      .name = name };
	path_join(path, dir, name);
	assert_ok(file_read(path, &s->file, &err), err);
	if (transaction_read(s->file.data, s->file.len, &s->room, &s->arena,
			     &s->tx, &err) < 0)
		fail_msg("%s: %s", path, err.text);
}

static void stored_close(struct stored *s)
{
	buf_release(&s->file);
	buf_release(&s->room);
	arena_release(&s->arena);
}

static void assert_hex(const void *bytes, size_t len, const char *want)
{
	cleanup(buf_release) struct buf hex = BUF_INIT(ROOM);

	buf_add_hex(&hex, bytes, len);
	assert_int_equal(strlen(want), hex.len);
	assert_int_equal(strcasecmp(buf_text(&hex), want), 0);
}

static void assert_text(const char *text, const char *want)
{
	if (!want)
		assert_null(text);
	else
		assert_string_equal(text, want);
}

static void assert_refs(const struct state_ref *refs, size_t count,
			const struct js *want)
{
	assert_int_equal(count, js_count(want));
	for (size_t i = 0; i < count; i++) {
		char id[TX_ID_TEXT], text[TX_ID_TEXT + 16];

		snprintf(text, sizeof(text), "%s(%u)",
			 tx_id_text(id, &refs[i].tx), refs[i].index);
		assert_string_equal(text, js_text(js_at(want, i)));
	}
}

static void assert_output(const struct tx_output *o, const struct js *want)
{
	char hash[KEY_HASH_TEXT];

	assert_text(o->contract, js_str(want, "contract"));
	assert_text(o->notary.name, js_str(want, "notary"));
	assert_true(o->has_cash);
	assert_int_equal(o->cash.quantity, js_int(want, "quantity", -1));
	assert_text(o->cash.currency, js_str(want, "currency"));
	assert_text(o->cash.issuer.name, js_str(want, "issuer"));
	assert_text(key_hash_text(hash, &o->cash.issuer.key),
		    js_str(want, "issuer_key_hash"));
	assert_hex(o->cash.issuer_ref, o->cash.issuer_ref_len,
		   js_str(want, "issuer_ref"));
	assert_int_equal(o->participant_count, 1);
	assert_true(o->all_participants);
	assert_text(o->participants[0].name, js_str(want, "owner"));
	assert_hex(o->participants[0].key.der, o->participants[0].key.len,
		   js_str(want, "owner_key"));
	assert_int_equal(o->constraint_type,
			 strstr(js_str(want, "constraint"), "Signature") ? 3
									 : 1);
}

static void verify(const struct transaction *tx, struct signature_result *ret)
{
	struct error err = { 0 };

	assert_ok(transaction_verify(tx, ret, &err), err);
}

static void assert_signatures(const struct stored *s, const struct js *want)
{
	struct signature_result result;

	assert_int_equal(s->tx.signature_count, js_count(want));
	for (size_t i = 0; i < s->tx.signature_count; i++) {
		const struct tx_signature *sig = &s->tx.signatures[i];
		const struct js *w = js_at(want, i);

		assert_hex(sig->by.der, sig->by.len, js_str(w, "by"));
		assert_hex(sig->bytes, sig->len, js_str(w, "bytes"));
		assert_int_equal(sig->platform, js_int(w, "platform", -1));
		assert_int_equal(sig->scheme, js_int(w, "scheme", -1));
		assert_int_equal(!!sig->tree, !!js_get(w, "signed_root"));
		if (sig->tree) {
			struct tx_id root;

			partial_tree_root(sig->tree, &s->tx.id, &root, NULL);
			assert_hex(root.bytes, 32, js_str(w, "signed_root"));
		}
	}
	verify(&s->tx, &result);
	if (result.fault != SIGNATURE_GOOD)
		fail_msg("%s: %s", s->name, signature_fault_text(result.fault));
	assert_int_equal(result.verified, s->tx.signature_count);
}

static int check_payment(const char *name, const struct js *want, void *ctx)
{
	struct stored s;
	const struct transaction *tx = &s.tx;
	const struct js *outputs = js_get(want, "outputs");
	const struct js *commands = js_get(want, "commands");
	char text[TX_ID_TEXT];

	stored_open(&s, ctx, name);
	assert_text(tx_id_text(text, &tx->id), js_str(want, "id"));
	assert_int_equal(tx->kind, TX_WIRE);
	assert_refs(tx->inputs, tx->input_count, js_get(want, "inputs"));
	assert_refs(tx->references, tx->reference_count,
		    js_get(want, "references"));
	assert_int_equal(tx->output_count, js_count(outputs));
	for (size_t i = 0; i < tx->output_count; i++)
		assert_output(&tx->outputs[i], js_at(outputs, i));
	assert_int_equal(tx->command_count, js_count(commands));
	for (size_t i = 0; i < tx->command_count; i++) {
		const char *class_name = tx->commands[i].class_name;

		assert_string_equal(class_name, js_text(js_at(commands, i)));
		assert_int_equal(tx->commands[i].issue,
				 !!strstr(class_name, "$Issue"));
		assert_int_equal(tx->commands[i].exit,
				 !!strstr(class_name, "$Exit"));
	}
	assert_text(tx->notary.name, js_str(want, "notary"));
	assert_text(tx_id_text(text, &tx->parameters),
		    js_str(want, "parameters"));
	assert_int_equal(tx->attachment_count,
			 js_count(js_get(want, "attachments")));
	assert_signatures(&s, js_get(want, "signatures"));
	stored_close(&s);
	return 0;
}

static void reads_payments_of_every_release(void **state)
{
	static char dirs[][32] = { "test/vectors/vault/4.0",
				   "test/vectors/vault/4.5",
				   "test/vectors/vault/4.8",
				   "test/vectors/vault/4.10" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++) {
		cleanup(js_freep) struct js *expected = NULL;
		struct error err = { 0 };
		char path[PATH_ROOM];

		assert_ok(
			js_read_file(path_join(path, dirs[i], "expected.json"),
				     &expected, &err),
			err);
		js_each(expected, check_payment, dirs[i]);
	}
}

/* Cash and notes alike. */
static void assert_participant(const struct tx_output *o)
{
	assert_int_equal(o->has_cash, strstr(o->state, "Cash") != NULL);
	assert_true(o->all_participants);
	assert_int_equal(o->participant_count, 1);
	assert_non_null(strstr(o->participants[0].name, "O=Bank"));
	assert_int_equal(o->participants[0].key.len, 44);
}

static int check_workload(const char *name, const struct js *want, void *ctx)
{
	static const char *const kinds[] = { "WireTransaction",
					     "NotaryChangeWireTransaction",
					     "ContractUpgradeWireTransaction" };
	const struct js *signatures = js_get(want, "signatures");
	struct signature_result result;
	struct stored s;
	char text[TX_ID_TEXT];

	stored_open(&s, ctx, name);
	assert_text(tx_id_text(text, &s.tx.id), js_str(want, "txId"));
	assert_text(kinds[s.tx.kind], js_str(want, "kind"));
	assert_int_equal(s.tx.has_window, strstr(name, "timewindow") != NULL);
	assert_int_equal(s.tx.reference_count > 0,
			 strstr(name, "reference") != NULL);
	assert_int_equal(s.tx.input_count, 1);
	assert_int_equal(s.tx.signature_count, js_count(signatures));
	for (size_t i = 0; i < s.tx.signature_count; i++)
		assert_hex(s.tx.signatures[i].by.der, s.tx.signatures[i].by.len,
			   js_str(js_at(signatures, i), "key"));
	verify(&s.tx, &result);
	assert_int_equal(result.fault, SIGNATURE_GOOD);
	assert_int_equal(result.verified, s.tx.signature_count);
	if (s.tx.kind == TX_CONTRACT_UPGRADE)
		assert_string_equal(s.tx.new_contract, "flowtest.v2.Note2");
	if (s.tx.kind == TX_NOTARY_CHANGE)
		assert_non_null(strstr(s.tx.new_notary.name, "O=Notary4"));
	if (s.tx.kind == TX_WIRE && s.tx.output_count)
		assert_participant(&s.tx.outputs[0]);
	assert_true(s.tx.has_parameters);
	stored_close(&s);
	return 0;
}

static void reads_other_kinds(void **state)
{
	static char dir[] = "test/vectors/workloads";
	cleanup(js_freep) struct js *expected = NULL;
	struct error err = { 0 };

	(void)state;
	assert_ok(js_read_file("test/vectors/workloads/expected-tx.json",
			       &expected, &err),
		  err);
	js_each(expected, check_workload, dir);
}

#define PAYMENT                                                                \
	"pay-change-0851A9472777FA2D3F8C54578CF50D32"                          \
	"04B5869B74E1B8E249D44E3DFE77B70E.bin"

/* A class whose state has an owner may compute other participants. */
static void reads_the_owner_of_what_is_not_cash(void **state)
{
	static const char cash[] = "asset.Cash$State";
	struct stored s;
	uint8_t *at;

	(void)state;
	stored_open(&s, "test/vectors/vault/4.0", PAYMENT);
	while ((at = memmem(s.file.data, s.file.len, cash, strlen(cash))))
		at[strlen("asset.")] = 'B';
	assert_ok(transaction_read(s.file.data, s.file.len, &s.room, &s.arena,
				   &s.tx, NULL),
		  (struct error){ 0 });
	assert_int_equal(s.tx.output_count, 2);
	for (size_t i = 0; i < s.tx.output_count; i++) {
		assert_false(s.tx.outputs[i].has_cash);
		assert_false(s.tx.outputs[i].all_participants);
		assert_int_equal(s.tx.outputs[i].participant_count, 1);
	}
	assert_null(s.tx.outputs[1].participants[0].name);
	/* Where the class is not said to be owned, `owner` may be anybody. */
	while ((at = memmem(s.file.data, s.file.len, "OwnableState", 12)))
		at[0] = 'B';
	assert_ok(transaction_read(s.file.data, s.file.len, &s.room, &s.arena,
				   &s.tx, NULL),
		  (struct error){ 0 });
	assert_int_equal(s.tx.outputs[0].participant_count, 0);
	stored_close(&s);
}

static void verifies_other_algorithms(void **state)
{
	static const char *const names[] = { "signed-transaction-sha256.bin",
					     "signed-transaction-sha384.bin",
					     "signed-transaction-sha512.bin" };
	struct signature_result result;
	struct stored s;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		stored_open(&s, "test/vectors/vault/signatures", names[i]);
		verify(&s.tx, &result);
		assert_int_equal(result.verified, 1);
		stored_close(&s);
	}
}

/* Uncompressed, as 4.0 stores: each changed byte shows in the id, in a
 * signature, in what is missing, or makes the blob unreadable. */
static void finds_a_flipped_byte(void **state)
{
	struct stored s;
	struct transaction tx;
	struct signature_result result;
	struct tx_id id;
	size_t silent = 0, from, bits;

	(void)state;
	stored_open(&s, "test/vectors/vault/4.0", PAYMENT);
	id = s.tx.id;
	/* txBits: from its own magic on, without the schema behind it. */
	from = (size_t)((uint8_t *)memmem(s.file.data + 8, s.file.len - 8,
					  "corda\1", 6) -
			s.file.data);
	bits = 15000;
	for (size_t i = from; i < from + bits; i += 61) {
		struct arena a = ARENA_INIT(ROOM);

		s.file.data[i] ^= 0x20;
		if (transaction_read(s.file.data, s.file.len, &s.room, &a, &tx,
				     NULL) == 0 &&
		    tx_id_equal(&tx.id, &id))
			silent++;
		s.file.data[i] ^= 0x20;
		arena_release(&a);
	}
	assert_int_equal(silent, 0);
	verify(&s.tx, &result);
	assert_int_equal(result.fault, SIGNATURE_GOOD);
	((uint8_t *)s.tx.signatures[1].bytes)[5] ^= 1;
	verify(&s.tx, &result);
	assert_int_equal(result.fault, SIGNATURE_WRONG);
	assert_int_equal(result.verified, 1);
	((uint8_t *)s.tx.signatures[1].bytes)[5] ^= 1;
	s.tx.signature_count = 1;
	verify(&s.tx, &result);
	assert_int_equal(result.fault, SIGNATURE_MISSING);
	s.tx.signature_count = 2;
	s.tx.id.bytes[0] ^= 1;
	verify(&s.tx, &result);
	assert_int_not_equal(result.fault, SIGNATURE_GOOD);
	stored_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_payments_of_every_release),
		cmocka_unit_test(reads_other_kinds),
		cmocka_unit_test(reads_the_owner_of_what_is_not_cash),
		cmocka_unit_test(verifies_other_algorithms),
		cmocka_unit_test(finds_a_flipped_byte),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
