/* SPDX-License-Identifier: Apache-2.0 */
/* applicant.c - a node that registers, without the node. */
#include "test/support/applicant.h"

#include "base/cleanup.h"
#include "corda/csr.h"
#include "corda/signed_data.h"
#include "test/support/test.h"

enum { BYTES_MAX = 64 * 1024, MIDNIGHT = 1795219200 };

void applicant_init(struct applicant *a, const char *organisation)
{
	struct error err = { 0 };

	*a = (struct applicant){ .name = { .organisation = organisation,
					   .locality = "London",
					   .country = "GB" },
				 .certificate = BUF_INIT(BYTES_MAX),
				 .identity_certificate = BUF_INIT(BYTES_MAX) };
	assert_ok(key_generate(KEY_P256, &a->ca, &err), err);
	assert_ok(key_generate(KEY_ED25519, &a->identity, &err), err);
}

void applicant_release(struct applicant *a)
{
	key_free(a->ca);
	key_free(a->identity);
	buf_release(&a->certificate);
	buf_release(&a->identity_certificate);
}

void applicant_csr(const struct applicant *a, enum certificate_kind kind,
		   struct buf *out)
{
	struct error err = { 0 };

	assert_ok(csr_write(kind, &a->name, a->ca, out, &err), err);
}

static void issue_identity(struct applicant *a)
{
	struct certificate_request request = { .kind = CERTIFICATE_IDENTITY,
					       .subject = &a->name,
					       .spki = key_spki(a->identity),
					       .issuer = &a->name,
					       .issuer_key = a->ca,
					       .from = MIDNIGHT };
	struct error err = { 0 };

	if (a->identity_certificate.len)
		return;
	assert_ok(certificate_serial(request.serial, &err), err);
	assert_ok(certificate_issue(&request, &a->identity_certificate, &err),
		  err);
}

static struct der der_of_buf(const struct buf *b)
{
	return (struct der){ b->data, b->len };
}

void applicant_info(struct applicant *a, struct applicant *service,
		    struct der doorman, struct der root, int64_t serial,
		    struct buf *out)
{
	cleanup(buf_release) struct buf inner = BUF_INIT(BYTES_MAX);
	const struct node_address address = { "localhost", 10002 };
	struct der paths[2][4];
	struct certificate_path identities[2] = { { paths[0], 4 },
						  { paths[1], 3 } };
	const struct key *keys[2] = { a->identity };
	const struct node_info info = { &address,	 1,  identities,
					service ? 2 : 1, 12, serial };
	struct error err = { 0 };

	issue_identity(a);
	paths[0][0] = der_of_buf(&a->identity_certificate);
	paths[0][1] = der_of_buf(&a->certificate);
	paths[0][2] = paths[1][1] = doorman;
	paths[0][3] = paths[1][2] = root;
	if (service) {
		paths[1][0] = der_of_buf(&service->certificate);
		keys[1] = service->ca;
	}
	node_info_write(&info, &inner);
	assert_ok(node_info_sign(der_of_buf(&inner), keys, info.identity_count,
				 out, &err),
		  err);
}

void applicant_ack(const struct applicant *a, const uint8_t hash[32],
		   struct buf *out)
{
	/* Captured from a node, with our parts put in place of its own. */
	cleanup(buf_release) struct buf whole =
		test_vector("bootstrap/cz/ack-parameters.bin");
	cleanup(buf_release) struct buf blob = BUF_INIT(BYTES_MAX);
	cleanup(buf_release) struct buf signature = BUF_INIT(BYTES_MAX);
	cleanup(arena_release) struct arena arena = ARENA_INIT(1 << 20);
	struct der by, bytes, raw;
	const struct amqp_value *v;
	struct error err = { 0 };

	secure_hash_blob(hash, &blob);
	assert_ok(key_sign(a->identity, blob.data, blob.len, &signature, &err),
		  err);
	assert_ok(amqp_read(whole.data, whole.len, &arena, &v, &err), err);
	raw = der_of(amqp_path(v, "raw.bytes"));
	by = der_of(amqp_path(v, "sig.by"));
	bytes = der_of(amqp_path(v, "sig.bytes"));
	assert_int_equal(raw.len, blob.len);
	assert_int_equal(by.len, key_spki(a->identity).len);
	assert_int_equal(bytes.len, signature.len);
	memcpy(whole.data + (raw.bytes - whole.data), blob.data, blob.len);
	memcpy(whole.data + (by.bytes - whole.data),
	       key_spki(a->identity).bytes, by.len);
	memcpy(whole.data + (bytes.bytes - whole.data), signature.data,
	       signature.len);
	buf_add(out, whole.data, whole.len);
}
