/* SPDX-License-Identifier: Apache-2.0 */
/* history_test.c - what drivers write is what is read, also of one that was
 * killed and of several at once.
 */
#include "run/history.h"

#include <sys/wait.h>
#include <unistd.h>

#include "run/line_reader.h"
#include "run/records.h"
#include "sys/appender.h"
#include "test/support/scratch.h"
#include "test/support/run_lines.h"

enum { ROOM = 16 * 1024 * 1024 };

static struct history_writer *open_writer(struct scratch *at, unsigned first)
{
	struct history_writer *w;

	assert_ok(history_open(at->dir, first, &w, &at->err), at->err);
	return w;
}

static uint64_t write_one(struct scratch *at, struct history_writer *w)
{
	const struct operation op = { .id = history_next_id(w),
				      .kind = OP_PAY,
				      .payer = "bank-a",
				      .payee = "bank-b",
				      .currency = "USD",
				      .amount = -5,
				      .tx = "AB" };

	assert_ok(history_write(w, &op, &at->err), at->err);
	return op.id;
}

/* The ids in the file, in its order. */
static size_t read_ids(struct scratch *at, uint64_t *ids, size_t room)
{
	cleanup(history_reader_freep) struct history_reader *r = NULL;
	struct operation op;
	size_t n = 0;
	int rc;

	assert_ok(history_reader_open(at->dir, &r, &at->err), at->err);
	while ((rc = history_read(r, &op, &at->err)) > 0) {
		assert_true(n < room);
		assert_string_equal(op.payer, "bank-a");
		ids[n++] = op.id;
	}
	assert_ok(rc, at->err);
	return n;
}

static void add_text(struct scratch *at, const char *text)
{
	char path[PATH_ROOM];

	path_join(path, at->dir, HISTORY_FILE);
	assert_ok(file_append(path, text, strlen(text), 0644, &at->err),
		  at->err);
}

#define OLD_LINE                                                               \
	"{\"id\":41,\"kind\":\"pay\",\"payer\":\"bank-a\",\"payee\":"          \
	"\"bank-b\",\"currency\":\"USD\",\"outcome\":\"ok\"}\n"

/* A driver of an older release counted from 1, and was killed in a line. */
static void goes_on_where_another_driver_ended(void **state)
{
	struct scratch *at = *state;
	struct history_writer *w;
	uint64_t ids[8];

	add_text(at, OLD_LINE "{\"id\":99,\"ki");
	w = open_writer(at, 0);
	assert_int_equal(write_one(at, w), 42);
	assert_int_equal(write_one(at, w), 43);
	assert_ok(history_close(w, &at->err), at->err);
	w = open_writer(at, 0);
	assert_int_equal(write_one(at, w), 44);
	assert_ok(history_close(w, &at->err), at->err);
	assert_int_equal(read_ids(at, ids, 8), 4);
	for (unsigned i = 0; i < 4; i++)
		assert_int_equal(ids[i], 41 + i);
}

static void several_drivers_have_ids_of_their_own(void **state)
{
	struct scratch *at = *state;
	struct history_writer *a = open_writer(at, 0);
	struct history_writer *b = open_writer(at, 0);
	struct history_writer *c = open_writer(at, 64);
	uint64_t ids[64];
	size_t n;

	for (int i = 0; i < 10; i++) {
		write_one(at, a);
		write_one(at, b);
		write_one(at, c);
		assert_ok(history_flush(i % 2 ? a : b, &at->err), at->err);
	}
	assert_ok(history_close(a, &at->err), at->err);
	assert_ok(history_close(b, &at->err), at->err);
	assert_ok(history_close(c, &at->err), at->err);
	n = read_ids(at, ids, 64);
	assert_int_equal(n, 30);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < i; k++)
			assert_true(ids[i] != ids[k]);
	/* Each number is free again, and counts on. */
	a = open_writer(at, 64);
	assert_true(history_next_id(a) == op_id(64, 11));
	history_free(a);
}

/* As a driver that is killed: nothing is closed. */
static void write_and_die(struct scratch *at)
{
	struct history_writer *w = open_writer(at, 0);

	write_one(at, w);
	write_one(at, w);
	assert_ok(history_flush(w, &at->err), at->err);
	write_one(at, w);
	_exit(0);
}

static void a_killed_driver_keeps_what_it_flushed(void **state)
{
	struct scratch *at = *state;
	uint64_t ids[8];
	int status;
	pid_t pid = fork();

	if (pid == 0)
		write_and_die(at);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(read_ids(at, ids, 8), 2);
}

static void nothing_waits_longer_than_a_second(void **state)
{
	struct scratch *at = *state;
	struct history_writer *w = open_writer(at, 0);
	uint64_t ids[8];

	write_one(at, w);
	assert_ok(history_tick(w, &at->err), at->err);
	assert_int_equal(read_ids(at, ids, 8), 0);
	usleep(APPENDER_US);
	assert_ok(history_tick(w, &at->err), at->err);
	assert_int_equal(read_ids(at, ids, 8), 1);
	write_one(at, w);
	usleep(APPENDER_US);
	write_one(at, w); /* a busy loop without a tick */
	assert_int_equal(read_ids(at, ids, 8), 3);
	history_free(w);
}

