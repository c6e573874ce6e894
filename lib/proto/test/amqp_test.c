/* SPDX-License-Identifier: Apache-2.0 */
/* amqp_test.c - every envelope that real nodes wrote is read, to the last
 * reference. */
#include "proto/amqp.h"

#include "base/cleanup.h"
#include "test/support/test.h"

enum { ROOM = 64 * 1024 * 1024 };

struct walk {
	size_t envelopes, inner;
	const char *name;
};

static bool is_envelope(const uint8_t *bytes, size_t len)
{
	return len > 8 && memcmp(bytes, "corda\1\0", 8) == 0;
}

static void read_all(struct walk *w, const uint8_t *bytes, size_t len);

/* Envelopes within envelopes: a transaction's bytes, its components. */
static void look_inside(struct walk *w, const struct amqp_value *v)
{
	assert_non_null(v);
	if (v->type == AMQP_BINARY && is_envelope(v->bytes, v->len)) {
		w->inner++;
		read_all(w, v->bytes, v->len);
	}
	for (size_t i = 0; i < v->count; i++)
		look_inside(w, v->items[i]);
}

static void read_all(struct walk *w, const uint8_t *bytes, size_t len)
{
	cleanup(arena_release) struct arena a = ARENA_INIT(ROOM);
	const struct amqp_value *root;
	struct error err = { 0 };

	if (amqp_read(bytes, len, &a, &root, &err) < 0)
		fail_msg("%s: %s", w->name, err.text);
	w->envelopes++;
	look_inside(w, root);
}

static int read_file(const char *name, void *ctx)
{
	struct walk *w = ((void **)ctx)[0];
	cleanup(buf_release) struct buf b = BUF_INIT(16 * 1024 * 1024);
	char path[PATH_ROOM];
	struct error err = { 0 };

	w->name = name;
	if (!strstr(name, ".bin"))
		return 0;
	assert_ok(file_read(path_join(path, ((void **)ctx)[1], name), &b, &err),
		  err);
	if (is_envelope(b.data, b.len))
		read_all(w, b.data, b.len);
	return 0;
}

static void reads_what_every_release_wrote(void **state)
{
	static char dirs[][48] = {
		"test/vectors/rpc/4.0",		 "test/vectors/rpc/4.5",
		"test/vectors/rpc/4.8",		 "test/vectors/rpc/4.10",
		"test/vectors/vault/4.0",	 "test/vectors/workloads",
		"test/vectors/vault/signatures",
	};
	struct walk w = { 0 };
	struct error err = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++) {
		void *ctx[] = { &w, dirs[i] };

		assert_ok(dir_each(dirs[i], read_file, ctx, &err), err);
	}
	/* 333 RPC bodies, and more; none was skipped by mistake. */
	assert_true(w.envelopes - w.inner > 390);
	assert_true(w.inner > 300);
}

static const struct amqp_value *read_vector(const char *name, struct buf *b,
					    struct arena *a)
{
	const struct amqp_value *root;
	struct error err = { 0 };

	*b = test_vector(name);
	assert_ok(amqp_read(b->data, b->len, a, &root, &err), err);
	return root;
}

/* The error of a failed payment: the cause's suppressed array and the inner
 * exception's are one object, found by a number that counts bare map keys. */
static void replaces_references(void **state)
{
	cleanup(arena_release) struct arena a = ARENA_INIT(ROOM);
	cleanup(buf_release) struct buf b = { 0 };
	const struct amqp_value *v, *thrown, *cause;
	struct error err = { 0 };
	const char *text;

	(void)state;
	v = read_vector("rpc/4.5/pay-insufficient.return-0-OnError.bin", &b,
			&a);
	while (v && !amqp_is(v, "java.lang.Throwable")) {
		const struct amqp_value *next = NULL;

		v = amqp_bare(v);
		for (size_t i = 0; i < amqp_count(v) && !next; i++)
			if (amqp_at(v, i)->type == AMQP_OBJECT &&
			    amqp_at(v, i)->cls->kind != AMQP_ENUM)
				next = amqp_at(v, i);
		v = next;
	}
	thrown = amqp_bare(v);
	assert_int_equal(amqp_count(thrown), 6);
	assert_true(amqp_is(amqp_at(thrown, 1), "java.lang.Throwable"));
	cause = amqp_bare(amqp_at(thrown, 1));
	assert_ok(amqp_text(amqp_at(cause, 2), &a, &text, &err), err);
	assert_non_null(strstr(text, "InsufficientBalance"));
	assert_ptr_equal(amqp_at(cause, 5), amqp_at(thrown, 5));
}

static void finds_fields_by_name(void **state)
{
	cleanup(arena_release) struct arena a = ARENA_INIT(ROOM);
	cleanup(buf_release) struct buf b = { 0 };
	const struct amqp_value *v, *bits;

	(void)state;
	v = read_vector("vault/signatures/signed-transaction-sha256.bin", &b,
			&a);
	assert_true(
		amqp_is(v, "net.corda.core.transactions.SignedTransaction"));
	bits = amqp_path(v, "txBits.bytes");
	assert_non_null(bits);
	assert_true(is_envelope(bits->bytes, bits->len));
	assert_null(amqp_path(v, "txBits.bites"));
	assert_null(amqp_path(v, "sigs.bytes.more"));
	assert_null(amqp_get(NULL, "x"));
	assert_true(amqp_count(amqp_get(v, "sigs")) > 0);
	assert_int_equal(amqp_int(amqp_path(amqp_at(amqp_get(v, "sigs"), 0),
					    "signatureMetadata."
					    "schemeNumberID"),
				  -1),
			 4);
}

static void refuses_what_is_damaged(void **state)
{
	cleanup(arena_release) struct arena a = ARENA_INIT(ROOM);
	cleanup(buf_release) struct buf b = BUF_INIT(ROOM);
	const struct amqp_value *v;
	struct error err = { 0 };

	(void)state;
	b = test_vector("rpc/4.8/nodeInfo.reply.bin");
	assert_error(amqp_read("corda", 5, &a, &v, &err), err,
		     "not an envelope");
	assert_error(amqp_read(b.data, b.len - 1, &a, &v, &err), err,
		     "damaged");
	b.data[7] = 1;
	assert_error(amqp_read(b.data, b.len, &a, &v, &err), err, "section 1");
	b.data[7] = 0;
	for (size_t cut = 0; cut < b.len; cut += 7)
		assert_int_equal(amqp_read(b.data, cut, &a, &v, &err), -1);
}

/* Any byte changed: read or refused, but never out of bounds. */
static void survives_any_flipped_byte(void **state)
{
	cleanup(buf_release) struct buf b = BUF_INIT(ROOM);
	const struct amqp_value *v;
	struct error err = { 0 };

	(void)state;
	b = test_vector("rpc/4.10/nodeInfo.reply.bin");
	for (size_t i = 0; i < b.len; i++) {
		struct arena a = ARENA_INIT(ROOM);

		b.data[i] ^= 0xff;
		(void)amqp_read(b.data, b.len, &a, &v, &err);
		b.data[i] ^= 0xff;
		arena_release(&a);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_every_release_wrote),
		cmocka_unit_test(replaces_references),
		cmocka_unit_test(finds_fields_by_name),
		cmocka_unit_test(refuses_what_is_damaged),
		cmocka_unit_test(survives_any_flipped_byte),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
