/* SPDX-License-Identifier: Apache-2.0 */
/* doorman_test.c - nodes register, and everything is there after a restart. */
#include "doorman/doorman.h"

#include <stdlib.h>

#include "corda/network_map.h"
#include "corda/network_parameters.h"
#include "data/zip.h"
#include "doorman/routes.h"
#include "test/support/applicant.h"
#include "test/support/postgres.h"
#include "test/support/test.h"

static struct postgres server;
static bool running;
static char dir[PATH_ROOM];
static struct doorman_settings settings;
static struct doorman *d;
static struct http_answer answer;
static struct error err;

/* ---- a doorman for each test, opened anew at will ---- */

static void restart(void)
{
	doorman_close(steal(d));
	assert_ok(doorman_open(&settings, &d, &err), err);
}

static int begin(void **state)
{
	static char state_dir[PATH_ROOM];

	(void)state;
	assert_ok(dir_make_temporary("/tmp/doorman-test-", dir, &err), err);
	path_join(state_dir, dir, "state");
	settings = (struct doorman_settings){ .directory = state_dir,
					      .poll_seconds = 5 };
	answer = (struct http_answer){ .body = BUF_INIT(1 << 20) };
	restart();
	return 0;
}

static int end(void **state)
{
	(void)state;
	doorman_close(steal(d));
	buf_release(&answer.body);
	return dir_remove(dir, NULL);
}

static void ask(const char *method, const char *path, const struct buf *body)
{
	const struct http_request request = { .method = method,
					      .path = path,
					      .peer = "10.0.0.1",
					      .body = body ? body->data : NULL,
					      .body_len =
						      body ? body->len : 0 };

	buf_clear(&answer.body);
	answer = (struct http_answer){ .body = answer.body };
	routes_answer(d, &request, &answer);
}

static void assert_said(unsigned status, const char *part)
{
	if (answer.status != status || !strstr(buf_text(&answer.body), part))
		fail_msg("%u %s, expected %u %s", answer.status,
			 buf_text(&answer.body), status, part);
}

/* ---- what nodes do ---- */

static void post_csr(const struct applicant *a, enum certificate_kind kind,
		     char path[PATH_ROOM])
{
	cleanup(buf_release) struct buf csr = BUF_INIT(8192);

	applicant_csr(a, kind, &csr);
	ask("POST", "/certificate", &csr);
	path_printf(path, "/certificate/%s", buf_text(&answer.body));
}

static void take_certificate(struct applicant *a)
{
	char path[PATH_ROOM];

	path_join(path, dir, "answer.zip");
	assert_string_equal(answer.type, "application/zip");
	assert_ok(file_write(path, answer.body.data, answer.body.len, 0600,
			     &err),
		  err);
	buf_clear(&a->certificate);
	assert_ok(zip_member(path, "leaf.cer", &a->certificate, &err), err);
}

static void register_as(struct applicant *a, enum certificate_kind kind)
{
	char path[PATH_ROOM];

	post_csr(a, kind, path);
	assert_int_equal(answer.status, 200);
	ask("GET", path, NULL);
	assert_int_equal(answer.status, 200);
	take_certificate(a);
}

