/* SPDX-License-Identifier: Apache-2.0 */
/* manifest_test.c - objects found, scalars understood, mistakes named. */
#include "kube/manifest.h"

#include "test/support/test.h"

static struct manifest m;

static int parse(const char *text, struct error *err)
{
	manifest_init(&m);
	return manifest_parse(&m, "m.yaml", text, strlen(text), err);
}

static void finds_objects(void **state)
{
	struct error err;

	(void)state;
	assert_ok(parse("---\n---\napiVersion: v1\nkind: Secret\n"
			"metadata: {name: a, namespace: n}\n"
			"---\napiVersion: v1\nkind: List\nitems:\n"
			"- {apiVersion: v1, kind: Namespace, "
			"metadata: {name: b}}\n",
			&err),
		  err);
	assert_int_equal(m.count, 2);
	assert_string_equal(m.objects[0].name, "a");
	assert_string_equal(m.objects[0].namespace, "n");
	assert_int_equal(m.objects[0].line, 3);
	assert_true(m.objects[1].stage < m.objects[0].stage);
	assert_null(m.objects[1].namespace);
	manifest_release(&m);
}

static void understands_scalars(void **state)
{
	struct error err;

	(void)state;
	assert_ok(parse("{apiVersion: v1, kind: X, metadata: {name: a}, l: "
			"[1, -2.5e3, '1', yes, off, ~, 0440, 1.2.3, 08, \"\"]}",
			&err),
		  err);
	assert_string_equal(
		m.objects[0].body,
		"{\"apiVersion\":\"v1\",\"kind\":\"X\",\"metadata\":{\"name\":"
		"\"a\"},\"l\":[1,-2.5e3,\"1\",true,false,null,288,\"1.2.3\","
		"\"08\",\"\"]}");
	manifest_release(&m);
}

static void names_mistakes(void **state)
{
	static const char *const all[][2] = {
		{ "kind: X\nmetadata: {name: a}\n", "needs 'apiVersion:'" },
		{ "apiVersion: v1\nkind: X\n", "needs 'metadata:'" },
		{ "apiVersion: v1\nkind: X\nmetadata: {name: a/b}\n",
		  "m.yaml:3:18: 'a/b' is no name" },
		{ "[a]\n", "expected an object" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		struct error err = { 0 };

		assert_error(parse(all[i][0], &err), err, all[i][1]);
		manifest_release(&m);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_objects),
		cmocka_unit_test(understands_scalars),
		cmocka_unit_test(names_mistakes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
