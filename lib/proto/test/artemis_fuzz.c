/* SPDX-License-Identifier: Apache-2.0 */
/* corpus: test/vectors/artemis */
/* artemis_fuzz.c - frames from a peer that is no broker, or a mean one. */
#include "proto/artemis.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct artemis_packet p;
	size_t used;
	char room[64];

	while (artemis_next(data, size, &p, &used, NULL) == 1) {
		artemis_property_text(&p.message, "rpc-id", room, sizeof(room));
		artemis_property_number(&p.message, "no such", 0);
		data += used;
		size -= used;
	}
	return 0;
}
