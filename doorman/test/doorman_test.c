/* SPDX-License-Identifier: Apache-2.0 */
/* doorman_test.c - nodes register, and everything is there after a restart. */
#include "doorman/doorman.h"

#include <stdlib.h>

#include "test/support/asker.h"
#include "test/support/postgres.h"
#include "test/support/test.h"

static char dir[PATH_ROOM];
static struct doorman_settings settings;
static struct doorman *d;
static struct asker node;
static struct error err;

/* ---- a doorman for each test, opened anew at will ---- */

static void restart(void)
{
	doorman_close(steal(d));
	assert_ok(doorman_open(&settings, &d, &err), err);
	node.of = d;
}

static int begin(void **state)
{
	static char state_dir[PATH_ROOM];

	(void)state;
	assert_ok(dir_make_temporary("/tmp/doorman-test-", dir, &err), err);
	path_join(state_dir, dir, "state");
	settings = (struct doorman_settings){ .directory = state_dir,
					      .poll_seconds = 5 };
	asker_init(&node, asker_by_route);
	restart();
	return 0;
}

static int end(void **state)
{
	(void)state;
	doorman_close(steal(d));
	asker_release(&node);
	return dir_remove(dir, NULL);
}

static void plan(const char *notary, const char *description, uint64_t after)
{
	char path[PATH_ROOM], text[256];

	path_join(path, dir, "parameters.yaml");
	snprintf(text, sizeof(text),
		 "notaries:\n  - name: O=%s, L=London, C=GB\n", notary);
	assert_ok(file_write(path, text, strlen(text), 0600, &err), err);
	assert_ok(doorman_plan(d, path, description, after, &err), err);
}

/* The list can be printed, and has so many of these. */
static void assert_listed(const char *what, size_t count)
{
	cleanup(buf_release) struct buf text = BUF_INIT(1 << 20);
	cleanup(js_freep) struct js *list = NULL;

	assert_ok(doorman_list(d, &list, &err), err);
	assert_ok(js_print(list, JS_LINE, &text, &err), err);
	assert_int_equal(js_count(js_get(list, what)), count);
}

/* ---- stories ---- */

static void register_a_network(void)
{
	cleanup(applicant_release) struct applicant service, notary, other,
		bank;
	cleanup(arena_release) struct arena arena = ARENA_INIT(1 << 20);
	struct network_map map;

	applicant_init(&service, "Service");
	applicant_init(&notary, "Notary");
	applicant_init(&other, "Other");
	applicant_init(&bank, "Bank");
	plan("Service", NULL, 0);
	asker_ask(&node, "GET", "/network-map", NULL);
	asker_said(&node, 503, "no network parameters yet");
	assert_listed("requests", 0);
	asker_register(&node, &service, CERTIFICATE_SERVICE);
	asker_register(&node, &notary, CERTIFICATE_NODE_CA);
	assert_listed("requests", 2);
	restart();
	asker_notary_is(&node, service.ca);
	asker_register(&node, &bank, CERTIFICATE_NODE_CA);
	asker_register(&node, &other, CERTIFICATE_NODE_CA);
	asker_publish(&node, &notary, &service, 1000);
	asker_said(&node, 200, "published");
	asker_publish(&node, &other, &service, 1000);
	asker_said(&node, 200, "published");
	asker_publish(&node, &bank, NULL, 1000);
	asker_said(&node, 200, "published");
	restart();
	asker_map(&node, &arena, &map);
	assert_int_equal(map.node_info_count, 3);
	asker_publish(&node, &bank, NULL, 999); /* older: no news */
	asker_said(&node, 200, "");
	asker_publish(&node, &bank, NULL, 1001);
	arena_clear(&arena);
	asker_map(&node, &arena, &map);
	assert_int_equal(map.node_info_count, 3);
	assert_listed("nodes", 3);
	asker_ask(&node, "GET", "/network-map/node-infos", NULL);
	asker_said(&node, 200, "");
}

static void lets_a_network_in(void **state)
{
	(void)state;
	register_a_network();
}

static void keeps_it_in_postgres(void **state)
{
	(void)state;
	settings.database = postgres_uri();
	restart();
	register_a_network();
}

static void tells_the_same_id_again(void **state)
{
	cleanup(applicant_release) struct applicant a;
	cleanup(buf_release) struct buf first = BUF_INIT(8192);
	char one[PATH_ROOM], two[PATH_ROOM];

	(void)state;
	applicant_init(&a, "Bank");
	asker_request(&node, &a, CERTIFICATE_NODE_CA, one);
	restart();
	asker_request(&node, &a, CERTIFICATE_NODE_CA, two);
	assert_string_equal(one, two);
	asker_ask(&node, "GET", one, NULL);
	buf_add(&first, node.body.data, node.body.len);
	restart();
	asker_ask(&node, "GET", one, NULL);
	assert_int_equal(node.body.len, first.len);
	assert_memory_equal(node.body.data, first.data, first.len);
}

