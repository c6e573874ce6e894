/* SPDX-License-Identifier: Apache-2.0 */
/* podman_listing_test.c - whose a thing is, from what podman lists. */
#include "engine/podman/podman_listing.h"

#include "base/cleanup.h"
#include "sys/clock.h"
#include "test/support/test.h"

static void knows_names(void **state)
{
	static const char *const not[] = { "",
					   "medley",
					   "medley-build",
					   "medley-20261121-075012",
					   "medley-20261121-075012-3f1",
					   "medley-20261121-075012-3f1ax",
					   "medley-2026112-075012-3f1a",
					   "xmedley-20261121-075012-3f1a" };
	char run[32];

	(void)state;
	assert_int_equal(podman_listing_prefix(
				 "medley-20261121-075012-3f1a-bank-0", run),
			 27);
	assert_string_equal(run, "20261121-075012");
	assert_int_equal(
		podman_listing_prefix("medley-20261121-075012-3f1a", run), 27);
	assert_int_equal(
		podman_listing_prefix("medley-20261121-075012-12-3f1a-x", run),
		30);
	assert_string_equal(run, "20261121-075012-12");
	for (size_t i = 0; i < ARRAY_SIZE(not); i++)
		assert_int_equal(podman_listing_prefix(not[i], run), 0);
}

static void add(struct podman_listing *l, const char *kind, const char *text)
{
	struct error err;

	assert_ok(podman_listing_add(l, kind, text, strlen(text), &err), err);
}

static void groups_by_run(void **state)
{
	struct podman_listing l;
	const struct listed_run *r;

	(void)state;
	podman_listing_init(&l);
	/* As podman 4.3.1 writes them. */
	add(&l, "container",
	    "[{\"Names\":[\"medley-20261121-075012-3f1a-bank-0\"],"
	    "\"Created\":1795000000,\"Labels\":null},"
	    "{\"Names\":[\"postgres\"],\"Created\":1}]");
	add(&l, "network",
	    "[{\"name\":\"medley-20261121-075012-3f1a\",\"created\":"
	    "\"2026-11-21T07:50:13.083072105Z\",\"labels\":{\"medley.run\":"
	    "\"20261121-075012\",\"medley.directory\":\"/x/runs/1\"}},"
	    "{\"name\":\"podman\",\"created\":\"2026-11-26T17:01:44Z\"}]");
	add(&l, "secret",
	    "[{\"CreatedAt\":\"2026-11-21T08:50:12+01:00\",\"Spec\":{\"Name\":"
	    "\"keys\",\"Labels\":{\"medley.run\":\"other\"}}}]");
	r = l.first;
	assert_string_equal(r->key, "other");
	assert_false(r->has_prefix);
	assert_int_equal(r->newest_us, 1795247412000000);
	r = r->next;
	assert_string_equal(r->key, "medley-20261121-075012-3f1a");
	assert_string_equal(r->run, "20261121-075012");
	assert_string_equal(r->directory, "/x/runs/1");
	assert_int_equal(r->count, 2);
	assert_int_equal(r->newest_us, 1795247413000000);
	assert_null(r->next);
	podman_listing_release(&l);
}

static void reads_times(void **state)
{
	static const char *const not[] = { "", "x", "2026-11-21",
					   "2026-11-21T07:50:12",
					   "2026-11-21T07:50:12+1" };
	int64_t us;

	(void)state;
	assert_true(clock_read("1970-01-01T00:00:01.999Z", &us));
	assert_int_equal(us, 1000000);
	assert_true(clock_read("1970-01-01T02:00:00+02:00", &us));
	assert_int_equal(us, 0);
	assert_true(clock_read("1969-12-31T23:00:00-01:00", &us));
	assert_int_equal(us, 0);
	for (size_t i = 0; i < ARRAY_SIZE(not); i++)
		assert_false(clock_read(not[i], &us));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_names),
		cmocka_unit_test(groups_by_run),
		cmocka_unit_test(reads_times),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
