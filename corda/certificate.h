/* SPDX-License-Identifier: Apache-2.0 */
/* certificate.h - issues a network's certificates, one kind for each role. */
#ifndef CORDA_CERTIFICATE_H
#define CORDA_CERTIFICATE_H

#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"
#include "corda/key.h"
#include "corda/name.h"

/*
 *	root				self-signed
 *	+- doorman
 *	|  +- node CA			subject is the node's legal name
 *	|  |  +- TLS			the same subject
 *	|  |  +- identity		the same subject
 *	|  +- service			subject is a notary service's name
 *	+- network map			signs the parameters, too
 *	+- parameters			refused by releases before 4.6
 */
enum certificate_kind {
	CERTIFICATE_ROOT,
	CERTIFICATE_DOORMAN,
	CERTIFICATE_NETWORK_MAP,
	CERTIFICATE_SERVICE,
	CERTIFICATE_NODE_CA,
	CERTIFICATE_TLS,
	CERTIFICATE_IDENTITY,
	CERTIFICATE_PARAMETERS
};

enum { CERTIFICATE_SERIAL = 16 };

struct certificate_request {
	enum certificate_kind kind;
	const struct x500_name *subject;
	struct der spki; /* the subject's public key */
	const struct x500_name *issuer;
	const struct key *issuer_key;
	int64_t from; /* seconds since 1970, valid for ten years */
	/* Begins with the bits 01, so that it is positive and has its full
	 * length. */
	uint8_t serial[CERTIFICATE_SERIAL];
};

/* Signs the bytes of `out` from `start` on, and adds the algorithm and the
 * signature. Certificates and certificate requests both end in this way. */
int certificate_sign(const struct key *key, size_t start, struct buf *out,
		     struct error *err);
/* Random, of the right form. */
int certificate_serial(uint8_t serial[CERTIFICATE_SERIAL], struct error *err);
/* Adds the signed certificate, DER. */
int certificate_issue(const struct certificate_request *request,
		      struct buf *out, struct error *err);

/* The parts of a certificate, borrowed from its bytes. ERROR_INPUT if the bytes
 * are not a certificate.
 * */
struct certificate {
	struct der tbs; /* what is signed */
	struct der issuer, subject; /* Names */
	struct der spki;
	int role; /* Corda's, by kind as above from 1 on; 0: none */
	struct der signature; /* over tbs */
};

int certificate_read(struct der der, struct certificate *ret,
		     struct error *err);
/* The role that certificates of this kind have. */
int certificate_role(enum certificate_kind kind);
/*
 * Checks the path of a node's or a service's identity, leaf first. It must end
 * with this doorman and this root, each certificate must be signed by the next,
 * the roles must be in the order that nodes require, and a node CA may issue
 * only for its own name. ERROR_INPUT says what is wrong.
 */
int certificate_path_check(const struct der *path, size_t count,
			   struct der doorman, struct der root,
			   struct error *err);

#endif