static void gives_a_name_to_one_key(void **state)
{
	cleanup(applicant_release) struct applicant first, second, third;
	char one[PATH_ROOM], two[PATH_ROOM];

	(void)state;
	applicant_init(&first, "Bank");
	applicant_init(&second, "BANK");
	applicant_init(&third, "bank");
	asker_request(&node, &first, CERTIFICATE_NODE_CA, one);
	asker_ask(&node, "GET", one, NULL);
	asker_said(&node, 200, "");
	asker_take(&node, &first);
	asker_request(&node, &second, CERTIFICATE_NODE_CA, two);
	asker_ask(&node, "GET", two, NULL);
	asker_said(&node, 200, "");
	asker_take(&node, &second);
	asker_ask(&node, "GET", one, NULL);
	asker_said(&node, 401, "the name was given to another key");
	asker_publish(&node, &first, NULL, 1);
	asker_said(&node, 400, "now valid");
	asker_publish(&node, &second, NULL, 1);
	asker_said(&node, 200, "published");
	asker_request(&node, &third, CERTIFICATE_NODE_CA, one);
	asker_said(&node, 400, "is taken: its node is in the map");
	third.name = (struct x500_name){ .common_name = "Medley Doorman CA",
					 .organisation = "Medley",
					 .locality = "London",
					 .country = "GB" };
	asker_request(&node, &third, CERTIFICATE_NODE_CA, one);
	asker_said(&node, 400, "the name is reserved");
}

static void waits_for_a_hand(void **state)
{
	cleanup(applicant_release) struct applicant good, bad;
	char one[PATH_ROOM], two[PATH_ROOM], id[DOORMAN_ID];

	(void)state;
	settings.by_hand = true;
	restart();
	applicant_init(&good, "Good");
	applicant_init(&bad, "Bad");
	asker_request(&node, &good, CERTIFICATE_NODE_CA, one);
	asker_request(&node, &bad, CERTIFICATE_NODE_CA, two);
	asker_ask(&node, "GET", one, NULL);
	asker_said(&node, 204, "");
	asker_header(&node, "Cache-Control", "max-age=2");
	assert_ok(doorman_decide(d, one + strlen("/certificate/"), true, NULL,
				 id, &err),
		  err);
	two[strlen("/certificate/") + 12] = 0;
	assert_ok(doorman_decide(d, two + strlen("/certificate/"), false,
				 "who are you", id, &err),
		  err);
	path_printf(two, "/certificate/%s", id);
	restart();
	asker_ask(&node, "GET", one, NULL);
	asker_said(&node, 200, "");
	asker_ask(&node, "GET", two, NULL);
	asker_said(&node, 401, "who are you");
	assert_error(doorman_decide(d, id, true, NULL, id, &err), err,
		     "is already rejected");
	assert_error(doorman_decide(d, "00", true, NULL, id, &err), err,
		     "at least 4 characters");
}

static void throws_a_node_out(void **state)
{
	cleanup(applicant_release) struct applicant a;
	cleanup(arena_release) struct arena arena = ARENA_INIT(1 << 20);
	char path[PATH_ROOM], id[DOORMAN_ID];
	struct network_map map;

	(void)state;
	applicant_init(&a, "Notary");
	plan("Notary", NULL, 0);
	asker_request(&node, &a, CERTIFICATE_NODE_CA, path);
	asker_ask(&node, "GET", path, NULL);
	asker_take(&node, &a);
	asker_publish(&node, &a, NULL, 1);
	asker_notary_is(&node, a.identity); /* as before 4.6 */
	assert_ok(doorman_decide(d, path + strlen("/certificate/"), false, NULL,
				 id, &err),
		  err);
	asker_map(&node, &arena, &map);
	assert_int_equal(map.node_info_count, 0);
	asker_publish(&node, &a, NULL, 2);
	asker_said(&node, 400, "now valid");
}

static void signs_anew_for_a_service_that_came_again(void **state)
{
	cleanup(applicant_release) struct applicant killed, again;

	(void)state;
	applicant_init(&killed, "Service");
	applicant_init(&again, "Service");
	plan("Service", NULL, 0);
	asker_register(&node, &killed, CERTIFICATE_SERVICE);
	asker_notary_is(&node, killed.ca);
	asker_register(&node, &again, CERTIFICATE_SERVICE);
	restart();
	asker_notary_is(&node, again.ca);
}

static void signs_anew_for_a_service_after_a_rejection(void **state)
{
	cleanup(applicant_release) struct applicant first, second;
	char path[PATH_ROOM], id[DOORMAN_ID];

	(void)state;
	applicant_init(&first, "Service");
	applicant_init(&second, "Service");
	plan("Service", NULL, 0);
	asker_request(&node, &first, CERTIFICATE_SERVICE, path);
	asker_ask(&node, "GET", path, NULL);
	asker_notary_is(&node, first.ca);
	assert_ok(doorman_decide(d, path + strlen("/certificate/"), false, NULL,
				 id, &err),
		  err);
	asker_register(&node, &second, CERTIFICATE_SERVICE);
	asker_notary_is(&node, second.ca);
}

