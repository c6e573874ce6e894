/* SPDX-License-Identifier: Apache-2.0 */
/* corpus: test/vectors/vault/4.0 test/vectors/vault/signatures */
/* transaction_fuzz.c - no stored transaction leads the reader astray. */
#include "corda/signature.h"
#include "corda/transaction.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf room = BUF_INIT(4 * 1024 * 1024);
	struct arena arena = ARENA_INIT(16 * 1024 * 1024);
	struct transaction tx;
	struct tx_id root;

	if (transaction_read(data, size, &room, &arena, &tx, NULL) == 0)
		for (size_t i = 0; i < tx.signature_count; i++)
			if (tx.signatures[i].tree)
				(void)partial_tree_root(tx.signatures[i].tree,
							&tx.id, &root, NULL);
	buf_release(&room);
	arena_release(&arena);
	return 0;
}
