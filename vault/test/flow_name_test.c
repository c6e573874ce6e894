/* SPDX-License-Identifier: Apache-2.0 */
/* flow_name_test.c - the flow of a real checkpoint, and of none. */
#include "vault/flow_name.h"

#include "base/cleanup.h"
#include "test/support/test.h"

#define RECEIVER "net.corda.finance.flows.CashPaymentReceiverFlow"
/* Each text ends with its last character's high bit. */
#define CORDA "corda\0\0\1\1"
#define CORDA_LEN 9

static char room[FLOW_NAME_ROOM];

static void a_real_checkpoint_tells_its_flow(void **state)
{
	struct buf b =
		test_vector("vault/checkpoint/4.0-CashPaymentReceiverFlow.bin");
	const char *name = flow_name(b.data, b.len, room);

	(void)state;
	buf_release(&b);
	assert_non_null(name);
	assert_string_equal(name, RECEIVER);
	assert_string_equal(flow_short_name(name), "CashPaymentReceiverFlow");
}

static const char *name_in(const char *bytes, size_t len)
{
	return flow_name((const uint8_t *)bytes, len, room);
}

static void a_flow_is_known_by_its_fields(void **state)
{
	static const char any[] = CORDA "\1\0org.bank.Settl\xe5\1\2"
					"FlowLogic._stateMachin\xe5";
	static const char other[] = CORDA "\1\0org.bank.SettleFlo\xf7\1\2"
					  "Settle.amoun\xf4\1\1java.util.Lis"
					  "\xf4";
	static const char gap[] = CORDA "\1\0org.bank.Settl\xe5\1some\1"
					"FlowLogic._stateMachin\xe5";

	(void)state;
	assert_string_equal(name_in(any, sizeof(any) - 1), "org.bank.Settle");
	assert_null(name_in(other, sizeof(other) - 1));
	assert_null(name_in(gap, sizeof(gap) - 1));
}

/* Of 64 characters and more: a length before, no mark at the end. */
static void a_long_name_is_whole(void **state)
{
	static const char name[] =
		"org.bank.settlement.of.long.standing.obligations.flows."
		"SettleEverythingThatIsStillOpenFlow";
	cleanup(buf_release) struct buf b = BUF_INIT(1024);

	(void)state;
	buf_add(&b, CORDA "\1\0\xdb\1", CORDA_LEN + 4);
	buf_add_str(&b, name);
	buf_add_str(&b, "\1FlowLogic._stateMachin\xe5");
	assert_string_equal(flow_name(b.data, b.len, room), name);
}

static void other_bytes_have_no_flow(void **state)
{
	struct buf b =
		test_vector("vault/checkpoint/4.0-CashPaymentReceiverFlow.bin");

	(void)state;
	assert_null(flow_name(b.data, 1900, room));
	assert_null(flow_name(b.data, 9, room));
	assert_null(flow_name((const uint8_t *)"cordial", 7, room));
	assert_null(flow_name(NULL, 0, room));
	buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_real_checkpoint_tells_its_flow),
		cmocka_unit_test(a_flow_is_known_by_its_fields),
		cmocka_unit_test(a_long_name_is_whole),
		cmocka_unit_test(other_bytes_have_no_flow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
