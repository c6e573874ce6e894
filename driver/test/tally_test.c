/* SPDX-License-Identifier: Apache-2.0 */
/* tally_test.c - the numbers of a load, while it runs and in its details. */
#include "driver/tally.h"

#include "base/cleanup.h"
#include "test/support/test.h"

enum { PAYMENTS = 100000, MS = 1000 };

static struct release releases[] = { { .label = "4.0" }, { .label = "4.8" } };
static struct network_node nodes[] = {
	{ .name = "bank-a", .release = 0 },
	{ .name = "bank-b", .release = 0 },
	{ .name = "notary", .release = 1, .role = NODE_NOTARY },
};
static const struct network net = { .settled_gate = 2,
				    .releases = releases,
				    .release_count = 2,
				    .nodes = nodes,
				    .node_count = 3 };

static void pay(struct tally *t, enum op_outcome outcome, int64_t intended_us,
		int64_t sent_us, int64_t done_us)
{
	tally_add(t, OP_PAY, outcome, &nodes[0], &nodes[1], &nodes[2],
		  intended_us, sent_us, done_us);
}

static void assert_near(double got, double exact)
{
	if (got < exact * (1 - 1.0 / HISTOGRAM_ERROR) ||
	    got > exact * (1 + 1.0 / HISTOGRAM_ERROR))
		fail_msg("%f, exactly %f", got, exact);
}

/* The loads of two drivers: their histograms make that of both. */
static void assert_merges(const struct js *times, const struct histogram *whole)
{
	struct arena arena = ARENA_INIT(256 * 1024);
	struct histogram h = HISTOGRAM_INIT(&arena);
	struct error err = { 0 };

	assert_ok(histogram_parse(js_str(times, "histogram"), &h, &err), err);
	assert_int_equal(h.count, whole->count);
	assert_ok(histogram_merge(&h, whole, &err), err);
	assert_int_equal(h.count, 2 * whole->count);
	assert_int_equal(histogram_percentile(&h, 990),
			 histogram_percentile(whole, 990));
	arena_release(&arena);
}

/* The n-th waits for n ms, after that it takes 500 ms. */
static void percentiles_are_near_and_the_greatest_is_exact(void **state)
{
	struct tally t;
	struct error err = { 0 };
	struct js *details;
	const struct js *latency, *service;

	(void)state;
	assert_ok(tally_init(&t, &net, &err), err);
	assert_int_equal(tally_median_us(&t), 0);
	for (int64_t n = 1; n <= PAYMENTS; n++)
		pay(&t, OUTCOME_OK, 1, 1 + n * MS, 1 + n * MS + 500 * MS);
	assert_near((double)tally_median_us(&t), 50500.0 * MS);
	details = tally_details(&t);
	latency = js_get(details, "latency_ms");
	service = js_get(details, "service_ms");
	assert_int_equal(js_int(latency, "count", 0), PAYMENTS);
	assert_near(js_num(latency, "p50", 0), 50500);
	assert_near(js_num(latency, "p95", 0), 95500);
	assert_near(js_num(latency, "p99", 0), 99500);
	assert_float_equal(js_num(latency, "max", 0), 100500, 1e-9);
	assert_float_equal(js_num(service, "p50", 0), 500, 1e-9);
	assert_float_equal(js_num(service, "max", 0), 500, 1e-9);
	assert_merges(latency, &t.score.latency);
	js_free(details);
	tally_release(&t);
}

static void times_are_those_of_good_answers(void **state)
{
	struct tally t;
	struct error err = { 0 };
	struct js *details;
	unsigned covered, total;

	(void)state;
	assert_ok(tally_init(&t, &net, &err), err);
	pay(&t, OUTCOME_OK, 1, 1, 5 * MS + 1);
	pay(&t, OUTCOME_FAIL, 1, 1, 900 * MS);
	pay(&t, OUTCOME_UNKNOWN, 1, 1, 900 * MS);
	assert_int_equal(t.score.counts.payments, 3);
	assert_int_equal(tally_median_us(&t), 5 * MS);
	tally_cells(&t, &covered, &total);
	assert_int_equal(total, 1);
	assert_int_equal(covered, 0); /* the gate is 2 */
	pay(&t, OUTCOME_OK, 1, 1, 5 * MS + 1);
	tally_cells(&t, &covered, &total);
	assert_int_equal(covered, 1);
	details = tally_details(&t);
	assert_int_equal(js_int(js_get(details, "payments"), "fail", 0), 1);
	assert_int_equal(js_int(js_get(details, "latency_ms"), "count", 0), 2);
	js_free(details);
	tally_release(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			percentiles_are_near_and_the_greatest_is_exact),
		cmocka_unit_test(times_are_those_of_good_answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
