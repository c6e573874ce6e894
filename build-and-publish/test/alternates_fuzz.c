/* SPDX-License-Identifier: Apache-2.0 */
/* corpus: test/vectors/alternates */
/* alternates_fuzz.c - a clone may come from anybody, and so its files. */
#include "build-and-publish/alternates.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	char room[PATH_ROOM];

	alternate_parse((const char *)bytes, len, room);
	return 0;
}