static void updates_parameters(void **state)
{
	cleanup(applicant_release) struct applicant a;
	cleanup(arena_release) struct arena arena = ARENA_INIT(1 << 20);
	cleanup(buf_release) struct buf ack = BUF_INIT(8192);
	cleanup(js_freep) struct js *list = NULL;
	struct signed_network_parameters p;
	struct network_map map;
	char hash[DOORMAN_ID];

	(void)state;
	applicant_init(&a, "Notary");
	plan("Notary", NULL, 0);
	asker_register(&node, &a, CERTIFICATE_NODE_CA);
	asker_publish(&node, &a, NULL, 1);
	assert_error(doorman_flag_day(d, false, hash, &err), err, "no update");
	plan("Notary", "more", 1000);
	asker_map(&node, &arena, &map);
	assert_non_null(map.update);
	assert_string_equal(map.update->description, "more");
	applicant_ack(&a, map.parameters, &ack);
	buf_clear(&ack);
	applicant_ack(&a, map.update->parameters, &ack);
	asker_ask(&node, "POST", "/network-map/ack-parameters", &ack);
	asker_said(&node, 200, "accepted");
	assert_ok(doorman_list(d, &list, &err), err);
	assert_true(
		js_bool(js_at(js_get(list, "nodes"), 0), "accepted", false));
	assert_error(doorman_flag_day(d, false, hash, &err), err, "--now");
	assert_ok(doorman_flag_day(d, true, hash, &err), err);
	restart();
	asker_map(&node, &arena, &map);
	assert_null(map.update);
	asker_parameters(&node, &arena, map.parameters, &p);
	assert_int_equal(p.parameters.epoch, 2);
}

static void refuses_what_is_wrong(void **state)
{
	cleanup(buf_release) struct buf rubbish = BUF_INIT(64);
	cleanup(buf_release) struct buf info =
		test_vector("bootstrap/cz/publish-132CAD7B.bin");
	cleanup(buf_release) struct buf ack =
		test_vector("bootstrap/cz/ack-parameters.bin");

	(void)state;
	buf_add_str(&rubbish, "corda\x01");
	asker_ask(&node, "POST", "/certificate", &rubbish);
	asker_said(&node, 400, "not a PKCS#10 request");
	asker_ask(&node, "POST", "/certificate", NULL);
	asker_said(&node, 400, "not a PKCS#10 request");
	asker_ask(&node, "POST", "/network-map/publish", &rubbish);
	asker_said(&node, 400, "node info");
	asker_ask(&node, "POST", "/network-map/publish", &info);
	asker_said(&node, 400, "this network's doorman and root");
	asker_ask(&node, "POST", "/network-map/ack-parameters", &ack);
	asker_said(&node, 400, "neither the current parameters nor");
	asker_ask(&node, "POST", "/network-map/ack-parameters", &rubbish);
	asker_said(&node, 400, "");
	asker_ask(&node, "GET", "/certificate/../keys/authority", NULL);
	asker_said(&node, 404, "");
	asker_ask(&node, "GET", "/certificate/..", NULL);
	asker_said(&node, 404, "");
	asker_ask(&node, "GET", "/network-map/node-info/nothing", NULL);
	asker_said(&node, 404, "");
	asker_ask(&node, "DELETE", "/network-map", NULL);
	asker_said(&node, 405, "DELETE");
	asker_ask(&node, "GET", "/healthz", NULL);
	asker_said(&node, 200, "ok");
}

static void refuses_files_of_parameters(void **state)
{
	static const char *const bad[][2] = {
		{ "notaries: []\n", "a list of 1 to 32" },
		{ "notaries:\n  - name: O=A, L=London, C=GB\n", "two letters" },
		{ "notaries:\n  - name: O=Bank <A>, L=London, C=GB\n",
		  "notary 1: O has the character <" },
		{ "notaries:\n  - nam: x\n", "did you mean 'name'" },
		{ "minimum_platform: 4\n", "notaries" },
	};
	char path[PATH_ROOM];

	(void)state;
	path_join(path, dir, "bad.yaml");
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		assert_ok(file_write(path, bad[i][0], strlen(bad[i][0]), 0600,
				     &err),
			  err);
		assert_error(doorman_plan(d, path, NULL, 0, &err), err,
			     bad[i][1]);
	}
}

#define STORY(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORY(lets_a_network_in),
		STORY(keeps_it_in_postgres),
		STORY(tells_the_same_id_again),
		STORY(gives_a_name_to_one_key),
		STORY(waits_for_a_hand),
		STORY(throws_a_node_out),
		STORY(signs_anew_for_a_service_that_came_again),
		STORY(signs_anew_for_a_service_after_a_rejection),
		STORY(updates_parameters),
		STORY(refuses_what_is_wrong),
		STORY(refuses_files_of_parameters),
	};

	return cmocka_run_group_tests(tests, postgres_begin, postgres_end);
}
