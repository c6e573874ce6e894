/* SPDX-License-Identifier: Apache-2.0 */
/* serve_test.c - what a doorman answers and refuses over HTTP. */
#include "test/support/served.h"

#include <stdlib.h>

enum { BODY_MAX = 64 * 1024 }; /* as docs/doorman.md has it */

/* ---- what nodes are told ---- */

static void tells_how_a_request_stands(void **state)
{
	cleanup(applicant_release) struct applicant good, bad;
	struct served *s = *state;
	char one[PATH_ROOM], two[PATH_ROOM];

	s->settings.by_hand = true;
	served_start(s, 0);
	applicant_init(&good, "Good");
	applicant_init(&bad, "Bad");
	asker_request(&s->node, &good, CERTIFICATE_NODE_CA, one);
	asker_said(&s->node, 200, "");
	asker_request(&s->node, &bad, CERTIFICATE_NODE_CA, two);
	asker_ask(&s->node, "GET", one, NULL);
	asker_said(&s->node, 204, "");
	asker_header(&s->node, "Cache-Control", "max-age=2");
	assert_int_equal(s->node.body.len, 0);
	served_decide(s, one, true, NULL);
	served_decide(s, two, false, "nobody knows you");
	asker_ask(&s->node, "GET", one, NULL);
	asker_take(&s->node, &good);
	asker_ask(&s->node, "GET", two, NULL);
	asker_said(&s->node, 401, "nobody knows you");
	asker_request(&s->node, &bad, CERTIFICATE_NODE_CA, one);
	assert_string_equal(one, two);
	memset(two + strlen("/certificate/"), 'A', DOORMAN_ID - 1);
	asker_ask(&s->node, "GET", two, NULL);
	asker_said(&s->node, 404, "no such request");
}

static void plan(struct served *s)
{
	static const char text[] =
		"notaries:\n  - name: O=Service, L=London, C=GB\n";
	char path[PATH_ROOM];

	path_join(path, s->dir, "parameters.yaml");
	assert_ok(file_write(path, text, strlen(text), 0600, &s->err), s->err);
	assert_ok(doorman_plan(s->d, path, NULL, 0, &s->err), s->err);
}

/* A node asks again after max-age; without it, from 4.0 on, never. */
static void assert_map(struct served *s, const char *path)
{
	char len[32];

	asker_ask(&s->node, "GET", path, NULL);
	asker_said(&s->node, 200, "");
	assert_true(s->node.body.len > 0);
	snprintf(len, sizeof(len), "%zu", s->node.body.len);
	asker_header(&s->node, "Cache-Control", "max-age=7");
	asker_header(&s->node, "X-Corda-Server-Version", "2");
	asker_header(&s->node, "Content-Type", "application/octet-stream");
	asker_header(&s->node, "Connection", "close");
	asker_ask(&s->node, "HEAD", path, NULL);
	asker_said(&s->node, 200, "");
	asker_header(&s->node, "Cache-Control", "max-age=7");
	asker_header(&s->node, "Content-Length", len);
	assert_int_equal(s->node.body.len, 0);
}

static void gives_map_and_parameters(void **state)
{
	static const char *const maps[] = { "/network-map",
					    "/network-map/node-infos" };
	cleanup(applicant_release) struct applicant service, notary;
	struct served *s = *state;

	plan(s);
	served_start(s, 0);
	for (size_t i = 0; i < ARRAY_SIZE(maps); i++) {
		asker_ask(&s->node, "GET", maps[i], NULL);
		asker_said(&s->node, 503, "no network parameters yet");
		asker_header(&s->node, "Retry-After", "5");
	}
	applicant_init(&service, "Service");
	applicant_init(&notary, "Notary");
	asker_register(&s->node, &service, CERTIFICATE_SERVICE);
	asker_register(&s->node, &notary, CERTIFICATE_NODE_CA);
	asker_publish(&s->node, &notary, &service, 1);
	asker_said(&s->node, 200, "published");
	asker_notary_is(&s->node, service.ca);
	for (size_t i = 0; i < ARRAY_SIZE(maps); i++)
		assert_map(s, maps[i]);
	served_count(s, "nodes", 1);
}

