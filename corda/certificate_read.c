/* SPDX-License-Identifier: Apache-2.0 */
/* certificate_read.c - reads certificates and checks their paths. */
#include "corda/certificate.h"

#include <string.h>

#include "base/cleanup.h"
#include "corda/verify.h"

enum { PATH_LONGEST = 4 };

/* An extension: SEQUENCE{ oid, OCTET STRING{ INTEGER role } }. */
static const uint8_t role_extension[] = { 0x06, 0x0a, 0x2b, 0x06, 0x01, 0x04,
					  0x01, 0x83, 0x8a, 0x62, 0x01, 0x01,
					  0x04, 0x03, 0x02, 0x01 };

/* The role among the extensions that end a certificate, 0 without one. */
static int read_role(struct cursor *tbs)
{
	struct cursor tagged = der_take(tbs, DER_CONTEXT_CONSTRUCTED | 3);
	struct cursor list = der_take(&tagged, DER_SEQUENCE);

	while (!list.failed && cursor_left(&list)) {
		struct cursor e = der_take(&list, DER_SEQUENCE);

		if (!e.failed &&
		    cursor_left(&e) == sizeof(role_extension) + 1 &&
		    !memcmp(e.p, role_extension, sizeof(role_extension)))
			return e.p[sizeof(role_extension)];
	}
	return 0;
}

static struct der take_bits(struct cursor *c)
{
	struct cursor bits = der_take(c, DER_BIT_STRING);

	cursor_u8(&bits);
	if (bits.failed)
		c->failed = true;
	return (struct der){ bits.p, cursor_left(&bits) };
}

int certificate_read(struct der der, struct certificate *ret, struct error *err)
{
	struct cursor c = cursor_over(der.bytes, der.len), whole, tbs;
	struct certificate cert;

	whole = der_take(&c, DER_SEQUENCE);
	cert.tbs = der_take_whole(&whole);
	der_take(&whole, DER_SEQUENCE);
	cert.signature = take_bits(&whole);
	tbs = cursor_over(cert.tbs.bytes, cert.tbs.len);
	tbs = der_take(&tbs, DER_SEQUENCE);
	der_take(&tbs, DER_CONTEXT_CONSTRUCTED | 0);
	der_take(&tbs, DER_INTEGER);
	der_take(&tbs, DER_SEQUENCE);
	cert.issuer = der_take_whole(&tbs);
	der_take(&tbs, DER_SEQUENCE);
	cert.subject = der_take_whole(&tbs);
	cert.spki = der_take_whole(&tbs);
	if (tbs.failed || whole.failed || cursor_left(&c))
		return error_set(err, ERROR_INPUT, "not an X.509 certificate");
	cert.role = read_role(&tbs);
	*ret = cert;
	return 0;
}

static bool same(struct der a, struct der b)
{
	return a.len == b.len && !memcmp(a.bytes, b.bytes, a.len);
}

/* Whether a certificate of this role may stand below one of that role. */
static bool role_fits(int role, int issuer)
{
	const int doorman = certificate_role(CERTIFICATE_DOORMAN);
	const int node_ca = certificate_role(CERTIFICATE_NODE_CA);

	if (role == certificate_role(CERTIFICATE_IDENTITY))
		return issuer == node_ca || issuer == doorman;
	if (role == node_ca || role == certificate_role(CERTIFICATE_SERVICE))
		return issuer == doorman;
	return role == doorman && !issuer;
}

static int check_link(const struct certificate *c,
		      const struct certificate *issuer, struct error *err)
{
	if (!role_fits(c->role, issuer->role))
		return error_set(err, ERROR_INPUT,
				 "a certificate of role %d is issued by a "
				 "certificate of role %d",
				 c->role, issuer->role);
	if (!same(c->issuer, issuer->subject) ||
	    (issuer->role == certificate_role(CERTIFICATE_NODE_CA) &&
	     !same(c->subject, issuer->subject)))
		return error_set(err, ERROR_INPUT,
				 "the names of a certificate and its issuer do "
				 "not match");
	return verify_signed(issuer->spki, c->signature, c->tbs,
			     "a certificate is not signed by its issuer", err);
}

int certificate_path_check(const struct der *path, size_t count,
			   struct der doorman, struct der root,
			   struct error *err)
{
	struct certificate certificates[PATH_LONGEST];

	if (count < 3 || count > PATH_LONGEST || !same(path[count - 1], root) ||
	    !same(path[count - 2], doorman))
		return error_set(err, ERROR_INPUT,
				 "the certificate path does not end in this "
				 "network's doorman and root");
	for (size_t i = 0; i < count; i++)
		if (certificate_read(path[i], &certificates[i], err) < 0)
			return -1;
	if (certificates[0].role == certificate_role(CERTIFICATE_NODE_CA))
		return error_set(err, ERROR_INPUT,
				 "expected the certificate of an identity, not "
				 "that of a node CA");
	for (size_t i = 0; i + 1 < count; i++)
		if (check_link(&certificates[i], &certificates[i + 1], err) < 0)
			return -1;
	return 0;
}
