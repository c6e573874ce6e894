/* SPDX-License-Identifier: Apache-2.0 */
/* run_test.c - a run's directory, its inventory, endpoints and secrets. */
#include "test/support/test.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "run/run.h"

static struct arena arena = ARENA_INIT(1024 * 1024);
static char dir[PATH_ROOM];

static int setup(void **state)
{
	struct error err = { 0 };

	(void)state;
	assert_ok(dir_make_temporary("/tmp/medley-run-", dir, &err), err);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_release(&arena);
	return dir_remove(dir, NULL);
}

static void created(void **state)
{
	char runs[PATH_ROOM], first[PATH_ROOM], second[PATH_ROOM];
	char id[PATH_ROOM], latest[PATH_ROOM], part[PATH_ROOM];
	struct error err = { 0 };

	(void)state;
	path_join(runs, dir, "a/runs");
	assert_ok(run_create(runs, first, &err), err);
	assert_ok(run_create(runs, second, &err), err);
	assert_string_not_equal(first, second);
	assert_true(file_exists(path_join(part, second, "config")));
	assert_true(file_exists(path_join(part, second, "logs")));
	run_id(second, id);
	assert_string_equal(id, strrchr(second, '/') + 1);
	assert_int_equal(id[8], '-');
	path_join(latest, runs, "latest");
	assert_string_equal(run_id(latest, part), id);
}

static void inventory(void **state)
{
	struct inventory_item *items;
	struct error err = { 0 };
	unsigned count;

	(void)state;
	assert_ok(inventory_load(dir, &arena, &items, &count, &err), err);
	assert_int_equal(count, 0);
	assert_ok(inventory_add(dir, "network", "n", &err), err);
	assert_ok(inventory_add(dir, "pod", "bank-4-5-0", &err), err);
	assert_ok(inventory_add(dir, "network", "n", &err), err);
	assert_ok(inventory_add(dir, "volume", "n", &err), err);
	assert_ok(inventory_load(dir, &arena, &items, &count, &err), err);
	assert_int_equal(count, 3);
	assert_string_equal(items[0].kind, "network");
	assert_string_equal(items[1].name, "bank-4-5-0");
	assert_string_equal(items[2].kind, "volume");
}

static void what_is_proved_gone_is_not_removed_again(void **state)
{
	struct inventory_item *items;
	struct error err = { 0 };
	unsigned count;

	(void)state;
	assert_ok(inventory_add(dir, "pod", "bank-4-5-0", &err), err);
	assert_ok(inventory_close(dir, &err), err);
	assert_ok(inventory_load(dir, &arena, &items, &count, &err), err);
	assert_int_equal(count, 0);
	assert_ok(inventory_add(dir, "pod", "bank-4-5-0", &err), err);
	assert_ok(inventory_load(dir, &arena, &items, &count, &err), err);
	assert_int_equal(count, 1);
}

/* An inventory from elsewhere; comparing each line with all before it took
 * minutes. */
static void a_long_inventory_is_read(void **state)
{
	enum { MANY = 200000, ITEMS = 100000 };
	cleanup(buf_release) struct buf text = BUF_INIT((size_t)1 << 24);
	cleanup(arena_release) struct arena large =
		ARENA_INIT((size_t)256 << 20);
	struct inventory_item *items;
	struct error err = { 0 };
	char path[PATH_ROOM];
	unsigned count;

	(void)state;
	for (int i = 0; i < MANY; i++)
		buf_addf(&text, "{\"kind\":\"pod\",\"name\":\"n-%d\"}\n",
			 i % ITEMS);
	path_join(path, dir, "inventory.jsonl");
	assert_ok(file_write(path, text.data, text.len, 0600, &err), err);
	assert_ok(inventory_load(dir, &large, &items, &count, &err), err);
	assert_int_equal(count, ITEMS);
	assert_string_equal(items[0].name, "n-0");
	assert_string_equal(items[ITEMS - 1].name, "n-99999");
}

static void put(const char *name, const char *text)
{
	struct error err = { 0 };
	char path[PATH_ROOM];

	assert_ok(file_write(path_join(path, dir, name), text, strlen(text),
			     0600, &err),
		  err);
}

static void endpoints(void **state)
{
	struct error err = { 0 };
	struct endpoint e;

	(void)state;
	assert_error(endpoint_load(dir, NULL, &arena, &e, &err), err,
		     "'medley up' writes it");
	put("endpoints.json",
	    "{\"nodes\":{\"bank-4.5-0\":{\"host\":\"127.0.0.1\",\"port\":4711,"
	    "\"container\":\"c\"}},\"database\":{\"host\":\"::1\",\"port\":1}"
	    "}");
	assert_ok(endpoint_load(dir, "bank-4.5-0", &arena, &e, &err), err);
	assert_string_equal(e.host, "127.0.0.1");
	assert_int_equal(e.port, 4711);
	assert_ok(endpoint_load(dir, NULL, &arena, &e, &err), err);
	assert_string_equal(e.host, "::1");
	assert_error(endpoint_load(dir, "x", &arena, &e, &err), err,
		     "endpoints.json has no address of x");
	assert_int_equal(err.kind, ERROR_INPUT);
}

static void secrets(void **state)
{
	struct error err = { 0 };
	struct secrets s;

	(void)state;
	put("secrets.json", "{\"rpc_user\":\"medley\",\"rpc_password\":\"p\","
			    "\"database_user\":\"corda\"}");
	assert_error(secrets_load(dir, &arena, &s, &err), err,
		     "password is missing");
	put("secrets.json", "{\"rpc_user\":\"medley\",\"rpc_password\":\"p\","
			    "\"database_user\":\"corda\","
			    "\"database_password\":\"q\"}");
	assert_ok(secrets_load(dir, &arena, &s, &err), err);
	assert_string_equal(s.rpc_user, "medley");
	assert_string_equal(s.database_password, "q");
	assert_null(s.nodes_key);
}

/* What is written again must be the same; no two may be. */
static void passwords_of_roles(void **state)
{
	const struct secrets s = { .nodes_key = "key" },
			     t = { .nodes_key = "" };
	char a[ROLE_PASSWORD], b[ROLE_PASSWORD];

	(void)state;
	secrets_role_password(&s, "bank_4_10_0", a);
	assert_string_equal(a, "7c28e13a90354422449eff2edf1ca2d6");
	secrets_role_password(&s, "bank_4_10_1", b);
	assert_string_not_equal(a, b);
	secrets_role_password(&t, "bank_4_10_0", b);
	assert_string_not_equal(a, b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(created, setup, teardown),
		cmocka_unit_test_setup_teardown(inventory, setup, teardown),
		cmocka_unit_test_setup_teardown(
			what_is_proved_gone_is_not_removed_again, setup,
			teardown),
		cmocka_unit_test_setup_teardown(a_long_inventory_is_read, setup,
						teardown),
		cmocka_unit_test_setup_teardown(endpoints, setup, teardown),
		cmocka_unit_test_setup_teardown(secrets, setup, teardown),
		cmocka_unit_test_setup_teardown(passwords_of_roles, setup,
						teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
