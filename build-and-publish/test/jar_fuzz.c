/* SPDX-License-Identifier: Apache-2.0 */
/* corpus: test/vectors/jar */
/* jar_fuzz.c - any bytes are a jar, a manifest, or an error. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "build-and-publish/jar.h"
#include "data/zip.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_manifest(const struct buf *manifest)
{
	cleanup(arena_release) struct arena arena = ARENA_INIT(1 << 20);
	const char *value = manifest_value(buf_text(manifest),
					   "Corda-Platform-Version", &arena);

	if (value && strpbrk(value, "\r\n"))
		abort();
	manifest_value(buf_text(manifest), "Created-By", &arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup(buf_release) struct buf bytes = BUF_INIT(1 << 20);
	cleanup(buf_release) struct buf member = BUF_INIT(1 << 20);

	buf_add(&bytes, data, size);
	if (bytes.failed)
		return 0;
	read_manifest(&bytes);
	if (zip_member_of(&bytes, "META-INF/MANIFEST.MF", &member, NULL) == 0)
		read_manifest(&member);
	return 0;
}
