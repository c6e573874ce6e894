/* SPDX-License-Identifier: Apache-2.0 */
/* signed_fault_test.c - keys, certificates, key stores and signed files, read
 * and made again without memory.
 */
#include "base/cleanup.h"
#include "corda/authority.h"
#include "corda/composite.h"
#include "corda/csr.h"
#include "corda/network_map.h"
#include "corda/network_parameters.h"
#include "corda/signature.h"
#include "test/support/applicant.h"
#include "test/support/fault_loop.h"
#include "test/support/test.h"

enum { ROOM = 16 * 1024 * 1024, MIDNIGHT = 1795219200 };

#define NET "bootstrap/net-jks/"
#define CZ "bootstrap/cz/"

/* A file, and what is made of it. */
struct making {
	struct buf in;
	struct arena arena;
	struct key *key; /* Ed25519: signs the same in the same way */
	struct authority authority;
	struct buf out;
	int (*make)(struct making *m, struct buf *out, struct error *err);
};

static int run(void *ctx, struct error *err)
{
	struct making *m = ctx;
	struct buf out = BUF_INIT(ROOM);

	if (m->make(m, &out, err) < 0) {
		buf_release(&out);
		return -1;
	}
	buf_release(&m->out);
	m->out = out;
	return 0;
}

static void show(void *ctx, struct buf *out)
{
	struct making *m = ctx;

	buf_add(out, m->out.data, m->out.len);
}

static void release(void *ctx)
{
	struct making *m = ctx;

	arena_release(&m->arena);
	buf_release(&m->out);
}

/* What is there already when the operation begins. */
static void begin(struct making *m, const char *vector)
{
	static const uint8_t secret[] = {
		0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b,
		0x65, 0x70, 0x04, 0x22, 0x04, 0x20, 1,	  2,	3,    4,
		5,    6,    7,	  8,	9,    10,   11,	  12,	13,   14,
		15,   16,   17,	  18,	19,   20,   21,	  22,	23,   24,
		25,   26,   27,	  28,	29,   30,   31,	  32,
	};
	struct error err = { 0 };

	*m = (struct making){ .arena = ARENA_INIT(ROOM),
			      .authority = AUTHORITY_INIT,
			      .out = BUF_INIT(ROOM) };
	assert_ok(key_read(secret, sizeof(secret), &m->key, &err), err);
	assert_ok(authority_make(&m->authority, &err), err);
	if (vector)
		m->in = test_vector(vector);
}

static void end(struct making *m)
{
	key_free(m->key);
	authority_release(&m->authority);
	buf_release(&m->in);
}

struct operation {
	const char *name, *vector;
	int (*make)(struct making *m, struct buf *out, struct error *err);
	uint64_t kinds;
};

static void fail_all(const struct operation *all, size_t count)
{
	struct fault_story story = {
		.run = run,
		.show = show,
		.release = release,
	};
	struct making m;

	for (size_t i = 0; i < count; i++) {
		begin(&m, all[i].vector);
		m.make = all[i].make;
		story.name = all[i].name;
		story.kinds = FAULTS_MEMORY | all[i].kinds;
		fault_loop(&story, &m);
		end(&m);
	}
}

#define FAIL_ALL(all) fail_all(all, ARRAY_SIZE(all))

/* ---- names ---- */

static int again_name(struct making *m, struct buf *out, struct error *err)
{
	static const char text[] = "CN=One, OU=Two, O=Three, L=Four, ST=Five, "
				   "C=GB";
	cleanup(buf_release) struct buf der = BUF_INIT(ROOM);
	struct x500_name name, again;

	if (x500_name_parse(text, &m->arena, &name, err) < 0)
		return -1;
	x500_name_der(&name, &der);
	if (buf_check(&der, err) < 0 ||
	    x500_name_from_der((struct der){ der.data, der.len }, &m->arena,
			       &again, err) < 0)
		return -1;
	x500_name_print(&again, out);
	x500_name_blob(&again, out);
	return buf_check(out, err);
}

