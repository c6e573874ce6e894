/* SPDX-License-Identifier: Apache-2.0 */
/* csr.c - certificate signing requests (PKCS#10) as nodes send them. */
#include "corda/csr.h"

#include <string.h>

#include "base/cleanup.h"
#include "corda/verify.h"

enum { NAME_MAX_DER = 4096, EMAIL_MAX = 254 };

static const uint8_t oid_role[] = { 0x2b, 0x06, 0x01, 0x04, 0x01,
				    0x83, 0x8a, 0x62, 0x01, 0x01 };
static const uint8_t oid_email[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7,
				     0x0d, 0x01, 0x09, 0x01 };

static bool holds(const struct cursor *c, const void *bytes, size_t len)
{
	return cursor_left(c) == len && !memcmp(c->p, bytes, len);
}

/* Printable ASCII, as it is shown to whoever approves. */
static const char *read_email(struct cursor *c, struct arena *arena)
{
	size_t len = cursor_left(c);

	for (size_t i = 0; i < len; i++)
		if (c->p[i] <= ' ' || c->p[i] > '~')
			return "";
	if (!len || len > EMAIL_MAX)
		return "";
	return arena_strndup(arena, (const char *)c->p, len);
}

static int read_role(struct cursor *set, struct csr *csr, struct error *err)
{
	static const enum certificate_kind kinds[] = { CERTIFICATE_NODE_CA,
						       CERTIFICATE_SERVICE };
	struct cursor number = der_take(set, DER_INTEGER);
	uint8_t role = cursor_u8(&number);

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		if (number.failed || cursor_left(&number) ||
		    certificate_role(kinds[i]) != role)
			continue;
		csr->kind = kinds[i];
		return 0;
	}
	return error_set(err, ERROR_INPUT,
			 "asks for a role that is neither a node CA's nor a "
			 "service's");
}

static int read_attributes(struct cursor *list, struct arena *arena,
			   struct csr *csr, struct error *err)
{
	bool role = false;

	csr->email = "";
	while (!list->failed && cursor_left(list)) {
		struct cursor attribute = der_take(list, DER_SEQUENCE);
		struct cursor oid = der_take(&attribute, DER_OID);
		struct cursor set = der_take(&attribute, DER_SET);

		if (holds(&oid, oid_role, sizeof(oid_role))) {
			if (read_role(&set, csr, err) < 0)
				return -1;
			role = true;
		} else if (holds(&oid, oid_email, sizeof(oid_email))) {
			struct cursor text = der_take(&set, DER_UTF8_STRING);

			csr->email = read_email(&text, arena);
			if (!csr->email)
				return error_nomem(err);
		}
	}
	if (!role)
		return error_set(err, ERROR_INPUT, "asks for no role");
	return 0;
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

static int check_signature(const struct csr *csr, struct der info,
			   struct cursor *bits, struct error *err)
{
	if (verify_scheme(csr->spki.bytes, csr->spki.len) != SCHEME_SECP256R1)
		return error_set(err, ERROR_INPUT, "its key is not P-256");
	return verify_signed(csr->spki,
			     (struct der){ bits->p, cursor_left(bits) }, info,
			     "it is not signed with its own key", err);
}

int csr_read(const void *bytes, size_t len, struct arena *arena,
	     struct csr *ret, struct error *err)
{
	struct cursor c = cursor_over(bytes, len), whole, in, attributes, bits;
	struct csr csr = { 0 };
	struct der info;

	whole = der_take(&c, DER_SEQUENCE);
	info = der_take_whole(&whole);
	der_take(&whole, DER_SEQUENCE);
	bits = der_take(&whole, DER_BIT_STRING);
	cursor_u8(&bits);
	in = cursor_over(info.bytes, info.len);
	in = der_take(&in, DER_SEQUENCE);
	der_take(&in, DER_INTEGER);
	csr.subject = der_take_whole(&in);
	csr.spki = der_take_whole(&in);
	attributes = der_take(&in, DER_CONTEXT_CONSTRUCTED | 0);
	if (c.failed || whole.failed || bits.failed || in.failed ||
	    cursor_left(&c) || cursor_left(&whole) || cursor_left(&in))
		return error_set(err, ERROR_INPUT, "no PKCS#10 request");
	if (read_subject(&csr, arena, err) < 0 ||
	    read_attributes(&attributes, arena, &csr, err) < 0 ||
	    check_signature(&csr, info, &bits, err) < 0)
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
