/* SPDX-License-Identifier: Apache-2.0 */
/* shared_key_test.c - several nodes have a doorman certify the key they share.
 */
#include "doorman/doorman.h"

#include <arpa/inet.h>
#include <stdatomic.h>
#include <sys/socket.h>

#include "doorman/routes.h"
#include "sys/clock.h"
#include "sys/file.h"
#include "test/support/test.h"
#include "test/support/web.h"

#define SERVICE "O=Service, L=London, C=GB"

enum { ROOM = 65536 };

static char dir[PATH_ROOM], state_dir[PATH_ROOM], key_file[PATH_ROOM];
static char url[64];
static struct doorman_settings settings;
static struct doorman *d;
static struct http_server *server;
static struct key *key;
static struct error err;
static atomic_uint in_vain; /* requests that find the doorman busy, first */

/* ---- a doorman that serves ---- */

static void answer(void *ctx, const struct served_request *request,
		   struct served_answer *to)
{
	(void)ctx;
	if (in_vain) {
		in_vain--;
		http_say(to, 503, "busy");
		return;
	}
	routes_answer(d, request, to);
}

static void on_done(void *ctx, const char *peer, const char *method,
		    const char *path, const struct served_answer *a,
		    int64_t took_us)
{
	(void)ctx, (void)peer, (void)method, (void)path, (void)a, (void)took_us;
}

static void serve(bool by_hand)
{
	static const struct http_events events = { answer, on_done };
	static const struct http_limits limits = {
		.body_max = ROOM,
		.connections = 8,
		.seconds = 10,
	};

	settings = (struct doorman_settings){ .directory = state_dir,
					      .by_hand = by_hand,
					      .poll_seconds = 5 };
	assert_ok(doorman_open(&settings, &d, &err), err);
	assert_ok(http_server_start("127.0.0.1:0", &limits, &events, NULL,
				    &server, &err),
		  err);
	snprintf(url, sizeof(url), "http://127.0.0.1:%u",
		 (unsigned)http_server_port(server));
}

static int begin(void **state)
{
	struct der pkcs8;

	(void)state;
	assert_ok(dir_make_temporary("/tmp/apply-test-", dir, &err), err);
	path_join(state_dir, dir, "state");
	path_join(key_file, dir, "service.key");
	assert_ok(key_generate(KEY_P256, &key, &err), err);
	pkcs8 = key_pkcs8(key);
	assert_ok(file_write(key_file, pkcs8.bytes, pkcs8.len, 0600, &err),
		  err);
	return 0;
}

static int end(void **state)
{
	(void)state;
	http_server_stop(server);
	server = NULL;
	doorman_close(d);
	d = NULL;
	in_vain = 0;
	key_free(key);
	return dir_remove(dir, NULL);
}

static int apply_within(const char *store, unsigned seconds)
{
	char path[PATH_ROOM];
	const struct doorman_application application = {
		.url = url,
		.name = SERVICE,
		.key = key_file,
		.store = path_join(path, dir, store),
		.seconds = seconds,
	};

	return doorman_apply(&application, &err);
}

static int apply(const char *store)
{
	return apply_within(store, 1);
}

static size_t listed(const char *what)
{
	cleanup(js_freep) struct js *list = NULL;

	assert_ok(doorman_list(d, &list, &err), err);
	return js_count(js_get(list, what));
}

/* The certificate that a node finds in its store; owned by `bytes`, `arena`. */
static struct der certificate_in(const char *name, struct buf *bytes,
				 struct arena *arena)
{
	struct keystore_entry *entries;
	const struct keystore_entry *e;
	char path[PATH_ROOM];
	size_t count;

	path_join(path, dir, name);
	assert_ok(file_read(path, bytes, &err), err);
	assert_ok(keystore_read(bytes->data, bytes->len, KEYSTORE_PASSWORD,
				arena, &entries, &count, &err),
		  err);
	assert_int_equal(count, 1);
	e = keystore_find(entries, count, "distributed-notary-private-key");
	assert_non_null(e);
	assert_int_equal(e->pkcs8.len, key_pkcs8(key).len);
	assert_memory_equal(e->pkcs8.bytes, key_pkcs8(key).bytes, e->pkcs8.len);
	assert_int_equal(e->chain_len, 3);
	assert_ok(certificate_path_check(e->chain, 3,
					 d->authority.doorman.certificate,
					 d->authority.root.certificate, &err),
		  err);
	return e->chain[0];
}

/* ---- stories ---- */

static void all_get_the_same_certificate(void **state)
{
	cleanup(arena_release) struct arena arena = ARENA_INIT(1 << 20);
	cleanup(buf_release) struct buf one = BUF_INIT(ROOM);
	cleanup(buf_release) struct buf two = BUF_INIT(ROOM);
	struct der a, b;

	(void)state;
	serve(false);
	assert_ok(apply("0.jks"), err);
	assert_ok(apply("1.jks"), err);
	a = certificate_in("0.jks", &one, &arena);
	b = certificate_in("1.jks", &two, &arena);
	assert_int_equal(a.len, b.len);
	assert_memory_equal(a.bytes, b.bytes, a.len);
	assert_int_equal(listed("requests"), 1);
	/* What is there stays. */
	assert_ok(apply("1.jks"), err);
	buf_clear(&one);
	certificate_in("1.jks", &one, &arena);
	assert_int_equal(one.len, two.len);
	assert_memory_equal(one.data, two.data, one.len);
}

