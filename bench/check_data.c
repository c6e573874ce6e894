/* SPDX-License-Identifier: Apache-2.0 */
/* check_data.c - makes any number of true transactions for the check bench.
 *
 * Usage: check_data PAIRS DIR
 *
 * A pair is an issue by BankA and a payment of it to BankD, as a 4.0 node
 * stored them once (test/vectors/vault/4.0), with keys of our own, a new salt,
 * and so a new id and new signatures: nothing in them is false. Since all
 * fields keep their length, a transaction is the template with bytes replaced,
 * and the database can do the replacing. DIR gets one SQL script a database
 * (bank_a.sql, bank_d.sql, notary.sql) and signatures.bin: what verify_alone
 * verifies, records of 44 bytes of key, u32 length and message, 64 of
 * signature.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "corda/key.h"
#include "corda/signature.h"
#include "corda/transaction.h"
#include "sys/entropy.h"
#include "sys/file.h"

enum { TEMPLATE_MAX = 64 * 1024, HASH = 32, SIG = 64, SPKI = 44, SIGS = 2 };

#define ISSUE_ID                                                               \
	"2283D0C2D1F0A50E8989D3BE5E21A21B24B5A1731CB2F13D3FB7FCA5E3B9B6CC"
#define PAY_ID                                                                 \
	"0851A9472777FA2D3F8C54578CF50D3204B5869B74E1B8E249D44E3DFE77B70E"

static void check(int rc, const struct error *err)
{
	if (rc >= 0)
		return;
	fprintf(stderr, "check_data: %s\n", err->text);
	exit(70);
}

/* One stored transaction and where the bytes stand that make it another. */
struct template
{
	struct buf bytes;
	struct buf room;
	struct arena arena;
	size_t salt;
	size_t input; /* payment: the issue's id */
	size_t leaf; /* payment: its place in the notary's batch */
	size_t bits, bits_len; /* txBits */
	size_t signature[SIGS]; /* in order of signing */
	int platform[SIGS];
	unsigned signatures;
};

static size_t find(const struct template *t, const void *what, size_t len)
{
	uint8_t *at = memmem(t->bytes.data, t->bytes.len, what, len);

	if (!at) {
		fprintf(stderr, "check_data: a template lacks %zu bytes\n",
			len);
		exit(70);
	}
	return (size_t)(at - t->bytes.data);
}

static void replace(struct template *t, const void *from, const void *to,
		    size_t len)
{
	uint8_t *end = t->bytes.data + t->bytes.len;
	uint8_t *at = t->bytes.data;

	while ((at = memmem(at, (size_t)(end - at), from, len)))
		memcpy(at, to, len);
}

/* The parts of a SignedTransaction, read as the check reads them. */
static const struct amqp_value *decode(struct template *t)
{
	const struct amqp_value *root;
	struct error err;

	arena_clear(&t->arena);
	check(amqp_read(t->bytes.data, t->bytes.len, &t->arena, &root, &err),
	      &err);
	return root;
}

static void locate(struct template *t)
{
	const struct amqp_value *root = decode(t);
	const struct amqp_value *bits = amqp_path(root, "txBits.bytes");
	const struct amqp_value *sigs = amqp_get(root, "sigs");
	const struct amqp_value *core, *salt, *bytes;
	struct error err;

	t->bits = (size_t)(bits->bytes - t->bytes.data);
	t->bits_len = bits->len;
	check(amqp_read(bits->bytes, bits->len, &t->arena, &core, &err), &err);
	salt = amqp_path(core, "privacySalt.bytes");
	t->salt = (size_t)(salt->bytes - t->bytes.data);
	t->signatures = (unsigned)amqp_count(sigs);
	for (unsigned i = 0; i < t->signatures && i < SIGS; i++) {
		bytes = amqp_get(amqp_at(sigs, i), "bytes");
		t->signature[i] = (size_t)(bytes->bytes - t->bytes.data);
		t->platform[i] = (int)amqp_int(
			amqp_path(amqp_at(sigs, i),
				  "signatureMetadata.platformVersion"),
			0);
	}
}

static void load(struct template *t, const char *path)
{
	struct error err;

	buf_init(&t->bytes, TEMPLATE_MAX);
	buf_init(&t->room, TEMPLATE_MAX);
	arena_init(&t->arena, 16 * 1024 * 1024);
	check(file_read(path, &t->bytes, &err), &err);
}

