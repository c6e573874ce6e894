/* SPDX-License-Identifier: Apache-2.0 */
/* reproduction_test.c - a run is repeated from its directory, and from its
 * results.json. */
#include "run/reproduction.h"

#include "base/cleanup.h"
#include "run/records.h"
#include "test/support/scratch.h"

enum { TEXT = 1 << 20 };

static const char yaml[] =
	"banks: [{release: maven:4.0}, {release: maven:4.5},"
	" {release: maven:4.10}]\n"
	"notaries: [{release: maven:4.5}]\ncordapps: finance-4.0\n"
	"seed: 18446744073709551615\n"
	"load: {count: 60, rate: 0.25, pay: [0.01, 99.99], issue: 12345.67}\n"
	"timeouts: {flow: 33}\n";

static const char other[] = "load: {count: 12, in_flight: 3, pay: [1, 2.5]}\n"
			    "timeouts: {flow: 7}\n";

static void add_phase(struct scratch *at, const char *name, struct js *details)
{
	const struct phase phase = { .name = name,
				     .summary = "",
				     .details = details };

	assert_ok(phase_append(at->dir, &phase, &at->err), at->err);
	js_free(details);
}

/* As the step that drives records it. */
static struct js *drive_details(const struct load_file *drive)
{
	struct js *details = load_file_json(drive);

	js_set_str(details, "load_file", drive->name);
	return details;
}

/* A run that was driven with its own load, then with another one. */
static void make_run(struct scratch *at, struct network *net)
{
	struct load_file own, another;
	struct js *asked = js_object();

	scratch_network(at, yaml, net);
	net->releases[0].image = "localhost/medley/node@sha256:aa";
	net->releases[1].failure = "no such release";
	assert_ok(network_save(net, at->dir, &at->err), at->err);
	own = load_file_own(net);
	assert_ok(load_file_parse("other.yaml", other, strlen(other), net,
				  &at->arena, &another, &at->err),
		  at->err);
	add_phase(at, "build", NULL);
	add_phase(at, "drive", drive_details(&own));
	add_phase(at, "drive", drive_details(&another));
	js_set(asked, "asked", js_object());
	add_phase(at, "check", asked);
}

static void same_network(const struct network *a, const struct network *b)
{
	cleanup(buf_release) struct buf x = BUF_INIT(TEXT), y = BUF_INIT(TEXT);

	assert_ok(network_write(a, &x, NULL), (struct error){ 0 });
	assert_ok(network_write(b, &y, NULL), (struct error){ 0 });
	assert_string_equal(buf_text(&x), buf_text(&y));
}

static void check(const struct reproduction *r, const struct network *net)
{
	same_network(&r->net, net);
	assert_int_equal(r->net.seed, UINT64_MAX);
	assert_true(r->ask_nodes);
	assert_null(r->changed);
	assert_int_equal(r->drive_count, 2);
	assert_null(r->drives[0].name);
	assert_string_equal(r->drives[1].name, "other.yaml");
	assert_int_equal(r->drives[1].load.count, 12);
	assert_int_equal(r->drives[1].load.in_flight, 3);
	assert_int_equal(r->drives[1].load.pay_max, 250);
	assert_int_equal(r->drives[1].timeouts.flow, 7);
}

static void from_its_directory(void **state)
{
	struct scratch *at = *state;
	struct reproduction r;
	struct network net;

	make_run(at, &net);
	assert_ok(reproduction_load(at->dir, &at->arena, &r, &at->err),
		  at->err);
	check(&r, &net);
}

static void write_results(struct scratch *at, struct js *member)
{
	cleanup(buf_release) struct buf text = BUF_INIT(TEXT);
	struct js *root = js_object();

	js_set_int(root, "version", 3);
	if (member)
		js_set(root, "reproduce", member);
	assert_ok(js_print(root, JS_PRETTY, &text, &at->err), at->err);
	scratch_write(at, "results.json", buf_text(&text));
	js_free(root);
}

static int read_results(struct scratch *at, struct reproduction *ret)
{
	char path[PATH_ROOM];

	return reproduction_read(path_join(path, at->dir, "results.json"),
				 &at->arena, ret, &at->err);
}

static void from_its_results(void **state)
{
	struct scratch *at = *state;
	struct reproduction r, back;
	struct network net;

	make_run(at, &net);
	assert_ok(reproduction_load(at->dir, &at->arena, &r, &at->err),
		  at->err);
	write_results(at, reproduction_json(&r));
	assert_ok(read_results(at, &back), at->err);
	check(&back, &net);
	write_results(at, NULL);
	assert_int_equal(read_results(at, &back), -1);
	assert_int_equal(at->err.kind, ERROR_INPUT);
	assert_non_null(strstr(at->err.text, "expected the directory"));
}

static void a_changed_network_is_known(void **state)
{
	struct scratch *at = *state;
	struct reproduction r, back;
	struct network net;

	make_run(at, &net);
	add_phase(at, "upgrade", NULL);
	assert_ok(reproduction_load(at->dir, &at->arena, &r, &at->err),
		  at->err);
	assert_string_equal(r.changed, "upgrade");
	write_results(at, reproduction_json(&r));
	assert_ok(read_results(at, &back), at->err);
	assert_string_equal(back.changed, "upgrade");
}

/* The first three payments a cell, of a network in which one bank is not
 * built. */
static void a_cell_shrinks_all_loads(void **state)
{
	struct scratch *at = *state;
	struct reproduction r;
	struct network net;

	make_run(at, &net);
	net.releases[1].failure = NULL;
	assert_ok(network_save(&net, at->dir, &at->err), at->err);
	assert_ok(reproduction_load(at->dir, &at->arena, &r, &at->err),
		  at->err);
	assert_ok(reproduction_narrow(&r, "4.0:4.10:4.5", &at->arena, &at->err),
		  at->err);
	assert_int_equal(r.net.node_count, 3);
	assert_int_equal(r.net.load.count, 20);
	assert_int_equal(r.drives[0].load.count, 20);
	assert_int_equal(r.drives[1].load.count, 4);
	assert_string_equal(r.net.releases[0].image,
			    "localhost/medley/node@sha256:aa");
}

/* What an older medley recorded of a load, and what nobody can read. */
static void loads_that_are_not_recorded(void **state)
{
	struct scratch *at = *state;
	struct js *details = js_object();
	struct reproduction r;
	struct network net;

	scratch_network(at, yaml, &net);
	add_phase(at, "drive", NULL);
	assert_ok(reproduction_load(at->dir, &at->arena, &r, &at->err),
		  at->err);
	assert_int_equal(r.drive_count, 1);
	assert_null(r.drives[0].name);
	assert_int_equal(r.drives[0].load.count, 60);
	js_set_str(details, "load_file", "x.yaml");
	add_phase(at, "drive", details);
	assert_int_equal(reproduction_load(at->dir, &at->arena, &r, &at->err),
			 -1);
	assert_non_null(strstr(at->err.text, "x.yaml"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH_TEST(from_its_directory),
		SCRATCH_TEST(from_its_results),
		SCRATCH_TEST(a_changed_network_is_known),
		SCRATCH_TEST(a_cell_shrinks_all_loads),
		SCRATCH_TEST(loads_that_are_not_recorded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