/* Parts that may be absent are not lost. */
static int name_of_blob(struct making *m, struct buf *out, struct error *err)
{
	const struct x500_name name = { "CN", "OU", "Org", "L", "ST", "GB" };
	cleanup(buf_release) struct buf blob = BUF_INIT(ROOM);
	const struct amqp_value *v;
	struct x500_name again;

	x500_name_blob(&name, &blob);
	if (buf_check(&blob, err) < 0 ||
	    amqp_read(blob.data, blob.len, &m->arena, &v, err) < 0 ||
	    x500_name_from_amqp(v, &m->arena, &again, err) < 0)
		return -1;
	x500_name_print(&again, out);
	return buf_check(out, err);
}

static void names(void **state)
{
	static const struct operation all[] = {
		{ "x500_name", NULL, again_name, 0 },
		{ "x500_name_from_amqp", NULL, name_of_blob, 0 },
	};

	(void)state;
	FAIL_ALL(all);
}

/* ---- keys ---- */

/* Random: only that it signs what it then verifies is the same each time. */
static int try_key(const struct key *key, struct buf *out, struct error *err)
{
	cleanup(buf_release) struct buf signature = BUF_INIT(ROOM);
	struct der spki = key_spki(key);

	if (key_sign(key, "text", 4, &signature, err) < 0)
		return -1;
	buf_addf(out, "%d %zu", key_kind(key), spki.len);
	return buf_check(out, err);
}

static int new_keys(struct making *m, struct buf *out, struct error *err)
{
	cleanup(key_freep) struct key *p256 = NULL, *ed25519 = NULL;

	(void)m;
	if (key_generate(KEY_P256, &p256, err) < 0 ||
	    key_generate(KEY_ED25519, &ed25519, err) < 0 ||
	    try_key(p256, out, err) < 0)
		return -1;
	return try_key(ed25519, out, err);
}

static int read_keys(struct making *m, struct buf *out, struct error *err)
{
	static const uint8_t secret[KEY_SECRET] = { 7 };
	const struct der pkcs8 = key_pkcs8(m->key);
	cleanup(key_freep) struct key *p256 = NULL, *ed25519 = NULL;

	if (key_from_secret(secret, &p256, err) < 0 ||
	    key_read(pkcs8.bytes, pkcs8.len, &ed25519, err) < 0 ||
	    try_key(p256, out, err) < 0 ||
	    key_sign(ed25519, "text", 4, out, err) < 0)
		return -1;
	buf_add(out, key_spki(p256).bytes, key_spki(p256).len);
	return buf_check(out, err);
}

/* Keys as medley stores them, whose public keys it knows. */
static int read_pairs(struct making *m, struct buf *out, struct error *err)
{
	const struct key *made[] = { m->authority.doorman.key, m->key };

	for (size_t i = 0; i < ARRAY_SIZE(made); i++) {
		cleanup(key_freep) struct key *key = NULL;
		struct der pkcs8 = key_pkcs8(made[i]);

		if (key_read_pair(pkcs8.bytes, pkcs8.len, key_spki(made[i]),
				  &key, err) < 0 ||
		    try_key(key, out, err) < 0 || try_key(key, out, err) < 0)
			return -1;
	}
	return 0;
}

static int compose(struct making *m, struct buf *out, struct error *err)
{
	const struct der keys[] = { key_spki(m->key),
				    key_spki(m->authority.root.key) };

	/* The second one is new each time. */
	if (composite_key_write(keys, 2, 2, out, err) < 0)
		return -1;
	return composite_key_write(keys, 1, 1, out, err);
}