static void gives_a_node_info_by_its_hash(void **state)
{
	cleanup(arena_release) struct arena arena = ARENA_INIT(1 << 20);
	cleanup(buf_release) struct buf path = BUF_INIT(256);
	cleanup(applicant_release) struct applicant notary;
	struct served *s = *state;
	struct signed_node_info info;
	struct network_map map;

	plan(s);
	served_start(s, 0);
	applicant_init(&notary, "Service"); /* by its own name, before 4.6 */
	asker_register(&s->node, &notary, CERTIFICATE_NODE_CA);
	asker_publish(&s->node, &notary, NULL, 77);
	asker_map(&s->node, &arena, &map);
	assert_int_equal(map.node_info_count, 1);
	buf_add_str(&path, "/network-map/node-info/");
	buf_add_hex(&path, map.node_infos[0], SECURE_HASH);
	asker_ask(&s->node, "GET", buf_text(&path), NULL);
	asker_said(&s->node, 200, "");
	assert_ok(node_info_read(s->node.body.data, s->node.body.len, &arena,
				 &info, &s->err),
		  s->err);
	assert_int_equal(info.info.serial, 77);
}

static void gives_what_else_there_is(void **state)
{
	cleanup(buf_release) struct buf root = BUF_INIT(BODY_MAX);
	struct served *s = *state;

	served_start(s, 0);
	asker_ask(&s->node, "GET", "/network-map/my-hostname", NULL);
	asker_said(&s->node, 200, "127.0.0.1");
	asker_ask(&s->node, "GET", "/healthz?now", NULL);
	asker_said(&s->node, 200, "ok");
	asker_ask(&s->node, "GET", "/network-root-truststore.jks", NULL);
	asker_said(&s->node, 200, "");
	assert_ok(doorman_truststore(s->d, &root, &s->err), s->err);
	assert_int_equal(s->node.body.len, root.len);
	assert_memory_equal(s->node.body.data, root.data, root.len);
}

/* ---- what is refused ---- */

static void post_file(struct served *s, const char *path, const char *vector)
{
	cleanup(buf_release) struct buf bytes = test_vector(vector);

	asker_ask(&s->node, "POST", path, &bytes);
}

static void refuses_names_and_other_networks(void **state)
{
	cleanup(applicant_release) struct applicant first, second, bad;
	struct served *s = *state;
	char path[PATH_ROOM];

	served_start(s, 0);
	applicant_init(&first, "Bank");
	applicant_init(&second, "Bank");
	applicant_init(&bad, "X");
	asker_request(&s->node, &bad, CERTIFICATE_NODE_CA, path);
	asker_said(&s->node, 400, "at least two letters");
	asker_register(&s->node, &first, CERTIFICATE_NODE_CA);
	asker_publish(&s->node, &first, NULL, 1);
	asker_said(&s->node, 200, "published");
	asker_request(&s->node, &second, CERTIFICATE_NODE_CA, path);
	asker_said(&s->node, 400, "is taken: its node is in the map");
	post_file(s, "/network-map/publish",
		  "bootstrap/cz/publish-132CAD7B.bin");
	asker_said(&s->node, 400, "this network's doorman and root");
	post_file(s, "/network-map/ack-parameters",
		  "bootstrap/cz/ack-parameters.bin");
	asker_said(&s->node, 400, "neither the current parameters nor");
	served_count(s, "requests", 1);
	served_count(s, "nodes", 1);
}

static void refuses_names_that_may_do_harm(void **state)
{
	static const char *const bad[][2] = {
		{ "Bank \xe2\x80\xae knaB", "U+202E" },
		{ "<script>alert(1)</script>", "the character <" },
		{ "../keys/authority", "two dots in a row" },
		{ "Bank \"A\"", "the character \"" },
	};
	struct served *s = *state;
	char path[PATH_ROOM];

	served_start(s, 0);
	for (size_t i = 0; i <= ARRAY_SIZE(bad); i++) {
		cleanup(applicant_release) struct applicant a;

		applicant_init(&a, i < ARRAY_SIZE(bad) ? bad[i][0] : "Bank");
		if (i == ARRAY_SIZE(bad))
			a.name.country = "UK";
		asker_request(&s->node, &a, CERTIFICATE_NODE_CA, path);
		asker_said(&s->node, 400,
			   i < ARRAY_SIZE(bad) ? bad[i][1]
					       : "UK is not a country");
	}
	served_count(s, "requests", 0);
}

