/* SPDX-License-Identifier: Apache-2.0 */
/* csr.c - certificate signing requests (PKCS#10) as nodes send them. */
#include "corda/csr.h"

#include <string.h>

#include "base/cleanup.h"
#include "corda/verify.h"

enum { NAME_MAX_DER = 4096, EMAIL_MAX = 254 };

static const uint8_t oid_role[] = { 0x2b, 0x06, 0x01, 0x04, 0x01,
				    0x83, 0x8a, 0x62, 0x01, 0x01 };

/* Printable ASCII, as it is shown to whoever approves; else "". */
static const char *read_email(struct der text, struct arena *arena)
{
	size_t len = text.len <= EMAIL_MAX ? text.len : 0;

	for (size_t i = 0; i < len; i++)
		if (text.bytes[i] <= ' ' || text.bytes[i] > '~')
			return "";
	return len ? arena_strndup(arena, (const char *)text.bytes, len) : "";
}

static int read_role(long role, enum certificate_kind *ret, struct error *err)
{
	static const enum certificate_kind kinds[] = { CERTIFICATE_NODE_CA,
						       CERTIFICATE_SERVICE };

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		if (certificate_role(kinds[i]) != role)
			continue;
		*ret = kinds[i];
		return 0;
	}
	return error_set(err, ERROR_INPUT,
			 "its role is not valid; expected one attribute "
			 "1.3.6.1.4.1.50530.1.1 of %d (node CA) or %d "
			 "(service)",
			 certificate_role(CERTIFICATE_NODE_CA),
			 certificate_role(CERTIFICATE_SERVICE));
}

/* A certificate is given the name as it is written here: it must come out as
 * it came. */
static int read_subject(struct csr *csr, struct arena *arena, struct error *err)
{
	cleanup(buf_release) struct buf again = BUF_INIT(NAME_MAX_DER);

	if (x500_name_from_der(csr->subject, arena, &csr->name, err) < 0)
		return -1;
	x500_name_der(&csr->name, &again);
	if (buf_check(&again, err) < 0)
		return -1;
	if (again.len != csr->subject.len ||
	    memcmp(again.data, csr->subject.bytes, again.len) != 0)
		return error_set(err, ERROR_INPUT,
				 "its name is not written as C, ST, L, O, OU, "
				 "CN");
	return 0;
}

int csr_read(const void *bytes, size_t len, struct arena *arena,
	     struct csr *ret, struct error *err)
{
	struct signed_request request;
	struct csr csr;

	if (verify_request(bytes, len, arena, &request, err) < 0)
		return error_wrap(err, "certificate request");
	csr = (struct csr){ .subject = request.subject,
			    .spki = request.spki,
			    .email = read_email(request.email, arena) };
	if (!csr.email)
		return error_nomem(err);
	if (read_subject(&csr, arena, err) < 0 ||
	    read_role(request.role, &csr.kind, err) < 0)
		return error_wrap(err, "certificate request");
	*ret = csr;
	return 0;
}

static void add_role(enum certificate_kind kind, struct buf *out)
{
	const uint8_t role = (uint8_t)certificate_role(kind);
	size_t all = der_begin(out, DER_CONTEXT_CONSTRUCTED | 0);
	size_t one = der_begin(out, DER_SEQUENCE), set;

	der_add(out, DER_OID, oid_role, sizeof(oid_role));
	set = der_begin(out, DER_SET);
	der_add(out, DER_INTEGER, &role, 1);
	der_end(out, set);
	der_end(out, one);
	der_end(out, all);
}

int csr_write(enum certificate_kind kind, const struct x500_name *name,
	      const struct key *key, struct buf *out, struct error *err)
{
	const struct der spki = key_spki(key);
	size_t whole = der_begin(out, DER_SEQUENCE), start = out->len;
	size_t info = der_begin(out, DER_SEQUENCE);

	der_add(out, DER_INTEGER, "", 1);
	x500_name_der(name, out);
	buf_add(out, spki.bytes, spki.len);
	add_role(kind, out);
	der_end(out, info);
	if (certificate_sign(key, start, out, err) < 0)
		return -1;
	der_end(out, whole);
	return buf_check(out, err);
}
