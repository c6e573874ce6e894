/* SPDX-License-Identifier: Apache-2.0 */
/* signed_data.c - a blob together with its signature. */
#include "corda/signed_data.h"

#include <string.h>

#include "corda/schemas.h"
#include "corda/verify.h"

/* Descriptors: fingerprints of the classes. */
#define SIGNED "net.corda:e98tEhZoDgCPaw7e/CggMA=="
#define SERIALIZED "net.corda:Da+PVvagr1XTEHgLWYrVsA=="
#define SIGNATURE "net.corda:VTHxvfMXaAOWqzJg4w/APQ=="
#define CERTIFICATE "net.corda:java.security.cert.X509Certificate"
#define CERTIFICATE_LIST "net.corda:YRDUtwa/h53JTjkh6Z5v+A=="
#define HASH "net.corda:7YZSUU3tC6YvtX33Klo9Jg=="
#define INSTANT "net.corda:java.time.Instant"

void signed_data_write(const struct signed_data *data, struct amqp_writer *w)
{
	amqp_object_begin(w, SIGNED);
	amqp_object_begin(w, SERIALIZED);
	amqp_write_binary(w, data->inner.bytes, data->inner.len);
	amqp_list_end(w);
	amqp_object_begin(w, SIGNATURE);
	amqp_describe(w, CERTIFICATE);
	amqp_write_binary(w, data->signer.bytes, data->signer.len);
	amqp_write_binary(w, data->signature.bytes, data->signature.len);
	amqp_object_begin(w, CERTIFICATE_LIST);
	amqp_list_end(w);
	amqp_list_end(w);
	amqp_list_end(w);
}

int signed_data_sign(struct der inner, struct der signer, const struct key *key,
		     struct buf *out, struct error *err)
{
	cleanup(buf_release) struct buf signature = BUF_INIT(256);
	struct signed_data data = { .inner = inner, .signer = signer };
	struct amqp_writer w;

	if (key_sign(key, inner.bytes, inner.len, &signature, err) < 0)
		return -1;
	data.signature = (struct der){ signature.data, signature.len };
	amqp_writer_init(&w, out);
	amqp_envelope_begin(&w);
	signed_data_write(&data, &w);
	schema_write(&w, SCHEMA_SIGNED_DATA_WITH_CERT);
	amqp_list_end(&w);
	return buf_check(out, err);
}

int signed_data_read(const void *bytes, size_t len, struct arena *arena,
		     struct signed_data *ret, struct error *err)
{
	const struct amqp_value *v;

	if (amqp_read(bytes, len, arena, &v, err) < 0)
		return -1;
	if (!amqp_is(v, "net.corda.core.internal.SignedDataWithCert"))
		return error_set(err, ERROR_INPUT,
				 "expected a SignedDataWithCert");
	ret->inner = der_of(amqp_path(v, "raw.bytes"));
	ret->signer = der_of(amqp_path(v, "sig.by"));
	ret->signature = der_of(amqp_path(v, "sig.bytes"));
	return 0;
}

void secure_hash_write(struct amqp_writer *w, const uint8_t hash[SECURE_HASH])
{
	amqp_object_begin(w, HASH);
	amqp_write_binary(w, hash, SECURE_HASH);
	amqp_list_end(w);
}

void secure_hash_blob(const uint8_t hash[SECURE_HASH], struct buf *out)
{
	struct amqp_writer w;

	amqp_writer_init(&w, out);
	amqp_envelope_begin(&w);
	secure_hash_write(&w, hash);
	schema_write(&w, SCHEMA_SECURE_HASH);
	amqp_list_end(&w);
}

void instant_write(struct amqp_writer *w, int64_t seconds, int nanos)
{
	amqp_object_begin(w, INSTANT);
	amqp_write_long(w, seconds);
	amqp_write_int(w, nanos);
	amqp_list_end(w);
}

int secure_hash_read(const void *bytes, size_t len, struct arena *arena,
		     uint8_t ret[SECURE_HASH], struct error *err)
{
	const struct amqp_value *v;
	struct der hash;

	if (amqp_read(bytes, len, arena, &v, err) < 0)
		return -1;
	hash = der_of(amqp_get(v, "bytes"));
	if (!amqp_is(v, "net.corda.core.crypto.SecureHash$SHA256") ||
	    hash.len != SECURE_HASH)
		return error_set(err, ERROR_INPUT, "expected a SHA-256");
	memcpy(ret, hash.bytes, SECURE_HASH);
	return 0;
}

int signed_hash_read(const void *bytes, size_t len, struct arena *arena,
		     struct signed_hash *ret, struct error *err)
{
	const struct amqp_value *v;
	struct signed_hash signed_hash;
	struct der inner, signature;

	if (amqp_read(bytes, len, arena, &v, err) < 0)
		return -1;
	if (!amqp_is(v, "net.corda.core.crypto.SignedData"))
		return error_set(err, ERROR_INPUT, "expected a SignedData");
	inner = der_of(amqp_path(v, "raw.bytes"));
	signed_hash.by = der_of(amqp_path(v, "sig.by"));
	signature = der_of(amqp_path(v, "sig.bytes"));
	if (!inner.bytes || !signed_hash.by.bytes || !signature.bytes)
		return error_set(err, ERROR_INPUT, "expected a signed hash");
	if (secure_hash_read(inner.bytes, inner.len, arena, signed_hash.hash,
			     err) < 0)
		return error_wrap(err, "expected a signed hash");
	if (verify_signed(signed_hash.by, signature, inner,
			  "its signature is not good", err) < 0)
		return -1;
	*ret = signed_hash;
	return 0;
}
