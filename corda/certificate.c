/* SPDX-License-Identifier: Apache-2.0 */
/* certificate.c - issues a network's certificates, one kind for each role. */
#include "corda/certificate.h"

#include <stdio.h>
#include <time.h>

#include "corda/digest.h"
#include "sys/entropy.h"

enum { VALID_SECONDS = 3650 * 24 * 3600, KEY_ID = 20 };

#define CLIENT_AUTH "\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x02"
#define SERVER_AUTH "\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x01"
#define TEXT(t) { (const uint8_t *)(t), sizeof(t) - 1 }

/* Extensions by kind of certificate (X.509 v3, RFC 5280). */
static const struct profile {
	uint8_t role; /* Corda's; 0: the root has none */
	bool ca;
	bool constrained; /* issues for its own name only */
	uint8_t usage[4]; /* BIT STRING */
	struct der extended; /* content of ExtKeyUsage */
} profiles[] = {
	[CERTIFICATE_ROOT] = { 0, true, false, { 3, 2, 1, 0x86 }, { NULL, 0 } },
	[CERTIFICATE_DOORMAN] = { 1,
				  true,
				  false,
				  { 3, 2, 1, 0x86 },
				  TEXT(CLIENT_AUTH) },
	[CERTIFICATE_NETWORK_MAP] = { 2,
				      false,
				      false,
				      { 3, 2, 7, 0x80 },
				      TEXT(CLIENT_AUTH) },
	[CERTIFICATE_SERVICE] = { 3,
				  false,
				  false,
				  { 3, 2, 7, 0x80 },
				  TEXT(CLIENT_AUTH) },
	[CERTIFICATE_NODE_CA] = { 4,
				  true,
				  true,
				  { 3, 2, 1, 0x86 },
				  TEXT(CLIENT_AUTH) },
	[CERTIFICATE_TLS] = { 5,
			      false,
			      false,
			      { 3, 2, 3, 0xa8 },
			      TEXT(SERVER_AUTH CLIENT_AUTH) },
	[CERTIFICATE_IDENTITY] = { 6,
				   true,
				   false,
				   { 3, 2, 2, 0x84 },
				   TEXT(CLIENT_AUTH) },
	[CERTIFICATE_PARAMETERS] = { 8,
				     false,
				     false,
				     { 3, 2, 7, 0x80 },
				     TEXT(CLIENT_AUTH) },
};

/* Content octets of the object identifiers. */
static const uint8_t oid_key_id[] = { 0x55, 0x1d, 0x0e };
static const uint8_t oid_issuer_key_id[] = { 0x55, 0x1d, 0x23 };
static const uint8_t oid_constraints[] = { 0x55, 0x1d, 0x13 };
static const uint8_t oid_usage[] = { 0x55, 0x1d, 0x0f };
static const uint8_t oid_extended_usage[] = { 0x55, 0x1d, 0x25 };
static const uint8_t oid_name_constraints[] = { 0x55, 0x1d, 0x1e };
static const uint8_t oid_role[] = { 0x2b, 0x06, 0x01, 0x04, 0x01,
				    0x83, 0x8a, 0x62, 0x01, 0x01 };
static const uint8_t ecdsa_sha256[] = { 0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86,
					0x48, 0xce, 0x3d, 0x04, 0x03, 0x02 };
static const uint8_t ed25519[] = { 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70 };

int certificate_serial(uint8_t serial[CERTIFICATE_SERIAL], struct error *err)
{
	if (random_bytes(serial, CERTIFICATE_SERIAL, err) < 0)
		return -1;
	serial[0] = (serial[0] & 0x3f) | 0x40;
	return 0;
}

static void add_algorithm(const struct key *key, struct buf *out)
{
	if (key_kind(key) == KEY_P256)
		buf_add(out, ecdsa_sha256, sizeof(ecdsa_sha256));
	else
		buf_add(out, ed25519, sizeof(ed25519));
}

/* SHA-1 over the content of the public key's bit string. */
static void key_id(struct der spki, uint8_t ret[KEY_ID])
{
	struct cursor c = cursor_over(spki.bytes, spki.len);
	struct cursor info = der_take(&c, DER_SEQUENCE), bits;

	der_take(&info, DER_SEQUENCE);
	bits = der_take(&info, DER_BIT_STRING);
	cursor_u8(&bits);
	digest_bytes(DIGEST_SHA1, bits.p, cursor_left(&bits), ret);
}

/* Two digits for the year up to 2049, four from then on. */
static void add_time(int64_t seconds, struct buf *out)
{
	time_t t = seconds;
	struct tm tm;
	char text[64];
	int n, year;

	gmtime_r(&t, &tm);
	year = tm.tm_year + 1900;
	n = snprintf(text, sizeof(text), "%04d%02d%02d%02d%02d%02dZ", year,
		     tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min,
		     tm.tm_sec);
	if (year < 2050)
		der_add(out, DER_UTC_TIME, text + 2, n - 2);
	else
		der_add(out, DER_GENERALIZED_TIME, text, n);
}

/* An extension is SEQUENCE{ oid, [critical], OCTET STRING{ value } }: this
 * opens it up to the value. */
struct extension {
	size_t whole, octets;
};

