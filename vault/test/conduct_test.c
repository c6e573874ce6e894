/* SPDX-License-Identifier: Apache-2.0 */
/* conduct_test.c - what releases are known to do is read from a file. */
#include "vault/conduct.h"

#include "base/cleanup.h"
#include "test/support/scratch.h"

#define NAMES "names:\n  - {column: t.c, platforms: [4, 12]}\n"

static int read_text(struct scratch *at, const char *text, struct conduct *ret)
{
	char path[PATH_ROOM];

	scratch_write(at, "conduct.yaml", text);
	return conduct_read(path_join(path, at->dir, "conduct.yaml"),
			    &at->arena, ret, &at->err);
}

static void ours_is_read(void **state)
{
	static const int known[] = { 4, 5, 6, 7, 8, 9, 10, 11, 12 };
	static const char *const columns[] = {
		"contract_cash_states.owner_name",
		"vault_fungible_states.owner_name", "state_party.x500_name"
	};
	struct scratch *at = *state;
	struct conduct c;

	assert_ok(conduct_load(&at->arena, &c, &at->err), at->err);
	assert_non_null(conduct_reason(&c, "stuck-flow", 4, true));
	assert_null(conduct_reason(&c, "stuck-flow", 4, false));
	assert_null(conduct_reason(&c, "stuck-flow", 5, true));
	assert_null(conduct_reason(&c, "lost", 4, true));
	for (size_t i = 0; i < ARRAY_SIZE(columns); i++) {
		for (size_t k = 0; k < ARRAY_SIZE(known); k++)
			assert_true(
				conduct_names_owner(&c, columns[i], known[k]));
		assert_false(conduct_names_owner(&c, columns[i], 0));
		assert_false(conduct_names_owner(&c, columns[i], 999));
	}
	assert_false(conduct_names_owner(&c, "state_party.lock_id", 4));
}

/* The file has this text, and the error that part. */
static const struct {
	const char *text, *part;
} wrong[] = {
	{ NAMES, "expected findings: a list" },
	{ "findings: []\n", "expected names: a list" },
	{ "[]\n", "expected findings: a list" },
	{ "", "expected findings: a list" },
	{ "findings: [{finding: lost}]\n" NAMES,
	  ":1:12: expected finding and reason" },
	{ "findings:\n  - {finding: lost, reason: r}\n" NAMES,
	  ":2:5: expected platforms: [numbers]" },
	{ "findings: []\nnames:\n  - {column: c}\n",
	  ":3:5: expected column: table.column" },
	{ "findings: []\nnames:\n  - {column: t.c, platforms: [4.0]}\n",
	  ":3:31: expected a number" },
};

static void a_wrong_file_is_refused(void **state)
{
	struct scratch *at = *state;
	struct conduct c;

	assert_ok(read_text(at, "findings: []\n" NAMES, &c), at->err);
	assert_true(conduct_names_owner(&c, "t.c", 12));
	assert_false(conduct_names_owner(&c, "t.c", 5));
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
		assert_error(read_text(at, wrong[i].text, &c), at->err,
			     wrong[i].part);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH_TEST(ours_is_read),
		SCRATCH_TEST(a_wrong_file_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
