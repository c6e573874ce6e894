/* SPDX-License-Identifier: Apache-2.0 */
/* rpc_outbox_test.c - what a session says, and how it is numbered. */
#include "corda/rpc_outbox.h"

#include "proto/artemis.h"
#include "test/support/test.h"

/* The messages in the outbox so far; the last one's sequence and body. */
static unsigned read_back(const struct rpc_outbox *box, int64_t *ret_sequence,
			  struct artemis_message *ret)
{
	struct artemis_packet p;
	struct error err = { 0 };
	size_t at = 0, used;
	unsigned n = 0;

	while (artemis_next(box->out.data + at, box->out.len - at, &p, &used,
			    &err) == 1) {
		at += used;
		*ret = p.message;
		*ret_sequence = artemis_property_number(
			ret, "deduplication-sequence-number", -1);
		assert_int_equal(*ret_sequence, n++);
	}
	assert_int_equal(at, box->out.len);
	return n;
}

static void numbers_whatever_it_says(void **state)
{
	struct rpc_outbox box;
	struct artemis_message m;
	struct error err = { 0 };
	char a[FLOW_ID_TEXT], b[FLOW_ID_TEXT], seen[64];
	int64_t sequence;

	(void)state;
	assert_ok(rpc_outbox_init(&box, "u", &err), err);
	assert_int_equal(strncmp(box.queue, "rpc.client.u.", 13), 0);
	rpc_outbox_call(&box, "nodeInfo", "x", 1, a);
	rpc_outbox_tell_done(&box); /* nothing to tell: no message */
	rpc_outbox_done(&box, "id", 7);
	rpc_outbox_tell_done(&box);
	rpc_outbox_call(&box, "nodeInfo", "x", 1, b);
	assert_int_equal(read_back(&box, &sequence, &m), 3);
	assert_string_equal(
		artemis_property_text(&m, "rpc-id", seen, sizeof(seen)), b);
	assert_string_not_equal(a, b);
	assert_string_not_equal(a, box.session);
	rpc_outbox_release(&box);
}

static void tells_of_observables_as_others_do(void **state)
{
	static const char *const versions[] = { "4.0", "4.5", "4.8", "4.10" };

	(void)state;
	for (size_t v = 0; v < 4; v++) {
		char path[PATH_ROOM], id[FLOW_ID_TEXT];
		struct buf theirs = test_vector(path_printf(
			path, "rpc/%s/observablesClosed.request.bin",
			versions[v]));
		struct cursor c = cursor_over(theirs.data + 46, 8);
		struct rpc_outbox box;
		struct artemis_message m;
		int64_t sequence;

		snprintf(id, sizeof(id), "%.36s", theirs.data + 10);
		assert_int_equal(rpc_outbox_init(&box, "u", NULL), 0);
		rpc_outbox_done(&box, id, (int64_t)cursor_be64(&c));
		rpc_outbox_tell_done(&box);
		assert_int_equal(read_back(&box, &sequence, &m), 1);
		assert_int_equal(artemis_property_number(&m, "tag", -1), 1);
		assert_int_equal(m.len, theirs.len);
		assert_memory_equal(m.body, theirs.data, m.len);
		rpc_outbox_release(&box);
		buf_release(&theirs);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_whatever_it_says),
		cmocka_unit_test(tells_of_observables_as_others_do),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
