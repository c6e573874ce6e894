/* SPDX-License-Identifier: Apache-2.0 */
/* finalizers_test.c - whose a finalizer is, and what takes others' off. */
#include "kube/finalizers.h"

#include "test/support/test.h"

static struct js *object_of(const char *finalizers)
{
	struct error err;
	struct js *object;
	char text[1000];

	snprintf(text, sizeof(text),
		 "{\"metadata\":{\"uid\":\"u-1\",\"resourceVersion\":\"7\","
		 "\"finalizers\":%s}}",
		 finalizers);
	assert_ok(js_parse("object", text, strlen(text), &object, &err), err);
	return object;
}

static void knows_the_clusters_own(void **state)
{
	static const char *const own[] = {
		"null",
		"[]",
		"[\"foregroundDeletion\"]",
		"[\"kubernetes.io/pvc-protection\"]",
		"[\"batch.kubernetes.io/job-tracking\",\"orphan\"]",
		"[\"gateway.k8s.io/x\"]",
		"[3]",
		"{}"
	};
	static const char *const foreign[] = { "example.com/hold",
					       "notkubernetes.io/x",
					       "kubernetes.io.example.com/x",
					       "a.x-k8s.io/y" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(own); i++) {
		cleanup(js_freep) struct js *o = object_of(own[i]);

		assert_null(finalizers_foreign(o));
		assert_false(finalizers_deleting(o));
	}
	for (size_t i = 0; i < ARRAY_SIZE(foreign); i++) {
		cleanup(js_freep) struct js *o = NULL;
		char text[200];

		snprintf(text, sizeof(text), "[\"orphan\",\"%s\"]", foreign[i]);
		o = object_of(text);
		assert_string_equal(finalizers_foreign(o), foreign[i]);
	}
	assert_null(finalizers_foreign(NULL));
}

static void leaves_the_clusters_own(void **state)
{
	cleanup(js_freep) struct js *o =
		object_of("[\"example.com/a\",\"kubernetes.io/pvc-protection\","
			  "\"b.c/d\"]");
	cleanup(buf_release) struct buf out = BUF_INIT(1000);
	struct error err;

	(void)state;
	assert_ok(finalizers_patch(o, &out, &err), err);
	assert_string_equal(
		buf_text(&out),
		"{\"metadata\":{\"uid\":\"u-1\",\"resourceVersion\":\"7\","
		"\"finalizers\":[\"kubernetes.io/pvc-protection\"]}}");
	buf_clear(&out);
	finalizers_tell(o, &out);
	assert_string_equal(buf_text(&out),
			    ", held by example.com/a, "
			    "kubernetes.io/pvc-protection, b.c/d");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_the_clusters_own),
		cmocka_unit_test(leaves_the_clusters_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
