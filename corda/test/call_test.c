/* SPDX-License-Identifier: Apache-2.0 */
/* call_test.c - our requests are those of captured clients, byte for byte,
 * and captured answers mean what their manifest says. */
#include "corda/call.h"

#include "base/cleanup.h"
#include "data/json.h"
#include "test/support/test.h"

enum { ROOM = 16 * 1024 * 1024 };

static const char *const versions[] = { "4.0", "4.5", "4.8", "4.10" };

static struct buf vector_of(const char *version, const char *name)
{
	char path[PATH_ROOM];

	return test_vector(path_printf(path, "rpc/%s/%s", version, name));
}

static void assert_bytes(const struct buf *a, const struct buf *b)
{
	assert_int_equal(a->len, b->len);
	assert_memory_equal(a->data, b->data, a->len);
}

static void asks_without_arguments_as_others_do(void **state)
{
	static const char *const methods[] = {
		"getProtocolVersion",	"nodeInfo",	   "networkMapSnapshot",
		"notaryIdentities",	"registeredFlows", "currentNodeTime",
		"stateMachinesSnapshot"
	};
	struct buf ours = BUF_INIT(4096);
	char name[100];

	(void)state;
	call_nothing(&ours);
	for (size_t v = 0; v < 4; v++)
		for (size_t i = 0; i < ARRAY_SIZE(methods); i++) {
			struct buf theirs;

			snprintf(name, sizeof(name), "%s.request.bin",
				 methods[i]);
			theirs = vector_of(versions[v], name);
			assert_bytes(&ours, &theirs);
			buf_release(&theirs);
		}
	buf_release(&ours);
}

static void kills_flows_as_others_do(void **state)
{
	(void)state;
	for (size_t v = 0; v < 4; v++) {
		struct buf ours = BUF_INIT(4096);
		struct buf theirs =
			vector_of(versions[v], "killFlow.request.bin");
		struct arena a = ARENA_INIT(ROOM);
		const struct amqp_value *root;
		struct error err = { 0 };

		assert_ok(amqp_read(theirs.data, theirs.len, &a, &root, &err),
			  err);
		call_kill_flow(&ours,
			       amqp_get(amqp_at(root, 0), "uuid")->bytes);
		assert_bytes(&ours, &theirs);
		arena_release(&a);
		buf_release(&ours);
		buf_release(&theirs);
	}
}

static void expect_reply(const struct js *entry, const struct buf *b,
			 struct arena *a)
{
	bool success = strcmp(js_str(entry, "try"), "Success") == 0;
	struct call_reply reply;
	struct error err = { 0 };
	const char *text = js_str(entry, "message");

	assert_ok(call_reply_read(b->data, b->len, a, &reply, &err), err);
	assert_int_equal(reply.success, success);
	if (success)
		return;
	assert_string_equal(reply.failure.class_name,
			    js_str(entry, "exceptionClass"));
	if (text)
		assert_string_equal(reply.failure.text, text);
}

static void expect_event(const struct js *entry, const struct buf *b,
			 struct arena *a)
{
	static const char *const kinds[] = { "OnNext", "OnError",
					     "OnCompleted" };
	struct call_event event;
	struct error err = { 0 };
	const char *text = js_str(entry, "message");

	assert_ok(call_event_read(b->data, b->len, a, &event, &err), err);
	assert_non_null(strstr(js_str(entry, "file"), kinds[event.kind]));
	if (event.kind != CALL_ERROR)
		return;
	assert_string_equal(event.failure.class_name,
			    js_str(entry, "exceptionClass"));
	if (text)
		assert_string_equal(event.failure.text, text);
}

static void expect(const char *version, const struct js *entry,
		   unsigned seen[2])
{
	const char *file = js_str(entry, "file");
	struct arena a = ARENA_INIT(ROOM);
	struct buf b;

	if (!strstr(file, ".bin") || strstr(file, ".request."))
		return;
	b = vector_of(version, file);
	if (strstr(file, ".reply.")) {
		expect_reply(entry, &b, &a);
		seen[0]++;
	} else {
		expect_event(entry, &b, &a);
		seen[1]++;
	}
	buf_release(&b);
	arena_release(&a);
}

static void understands_every_captured_answer(void **state)
{
	unsigned seen[2] = { 0 };

	(void)state;
	for (size_t v = 0; v < 4; v++) {
		struct js *manifest;
		struct error err = { 0 };
		char path[PATH_ROOM];

		path_printf(path, "test/vectors/rpc/%s/manifest.json",
			    versions[v]);
		assert_ok(js_read_file(path, &manifest, &err), err);
		for (size_t i = 0; i < js_count(manifest); i++)
			expect(versions[v], js_at(manifest, i), seen);
		js_free(manifest);
	}
	assert_true(seen[0] > 100 && seen[1] > 100);
}

static void reads_a_flow_handle(void **state)
{
	struct buf b = vector_of("4.8", "pay.reply.bin");
	struct arena a = ARENA_INIT(ROOM);
	struct error err = { 0 };
	struct call_reply reply;
	struct call_flow flow;

	(void)state;
	assert_ok(call_reply_read(b.data, b.len, &a, &reply, &err), err);
	assert_ok(call_flow_read(reply.value, &a, &flow, &err), err);
	assert_int_equal(strlen(flow.id_text), 36);
	assert_int_equal(strlen(flow.observable), 36);
	assert_true(flow.observable_ms > 1700000000000);
	assert_error(call_flow_read(NULL, &a, &flow, &err), err,
		     "an unknown form");
	buf_release(&b);
	arena_release(&a);
}

static void refuses_an_answer_that_is_a_notification(void **state)
{
	struct buf b = vector_of("4.8", "pay.return-0-OnNext.bin");
	struct arena a = ARENA_INIT(ROOM);
	struct error err = { 0 };
	struct call_reply reply;
	struct call_event event;

	(void)state;
	assert_error(call_reply_read(b.data, b.len, &a, &reply, &err), err,
		     "neither Success nor Failure");
	buf_release(&b);
	b = vector_of("4.8", "pay.reply.bin");
	assert_error(call_event_read(b.data, b.len, &a, &event, &err), err,
		     "is not an rx.Notification");
	buf_release(&b);
	arena_release(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(asks_without_arguments_as_others_do),
		cmocka_unit_test(kills_flows_as_others_do),
		cmocka_unit_test(understands_every_captured_answer),
		cmocka_unit_test(reads_a_flow_handle),
		cmocka_unit_test(refuses_an_answer_that_is_a_notification),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