static void publish(struct applicant *a, struct applicant *service,
		    int64_t serial)
{
	cleanup(buf_release) struct buf info = BUF_INIT(65536);

	applicant_info(a, service, d->authority.doorman.certificate,
		       d->authority.root.certificate, serial, &info);
	ask("POST", "/network-map/publish", &info);
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

/* The map that is served now; parts live in the arena. */
static void read_map(struct arena *arena, struct network_map *ret)
{
	struct signed_data data;

	ask("GET", "/network-map", NULL);
	assert_int_equal(answer.status, 200);
	assert_ok(signed_data_read(answer.body.data, answer.body.len, arena,
				   &data, &err),
		  err);
	assert_ok(network_map_read(data.inner, arena, ret, &err), err);
}

static void read_parameters(struct arena *arena,
			    const uint8_t hash[SECURE_HASH],
			    struct signed_network_parameters *ret)
{
	cleanup(buf_release) struct buf path = BUF_INIT(256);

	buf_add_str(&path, "/network-map/network-parameters/");
	buf_add_hex(&path, hash, SECURE_HASH);
	ask("GET", buf_text(&path), NULL);
	assert_int_equal(answer.status, 200);
	assert_ok(network_parameters_read(answer.body.data, answer.body.len,
					  arena, ret, &err),
		  err);
}

static void assert_notary_key(const struct key *key)
{
	cleanup(arena_release) struct arena arena = ARENA_INIT(1 << 20);
	struct signed_network_parameters p;
	struct network_map map;

	read_map(&arena, &map);
	read_parameters(&arena, map.parameters, &p);
	assert_int_equal(p.parameters.notary_count, 1);
	assert_int_equal(p.parameters.notaries[0].spki.len, key_spki(key).len);
	assert_memory_equal(p.parameters.notaries[0].spki.bytes,
			    key_spki(key).bytes, key_spki(key).len);
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
	ask("GET", "/network-map", NULL);
	assert_said(503, "no network parameters yet");
	assert_listed("requests", 0);
	register_as(&service, CERTIFICATE_SERVICE);
	register_as(&notary, CERTIFICATE_NODE_CA);
	assert_listed("requests", 2);
	restart();
	assert_notary_key(service.ca);
	register_as(&bank, CERTIFICATE_NODE_CA);
	register_as(&other, CERTIFICATE_NODE_CA);
	publish(&notary, &service, 1000);
	assert_said(200, "published");
	publish(&other, &service, 1000);
	assert_said(200, "published");
	publish(&bank, NULL, 1000);
	assert_said(200, "published");
	restart();
	read_map(&arena, &map);
	assert_int_equal(map.node_info_count, 3);
	publish(&bank, NULL, 999); /* older: no news */
	assert_int_equal(answer.status, 200);
	publish(&bank, NULL, 1001);
	arena_clear(&arena);
	read_map(&arena, &map);
	assert_int_equal(map.node_info_count, 3);
	assert_listed("nodes", 3);
	ask("GET", "/network-map/node-infos", NULL);
	assert_int_equal(answer.status, 200);
}

static void lets_a_network_in(void **state)
{
	(void)state;
	register_a_network();
}

static void keeps_it_in_postgres(void **state)
{
	char uri[128];

	(void)state;
	if (!running)
		skip();
	snprintf(uri, sizeof(uri), "postgresql://%s@127.0.0.1:%u/postgres",
		 POSTGRES_USER, server.port);
	settings.database = uri;
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
	post_csr(&a, CERTIFICATE_NODE_CA, one);
	restart();
	post_csr(&a, CERTIFICATE_NODE_CA, two);
	assert_string_equal(one, two);
	ask("GET", one, NULL);
	buf_add(&first, answer.body.data, answer.body.len);
	restart();
	ask("GET", one, NULL);
	assert_int_equal(answer.body.len, first.len);
	assert_memory_equal(answer.body.data, first.data, first.len);
}

static void gives_a_name_to_one_key(void **state)
{
	cleanup(applicant_release) struct applicant first, second, third;
	char one[PATH_ROOM], two[PATH_ROOM];

	(void)state;
	applicant_init(&first, "Bank");
	applicant_init(&second, "BANK");
	applicant_init(&third, "bank");
	post_csr(&first, CERTIFICATE_NODE_CA, one);
	ask("GET", one, NULL);
	assert_int_equal(answer.status, 200);
	take_certificate(&first);
	post_csr(&second, CERTIFICATE_NODE_CA, two);
	ask("GET", two, NULL);
	assert_int_equal(answer.status, 200);
	take_certificate(&second);
	ask("GET", one, NULL);
	assert_said(401, "the name was given to another key");
	publish(&first, NULL, 1);
	assert_said(400, "no longer");
	publish(&second, NULL, 1);
	assert_said(200, "published");
	post_csr(&third, CERTIFICATE_NODE_CA, one);
	assert_said(400, "is taken: its node is in the map");
	third.name = (struct x500_name){ .common_name = "Medley Doorman CA",
					 .organisation = "Medley",
					 .locality = "London",
					 .country = "GB" };
	post_csr(&third, CERTIFICATE_NODE_CA, one);
	assert_said(400, "the network's own");
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
	post_csr(&good, CERTIFICATE_NODE_CA, one);
	post_csr(&bad, CERTIFICATE_NODE_CA, two);
	ask("GET", one, NULL);
	assert_int_equal(answer.status, 204);
	assert_string_equal(answer.headers[0].name, "Cache-Control");
	assert_ok(doorman_decide(d, one + strlen("/certificate/"), true, NULL,
				 id, &err),
		  err);
	two[strlen("/certificate/") + 12] = 0;
	assert_ok(doorman_decide(d, two + strlen("/certificate/"), false,
				 "who are you", id, &err),
		  err);
	path_printf(two, "/certificate/%s", id);
	restart();
	ask("GET", one, NULL);
	assert_int_equal(answer.status, 200);
	ask("GET", two, NULL);
	assert_said(401, "who are you");
	assert_error(doorman_decide(d, id, true, NULL, id, &err), err,
		     "is rejected already");
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
	post_csr(&a, CERTIFICATE_NODE_CA, path);
	ask("GET", path, NULL);
	take_certificate(&a);
	publish(&a, NULL, 1);
	assert_notary_key(a.identity); /* as before 4.6 */
	assert_ok(doorman_decide(d, path + strlen("/certificate/"), false, NULL,
				 id, &err),
		  err);
	read_map(&arena, &map);
	assert_int_equal(map.node_info_count, 0);
	publish(&a, NULL, 2);
	assert_said(400, "no longer");
}

static void signs_anew_for_a_service_that_came_again(void **state)
{
	cleanup(applicant_release) struct applicant killed, again;

	(void)state;
	applicant_init(&killed, "Service");
	applicant_init(&again, "Service");
	plan("Service", NULL, 0);
	register_as(&killed, CERTIFICATE_SERVICE);
	assert_notary_key(killed.ca);
	register_as(&again, CERTIFICATE_SERVICE);
	restart();
	assert_notary_key(again.ca);
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
	register_as(&a, CERTIFICATE_NODE_CA);
	publish(&a, NULL, 1);
	assert_error(doorman_flag_day(d, false, hash, &err), err, "no update");
	plan("Notary", "more", 1000);
	read_map(&arena, &map);
	assert_non_null(map.update);
	assert_string_equal(map.update->description, "more");
	applicant_ack(&a, map.parameters, &ack);
	buf_clear(&ack);
	applicant_ack(&a, map.update->parameters, &ack);
	ask("POST", "/network-map/ack-parameters", &ack);
	assert_said(200, "accepted");
	assert_ok(doorman_list(d, &list, &err), err);
	assert_true(
		js_bool(js_at(js_get(list, "nodes"), 0), "accepted", false));
	assert_error(doorman_flag_day(d, false, hash, &err), err, "--now");
	assert_ok(doorman_flag_day(d, true, hash, &err), err);
	restart();
	read_map(&arena, &map);
	assert_null(map.update);
	read_parameters(&arena, map.parameters, &p);
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
	ask("POST", "/certificate", &rubbish);
	assert_said(400, "no PKCS#10 request");
	ask("POST", "/certificate", NULL);
	assert_said(400, "no PKCS#10 request");
	ask("POST", "/network-map/publish", &rubbish);
	assert_said(400, "node info");
	ask("POST", "/network-map/publish", &info);
	assert_said(400, "this network's doorman and root");
	ask("POST", "/network-map/ack-parameters", &ack);
	assert_said(400, "no such parameters");
	ask("POST", "/network-map/ack-parameters", &rubbish);
	assert_int_equal(answer.status, 400);
	ask("GET", "/certificate/../keys/authority", NULL);
	assert_int_equal(answer.status, 404);
	ask("GET", "/certificate/..", NULL);
	assert_int_equal(answer.status, 404);
	ask("GET", "/network-map/node-info/nothing", NULL);
	assert_int_equal(answer.status, 404);
	ask("DELETE", "/network-map", NULL);
	assert_said(405, "DELETE");
	ask("GET", "/healthz", NULL);
	assert_said(200, "ok");
}

static void refuses_files_of_parameters(void **state)
{
	static const char *const bad[][2] = {
		{ "notaries: []\n", "a list of 1 to 32" },
		{ "notaries:\n  - name: O=A, L=London, C=GB\n", "two letters" },
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

static int start(void **state)
{
	(void)state;
	running = postgres_try(&server);
	setenv("PGPASSWORD", POSTGRES_PASSWORD, 1);
	return 0;
}

static int stop(void **state)
{
	(void)state;
	if (running)
		postgres_stop(&server);
	return 0;
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
		STORY(updates_parameters),
		STORY(refuses_what_is_wrong),
		STORY(refuses_files_of_parameters),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
