/* SPDX-License-Identifier: Apache-2.0 */
/* csr.h - certificate signing requests (PKCS#10) as nodes send them. */
#ifndef CORDA_CSR_H
#define CORDA_CSR_H

#include "base/arena.h"
#include "base/error.h"
#include "corda/certificate.h"
#include "corda/der.h"
#include "corda/name.h"

/*
 * RFC 2986, with two attributes: the requested role (1.3.6.1.4.1.50530.1.1, a
 * node CA's or a notary service's), and an e-mail address. Parts live in the
 * arena. OpenSSL reads the bytes.
 */
struct csr {
	enum certificate_kind kind; /* CERTIFICATE_NODE_CA or …_SERVICE */
	struct x500_name name;
	struct der subject; /* the same as DER */
	struct der spki;
	const char *email; /* "" without one */
};

/*
 * ERROR_INPUT unless the bytes are one request in DER, signed with its own key
 * (ECDSA with P-256 and SHA-256), with one valid role, and with a legal name as
 * subject, in the encoding that issued certificates have.
 */
int csr_read(const void *bytes, size_t len, struct arena *arena,
	     struct csr *ret, struct error *err);

/* Adds a request for this key, as csr_read() wants it: it must be P-256. */
int csr_write(enum certificate_kind kind, const struct x500_name *name,
	      const struct key *key, struct buf *out, struct error *err);

#endif
