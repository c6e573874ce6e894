/* SPDX-License-Identifier: Apache-2.0 */
/* trouble_test.c - which states are trouble, and how long they may last. */
#include "kube/trouble.h"

#include "kube/view.h"
#include "test/support/test.h"

#define CONTAINER(kind, rest)                                                  \
	"{\"status\":{\"" kind "\":[{\"name\":\"main\"," rest "}]}}"
#define WAITS(reason)                                                          \
	"\"state\":{\"waiting\":{\"message\":\"m\",\"reason\":\"" reason "\"}" \
	"}"

static const struct {
	const char *pod;
	const char *family, *text; /* NULL: no trouble */
	bool at_once;
} pods[] = {
	{ CONTAINER("containerStatuses", WAITS("ErrImageNeverPull")), "image",
	  "ErrImageNeverPull: m", true },
	{ CONTAINER("containerStatuses", WAITS("ErrImagePull")), "image",
	  "ErrImagePull: m", false },
	{ CONTAINER("containerStatuses", WAITS("ImagePullBackOff")), "image",
	  "ImagePullBackOff: m", false },
	{ CONTAINER("initContainerStatuses", WAITS("CrashLoopBackOff")),
	  "crash", "CrashLoopBackOff: m", false },
	{ CONTAINER("containerStatuses", WAITS("CreateContainerConfigError")),
	  "config", "CreateContainerConfigError: m", false },
	{ CONTAINER("containerStatuses",
		    WAITS("CrashLoopBackOff") ",\"lastState\":{\"terminated\":"
					      "{\"reason\":\"OOMKilled\","
					      "\"exitCode\":137}}"),
	  "memory", "OOMKilled: exit code 137", true },
	{ CONTAINER("containerStatuses",
		    "\"state\":{\"terminated\":{\"reason\":\"Error\","
		    "\"exitCode\":3}}"),
	  "crash", "Error: exit code 3", false },
	{ CONTAINER("initContainerStatuses",
		    "\"state\":{\"terminated\":{\"reason\":\"Completed\","
		    "\"exitCode\":0}}"),
	  NULL, NULL, false },
	{ CONTAINER("containerStatuses", WAITS("ContainerCreating")), NULL,
	  NULL, false },
	{ "{\"status\":{\"conditions\":[{\"type\":\"PodScheduled\",\"status\":"
	  "\"False\",\"reason\":\"Unschedulable\",\"message\":\"m\"}]}}",
	  "schedule", "Unschedulable: m", false },
	{ "{\"status\":{\"conditions\":[{\"type\":\"PodScheduled\",\"status\":"
	  "\"False\",\"reason\":\"Unschedulable\",\"message\":\"pod has "
	  "unbound "
	  "immediate PersistentVolumeClaims\"}]}}",
	  "claim",
	  "Unschedulable: pod has unbound immediate PersistentVolumeClaims",
	  false },
	{ "{\"status\":{\"reason\":\"Evicted\"}}", "evicted", "Evicted",
	  false },
	{ "{}", NULL, NULL, false },
};

/* As a watch keeps it. */
static struct js *parse(const char *text)
{
	struct js *value;
	struct error err;

	assert_ok(js_parse_parts("text", text, strlen(text), view_parts, &value,
				 &err),
		  err);
	return value;
}

static void knows_pods(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(pods) / sizeof(pods[0]); i++) {
		struct js *pod = parse(pods[i].pod);
		struct kube_trouble t;

		if (!pods[i].family) {
			assert_false(kube_trouble_of_pod(pod, &t));
		} else {
			assert_true(kube_trouble_of_pod(pod, &t));
			assert_string_equal(t.family, pods[i].family);
			assert_string_equal(t.text, pods[i].text);
			assert_int_equal(t.grace_s == 0, pods[i].at_once);
		}
		js_free(pod);
	}
}

/* The pod's own words do not say which login was refused. */
static void names_the_login(void **state)
{
	static const char refused[] =
		"{\"spec\":{%s},\"status\":{\"containerStatuses\":[{\"name\":"
		"\"main\",\"state\":{\"waiting\":{\"reason\":\"ErrImagePull\","
		"\"message\":\"%s\"}}}]}}";
	static const struct {
		const char *spec, *message, *text;
	} cases[] = {
		{ "\"imagePullSecrets\":[{\"name\":\"regsecret\"}]",
		  "401 Unauthorized",
		  "ErrImagePull with Secret regsecret: 401 Unauthorized" },
		{ "\"nodeName\":\"n\"", "authorization failed",
		  "ErrImagePull without a login, the pod has no "
		  "imagePullSecrets: authorization failed" },
		{ "\"imagePullSecrets\":[{\"name\":\"regsecret\"}]",
		  "not found", "ErrImagePull: not found" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[512];
		struct kube_trouble t;
		struct js *pod;

		snprintf(text, sizeof(text), refused, cases[i].spec,
			 cases[i].message);
		pod = parse(text);
		assert_true(kube_trouble_of_pod(pod, &t));
		assert_string_equal(t.text, cases[i].text);
		js_free(pod);
	}
}

static void knows_events(void **state)
{
	struct js *known = parse("{\"reason\":\"FailedCreate\",\"message\":"
				 "\"exceeded quota\"}");
	struct js *other = parse("{\"reason\":\"Unhealthy\"}");
	struct kube_trouble t;

	(void)state;
	assert_true(kube_trouble_of_event(known, &t));
	assert_string_equal(t.text, "FailedCreate: exceeded quota");
	assert_string_equal(t.container, "");
	assert_false(kube_trouble_of_event(other, &t));
	js_free(known);
	js_free(other);
}

static void knows_ready(void **state)
{
	struct js *up = parse("{\"status\":{\"conditions\":[{\"type\":"
			      "\"Ready\",\"status\":\"True\"}]}}");
	struct js *going = parse(
		"{\"metadata\":{\"deletionTimestamp\":\"t\"},\"status\":{"
		"\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}]}}");

	(void)state;
	assert_true(kube_pod_ready(up));
	assert_false(kube_pod_ready(going));
	assert_false(kube_pod_ready(NULL));
	js_free(up);
	js_free(going);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_pods),
		cmocka_unit_test(names_the_login),
		cmocka_unit_test(knows_events),
		cmocka_unit_test(knows_ready),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