static void refuses_rubbish(void **state)
{
	static const char *const paths[] = { "/certificate",
					     "/network-map/publish",
					     "/network-map/ack-parameters" };
	cleanup(buf_release) struct buf rubbish = BUF_INIT(64);
	struct served *s = *state;

	served_start(s, 0);
	buf_add_str(&rubbish, "rubbish");
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		asker_ask(&s->node, "POST", paths[i], &rubbish);
		asker_said(&s->node, 400, i ? "" : "not a PKCS#10 request");
		asker_ask(&s->node, "POST", paths[i], NULL);
		asker_said(&s->node, 400, "");
	}
	served_count(s, "requests", 0);
}

static void refuses_other_methods(void **state)
{
	static const char *const cases[][3] = {
		{ "PUT", "/network-map", "GET, HEAD" },
		{ "POST", "/network-map", "GET, HEAD" },
		{ "DELETE", "/certificate/AB", "GET, HEAD" },
		{ "GET", "/certificate", "POST" },
		{ "OPTIONS", "/network-map/publish", "POST" },
		{ "WHATEVER", "/network-map/ack-parameters", "POST" },
	};
	struct served *s = *state;
	char text[64];

	served_start(s, 0);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		asker_ask(&s->node, cases[i][0], cases[i][1], NULL);
		snprintf(text, sizeof(text), "not with %s", cases[i][0]);
		asker_said(&s->node, 405, text);
		asker_header(&s->node, "Allow", cases[i][2]);
	}
	asker_ask(&s->node, "HEAD", "/certificate", NULL);
	asker_said(&s->node, 405, "");
	assert_int_equal(s->node.body.len, 0);
}

static void refuses_other_paths(void **state)
{
	static const char *const cases[][2] = {
		{ "/", "no such path" },
		{ "/certificates", "no such path" },
		{ "/certificate/", "no such path" },
		{ "/certificate/AB/CD", "no such path" },
		{ "/certificate/..%2f..%2fkeys%2fauthority", "no such path" },
		{ "/certificate/..", "no such request" },
		{ "/certificate/%2e%2e", "no such request" },
		{ "/certificate/AB", "no such request" },
		{ "/network-map/node-info/AB", "nothing with this hash" },
		{ "/network-map/network-parameters/AB",
		  "nothing with this hash" },
		{ "http://doorman/healthz", "no such path" },
		{ "*", "no such path" },
	};
	struct served *s = *state;

	served_start(s, 0);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		asker_ask(&s->node, "GET", cases[i][0], NULL);
		asker_said(&s->node, 404, cases[i][1]);
	}
}

/* ---- what its operator sees ---- */

/* The file `request` is in the way of the directory. */
static void says_that_it_cannot(void **state)
{
	cleanup(applicant_release) struct applicant a;
	cleanup(buf_release) struct buf log = BUF_INIT(BODY_MAX);
	struct served *s = *state;
	char path[PATH_ROOM];

	served_start(s, 0);
	applicant_init(&a, "Bank");
	path_join(path, s->state, "request");
	assert_ok(file_write(path, "", 0, 0600, &s->err), s->err);
	asker_request(&s->node, &a, CERTIFICATE_NODE_CA, path);
	asker_said(&s->node, 503, "cannot do this now, try again");
	asker_header(&s->node, "Retry-After", "5");
	assert_ok(file_read(s->log, &log, &s->err), s->err);
	assert_non_null(strstr(buf_text(&log), "\"event\":\"failed\""));
	path_join(path, s->state, "request");
	assert_int_equal(remove(path), 0);
	asker_register(&s->node, &a, CERTIFICATE_NODE_CA);
}