/* The keys that are ours; BankD's and the change's stay the template's. */
struct keys {
	struct key *bank;
	struct key *notary;
};

/* What makes the templates one pair: see the columns of the SQL below. */
struct pair {
	uint8_t issue_salt[HASH], issue_sig[SIG];
	uint8_t pay_salt[HASH], pay_sig[SIG];
	uint8_t leaf[HASH], notary_sig[SIG];
	struct tx_id issue, pay;
};

/* Puts a new salt in, and gives the new id. */
static struct tx_id renew(struct template *t, uint8_t salt[HASH])
{
	struct tx_id id;
	struct error err;

	check(random_bytes(salt, HASH, &err), &err);
	memcpy(t->bytes.data + t->salt, salt, HASH);
	check(transaction_id_of(t->bytes.data + t->bits, t->bits_len, &id,
				&err),
	      &err);
	return id;
}

/* Signs `id` as signer number n of the template, and logs it for the peer. */
static void sign(const struct template *t, unsigned n, const struct key *key,
		 const struct tx_id *id, uint8_t ret[SIG], FILE *log)
{
	cleanup(buf_release) struct buf message = BUF_INIT(4096);
	cleanup(buf_release) struct buf signature = BUF_INIT(256);
	uint32_t len;
	struct error err;

	check(signable_bytes(id, t->platform[n], 4, &message, &err), &err);
	check(key_sign(key, message.data, message.len, &signature, &err), &err);
	memcpy(ret, signature.data, SIG);
	len = (uint32_t)message.len;
	fwrite(key_spki(key).bytes, SPKI, 1, log);
	fwrite(&len, sizeof(len), 1, log);
	fwrite(message.data, len, 1, log);
	fwrite(ret, SIG, 1, log);
}

/* The root of the notary's batch of two, with our id as one leaf. */
static struct tx_id batch_root(struct template *t, const struct tx_id *id)
{
	const struct amqp_value *sigs;
	struct tx_id root;
	struct error err;

	sigs = amqp_get(decode(t), "sigs");
	check(partial_tree_root(amqp_get(amqp_at(sigs, 1), "partialMerkleTree"),
				id, &root, &err),
	      &err);
	return root;
}

static void make_pair(struct template *issue, struct template *pay,
		      const struct keys *keys, struct pair *p, FILE *log)
{
	struct tx_id root;

	p->issue = renew(issue, p->issue_salt);
	sign(issue, 0, keys->bank, &p->issue, p->issue_sig, log);
	memcpy(pay->bytes.data + pay->input, p->issue.bytes, HASH);
	p->pay = renew(pay, p->pay_salt);
	sign(pay, 0, keys->bank, &p->pay, p->pay_sig, log);
	digest_bytes(DIGEST_SHA256, p->pay.bytes, HASH, p->leaf);
	memcpy(pay->bytes.data + pay->leaf, p->leaf, HASH);
	root = batch_root(pay, &p->pay);
	sign(pay, 1, keys->notary, &root, p->notary_sig, log);
}

/* One cell of COPY's text form. */
static void put(FILE *out, const void *bytes, size_t len, const char *end)
{
	const uint8_t *b = bytes;

	fputs("\\\\x", out);
	for (size_t i = 0; i < len; i++)
		fprintf(out, "%02x", b[i]);
	fputs(end, out);
}

static void put_pair(FILE *out, const struct pair *p)
{
	char id[TX_ID_TEXT];

	put(out, p->issue_salt, HASH, "\t");
	put(out, p->issue_sig, SIG, "\t");
	fprintf(out, "%s\t", tx_id_text(id, &p->issue));
	put(out, p->issue.bytes, HASH, "\t");
	put(out, p->pay_salt, HASH, "\t");
	put(out, p->pay_sig, SIG, "\t");
	put(out, p->leaf, HASH, "\t");
	put(out, p->notary_sig, SIG, "\t");
	fprintf(out, "%s\n", tx_id_text(id, &p->pay));
}

static void put_template(FILE *out, const char *name, const struct template *t)
{
	fprintf(out, "insert into template values ('%s', '\\x", name);
	for (size_t i = 0; i < t->bytes.len; i++)
		fprintf(out, "%02x", t->bytes.data[i]);
	fputs("');\n", out);
}

