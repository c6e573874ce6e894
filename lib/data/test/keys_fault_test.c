/* SPDX-License-Identifier: Apache-2.0 */
/* keys_fault_test.c - a list of variants, read without memory. */
#include "base/cleanup.h"
#include "data/keys.h"
#include "test/support/fault_loop.h"
#include "test/support/test.h"

struct pay {
	int count;
	const char *currency;
};

struct deed {
	enum { DEED_PAY, DEED_NOTE } kind;
	union {
		struct pay pay;
		const char *note;
	};
};

struct tale {
	struct arena arena;
	struct deed *deeds;
	unsigned count;
	const struct key_pair *marks;
	unsigned mark_count;
};

static const struct key pay_list[] = {
	{ .name = "count",
	  .type = KEY_INT,
	  .offset = offsetof(struct pay, count),
	  .max = 9,
	  .fallback = "5" },
	{ .name = "currency",
	  .type = KEY_TEXT,
	  .offset = offsetof(struct pay, currency),
	  .fallback = "USD" },
};

static const struct keys pay_keys = KEYS_OF("payments", pay_list);

static const struct key deed_list[] = {
	[DEED_PAY] = { .name = "pay",
		       .type = KEY_MAP,
		       .offset = offsetof(struct deed, pay),
		       .inner = &pay_keys },
	[DEED_NOTE] = { .name = "note",
			.type = KEY_TEXT,
			.offset = offsetof(struct deed, note) },
};

static const struct keys deed_keys =
	KEYS_ONE_OF("a deed", deed_list, struct deed, kind);

static const struct key tale_list[] = {
	{ .name = "deeds",
	  .type = KEY_LIST,
	  .offset = offsetof(struct tale, deeds),
	  .count_offset = offsetof(struct tale, count),
	  .inner = &deed_keys,
	  .max = 9 },
	{ .name = "marks",
	  .type = KEY_PAIRS,
	  .offset = offsetof(struct tale, marks),
	  .count_offset = offsetof(struct tale, mark_count),
	  .max = 9 },
};

static const struct keys tale_keys = KEYS_OF("a tale", tale_list);

static int read_tale(void *ctx, struct error *err)
{
	static const char text[] = "deeds: [{pay: {currency: EUR}}, {note: a},"
				   " {pay: }]\n"
				   "marks: {a: b, c: d}\n";
	struct tale *t = ctx;
	struct tale read = { .count = 0 };
	struct yaml_file file;

	if (yaml_parse("t.yaml", text, strlen(text), &t->arena, &file, err) <
		    0 ||
	    keys_read(&tale_keys, &file, file.documents[0], &read, &t->arena,
		      err) < 0)
		return -1;
	t->deeds = read.deeds;
	t->count = read.count;
	t->marks = read.marks;
	t->mark_count = read.mark_count;
	return 0;
}

static void show_tale(void *ctx, struct buf *out)
{
	keys_write(&tale_keys, ctx, 0, out);
}

static void forget_tale(void *ctx)
{
	struct tale *t = ctx;

	arena_release(&t->arena);
	t->count = t->mark_count = 0;
}

static void variants_are_read_or_not(void **state)
{
	const struct fault_story story = {
		.name = "keys_read",
		.kinds = FAULTS_MEMORY,
		.run = read_tale,
		.show = show_tale,
		.release = forget_tale,
	};
	struct tale t = { .arena = ARENA_INIT(1024 * 1024) };

	(void)state;
	fault_loop(&story, &t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(variants_are_read_or_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
