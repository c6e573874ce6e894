/* SPDX-License-Identifier: Apache-2.0 */
/* corpus: test/vectors/vault/checkpoint */
/* flow_name_fuzz.c - no checkpoint makes the reader leave its bounds. */
#include "vault/flow_name.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char room[FLOW_NAME_ROOM];

	(void)flow_name(data, size, room);
	return 0;
}