static struct extension extension_begin(struct buf *out, const uint8_t *oid,
					size_t oid_len, bool critical)
{
	struct extension e = { .whole = der_begin(out, DER_SEQUENCE) };

	der_add(out, DER_OID, oid, oid_len);
	if (critical)
		der_add(out, DER_BOOLEAN, "\xff", 1);
	e.octets = der_begin(out, DER_OCTET_STRING);
	return e;
}

static void extension_end(struct buf *out, struct extension e)
{
	der_end(out, e.octets);
	der_end(out, e.whole);
}

#define EXTENSION(out, oid, critical)                                          \
	extension_begin((out), (oid), sizeof(oid), (critical))

static void add_key_ids(const struct certificate_request *request,
			struct buf *out)
{
	struct extension e;
	size_t sequence;
	uint8_t id[KEY_ID];

	e = EXTENSION(out, oid_issuer_key_id, false);
	key_id(key_spki(request->issuer_key), id);
	sequence = der_begin(out, DER_SEQUENCE);
	der_add(out, DER_CONTEXT, id, KEY_ID);
	der_end(out, sequence);
	extension_end(out, e);
}

static void add_name_constraint(const struct x500_name *name, struct buf *out)
{
	struct extension e = EXTENSION(out, oid_name_constraints, true);
	size_t constraints = der_begin(out, DER_SEQUENCE);
	size_t permitted = der_begin(out, DER_CONTEXT_CONSTRUCTED | 0);
	size_t subtree = der_begin(out, DER_SEQUENCE);
	size_t directory_name = der_begin(out, DER_CONTEXT_CONSTRUCTED | 4);

	x500_name_der(name, out);
	der_end(out, directory_name);
	der_end(out, subtree);
	der_end(out, permitted);
	der_end(out, constraints);
	extension_end(out, e);
}

static void add_usage(const struct profile *profile, struct buf *out)
{
	struct extension e;

	e = EXTENSION(out, oid_constraints, true);
	if (profile->ca)
		buf_add(out, "\x30\x03\x01\x01\xff", 5);
	else
		buf_add(out, "\x30\x00", 2);
	extension_end(out, e);
	e = EXTENSION(out, oid_usage, false);
	buf_add(out, profile->usage, sizeof(profile->usage));
	extension_end(out, e);
	if (!profile->extended.len)
		return;
	e = EXTENSION(out, oid_extended_usage, false);
	der_add(out, DER_SEQUENCE, profile->extended.bytes,
		profile->extended.len);
	extension_end(out, e);
}

static void add_extensions(const struct certificate_request *request,
			   struct buf *out)
{
	const struct profile *profile = &profiles[request->kind];
	size_t tagged = der_begin(out, DER_CONTEXT_CONSTRUCTED | 3);
	size_t list = der_begin(out, DER_SEQUENCE);
	struct extension e;
	uint8_t id[KEY_ID];

	e = EXTENSION(out, oid_key_id, false);
	key_id(request->spki, id);
	der_add(out, DER_OCTET_STRING, id, KEY_ID);
	extension_end(out, e);
	add_usage(profile, out);
	if (profile->role) {
		add_key_ids(request, out);
		e = EXTENSION(out, oid_role, false);
		der_add(out, DER_INTEGER, &profile->role, 1);
		extension_end(out, e);
	}
	if (profile->constrained)
		add_name_constraint(request->subject, out);
	der_end(out, list);
	der_end(out, tagged);
}

static void add_tbs(const struct certificate_request *request, struct buf *out)
{
	size_t tbs = der_begin(out, DER_SEQUENCE), validity;

	buf_add(out, "\xa0\x03\x02\x01\x02", 5); /* version 3 */
	der_add(out, DER_INTEGER, request->serial, CERTIFICATE_SERIAL);
	add_algorithm(request->issuer_key, out);
	x500_name_der(request->issuer, out);
	validity = der_begin(out, DER_SEQUENCE);
	add_time(request->from, out);
	add_time(request->from + VALID_SECONDS, out);
	der_end(out, validity);
	x500_name_der(request->subject, out);
	buf_add(out, request->spki.bytes, request->spki.len);
	add_extensions(request, out);
	der_end(out, tbs);
}

int certificate_sign(const struct key *key, size_t start, struct buf *out,
		     struct error *err)
{
	size_t end = out->len, bits;

	if (buf_check(out, err) < 0)
		return -1;
	add_algorithm(key, out);
	bits = der_begin(out, DER_BIT_STRING);
	buf_add_u8(out, 0); /* no unused bits */
	if (buf_check(out, err) < 0 ||
	    key_sign(key, out->data + start, end - start, out, err) < 0)
		return -1;
	der_end(out, bits);
	return 0;
}

int certificate_issue(const struct certificate_request *request,
		      struct buf *out, struct error *err)
{
	size_t whole = der_begin(out, DER_SEQUENCE), start = out->len;

	add_tbs(request, out);
	if (certificate_sign(request->issuer_key, start, out, err) < 0)
		return -1;
	der_end(out, whole);
	return buf_check(out, err);
}

int certificate_role(enum certificate_kind kind)
{
	return profiles[kind].role;
}
