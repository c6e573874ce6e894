/* SPDX-License-Identifier: Apache-2.0 */
/* schemas.h - the constant schemas at the end of written blobs. */
#ifndef CORDA_SCHEMAS_H
#define CORDA_SCHEMAS_H

#include "proto/amqp_writer.h"

enum schema {
	SCHEMA_NAME, /* CordaX500Name */
	SCHEMA_NODE_INFO,
	SCHEMA_SIGNED_NODE_INFO,
	SCHEMA_NETWORK_PARAMETERS, /* without contract whitelist */
	SCHEMA_SIGNED_DATA_WITH_CERT,
	SCHEMA_SECURE_HASH,
	SCHEMA_NETWORK_MAP,
	SCHEMA_PAIR /* of a signed map and signed node infos */
};

/* Adds schema and transforms, the second and third value of an envelope. */
void schema_write(struct amqp_writer *w, enum schema schema);

#endif
