/* SPDX-License-Identifier: Apache-2.0 */
/* corpus: test/vectors/rpc/4.8 test/vectors/vault/4.0 */
/* amqp_fuzz.c - no bytes make the AMQP reader leave its bounds. */
#include <stddef.h>
#include <stdint.h>

#include "proto/amqp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = ARENA_INIT(16 * 1024 * 1024);
	const struct amqp_value *root;

	(void)amqp_read(data, size, &arena, &root, NULL);
	arena_release(&arena);
	return 0;
}
