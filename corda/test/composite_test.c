/* SPDX-License-Identifier: Apache-2.0 */
/* composite_test.c - a key made of others, as a network of R3's tool has it. */
#include "corda/composite.h"

#include "base/cleanup.h"
#include "corda/certificate.h"
#include "corda/signature.h"
#include "test/support/test.h"

enum { PARTS = 4, ROOM = 65536 };

/* The service of four nodes by BFT-SMaRt. */
static struct buf file;
static struct der spki;

static int load(void **state)
{
	struct certificate certificate;
	struct error err = { 0 };

	(void)state;
	file = test_vector("bootstrap/bft/composite.cer");
	assert_ok(certificate_read((struct der){ file.data, file.len },
				   &certificate, &err),
		  err);
	spki = certificate.spki;
	return 0;
}

static int unload(void **state)
{
	(void)state;
	buf_release(&file);
	return 0;
}

static struct cursor bits_of(struct cursor *c)
{
	struct cursor bits = der_take(c, DER_BIT_STRING);

	assert_int_equal(cursor_u8(&bits), 0);
	return bits;
}

static void take_parts(struct der ret[PARTS])
{
	struct cursor c = cursor_over(spki.bytes, spki.len), body, list;

	c = der_take(&c, DER_SEQUENCE);
	der_take(&c, DER_SEQUENCE);
	c = bits_of(&c);
	body = der_take(&c, DER_SEQUENCE);
	der_take(&body, DER_INTEGER);
	list = der_take(&body, DER_SEQUENCE);
	for (int i = 0; i < PARTS; i++) {
		struct cursor node = der_take(&list, DER_SEQUENCE);
		struct cursor key = bits_of(&node);

		ret[i] = (struct der){ key.p, cursor_left(&key) };
	}
	assert_false(list.failed);
	assert_int_equal(cursor_left(&list), 0);
}

static void the_order_of_parts_does_not_matter(void **state)
{
	static const int orders[][PARTS] = { { 0, 1, 2, 3 },
					     { 3, 2, 1, 0 },
					     { 2, 0, 3, 1 } };
	struct der parts[PARTS];
	struct error err = { 0 };

	(void)state;
	take_parts(parts);
	for (size_t i = 0; i < ARRAY_SIZE(orders); i++) {
		cleanup(buf_release) struct buf out = BUF_INIT(ROOM);
		struct der keys[PARTS];

		for (int j = 0; j < PARTS; j++)
			keys[j] = parts[orders[i][j]];
		assert_ok(composite_key_write(keys, PARTS, 3, &out, &err), err);
		assert_int_equal(out.len, spki.len);
		assert_memory_equal(out.data, spki.bytes, spki.len);
	}
}

static void three_of_four_must_sign(void **state)
{
	const struct tx_key whole = { spki.bytes, spki.len };
	struct der parts[PARTS];
	struct tx_key keys[PARTS];

	(void)state;
	take_parts(parts);
	for (int i = 0; i < PARTS; i++)
		keys[i] = (struct tx_key){ parts[i].bytes, parts[i].len };
	assert_false(key_fulfilled(&whole, keys, 2));
	assert_true(key_fulfilled(&whole, keys, 3));
	assert_true(key_fulfilled(&whole, keys + 1, 3));
}

static void a_key_has_few_parts_and_no_more_signers(void **state)
{
	cleanup(buf_release) struct buf out = BUF_INIT(ROOM);
	struct der keys[COMPOSITE_KEYS + 1];
	struct error err = { 0 };

	(void)state;
	take_parts(keys);
	assert_error(composite_key_write(keys, 0, 0, &out, &err), err,
		     "0 of 0 keys");
	assert_error(composite_key_write(keys, PARTS, 0, &out, &err), err,
		     "0 of 4 keys");
	assert_error(composite_key_write(keys, PARTS, PARTS + 1, &out, &err),
		     err, "5 of 4 keys");
	assert_error(composite_key_write(keys, COMPOSITE_KEYS + 1, 1, &out,
					 &err),
		     err, "1 of 17 keys");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_order_of_parts_does_not_matter),
		cmocka_unit_test(three_of_four_must_sign),
		cmocka_unit_test(a_key_has_few_parts_and_no_more_signers),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