static FILE *begin(const char *dir, const char *name)
{
	char path[PATH_ROOM];
	FILE *out = fopen(path_join(path, dir, name), "w");

	if (!out) {
		perror(path);
		exit(70);
	}
	fputs("\\set ON_ERROR_STOP 1\nbegin;\n"
	      "create temp table pair (issue_salt bytea, issue_sig bytea,"
	      " issue text, issue_raw bytea, pay_salt bytea, pay_sig bytea,"
	      " leaf bytea, notary_sig bytea, pay text);\n"
	      "create temp table template (name text, bytes bytea);\n"
	      "copy pair from stdin;\n",
	      out);
	return out;
}

/* Both transactions of each pair, as large objects. */
static void put_transactions(FILE *out, const struct template *issue,
			     const struct template *pay)
{
	fputs("\\.\n", out);
	put_template(out, "issue", issue);
	put_template(out, "pay", pay);
	fprintf(out,
		"insert into node_transactions (tx_id, transaction_value)\n"
		"select issue, lo_from_bytea(0, overlay(overlay(bytes placing"
		" issue_salt from %zu) placing issue_sig from %zu))\n"
		"from pair, template where name = 'issue';\n",
		issue->salt + 1, issue->signature[0] + 1);
	fprintf(out,
		"insert into node_transactions (tx_id, transaction_value)\n"
		"select pay, lo_from_bytea(0, overlay(overlay(overlay(overlay("
		"overlay(bytes placing pay_salt from %zu) placing issue_raw"
		" from %zu) placing pay_sig from %zu) placing notary_sig from"
		" %zu) placing leaf from %zu))\n"
		"from pair, template where name = 'pay';\n",
		pay->salt + 1, pay->input + 1, pay->signature[0] + 1,
		pay->signature[1] + 1, pay->leaf + 1);
}

/* The rows of one output that this bank owns, consumed or not. */
static void put_state(FILE *out, const char *tx, int index, int consumed,
		      int pennies, const char *owner, const char *owner_hash,
		      const char *issuer_hash)
{
	fprintf(out,
		"insert into vault_states (output_index, transaction_id,"
		" consumed_timestamp, contract_state_class_name, notary_name,"
		" recorded_timestamp, state_status, relevancy_status,"
		" constraint_type, constraint_data) select %d, %s, %s,"
		" 'net.corda.finance.contracts.asset.Cash$State',"
		" 'O=Notary, L=London, C=GB', now(), %d, 0, 1, '\\x%s'"
		" from pair;\n",
		index, tx, consumed ? "now()" : "null", consumed,
		"0F3294F72BD6B0754F671794696BE69441FBC70E1D824E89832F49C2AC88"
		"02AB");
	fprintf(out,
		"insert into contract_cash_states (output_index,"
		" transaction_id, ccy_code, issuer_key_hash, issuer_ref,"
		" owner_name, pennies) select %d, %s, 'USD', '%s', '\\x01',"
		" %s, %d from pair;\n",
		index, tx, issuer_hash, owner, pennies);
	fprintf(out,
		"insert into vault_fungible_states (output_index,"
		" transaction_id, issuer_name, issuer_ref, owner_name,"
		" quantity) select %d, %s, 'O=BankA, L=London, C=GB', '\\x01',"
		" %s, %d from pair;\n",
		index, tx, owner, pennies);
	fprintf(out,
		"insert into state_party (output_index, transaction_id,"
		" public_key_hash, x500_name) select %d, %s, '%s', %s from"
		" pair;\n",
		index, tx, owner_hash, owner);
}

static void put_parties(FILE *out, const struct keys *keys)
{
	static const char *const rows[][2] = {
		{ "O=BankD, L=London, C=GB",
		  "DLHmq6zCqB4ewk8dXfaQvNRy7YbH7H5kRKiqKp1YE5Ypk5" },
	};
	char hash[KEY_HASH_TEXT];
	struct tx_key bank = { key_spki(keys->bank).bytes, SPKI };
	struct tx_key notary = { key_spki(keys->notary).bytes, SPKI };
	const char *insert = "insert into node_info_party_cert (party_name,"
			     " ismain, owning_key_hash, party_cert_binary)"
			     " values ('%s', true, '%s', lo_create(0));\n";

	fprintf(out, insert, rows[0][0], rows[0][1]);
	fprintf(out, insert, "O=BankA, L=London, C=GB",
		key_hash_text(hash, &bank));
	fprintf(out, insert, "O=Notary, L=London, C=GB",
		key_hash_text(hash, &notary));
}

