/* SPDX-License-Identifier: Apache-2.0 */
/* blame_test.c - which trouble counts, and for how long. */
#include "kube/blame.h"

#include <string.h>

#include "test/support/test.h"

struct stage {
	struct view events;
	struct blame_finder finder;
};

static struct js *parse(const char *text)
{
	struct js *v;
	struct error err;

	assert_ok(js_parse("test", text, strlen(text), &v, &err), err);
	return v;
}

static void begin(struct stage *s, const char *events)
{
	struct error err;
	struct js *list = parse(events);

	*s = (struct stage){ .finder.timer_count = 0 };
	view_init(&s->events);
	assert_ok(view_add_page(&s->events, list, &err), err);
	js_free(list);
	s->finder.events = &s->events;
	assert_ok(blame_begin(&s->finder, &err), err);
}

static void end(struct stage *s)
{
	blame_release(&s->finder);
	view_release(&s->events);
}

#define EVENTS(reason, when)                                                   \
	"{\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[{"               \
	"\"metadata\":{\"name\":\"e\",\"uid\":\"e1\"},\"reason\":\"" reason    \
	"\",\"message\":\"no such class\",\"lastTimestamp\":\"" when           \
	"\",\"involvedObject\":{\"kind\":\"PersistentVolumeClaim\","           \
	"\"name\":\"data-bank-0\",\"uid\":\"c1\"}}]}"
#define POD(status)                                                            \
	"{\"metadata\":{\"name\":\"bank-0\",\"uid\":\"p1\","                   \
	"\"creationTimestamp\":\"2026-11-21T08:00:00Z\"},\"status\":{" status  \
	"}}"

static bool is_in_trouble(struct stage *s, const char *pod,
			  struct kube_blame *ret)
{
	struct js *object = parse(pod);
	bool in_trouble = blame_pod(&s->finder, object, ret);

	js_free(object);
	return in_trouble;
}

static void an_event_about_its_claim_is_the_pods_trouble(void **state)
{
	struct kube_blame b;
	struct stage s;

	(void)state;
	begin(&s, EVENTS("ProvisioningFailed", "2026-11-21T08:00:01Z"));
	assert_true(is_in_trouble(&s, POD("\"phase\":\"Pending\""), &b));
	assert_string_equal(b.kind, "Pod");
	assert_string_equal(b.name, "bank-0");
	assert_string_equal(b.trouble.family, "volume");
	assert_false(b.hopeless); /* it may come yet */
	end(&s);
}

static void an_event_of_an_earlier_pod_is_not(void **state)
{
	struct kube_blame b;
	struct stage s;

	(void)state;
	begin(&s, EVENTS("ProvisioningFailed", "2026-11-21T07:59:59Z"));
	assert_false(is_in_trouble(&s, POD("\"phase\":\"Pending\""), &b));
	end(&s);
}

static void what_hindered_volumes_is_over_once_a_container_has_run(void **state)
{
	static const char begun[] =
		POD("\"initContainerStatuses\":[{\"name\":\"boot\","
		    "\"state\":{\"terminated\":{\"exitCode\":0}}}]");
	struct kube_blame b;
	struct stage s;

	(void)state;
	begin(&s, EVENTS("ProvisioningFailed", "2026-11-21T08:00:01Z"));
	assert_true(is_in_trouble(&s, POD("\"phase\":\"Pending\""), &b));
	assert_int_equal(s.finder.timer_count, 1);
	assert_false(is_in_trouble(&s, begun, &b));
	assert_int_equal(s.finder.timer_count, 0);
	end(&s);
}

static void what_is_hopeless_has_no_grace(void **state)
{
	static const char killed[] =
		POD("\"containerStatuses\":[{\"name\":\"node\",\"state\":{"
		    "\"terminated\":{\"exitCode\":137,\"reason\":\"OOMKilled\"}"
		    "}}]");
	struct kube_blame b;
	struct stage s;

	(void)state;
	begin(&s, EVENTS("Other", "2026-11-21T08:00:01Z"));
	assert_true(is_in_trouble(&s, killed, &b));
	assert_true(b.hopeless);
	assert_string_equal(b.trouble.container, "node");
	end(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_event_about_its_claim_is_the_pods_trouble),
		cmocka_unit_test(an_event_of_an_earlier_pod_is_not),
		cmocka_unit_test(
			what_hindered_volumes_is_over_once_a_container_has_run),
		cmocka_unit_test(what_is_hopeless_has_no_grace),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