/* Ids that somebody else wrote: the highest there can be. */
static void a_used_up_number_is_passed_over(void **state)
{
	struct scratch *at = *state;
	struct history_writer *w;

	add_text(at, "{\"id\":4294967295,\"kind\":\"pay\",\"payer\":\"a\","
		     "\"payee\":\"b\",\"currency\":\"USD\","
		     "\"outcome\":\"ok\"}\n");
	w = open_writer(at, 0);
	assert_true(history_next_id(w) == op_id(1, 1));
	history_free(w);
}

/* ---- lines that are read in place ---- */

static const struct line_key keys[] = { { .name = "id" },
					{ .name = "kind" },
					{ .name = "ok" },
					{ .name = "amount" } };

static const struct line_form form = LINE_FORM("line", keys);

static bool scan(const char *text, struct line_value v[4], char room[200])
{
	snprintf(room, 200, "%s", text);
	return line_scan(room, strlen(room), &form, v);
}

static void simple_lines_are_read_in_place(void **state)
{
	struct line_value v[4];
	char room[200];

	(void)state;
	assert_true(scan("{\"id\":7,\"kind\":\"pay\",\"ok\":true,"
			 "\"amount\":-999999999999999999}",
			 v, room));
	assert_int_equal(v[0].number, 7);
	assert_string_equal(v[1].text, "pay");
	assert_true(v[2].truth);
	assert_true(v[3].number == INT64_C(-999999999999999999));
	assert_true(scan("{\"amount\":0,\"kind\":null,\"ok\":false}", v, room));
	assert_null(v[1].text);
	assert_false(v[2].truth);
	assert_int_equal(v[0].number, 0);
}

static void other_lines_are_left_to_the_library(void **state)
{
	static const char *const texts[] = {
		"",
		"{",
		"{}",
		"[]",
		"{\"id\"",
		"{\"id\":",
		"{\"id\":1",
		"{\"id\":1,",
		"{\"id\":1,}",
		"{\"id\":1}x",
		"{\"id\": 1}",
		" {\"id\":1}",
		"{\"id\":01}",
		"{\"id\":-0}",
		"{\"id\":-}",
		"{\"id\":1.5}",
		"{\"id\":1e3}",
		"{\"id\":9223372036854775808}",
		"{\"id\":1000000000000000000}",
		"{\"id\":1,\"id\":2}",
		"{\"id\":nul}",
		"{\"other\":1}",
		"{\"i\":1}",
		"{\"kind\":\"a\\n\"}",
		"{\"kind\":\"\xc3\xa9\"}",
		"{\"kind\":\"a\x01\"}",
		"{\"kind\":{}}",
		"{\"kind\":\"a}",
	};
	struct line_value v[4];
	char room[200];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		assert_false(scan(texts[i], v, room));
		assert_string_equal(room, texts[i]);
	}
}

static void texts_that_need_the_library_come_back(void **state)
{
	struct scratch *at = *state;
	struct arena arena = ARENA_INIT(ROOM);
	const struct operation op = { .id = 1,
				      .kind = OP_ISSUE,
				      .payer = "b\xc3\xa4nk",
				      .payee = "a\"\\\x01",
				      .currency = "USD",
				      .amount = INT64_MIN,
				      .error_text = "\xff\n" };
	struct operation *ops;
	size_t count;

	assert_ok(history_append(at->dir, &op, &at->err), at->err);
	assert_ok(all_operations(at->dir, &arena, &ops, &count, &at->err),
		  at->err);
	assert_int_equal(count, 1);
	assert_string_equal(ops[0].payer, op.payer);
	assert_string_equal(ops[0].payee, op.payee);
	assert_string_equal(ops[0].error_text, "?\n");
	assert_true(ops[0].amount == INT64_MIN);
	arena_release(&arena);
}

static void settlements_are_read_one_by_one(void **state)
{
	cleanup(settlement_reader_freep) struct settlement_reader *r = NULL;
	struct scratch *at = *state;
	struct settlement s = { .op = 1, .tx = "AB", .notary_has = true };
	struct appender *to;

	assert_ok(settlement_open(at->dir, &to, &at->err), at->err);
	for (; s.op < 4; s.op++)
		assert_ok(settlement_write(to, &s, &at->err), at->err);
	assert_ok(appender_close(to, &at->err), at->err);
	assert_ok(settlement_reader_open(at->dir, &r, &at->err), at->err);
	for (uint64_t op = 1; op < 4; op++) {
		assert_int_equal(settlement_read(r, &s, &at->err), 1);
		assert_int_equal(s.op, op);
		assert_string_equal(s.tx, "AB");
		assert_true(s.notary_has && !s.payer_has && !s.in_flight);
	}
	assert_int_equal(settlement_read(r, &s, &at->err), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH_TEST(goes_on_where_another_driver_ended),
		SCRATCH_TEST(several_drivers_have_ids_of_their_own),
		SCRATCH_TEST(a_killed_driver_keeps_what_it_flushed),
		SCRATCH_TEST(nothing_waits_longer_than_a_second),
		SCRATCH_TEST(a_used_up_number_is_passed_over),
		cmocka_unit_test(simple_lines_are_read_in_place),
		cmocka_unit_test(other_lines_are_left_to_the_library),
		SCRATCH_TEST(texts_that_need_the_library_come_back),
		SCRATCH_TEST(settlements_are_read_one_by_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
