/* SPDX-License-Identifier: Apache-2.0 */
/* transaction_id_test.c - ids that nodes gave come out of the bytes again. */
#include "corda/transaction.h"

#include "base/cleanup.h"
#include "proto/snappy.h"
#include "test/support/test.h"

enum { ROOM = 16 * 1024 * 1024 };

static unsigned checked;

/* The id of the transaction stored in a file. */
static void id_of_file(const char *path, struct tx_id *ret)
{
	cleanup(buf_release) struct buf b = BUF_INIT(ROOM);
	cleanup(buf_release) struct buf room = BUF_INIT(ROOM);
	cleanup(arena_release) struct arena a = ARENA_INIT(ROOM);
	const struct amqp_value *root;
	struct error err = { 0 };
	const uint8_t *p;
	size_t len;

	assert_ok(file_read(path, &b, &err), err);
	if (storage_unpack(b.data, b.len, &room, &p, &len, &err) < 0 ||
	    amqp_read(p, len, &a, &root, &err) < 0 ||
	    transaction_id_of_value(root, ret, &err) < 0)
		fail_msg("%s: %s", path, err.text);
	checked++;
}

/* Files are named <kind>-<id>.bin */
static int check_named(const char *name, void *ctx)
{
	char path[PATH_ROOM], text[TX_ID_TEXT];
	struct tx_id id, again;
	const char *dash = strrchr(name, '-');

	if (!strstr(name, ".bin"))
		return 0;
	id_of_file(path_join(path, ctx, name), &id);
	tx_id_text(text, &id);
	if (strncmp(dash + 1, text, strlen(text)) != 0)
		fail_msg("%s: %s", path, text);
	assert_true(tx_id_parse(text, &again));
	assert_true(tx_id_equal(&id, &again));
	return 0;
}

static void gives_the_ids_of_payments(void **state)
{
	static char dirs[][32] = { "test/vectors/vault/4.0",
				   "test/vectors/vault/4.5",
				   "test/vectors/vault/4.8",
				   "test/vectors/vault/4.10" };
	struct error err = { 0 };

	(void)state;
	checked = 0;
	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++)
		assert_ok(dir_each(dirs[i], check_named, dirs[i], &err), err);
	assert_true(checked > 40);
}

static void assert_id(const char *dir, const char *name, const char *want)
{
	char path[PATH_ROOM], text[TX_ID_TEXT];
	struct tx_id id;

	id_of_file(path_printf(path, "test/vectors/%s/%s", dir, name), &id);
	assert_string_equal(tx_id_text(text, &id), want);
}

static void gives_the_ids_of_other_kinds(void **state)
{
	static const char upgrade_0[] = "tx.upgrade.made-by-4.0.stored-by-"
					"4.10.bin";
	static const char change_0[] = "tx.notary-change.made-by-4.0.stored-by-"
				       "4.0.bin";

	(void)state;
	assert_id("workloads", upgrade_0,
		  "7A3D6C07976CF5C9F8D5598E419B4C0B7FBEFB4BD3D6853846477AA"
		  "357A80465");
	assert_id("workloads", change_0,
		  "D9FDA56F6CD1722DF0E161E5B59C4F652545E04C439F130B3339E8C"
		  "CCB549D23");
}

/* The signatures in these two verify over just these ids. */
static void gives_ids_of_other_algorithms(void **state)
{
	static const char sha384[] = "SHA-384:1A4DE8EEBBBB1EF23550B7F5F8171D52B"
				     "4FFCA3BF0B7B9CED3D30CE34371AC35CC5D3CF32"
				     "D6BDF4351B9E9D08B1F7554";
	static const char sha512[] =
		"SHA-512:"
		"32813FD4A69CC82281AD74E42F0C32615C0442757BFB3CEED2C1AFDCFE4C29"
		"766800E023F4B17113ED54D9A25E6130A4AFD1F77355593269D49618D236C3"
		"D7A1";

	(void)state;
	assert_id("vault/signatures", "signed-transaction-sha384.bin", sha384);
	assert_id("vault/signatures", "signed-transaction-sha512.bin", sha512);
}

static void refuses_text_that_is_no_id(void **state)
{
	struct tx_id id;

	(void)state;
	assert_false(tx_id_parse("", &id));
	assert_false(tx_id_parse("SHA-1:00", &id));
	assert_false(tx_id_parse("7A3D6C07976CF5C9F8D5598E419B4C0B", &id));
	assert_false(tx_id_parse("7A3D6C07976CF5C9F8D5598E419B4C0B7FBEFB4BD3D68"
				 "53846477AA357A8046x",
				 &id));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_the_ids_of_payments),
		cmocka_unit_test(gives_the_ids_of_other_kinds),
		cmocka_unit_test(gives_ids_of_other_algorithms),
		cmocka_unit_test(refuses_text_that_is_no_id),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
