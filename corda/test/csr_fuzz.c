/* SPDX-License-Identifier: Apache-2.0 */
/* corpus: test/vectors/bootstrap/cz */
/* csr_fuzz.c - the readers of what nodes post take any bytes. */
#include "corda/csr.h"
#include "corda/network_map.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = ARENA_INIT(1024 * 1024);
	struct x500_name name;
	struct signed_data file;
	struct signed_hash hash;
	struct network_map map;
	struct csr csr;

	csr_read(data, size, &arena, &csr, NULL);
	arena_clear(&arena);
	x500_name_from_der((struct der){ data, size }, &arena, &name, NULL);
	arena_clear(&arena);
	signed_hash_read(data, size, &arena, &hash, NULL);
	arena_clear(&arena);
	if (signed_data_read(data, size, &arena, &file, NULL) == 0)
		network_map_read(file.inner, &arena, &map, NULL);
	arena_release(&arena);
	return 0;
}