/* A node that was started with one key must not go on with another. */
static void a_store_of_another_key_is_told(void **state)
{
	cleanup(key_freep) struct key *other = NULL;
	struct der pkcs8;

	(void)state;
	serve(false);
	assert_ok(apply("0.jks"), err);
	assert_ok(key_generate(KEY_P256, &other, &err), err);
	pkcs8 = key_pkcs8(other);
	assert_ok(file_write(key_file, pkcs8.bytes, pkcs8.len, 0600, &err),
		  err);
	assert_error(apply("0.jks"), err, "0.jks has another key than ");
	assert_int_equal(err.kind, ERROR_INPUT);
}

static void a_refusal_is_told(void **state)
{
	char path[PATH_ROOM];

	(void)state;
	serve(false);
	assert_error(doorman_apply(
			     &(struct doorman_application){
				     .url = url,
				     .name = "O=Medley, L=London, C=GB, "
					     "CN=Medley Doorman CA",
				     .key = key_file,
				     .store = path_join(path, dir, "0.jks"),
				     .seconds = 1 },
			     &err),
		     err, "answers 400: ");
	assert_false(file_exists(path));
}

static void no_other_protocol_is_spoken(void **state)
{
	(void)state;
	snprintf(url, sizeof(url), "gopher://127.0.0.1");
	assert_error(apply("0.jks"), err, "gopher://127.0.0.1: ");
	assert_int_equal(err.kind, ERROR_INPUT);
}

static void the_wait_has_an_end(void **state)
{
	(void)state;
	serve(true);
	assert_error(apply("0.jks"), err, "in 1 s: it was not approved");
	assert_int_equal(err.kind, ERROR_DEPLOY);
	assert_int_equal(listed("requests"), 1);
	http_server_stop(server);
	server = NULL;
	assert_error(apply("0.jks"), err, "no certificate from http://127");
}

/* Somebody listens and says nothing: that takes no longer than was asked for.
 */
static void a_silent_doorman_is_left_in_time(void **state)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(at);
	const int64_t start = clock_mono_us();
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)state;
	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(listen(fd, 8), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &len), 0);
	snprintf(url, sizeof(url), "http://127.0.0.1:%u", ntohs(at.sin_port));
	assert_error(apply("0.jks"), err, "in 1 s");
	assert_int_equal(err.kind, ERROR_DEPLOY);
	assert_true(clock_mono_us() - start < 15 * 1000000LL);
	close(fd);
}

static void a_busy_doorman_is_asked_again(void **state)
{
	(void)state;
	serve(false);
	in_vain = 2;
	assert_ok(apply_within("0.jks", 60), err);
	assert_int_equal(in_vain, 0);
	assert_int_equal(listed("requests"), 1);
}

static void another_key_is_no_service(void **state)
{
	cleanup(key_freep) struct key *other = NULL;
	struct der pkcs8;

	(void)state;
	serve(false);
	assert_ok(key_generate(KEY_ED25519, &other, &err), err);
	pkcs8 = key_pkcs8(other);
	assert_ok(file_write(key_file, pkcs8.bytes, pkcs8.len, 0600, &err),
		  err);
	assert_error(apply("0.jks"), err, "expected a P-256 key");
	assert_ok(file_write(key_file, "rubbish", 7, 0600, &err), err);
	assert_error(apply("0.jks"), err, "no private key in PKCS#8");
}

/* What a proxy says for the doorman: at first, or later. */
static void sign_in(struct web *w, int fd, unsigned n, const char *request)
{
	(void)request;
	web_send(fd, "200 OK", "",
		 w->ctx && !n ? "4A" : "<html>Sign in</html>");
}

static void a_page_in_between_is_told(void **state)
{
	struct web web = { .answer = sign_in };
	char whole[200];

	(void)state;
	for (int i = 0; i < 2; i++) {
		web.ctx = i ? &web : NULL;
		web_start(&web);
		snprintf(url, sizeof(url), "http://127.0.0.1:%u", web.port);
		snprintf(whole, sizeof(whole),
			 "%s does not answer as a doorman: is a login page",
			 url);
		assert_error(apply("0.jks"), err, whole);
		assert_int_equal(err.kind, ERROR_DEPLOY);
		assert_int_equal(web.seen, i + 1);
		web_stop(&web);
	}
}

int main(void)
{
#define STORY(t) cmocka_unit_test_setup_teardown(t, begin, end)
	const struct CMUnitTest tests[] = {
		STORY(all_get_the_same_certificate),
		STORY(a_store_of_another_key_is_told),
		STORY(a_refusal_is_told),
		STORY(no_other_protocol_is_spoken),
		STORY(the_wait_has_an_end),
		STORY(a_silent_doorman_is_left_in_time),
		STORY(a_busy_doorman_is_asked_again),
		STORY(another_key_is_no_service),
		STORY(a_page_in_between_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
