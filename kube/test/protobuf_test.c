/* SPDX-License-Identifier: Apache-2.0 */
/* protobuf_test.c - bytes as protoc makes them; what is strange stays JSON. */
#include "kube/protobuf.h"

#include "base/cleanup.h"
#include "test/support/test.h"

static bool pack(const char *text, struct buf *out)
{
	cleanup(arena_release) struct arena a = ARENA_INIT(1024 * 1024);
	struct yaml_file file;
	struct error err;

	buf_clear(out);
	assert_ok(yaml_parse("p", text, strlen(text), &a, &file, &err), err);
	return protobuf_add(file.documents[0], out);
}

#define META                                                                   \
	"metadata: {name: a, namespace: n, labels: {x: y}, "                   \
	"annotations: {l: m}}\n"
#define PACKED_META                                                            \
	"\x0a\x16\x0a\x01"                                                     \
	"a\x1a\x01n\x5a\x06\x0a\x01x\x12\x01y\x62\x06\x0a\x01l\x12\x01m"

static void packs_config_maps(void **state)
{
	static const char want[] = "k8s\0\x0a\x0f\x0a\x02v1\x12\x09"
				   "ConfigMap\x12\x33" PACKED_META
				   "\x12\x07\x0a\x01k\x12\x02vw\x12\x05\x0a\x01"
				   "e\x12\x00\x1a\x07\x0a\x01"
				   "b\x12\x02\x00\xff\x20\x01";
	cleanup(buf_release) struct buf out = BUF_INIT(4096);

	(void)state;
	assert_true(pack("apiVersion: v1\nkind: ConfigMap\n" META
			 "data: {k: vw, e: ''}\nbinaryData: {b: AP8=}\n"
			 "immutable: true\n",
			 &out));
	assert_int_equal(out.len, sizeof(want) - 1);
	assert_memory_equal(out.data, want, out.len);
}

static void packs_secrets(void **state)
{
	static const char want[] =
		"k8s\0\x0a\x0c\x0a\x02v1\x12\x06Secret"
		"\x12\x2d" PACKED_META "\x12\x06\x0a\x01k\x12\x01v\x1a\x01t"
		"\x22\x06\x0a\x01s\x12\x01w\x28\x00";
	cleanup(buf_release) struct buf out = BUF_INIT(4096);

	(void)state;
	assert_true(pack("apiVersion: v1\nkind: Secret\n" META
			 "data: {k: dg==}\ntype: t\nstringData: {s: w}\n"
			 "immutable: false\n",
			 &out));
	assert_int_equal(out.len, sizeof(want) - 1);
	assert_memory_equal(out.data, want, out.len);
}

/* A length of more than one byte. */
static void packs_long_texts(void **state)
{
	cleanup(buf_release) struct buf text = BUF_INIT(4096);
	cleanup(buf_release) struct buf out = BUF_INIT(4096);

	(void)state;
	buf_add_str(&text, "{apiVersion: v1, kind: ConfigMap, data: {k: ");
	for (int i = 0; i < 300; i++)
		buf_add_str(&text, "x");
	buf_add_str(&text, "}}");
	assert_true(pack(buf_text(&text), &out));
	assert_memory_equal(out.data + 21,
			    "\x12\xb5\x02\x12\xb2\x02\x0a\x01k\x12\xac\x02xxx",
			    14);
	assert_int_equal(out.len, 21 + 3 + 3 + 3 + 3 + 300);
}

static void leaves_the_rest(void **state)
{
	static const char *const all[] = {
		"{apiVersion: v1, kind: Service, metadata: {name: a}}",
		"{apiVersion: v2, kind: Secret, metadata: {name: a}}",
		"{kind: Secret}",
		"[Secret]",
		"{apiVersion: v1, kind: Secret, dada: {}}",
		"{apiVersion: v1, kind: Secret, metadata: {finalizers: [a]}}",
		"{apiVersion: v1, kind: Secret, metadata: a}",
		"{apiVersion: v1, kind: Secret, metadata: {name: 1}}",
		"{apiVersion: v1, kind: Secret, data: [a]}",
		"{apiVersion: v1, kind: Secret, data: {a: true}}",
		"{apiVersion: v1, kind: Secret, data: {a: 'dg=='}, type: ~}",
		"{apiVersion: v1, kind: Secret, data: {a: dg}}",
		"{apiVersion: v1, kind: Secret, data: {a: 'd g='}}",
		"{apiVersion: v1, kind: Secret, data: {a: A===}}",
		"{apiVersion: v1, kind: Secret, data: {a: '===='}}",
		"{apiVersion: v1, kind: Secret, data: {a: 'd*=='}}",
		"{apiVersion: v1, kind: ConfigMap, data: {a: 7}}",
		"{apiVersion: v1, kind: ConfigMap, data: {a: {}}}",
		"{apiVersion: v1, kind: ConfigMap, data: a}",
		"{apiVersion: v1, kind: ConfigMap, immutable: 1}",
	};
	cleanup(buf_release) struct buf out = BUF_INIT(4096);

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (pack(all[i], &out))
			fail_msg("packed: %s", all[i]);
}

static void keeps_to_the_ceiling(void **state)
{
	cleanup(buf_release) struct buf out = BUF_INIT(29);

	(void)state;
	assert_false(
		pack("{apiVersion: v1, kind: Secret, type: abcdefgh}", &out));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(packs_config_maps),
		cmocka_unit_test(packs_secrets),
		cmocka_unit_test(packs_long_texts),
		cmocka_unit_test(leaves_the_rest),
		cmocka_unit_test(keeps_to_the_ceiling),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
