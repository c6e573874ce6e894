/* SPDX-License-Identifier: Apache-2.0 */
/* corpus: test/vectors/rpc/4.0 */
/* call_fuzz.c - answers of a node that has lost its mind. */
#include "corda/call.h"
#include "corda/cash.h"
#include "corda/cash_sums.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = ARENA_INIT(1 << 22);
	struct call_reply reply;
	struct call_event event;
	struct call_flow flow;
	struct party party;
	struct cash_sum *sums;
	size_t count;

	if (call_reply_read(data, size, &arena, &reply, NULL) == 0) {
		call_flow_read(reply.value, &arena, &flow, NULL);
		party_read(reply.value, &arena, &party, NULL);
		cash_sums_read(reply.value, &arena, &sums, &count, NULL);
	}
	call_event_read(data, size, &arena, &event, NULL);
	arena_release(&arena);
	return 0;
}
