/* SPDX-License-Identifier: Apache-2.0 */
/* network_check_test.c - all that is wrong with a network.yaml is found at
 * once.
 */
#include "test/support/scratch.h"

#include "base/cleanup.h"
#include "data/yaml.h"
#include "run/network.h"

static const char file[] = "network.yaml";

static int check(struct scratch *at, const char *text,
		 struct yaml_faults *faults, struct network *ret)
{
	char path[PATH_ROOM];
	int rc;

	scratch_write(at, file, text);
	path_join(path, at->dir, file);
	*faults = (struct yaml_faults){ .arena = &at->arena };
	rc = network_check(path, &at->arena, faults, ret, &at->err);
	yaml_faults_sort(faults);
	return rc;
}

static void assert_fault(const struct yaml_faults *faults, unsigned number,
			 int line, int column, const char *part)
{
	const struct yaml_fault *f = &faults->list[number];

	assert_true(number < faults->count);
	assert_int_equal(f->line, line);
	assert_int_equal(f->column, column);
	if (!strstr(f->text, part))
		fail_msg("\"%s\" is not in \"%s\"", part, f->text);
}

static void a_valid_file_is_read(void **state)
{
	struct scratch *at = *state;
	struct yaml_faults faults;
	struct network net;

	assert_ok(check(at,
			"banks: [{release: maven:4.0, count: 2}]\n"
			"notaries: [{release: maven:4.8}]\n"
			"cordapps: finance-4.0\n",
			&faults, &net),
		  at->err);
	assert_int_equal(faults.count, 0);
	assert_int_equal(net.node_count, 3);
}

static void every_fault_is_found_in_order(void **state)
{
	struct scratch *at = *state;
	struct yaml_faults faults;
	struct network net;

	assert_int_equal(check(at,
			       "banks:\n"
			       "  - releas: maven:4.0\n"
			       "    count: 0\n"
			       "  - release: maven:4.0\n"
			       "    cordapps: [a]\n"
			       "  - release: -x\n"
			       "  - count: 1\n"
			       "notaries:\n"
			       "  - {release: maven:4.8, validating: maybe}\n"
			       "load: {rate: fast, cuont: 3}\n"
			       "resources: {cpu: lots}\n"
			       "namespace: UPPER\n"
			       "cordapps: finance-4.0\n",
			       &faults, &net),
			 -1);
	assert_fault(&faults, 0, 2, 5, "did you mean 'release'?");
	assert_fault(&faults, 1, 3, 12, "count: expected");
	assert_fault(&faults, 2, 5, 15, "cordapps: expected a text");
	assert_fault(&faults, 3, 6, 14, "release: ");
	assert_fault(&faults, 4, 7, 5, "needs the key 'release'");
	assert_fault(&faults, 5, 9, 38, "validating: expected");
	assert_fault(&faults, 6, 10, 14, "rate: expected");
	assert_fault(&faults, 7, 10, 20, "did you mean 'count'?");
	assert_fault(&faults, 8, 11, 18, "cpu: expected a quantity");
	assert_fault(&faults, 9, 12, 12, "namespace: expected");
	assert_int_equal(faults.count, 10);
}

static void what_depends_on_the_whole_is_found(void **state)
{
	struct scratch *at = *state;
	struct yaml_faults faults;
	struct network net;

	assert_int_equal(check(at,
			       "banks: [{release: maven:4.0}, {release: "
			       "maven:4.0}, {release: maven:4.0}]\n"
			       "notaries: [{release: maven:4.8}]\n"
			       "cordapps: finance-4.0\n"
			       "namespace: UPPER\n",
			       &faults, &net),
			 -1);
	assert_fault(&faults, 0, 1, 41, "is listed twice");
	assert_fault(&faults, 1, 1, 63, "is listed twice");
	assert_fault(&faults, 2, 4, 12, "namespace: expected");
	assert_int_equal(faults.count, 3);
}

static void what_is_no_yaml_has_one_fault(void **state)
{
	struct scratch *at = *state;
	struct yaml_faults faults;
	struct network net;

	assert_int_equal(check(at, "banks: [\n", &faults, &net), -1);
	assert_int_equal(faults.count, 1);
	assert_int_equal(faults.list[0].line, 2);
	assert_int_equal(check(at, "- a\n", &faults, &net), -1);
	assert_fault(&faults, 0, 1, 1, "expected a network");
	assert_int_equal(check(at, "", &faults, &net), -1);
	assert_fault(&faults, 0, 1, 1, "expected one document");
}

/* A file that has every kind of value; each is replaced by what it is not. */
static const char *const values[] = {
	"banks",
	"[{release: maven:4.0, count: 2}, {release: maven:4.5}]",
	"notaries",
	"[{release: maven:4.8, cluster: raft, count: 3}]",
	"cordapps",
	"finance-4.0",
	"jvm",
	"stock",
	"identity",
	"static",
	"namespace",
	"corda",
	"registry",
	"localhost:5000",
	"seed",
	"7",
	"load",
	"{rate: 2, count: 40, pay: [1, 2]}",
	"gates",
	"{settled: 3, stable_runs: 2}",
	"history",
	"{database: \"postgresql://u@h/d\"}",
	"timeouts",
	"{flow: 60}",
	"resources",
	"{cpu: 500m}",
	"external_database",
	"{host: a, secret: b}",
};

static const char *const odd[] = {
	"~",
	"[]",
	"{}",
	"[x, {y: z}]",
	"{release: {}}",
	"''",
	"-1",
	"[{release: }]",
	"[{release: [a], count: x}, 3]",
	"{a: b, pay: 1}",
};

static void a_reader_survives_what_it_goes_on_behind(void **state)
{
	enum { VALUES = ARRAY_SIZE(values) / 2 };
	struct scratch *at = *state;
	struct yaml_faults faults;
	struct network net;

	for (size_t i = 0; i < VALUES * VALUES * ARRAY_SIZE(odd); i++) {
		cleanup(buf_release) struct buf text = BUF_INIT(65536);
		size_t a = i % VALUES, b = i / VALUES % VALUES;
		const char *other = odd[i / VALUES / VALUES];

		for (size_t v = 0; v < VALUES; v++)
			buf_addf(&text, "%s: %s\n", values[2 * v],
				 v == a || v == b ? other : values[2 * v + 1]);
		if (check(at, buf_text(&text), &faults, &net) < 0)
			assert_true(faults.count > 0);
		arena_clear(&at->arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH_TEST(a_valid_file_is_read),
		SCRATCH_TEST(every_fault_is_found_in_order),
		SCRATCH_TEST(what_depends_on_the_whole_is_found),
		SCRATCH_TEST(what_is_no_yaml_has_one_fault),
		SCRATCH_TEST(a_reader_survives_what_it_goes_on_behind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
