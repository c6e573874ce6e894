/* SPDX-License-Identifier: Apache-2.0 */
/* corpus: test/vectors/bootstrap */
/* node_info_fuzz.c - readers of signed network files take any bytes. */
#include "corda/certificate.h"
#include "corda/network_parameters.h"
#include "corda/node_info.h"
#include "corda/signed_data.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = ARENA_INIT(16 * 1024 * 1024);
	struct signed_network_parameters parameters;
	struct signed_node_info info;
	struct certificate certificate;
	uint8_t hash[SECURE_HASH];

	node_info_read(data, size, &arena, &info, NULL);
	network_parameters_read(data, size, &arena, &parameters, NULL);
	certificate_read((struct der){ data, size }, &certificate, NULL);
	secure_hash_read(data, size, &arena, hash, NULL);
	arena_release(&arena);
	return 0;
}