static void damage(struct served *s, const char *kind, const char *key,
		   const char *text)
{
	char path[PATH_ROOM];

	path_printf(path, "%s/%s/%s", s->state, kind, key);
	assert_true(file_exists(path));
	assert_ok(file_write(path, text, strlen(text), 0600, &s->err), s->err);
}

static void assert_damaged(struct served *s, const char *path)
{
	asker_ask(&s->node, "GET", path, NULL);
	asker_said(&s->node, 500, "the doorman's state is damaged");
}

static int damage_each(const char *name, void *ctx)
{
	damage(ctx, "node-info", name, "");
	return 0;
}

/* Neither is a damaged file given away, nor is the one who asks blamed. */
static void gives_nothing_that_is_damaged(void **state)
{
	cleanup(applicant_release) struct applicant bank, service;
	struct served *s = *state;
	char path[PATH_ROOM], below[PATH_ROOM];
	const char *id = path + strlen("/certificate/");

	plan(s);
	served_start(s, 0);
	applicant_init(&service, "Service");
	applicant_init(&bank, "Bank");
	asker_register(&s->node, &service, CERTIFICATE_SERVICE);
	asker_request(&s->node, &bank, CERTIFICATE_NODE_CA, path);
	asker_ask(&s->node, "GET", path, NULL);
	asker_take(&s->node, &bank);
	asker_publish(&s->node, &bank, NULL, 1);
	asker_said(&s->node, 200, "published");
	asker_ask(&s->node, "GET", "/network-map", NULL);
	asker_said(&s->node, 200, "");
	damage(s, "certificate", id, "");
	assert_damaged(s, path);
	damage(s, "decision", id, "{");
	assert_damaged(s, path);
	path_join(below, s->state, "node-info");
	assert_ok(dir_each(below, damage_each, s, &s->err), s->err);
	assert_damaged(s, "/network-map/node-infos");
	asker_publish(&s->node, &bank, NULL, 2);
	asker_said(&s->node, 500, "the doorman's state is damaged");
	damage(s, "network", "current", "AB");
	assert_damaged(s, "/network-map");
	asker_ask(&s->node, "GET", "/healthz", NULL);
	asker_said(&s->node, 200, "ok");
}

static void logs_what_happened(void **state)
{
	static const char *const there[] = {
		"\"name\":\"O=Bank, L=London, C=GB\"",
		"\"event\":\"requested\"",
		"\"event\":\"approved\"",
		"\"method\":\"POST\",\"path\":\"/certificate\",\"status\":200",
		"\"path\":\"/nowhere\",\"status\":404",
		"\"answer\":\"no such path\"",
	};
	cleanup(applicant_release) struct applicant a;
	cleanup(buf_release) struct buf log = BUF_INIT(BODY_MAX);
	struct served *s = *state;

	served_start(s, 0);
	applicant_init(&a, "Bank");
	asker_register(&s->node, &a, CERTIFICATE_NODE_CA);
	asker_ask(&s->node, "GET", "/nowhere", NULL);
	asker_ask(&s->node, "GET", "/healthz", NULL);
	assert_ok(file_read(s->log, &log, &s->err), s->err);
	for (size_t i = 0; i < ARRAY_SIZE(there); i++)
		if (!strstr(buf_text(&log), there[i]))
			fail_msg("%s is not in %s", there[i], buf_text(&log));
	/* Reads that succeed would fill it. */
	assert_null(strstr(buf_text(&log), "/healthz"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SERVED_TEST(tells_how_a_request_stands),
		SERVED_TEST(gives_map_and_parameters),
		SERVED_TEST(gives_a_node_info_by_its_hash),
		SERVED_TEST(gives_what_else_there_is),
		SERVED_TEST(refuses_names_and_other_networks),
		SERVED_TEST(refuses_names_that_may_do_harm),
		SERVED_TEST(refuses_rubbish),
		SERVED_TEST(refuses_other_methods),
		SERVED_TEST(refuses_other_paths),
		SERVED_TEST(says_that_it_cannot),
		SERVED_TEST(gives_nothing_that_is_damaged),
		SERVED_TEST(logs_what_happened),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
