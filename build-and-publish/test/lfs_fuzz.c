/* SPDX-License-Identifier: Apache-2.0 */
/* corpus: test/vectors/lfs test/vectors/yaml */
/* lfs_fuzz.c - any file of a commit may look like a pointer. */
#include "build-and-publish/lfs.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	char oid[LFS_OID_ROOM];

	lfs_pointer((const char *)bytes, len, oid);
	return 0;
}
