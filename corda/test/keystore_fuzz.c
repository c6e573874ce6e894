/* SPDX-License-Identifier: Apache-2.0 */
/* corpus: test/vectors/bootstrap/net-jks test/vectors/bootstrap/variants */
/* keystore_fuzz.c - the JKS reader takes any bytes. */
#include "corda/digest.h"
#include "corda/keystore.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Any change breaks the digest at the end, and all before it would go
 * unread: so the digest is made good first. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = ARENA_INIT(1024 * 1024);
	struct buf store = BUF_INIT(1024 * 1024);
	struct keystore_entry *entries;
	uint8_t password[] = { 0, 'p' }, digest[DIGEST_MAX];
	const size_t body = size > 20 ? size - 20 : 0;
	const struct digest_part parts[] = { { password, sizeof(password) },
					     { "Mighty Aphrodite", 16 },
					     { data, body } };
	size_t count;

	digest_parts(DIGEST_SHA1, parts, 3, digest);
	buf_add(&store, data, body);
	buf_add(&store, digest, 20);
	if (!store.failed)
		keystore_read(store.data, store.len, "p", &arena, &entries,
			      &count, NULL);
	keystore_read(data, size, "p", &arena, &entries, &count, NULL);
	buf_release(&store);
	arena_release(&arena);
	return 0;
}
