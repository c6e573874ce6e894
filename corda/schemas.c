/* SPDX-License-Identifier: Apache-2.0 */
/* schemas.c - the constant schemas at the end of written blobs. */
#include "corda/schemas.h"

#include "base/cleanup.h"

/*
 * A schema depends on the class only, not on what is in the object, and is
 * the same in every release from 4.0 to 4.10. The files hold what nodes
 * themselves wrote behind such an object: schema and transforms, two values.
 */
#define EMBED(symbol, file)                                                    \
	__asm__(".pushsection .rodata\n" #symbol ":\n"                         \
		".incbin \"corda/schemas/" file "\"\n" #symbol "_end:\n"       \
		".popsection\n");                                              \
	extern const uint8_t symbol[], symbol##_end[]

EMBED(schema_name, "CordaX500Name.bin");
EMBED(schema_node_info, "NodeInfo.bin");
EMBED(schema_signed_node_info, "SignedNodeInfo.bin");
EMBED(schema_network_parameters, "NetworkParameters.bin");
EMBED(schema_signed_data, "SignedDataWithCert.bin");
EMBED(schema_secure_hash, "SecureHash.bin");
EMBED(schema_network_map, "NetworkMap.bin");
EMBED(schema_pair, "Pair.bin");

static const struct {
	const uint8_t *bytes, *end;
} schemas[] = {
	[SCHEMA_NAME] = { schema_name, schema_name_end },
	[SCHEMA_NODE_INFO] = { schema_node_info, schema_node_info_end },
	[SCHEMA_SIGNED_NODE_INFO] = { schema_signed_node_info,
				      schema_signed_node_info_end },
	[SCHEMA_NETWORK_PARAMETERS] = { schema_network_parameters,
					schema_network_parameters_end },
	[SCHEMA_SIGNED_DATA_WITH_CERT] = { schema_signed_data,
					   schema_signed_data_end },
	[SCHEMA_SECURE_HASH] = { schema_secure_hash, schema_secure_hash_end },
	[SCHEMA_NETWORK_MAP] = { schema_network_map, schema_network_map_end },
	[SCHEMA_PAIR] = { schema_pair, schema_pair_end },
};

void schema_write(struct amqp_writer *w, enum schema schema)
{
	amqp_write_raw(w, schemas[schema].bytes,
		       schemas[schema].end - schemas[schema].bytes, 2);
}