static void keys(void **state)
{
	static const struct operation all[] = {
		{ "key_generate", NULL, new_keys,
		  FAULTS_LIBRARY | FAULTS_RANDOM },
		{ "key_read", NULL, read_keys, FAULTS_LIBRARY },
		{ "key_read_pair", NULL, read_pairs, FAULTS_LIBRARY },
		{ "composite_key_write", NULL, compose, 0 },
	};

	(void)state;
	FAIL_ALL(all);
}

/* ---- certificates ---- */

static int certify(struct making *m, struct buf *out, struct error *err)
{
	const struct x500_name name = { .organisation = "Bank",
					.locality = "L",
					.country = "GB" };
	const struct certificate_request request = {
		.kind = CERTIFICATE_NODE_CA,
		.subject = &name,
		.spki = key_spki(m->key),
		.issuer = &name,
		.issuer_key = m->key,
		.from = MIDNIGHT,
		.serial = { 0x40 },
	};

	return certificate_issue(&request, out, err);
}

static int check_paths(struct making *m, struct buf *out, struct error *err)
{
	struct signed_node_info file;

	if (node_info_read(m->in.data, m->in.len, &m->arena, &file, err) < 0)
		return -1;
	for (size_t i = 0; i < file.info.identity_count; i++) {
		const struct certificate_path *p = &file.info.identities[i];

		if (certificate_path_check(p->certificates, p->count,
					   p->certificates[p->count - 2],
					   p->certificates[p->count - 1],
					   err) < 0)
			return -1;
	}
	buf_add_str(out, "good");
	return buf_check(out, err);
}

static int read_csr(struct making *m, struct buf *out, struct error *err)
{
	struct csr csr;

	if (csr_read(m->in.data, m->in.len, &m->arena, &csr, err) < 0)
		return -1;
	x500_name_print(&csr.name, out);
	buf_addf(out, " %d %s", csr.kind, csr.email);
	return buf_check(out, err);
}

/* What it is signed with is new each time. */
static int write_csr(struct making *m, struct buf *out, struct error *err)
{
	const struct x500_name name = { .organisation = "Bank",
					.locality = "L",
					.country = "GB" };
	cleanup(buf_release) struct buf der = BUF_INIT(ROOM);
	struct csr csr;

	if (csr_write(CERTIFICATE_NODE_CA, &name, m->authority.root.key, &der,
		      err) < 0 ||
	    csr_read(der.data, der.len, &m->arena, &csr, err) < 0)
		return -1;
	x500_name_print(&csr.name, out);
	return buf_check(out, err);
}

static void certificates(void **state)
{
	static const struct operation all[] = {
		{ "certificate_issue", NULL, certify, FAULTS_LIBRARY },
		{ "certificate_path_check", CZ "publish-132CAD7B.bin",
		  check_paths, FAULTS_LIBRARY },
		{ "csr_read", CZ "csr-BankA.der", read_csr, FAULTS_LIBRARY },
		{ "csr_write", NULL, write_csr, FAULTS_LIBRARY },
	};

	(void)state;
	FAIL_ALL(all);
}

/* ---- key stores ---- */

static int again_store(struct making *m, struct buf *out, struct error *err)
{
	struct keystore_entry *entries;
	size_t count;

	if (keystore_read(m->in.data, m->in.len, KEYSTORE_PASSWORD, &m->arena,
			  &entries, &count, err) < 0)
		return -1;
	return keystore_write(entries, count, KEYSTORE_PASSWORD, out, err);
}

static int again_authority(struct making *m, struct buf *out, struct error *err)
{
	cleanup(buf_release) struct buf store = BUF_INIT(ROOM);
	cleanup(authority_release) struct authority a = AUTHORITY_INIT;

	if (authority_write(&m->authority, &store, err) < 0 ||
	    authority_read(&a, store.data, store.len, err) < 0)
		return -1;
	return authority_write(&a, out, err);
}

