/* SPDX-License-Identifier: Apache-2.0 */
/* corpus: test/vectors/websocket */
/* websocket_fuzz.c - no server's bytes make the reader leave its bounds. */
#include "proto/websocket.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct websocket_frame frame;

	while (size && websocket_read(data, size, 4096, &frame, NULL) == 1) {
		if (frame.payload + frame.len != data + frame.size)
			__builtin_trap();
		data += frame.size;
		size -= frame.size;
	}
	return 0;
}