static void finish_banks(FILE *a, FILE *d, const struct template *issue,
			 const struct template *pay, const struct keys *keys)
{
	const char *owner_a = "'O=BankA, L=London, C=GB'";
	const char *owner_d = "'O=BankD, L=London, C=GB'";
	const char *hash_d = "DLHmq6zCqB4ewk8dXfaQvNRy7YbH7H5kRKiqKp1YE5Ypk5";
	const char *change = "DL8PbGTuV5r7CLt97X8rjk8uAomHWiDzGno2tgZqmVNU1a";
	char hash_a[KEY_HASH_TEXT];
	struct tx_key bank = { key_spki(keys->bank).bytes, SPKI };

	key_hash_text(hash_a, &bank);
	put_transactions(a, issue, pay);
	put_transactions(d, issue, pay);
	put_parties(a, keys);
	put_parties(d, keys);
	fprintf(a,
		"insert into node_our_key_pairs (public_key_hash, private_key,"
		" public_key) values ('%s', lo_create(0), lo_create(0));\n",
		change);
	put_state(a, "issue", 0, 1, 100000, owner_a, hash_a, hash_a);
	put_state(a, "pay", 1, 0, 99900, "null", change, hash_a);
	put_state(d, "pay", 0, 0, 100, owner_d, hash_d, hash_a);
	fputs("commit;\nanalyze;\n", a);
	fputs("commit;\nanalyze;\n", d);
}

static void finish_notary(FILE *notary, const struct keys *keys)
{
	fputs("\\.\n", notary);
	put_parties(notary, keys);
	fputs("insert into node_notary_committed_states (output_index,"
	      " transaction_id, consuming_transaction_id)"
	      " select 0, issue, pay from pair;\n"
	      "insert into node_notary_committed_txs (transaction_id)"
	      " select pay from pair;\ncommit;\nanalyze;\n",
	      notary);
}

/* Our keys in place of BankA's and the notary's, in both templates. */
static void adopt(struct template *issue, struct template *pay,
		  struct keys *keys)
{
	uint8_t bank[SPKI], notary[SPKI];
	const struct amqp_value *sigs = amqp_get(decode(pay), "sigs");
	struct error err;

	memcpy(bank, amqp_bare(amqp_get(amqp_at(sigs, 0), "by"))->bytes, SPKI);
	memcpy(notary, amqp_bare(amqp_get(amqp_at(sigs, 1), "by"))->bytes,
	       SPKI);
	check(key_generate(KEY_ED25519, &keys->bank, &err), &err);
	check(key_generate(KEY_ED25519, &keys->notary, &err), &err);
	for (int i = 0; i < 2; i++) {
		struct template *t = i ? pay : issue;

		replace(t, bank, key_spki(keys->bank).bytes, SPKI);
		replace(t, notary, key_spki(keys->notary).bytes, SPKI);
		locate(t);
	}
}

static void find_links(struct template *pay)
{
	struct tx_id issue, own;
	uint8_t leaf[HASH];

	if (!tx_id_parse(ISSUE_ID, &issue) || !tx_id_parse(PAY_ID, &own))
		exit(70);
	digest_bytes(DIGEST_SHA256, own.bytes, HASH, leaf);
	pay->input = find(pay, issue.bytes, HASH);
	pay->leaf = find(pay, leaf, HASH);
}

int main(int argc, char **argv)
{
	struct template issue = { 0 }, pay = { 0 };
	struct keys keys = { 0 };
	struct pair p;
	char path[PATH_ROOM];
	FILE *a, *d, *notary, *log;

	if (argc != 3) {
		fputs("usage: check_data PAIRS DIR\n", stderr);
		return 64;
	}
	load(&issue, "test/vectors/vault/4.0/issue-" ISSUE_ID ".bin");
	load(&pay, "test/vectors/vault/4.0/batch2-" PAY_ID ".bin");
	find_links(&pay);
	adopt(&issue, &pay, &keys);
	a = begin(argv[2], "bank_a.sql");
	d = begin(argv[2], "bank_d.sql");
	notary = begin(argv[2], "notary.sql");
	log = fopen(path_join(path, argv[2], "signatures.bin"), "w");
	if (!log)
		return 70;
	for (long i = atol(argv[1]); i > 0; i--) {
		make_pair(&issue, &pay, &keys, &p, log);
		put_pair(a, &p);
		put_pair(d, &p);
		put_pair(notary, &p);
	}
	finish_banks(a, d, &issue, &pay, &keys);
	finish_notary(notary, &keys);
	return fclose(a) | fclose(d) | fclose(notary) | fclose(log) ? 70 : 0;
}
