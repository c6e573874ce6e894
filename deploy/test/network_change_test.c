/* SPDX-License-Identifier: Apache-2.0 */
/* network_change_test.c - which nodes of a network that is up can be upgraded.
 */
#include "deploy/deploy.h"

#include "engine/engine.h"
#include "run/network.h"
#include "test/support/scratch.h"

static int no_change(struct engine *e, const char *set, unsigned replicas,
		     int seconds, struct error *err)
{
	(void)e, (void)set, (void)replicas, (void)seconds;
	return error_set(err, ERROR_INTERNAL, "nothing is to be changed here");
}

static void close_it(struct engine *e)
{
	(void)e;
}

static const struct engine_ops cannot = { .id = ENGINE_ID_PODMAN,
					  .close = close_it };
static const struct engine_ops can = { .id = ENGINE_ID_KUBERNETES,
				       .can = ENGINE_SET_REPLICAS |
					      ENGINE_SET_IMAGE,
				       .set_replicas = no_change,
				       .set_image = no_change,
				       .close = close_it };
static struct engine engine;

int engine_open(const char *name, const char *run_dir, struct engine **ret,
		struct error *err)
{
	(void)name, (void)run_dir, (void)err;
	*ret = &engine;
	return 0;
}

struct story {
	struct scratch at;
	struct network net;
};

/* A set of two banks, which was scaled to its first. */
static int set_up(void **state)
{
	struct story *s = scratch_begin(sizeof(*s));

	engine.ops = &can;
	scratch_network(&s->at,
			"banks: [{release: maven:4.5, count: 2}]\n"
			"notaries: [{release: maven:4.5}]\n"
			"cordapps: finance-4.0\n",
			&s->net);
	scratch_write(&s->at, "secrets.json",
		      "{\"rpc_user\":\"u\",\"rpc_password\":\"p\","
		      "\"database_user\":\"c\",\"database_password\":\"p\"}");
	scratch_write(&s->at, "endpoints.json",
		      "{\"nodes\":{\"bank-4.5-0\":{\"host\":\"127.0.0.1\","
		      "\"port\":1}},"
		      "\"database\":{\"host\":\"127.0.0.1\",\"port\":2}}");
	*state = s;
	return 0;
}

/* NULL: all of the banks' set. */
static int ask(struct story *s, const char *name)
{
	struct error *err = &s->at.err;
	const struct network_node *node =
		name ? network_find(&s->net, name) : NULL;
	const char *set = network_find(&s->net, "bank-4.5-0")->set;

	assert_true(!name || node);
	return deploy_can_upgrade(s->at.dir, set, node, err);
}

static void what_is_up_can_be(void **state)
{
	struct story *s = *state;

	assert_ok(ask(s, "bank-4.5-0"), s->at.err);
	assert_ok(ask(s, NULL), s->at.err);
}

static void a_node_that_is_not_up_cannot(void **state)
{
	struct story *s = *state;

	assert_int_equal(ask(s, "bank-4.5-1"), -1);
	assert_int_equal(s->at.err.kind, ERROR_INPUT);
	assert_non_null(strstr(s->at.err.text, "bank-4.5-1 is not running"));
	assert_non_null(strstr(s->at.err.text, "'medley scale bank-4"));
	assert_non_null(strstr(s->at.err.text, "=2' starts it"));
}

static void a_set_without_pods_cannot(void **state)
{
	struct story *s = *state;

	scratch_write(&s->at, "endpoints.json", "{\"nodes\":{}}");
	assert_int_equal(ask(s, NULL), -1);
	assert_int_equal(s->at.err.kind, ERROR_INPUT);
	assert_non_null(strstr(s->at.err.text, "no pod of bank-4"));
}

static void one_engine_cannot(void **state)
{
	struct story *s = *state;

	engine.ops = &cannot;
	assert_int_equal(ask(s, "bank-4.5-0"), -1);
	assert_int_equal(s->at.err.kind, ERROR_INPUT);
	assert_non_null(strstr(s->at.err.text,
			       ": the engine podman cannot change the image of "
			       "pods in a network that is up; kubernetes can"));
	assert_int_equal(
		deploy_scale(s->at.dir, "bank-4-5", 1, NULL, &s->at.err), -1);
	assert_non_null(
		strstr(s->at.err.text, "cannot change the number of pods"));
}

/* The engine fails here, as when the API server is away for too long. */
static void what_is_to_go_is_not_counted_on(void **state)
{
	static const struct {
		const char *name; /* NULL: the database */
		uint16_t port;
	} kept[] = { { "bank-4.5-0", 1 }, { "notary-4.5-0", 4 }, { NULL, 2 } };
	struct story *s = *state;
	const char *set = network_find(&s->net, "bank-4.5-0")->set;
	struct endpoint at;

	scratch_write(&s->at, "endpoints.json",
		      "{\"nodes\":{"
		      "\"bank-4.5-0\":{\"host\":\"a\",\"port\":1},"
		      "\"bank-4.5-1\":{\"host\":\"b\",\"port\":3},"
		      "\"notary-4.5-0\":{\"host\":\"c\",\"port\":4}},"
		      "\"database\":{\"host\":\"d\",\"port\":2}}");
	assert_int_equal(deploy_scale(s->at.dir, set, 1, NULL, &s->at.err), -1);
	assert_non_null(strstr(s->at.err.text, "nothing is to be changed"));
	assert_int_equal(endpoint_load(s->at.dir, "bank-4.5-1", &s->at.arena,
				       &at, NULL),
			 -1);
	for (size_t i = 0; i < ARRAY_SIZE(kept); i++) {
		assert_ok(endpoint_load(s->at.dir, kept[i].name, &s->at.arena,
					&at, &s->at.err),
			  s->at.err);
		assert_int_equal(at.port, kept[i].port);
	}
}

#define STORY(t) cmocka_unit_test_setup_teardown(t, set_up, scratch_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORY(what_is_up_can_be),
		STORY(a_node_that_is_not_up_cannot),
		STORY(a_set_without_pods_cannot),
		STORY(one_engine_cannot),
		STORY(what_is_to_go_is_not_counted_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
