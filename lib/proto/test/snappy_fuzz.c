/* SPDX-License-Identifier: Apache-2.0 */
/* corpus: test/vectors/vault/4.8 */
/* snappy_fuzz.c - no stored bytes make the unpacker leave its bounds. */
#include "proto/snappy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf room = BUF_INIT(16 * 1024 * 1024);
	const uint8_t *p;
	size_t len;

	(void)storage_unpack(data, size, &room, &p, &len, NULL);
	buf_release(&room);
	return 0;
}
