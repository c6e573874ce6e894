/* SPDX-License-Identifier: Apache-2.0 */
/* apply_test.c - what is there is applied, and its fields become ours. */
#include "kube/apply.h"

#include "kube/ownership.h"
#include "kube/protobuf.h"
#include "sys/clock.h"
#include "test/support/api.h"
#include "test/support/test.h"

static struct api api;
static char asked[2000];

#define CREATED                                                                \
	"{\"metadata\":{\"name\":\"conf\",\"resourceVersion\":\"7\","          \
	"\"managedFields\":[{\"manager\":\"medley-create\",\"operation\":"     \
	"\"Update\",\"fieldsV1\":{\"f:data\":{}}},{\"manager\":\"medley\","    \
	"\"operation\":\"Apply\"},{\"manager\":\"kcm\",\"operation\":"         \
	"\"Update\"}]}}"

/* The object is there, made by a create; somebody changes it once more. */
static void there(struct web *w, int fd, unsigned n, const char *request)
{
	static unsigned patches;
	char line[300];

	(void)w, (void)n;
	snprintf(line, sizeof(line), "%.*s\n", (int)strcspn(request, "?\r"),
		 request);
	strcat(asked, line);
	if (strstr(request, "POST"))
		web_send(fd, "409 Conflict", "",
			 "{\"reason\":\"AlreadyExists\",\"message\":\"x\"}");
	else if (strstr(request, "json-patch+json") && !patches++)
		web_send(fd, "409 Conflict", "", "{\"message\":\"changed\"}");
	else if (strstr(request, "apply-patch") && !patches)
		web_send(fd, "409 Conflict", "",
			 "{\"message\":\"conflict with \\\"medley-create\\\""
			 "\"}");
	else if (strstr(request, "GET "))
		web_send(fd, "200 OK", "", CREATED);
	else
		web_send(fd, "200 OK", "", "{}");
}

static int apply(const char *text, web_fn answer, struct kube_outcome *outcome,
		 struct error *err)
{
	struct kube_application how = { .namespace = "net" };
	struct manifest m;
	int rc;

	api_start(&api, answer);
	how.deadline_us = clock_mono_us() + 10000000;
	manifest_init(&m);
	assert_ok(manifest_parse(&m, "m.yaml", text, strlen(text), err), *err);
	rc = kube_apply_all(api.kube, &api.kinds, &m, &how, outcome, err);
	manifest_release(&m);
	api_stop(&api);
	return rc;
}

static void hands_over(void **state)
{
	static const char text[] =
		"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: conf}\n";
	struct kube_outcome outcome;
	struct error err;

	(void)state;
	assert_ok(apply(text, there, &outcome, &err), err);
	assert_true(outcome.applied && !outcome.created);
#define MAPS "/api/v1/namespaces/net/configmaps"
	assert_string_equal(asked, "POST " MAPS "\nPATCH " MAPS "/conf\n"
				   "GET " MAPS "/conf HTTP/1.1\n"
				   "PATCH " MAPS "/conf HTTP/1.1\n"
				   "GET " MAPS "/conf HTTP/1.1\n"
				   "PATCH " MAPS "/conf HTTP/1.1\n"
				   "PATCH " MAPS "/conf\n");
}

/* Packed it is not known, as JSON it is. */
static void unpacked(struct web *w, int fd, unsigned n, const char *request)
{
	(void)w, (void)n;
	if (!strstr(request, "POST"))
		web_send(fd, "200 OK", "", "{}");
	else if (strstr(request, "Content-Type: " PACKED_TYPE))
		web_send(fd, "415 Unsupported Media Type", "",
			 "{\"message\":\"the media type is not known\"}");
	else
		web_send(fd, "500 Internal Server Error", "", "{}");
}

static void applies_what_cannot_be_packed(void **state)
{
	static const char text[] =
		"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: conf}\n";
	struct kube_outcome outcome;
	struct error err;

	(void)state;
	assert_ok(apply(text, unpacked, &outcome, &err), err);
	assert_true(outcome.applied && !outcome.created);
}

/* The object is there; what the server gives of it is cut. */
static void cut(struct web *w, int fd, unsigned n, const char *request)
{
	(void)w, (void)n;
	if (strstr(request, "POST"))
		web_send(fd, "409 Conflict", "",
			 "{\"reason\":\"AlreadyExists\",\"message\":\"x\"}");
	else if (strstr(request, "GET "))
		web_send(fd, "200 OK", "", "{\"metadata\":{");
	else
		web_send(fd, "409 Conflict", "",
			 "{\"message\":\"conflict with \\\"medley-create\\\""
			 "\"}");
}

static void an_answer_that_is_cut_is_the_clusters_error(void **state)
{
	static const char text[] =
		"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: conf}\n";
	struct kube_outcome outcome;
	struct error err;

	(void)state;
	assert_error(apply(text, cut, &outcome, &err), err,
		     "conf: the API server's answer:1:");
	assert_int_equal(err.kind, ERROR_DEPLOY);
}

static void writes_the_patch(void **state)
{
	cleanup(buf_release) struct buf out = BUF_INIT(10000);
	cleanup(js_freep) struct js *object = NULL;
	struct error err;

	(void)state;
	assert_ok(js_parse("o", CREATED, strlen(CREATED), &object, &err), err);
	assert_true(ownership_is_creators(object));
	assert_ok(ownership_patch(object, &out, &err), err);
	assert_string_equal(
		buf_text(&out),
		"[{\"op\":\"replace\",\"path\":\"/metadata/managedFields\","
		"\"value\":[{\"manager\":\"medley\",\"operation\":\"Apply\","
		"\"fieldsV1\":{\"f:data\":{}}},{\"manager\":\"kcm\","
		"\"operation\":\"Update\"}]},{\"op\":\"replace\",\"path\":"
		"\"/metadata/resourceVersion\",\"value\":\"7\"}]");
	assert_false(ownership_is_creators(NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hands_over),
		cmocka_unit_test(applies_what_cannot_be_packed),
		cmocka_unit_test(an_answer_that_is_cut_is_the_clusters_error),
		cmocka_unit_test(writes_the_patch),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
