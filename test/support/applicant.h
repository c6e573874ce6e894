/* SPDX-License-Identifier: Apache-2.0 */
/* applicant.h - a node that registers, without the node. */
#ifndef TEST_SUPPORT_APPLICANT_H
#define TEST_SUPPORT_APPLICANT_H

#include "corda/certificate.h"
#include "corda/key.h"
#include "corda/node_info.h"

/* Its keys; the certificates are filled in as they are issued. */
struct applicant {
	struct x500_name name;
	struct key *ca, *identity; /* the service has but `ca` */
	struct buf certificate; /* of `ca` */
	struct buf identity_certificate; /* below it */
};

void applicant_init(struct applicant *a, const char *organisation);
void applicant_release(struct applicant *a);
/* Adds a certificate request as nodes send it. */
void applicant_csr(const struct applicant *a, enum certificate_kind kind,
		   struct buf *out);
/* Adds a signed node info. `doorman` and `root` are certificates; `service` is
 * the notary's second identity, or NULL. */
void applicant_info(struct applicant *a, struct applicant *service,
		    struct der doorman, struct der root, int64_t serial,
		    struct buf *out);
/* Adds SignedData<SecureHash>: accepts parameters. */
void applicant_ack(const struct applicant *a, const uint8_t hash[32],
		   struct buf *out);

#endif
