/* SPDX-License-Identifier: Apache-2.0 */
/* load_test.c - a load in a file of its own: what comes of it. */
#include "run/load.h"

#include "base/cleanup.h"
#include "test/support/scratch.h"

/* Two banks that run, and one whose release was not built. */
static const char network_yaml[] =
	"banks: [{release: maven:4.0}, {release: maven:4.8}, "
	"{release: maven:4.99}]\n"
	"notaries: [{release: maven:4.5}, {release: maven:4.8, cluster: "
	"raft}]\n"
	"cordapps: finance-4.0\n"
	"load: {count: 5, in_flight: 2, currency: EUR}\n"
	"gates: {settled: 3}\n"
	"timeouts: {flow: 11, settle: 7}\n";

struct story {
	struct scratch at;
	struct network net;
	struct load_file f;
};

static int set_up(void **state)
{
	struct story *s = scratch_begin(sizeof(*s));

	assert_ok(network_parse("network.yaml", network_yaml,
				strlen(network_yaml), &s->at.arena, &s->net,
				&s->at.err),
		  s->at.err);
	s->net.releases[2].failure = "no such release";
	*state = s;
	return 0;
}

static int read_load(struct story *s, const char *text)
{
	char path[PATH_ROOM];

	path_join(path, s->at.dir, "load.yaml");
	assert_ok(file_write(path, text, strlen(text), 0644, &s->at.err),
		  s->at.err);
	return load_file_read(path, &s->net, &s->at.arena, &s->f, &s->at.err);
}

static void as_written(void **state)
{
	struct story *s = *state;

	assert_ok(read_load(s, "load: {seconds: 90, rate: 0.5, mix: {pay: 3}, "
			       "pay: [1, 2.5], currency: CHF}\n"
			       "timeouts: {flow: 15}\n"),
		  s->at.err);
	assert_non_null(strstr(s->f.name, "/load.yaml"));
	load_file_apply(&s->f, &s->net);
	assert_int_equal(s->net.load.seconds, 90);
	assert_int_equal(s->net.load.count, 0);
	assert_true(s->net.load.rate == 0.5);
	assert_int_equal(s->net.load.mix[OP_PAY], 3);
	assert_int_equal(s->net.load.pay_max, 250);
	assert_string_equal(s->net.load.currency, "CHF");
	assert_int_equal(s->net.timeouts.flow, 15);
	/* The rest is the run's. */
	assert_int_equal(s->net.timeouts.settle, 7);
	assert_int_equal(s->net.settled_gate, 3);
}

static void what_is_missing_has_its_default(void **state)
{
	struct story *s = *state;

	assert_ok(read_load(s, "load: {}\n"), s->at.err);
	/* 2 cells by each of two notaries, 3 each, and half more */
	assert_int_equal(s->f.load.count, 18);
	assert_int_equal(s->f.load.in_flight, 8);
	assert_string_equal(s->f.load.currency, "USD");
	assert_int_equal(s->f.timeouts.flow, 11);
	assert_ok(read_load(s, "load: {}\ntimeouts: {}\n"), s->at.err);
	assert_int_equal(s->f.timeouts.flow, 11);
}

static void what_is_written_reads_back(void **state)
{
	struct story *s = *state;
	cleanup(buf_release) struct buf text = BUF_INIT(65536);
	struct load_file before;

	assert_ok(read_load(s, "load: {seconds: 9, rate: 2.5, in_flight: 3, "
			       "issue: 77.5, pay: [0.01, 3]}\n"
			       "timeouts: {flow: 15}\n"),
		  s->at.err);
	before = s->f;
	assert_ok(load_file_write(&s->f, &text, &s->at.err), s->at.err);
	assert_ok(read_load(s, buf_text(&text)), s->at.err);
	assert_string_equal(s->f.load.currency, before.load.currency);
	s->f.load.currency = before.load.currency;
	assert_memory_equal(&s->f.load, &before.load, sizeof(before.load));
	assert_int_equal(s->f.timeouts.flow, 15);
}

static void as_json(void **state)
{
	struct story *s = *state;
	struct load_file own = load_file_own(&s->net);
	cleanup(js_freep) struct js *all = load_file_json(&own);
	const struct js *load = js_get(all, "load");

	assert_int_equal(js_int(load, "count", -1), 5);
	assert_int_equal(js_int(js_get(load, "mix"), "pay", -1), 9);
	assert_string_equal(js_str(load, "currency"), "EUR");
	assert_true(js_num(load, "issue", 0) == 10000);
	assert_int_equal(js_count(js_get(load, "pay")), 2);
	assert_int_equal(js_int(js_get(all, "timeouts"), "flow", -1), 11);
}

static void what_cannot_be_is_told_where(void **state)
{
	static const struct {
		const char *text, *error;
	} bad[] = {
		{ "", "expected one document with the key load, found 0" },
		{ "load: {count: 1}\n---\nload: {count: 1}\n",
		  "expected one document with the key load, found 2" },
		{ "- load\n", "1:1: expected a file of a load, a map" },
		{ "load: 5\n", "1:7: expected load, a map" },
		{ "load: {count: -1}\n", "1:15: count: expected a whole" },
		{ "load: {count: 1}\ngates: {settled: 1}\n",
		  "2:1: unknown key 'gates'; a file of a load has: load, "
		  "timeouts" },
		{ "load: {count: 1}\ntimeouts: {boot: 1}\n",
		  "2:12: unknown key 'boot'" },
		{ "load: {count: 0}\n", "1:7: load: no limit is set" },
		{ "load: {count: 1, issue: 5}\n",
		  "1:7: load: an issue is smaller than the largest payment; "
		  "expected issue of at least 100.00" },
	};
	struct story *s = *state;

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		assert_error(read_load(s, bad[i].text), s->at.err,
			     bad[i].error);
		assert_int_equal(s->at.err.kind, ERROR_INPUT);
	}
}

int main(void)
{
#define STORY(t) cmocka_unit_test_setup_teardown(t, set_up, scratch_end)
	const struct CMUnitTest tests[] = {
		STORY(as_written),
		STORY(what_is_missing_has_its_default),
		STORY(what_is_written_reads_back),
		STORY(as_json),
		STORY(what_cannot_be_is_told_where),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