static int new_authority(struct making *m, struct buf *out, struct error *err)
{
	cleanup(authority_release) struct authority a = AUTHORITY_INIT;
	cleanup(buf_release) struct buf der = BUF_INIT(ROOM);
	const struct x500_name name = { .organisation = "Bank",
					.locality = "L",
					.country = "GB" };
	struct certificate c;

	if (authority_make(&a, err) < 0 ||
	    authority_certify(&a, CERTIFICATE_NODE_CA, &name, key_spki(m->key),
			      &der, err) < 0 ||
	    certificate_read((struct der){ der.data, der.len }, &c, err) < 0)
		return -1;
	buf_addf(out, "%d", c.role);
	return buf_check(out, err);
}

static void key_stores(void **state)
{
	static const struct operation all[] = {
		{ "keystore", NET "BankA/nodekeystore.jks", again_store, 0 },
		{ "authority_read", NULL, again_authority, FAULTS_LIBRARY },
		{ "authority_make", NULL, new_authority,
		  FAULTS_LIBRARY | FAULTS_RANDOM },
	};

	(void)state;
	FAIL_ALL(all);
}

/* ---- signed files ---- */

static int again_info(struct making *m, struct buf *out, struct error *err)
{
	const struct key *const keys[] = { m->key };
	struct signed_node_info file;
	cleanup(buf_release) struct buf inner = BUF_INIT(ROOM);
	char name[NODE_INFO_FILE_NAME];
	struct x500_name subject;
	struct certificate c;

	if (node_info_read(m->in.data, m->in.len, &m->arena, &file, err) < 0)
		return -1;
	node_info_write(&file.info, &inner);
	if (buf_check(&inner, err) < 0 ||
	    node_info_sign((struct der){ inner.data, inner.len }, keys, 1, out,
			   err) < 0 ||
	    certificate_read(file.info.identities[0].certificates[0], &c, err) <
		    0 ||
	    x500_name_from_der(c.subject, &m->arena, &subject, err) < 0 ||
	    node_info_file_name(&subject, name, err) < 0)
		return -1;
	buf_add_str(out, name);
	return buf_check(out, err);
}

static int again_parameters(struct making *m, struct buf *out,
			    struct error *err)
{
	cleanup(buf_release) struct buf inner = BUF_INIT(ROOM);
	struct signed_network_parameters file;

	if (network_parameters_read(m->in.data, m->in.len, &m->arena, &file,
				    err) < 0)
		return -1;
	network_parameters_write(&file.parameters, &inner);
	if (buf_check(&inner, err) < 0)
		return -1;
	return network_parameters_sign((struct der){ inner.data, inner.len },
				       file.signer, m->key, out, err);
}

static int again_map(struct making *m, struct buf *out, struct error *err)
{
	struct network_map map;

	if (network_map_read((struct der){ m->in.data, m->in.len }, &m->arena,
			     &map, err) < 0)
		return -1;
	network_map_write(&map, out);
	return buf_check(out, err);
}

static int again_ack(struct making *m, struct buf *out, struct error *err)
{
	struct signed_hash signed_hash;

	if (signed_hash_read(m->in.data, m->in.len, &m->arena, &signed_hash,
			     err) < 0)
		return -1;
	secure_hash_blob(signed_hash.hash, out);
	return buf_check(out, err);
}

static void signed_files(void **state)
{
	static const struct operation all[] = {
		{ "node_info", CZ "publish-132CAD7B.bin", again_info,
		  FAULTS_LIBRARY },
		{ "network_parameters", NET "network-parameters",
		  again_parameters, FAULTS_LIBRARY },
		{ "network_map", "bootstrap/blobs/networkmapU.bin", again_map,
		  0 },
		{ "signed_hash", CZ "ack-parameters.bin", again_ack,
		  FAULTS_LIBRARY },
	};

	(void)state;
	FAIL_ALL(all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names),	cmocka_unit_test(keys),
		cmocka_unit_test(certificates), cmocka_unit_test(key_stores),
		cmocka_unit_test(signed_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
