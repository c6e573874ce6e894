/* SPDX-License-Identifier: Apache-2.0 */
/* pg_pooler_test.c - what a server or a pooler of another make is sent. */
#include "data/pg.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include "test/support/test.h"

/*
 * As much of PostgreSQL's protocol (version 3) as one connection needs: it
 * refuses the startup parameters that a pooler refuses, and any statement
 * succeeds.
 */
struct fake {
	const char *version; /* that it says to have */
	uint16_t port;
	char startup[512]; /* parameters, NUL between them */
	char sql[256]; /* the first statement */
	int listener;
	pthread_t thread;
};

static bool take(int fd, void *bytes, size_t len)
{
	return recv(fd, bytes, len, MSG_WAITALL) == (ssize_t)len;
}

/* A message: its kind, its length with the four bytes of it, the rest. */
static void give(int fd, char kind, const void *bytes, size_t len)
{
	uint32_t size = htonl((uint32_t)len + 4);

	(void)!send(fd, &kind, 1, MSG_NOSIGNAL);
	(void)!send(fd, &size, 4, MSG_NOSIGNAL);
	(void)!send(fd, bytes, len, MSG_NOSIGNAL);
}

static bool take_startup(struct fake *f, int fd)
{
	enum { SSL = 80877103 };
	uint32_t head[2];

	while (take(fd, head, sizeof(head))) {
		size_t len = ntohl(head[0]) - sizeof(head);

		if (ntohl(head[1]) != SSL)
			return len < sizeof(f->startup) &&
			       take(fd, f->startup, len);
		(void)!send(fd, "N", 1, MSG_NOSIGNAL);
	}
	return false;
}

static bool has_parameter(const struct fake *f, const char *name)
{
	return memmem(f->startup, sizeof(f->startup), name, strlen(name) + 1);
}

static void serve(struct fake *f, int fd)
{
	static const char refusal[] =
		"SFATAL\0C08P01\0Munsupported startup parameter\0";
	char status[64];
	uint8_t head[5];
	int len;

	if (!take_startup(f, fd))
		return;
	if (has_parameter(f, "options")) {
		give(fd, 'E', refusal, sizeof(refusal));
		return;
	}
	len = snprintf(status, sizeof(status), "server_version%c%s", 0,
		       f->version);
	give(fd, 'R', "\0\0\0\0", 4);
	give(fd, 'S', status, (size_t)len + 1);
	give(fd, 'Z', "I", 1);
	while (take(fd, head, sizeof(head)) && head[0] == 'Q') {
		size_t rest = (size_t)(head[3] << 8 | head[4]) - 4;

		if (rest >= sizeof(f->sql) || !take(fd, f->sql, rest))
			return;
		give(fd, 'C', "SET", 4);
		give(fd, 'Z', "I", 1);
	}
}

static void *run(void *ctx)
{
	struct fake *f = ctx;
	int fd = accept(f->listener, NULL, NULL);

	serve(f, fd);
	close(fd);
	return NULL;
}

static void start(struct fake *f)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	socklen_t len = sizeof(at);

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	f->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(f->listener, (struct sockaddr *)&at, len), 0);
	assert_int_equal(listen(f->listener, 4), 0);
	getsockname(f->listener, (struct sockaddr *)&at, &len);
	f->port = ntohs(at.sin_port);
	assert_int_equal(pthread_create(&f->thread, NULL, run, f), 0);
}

static struct pg *open_fake(struct fake *f)
{
	struct pg_address address = { .host = "127.0.0.1",
				      .database = "bank",
				      .user = "u",
				      .password = "p" };
	struct error err;
	struct pg *pg;

	start(f);
	address.port = f->port;
	assert_ok(pg_open(&address, 7, &pg, &err), err);
	return pg;
}

static void end(struct fake *f, struct pg *pg)
{
	pg_close(pg);
	pthread_join(f->thread, NULL);
	close(f->listener);
}

static void a_pooler_takes_the_connection(void **state)
{
	struct fake f = { .version = "15.4" };
	struct pg *pg = open_fake(&f);

	(void)state;
	assert_string_equal(f.sql, "set statement_timeout='7s'");
	assert_true(has_parameter(&f, "application_name"));
	end(&f, pg);
}

static void an_old_server_is_told(void **state)
{
	static const struct {
		const char *version;
		bool fits;
	} all[] = { { "14.0", true }, { "17beta1", true }, { "13.9", false } };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct fake f = { .version = all[i].version };
		struct pg *pg = open_fake(&f);
		struct error err = { 0 };

		if (all[i].fits)
			assert_ok(pg_check_version(pg, 14, &err), err);
		else
			assert_error(pg_check_version(pg, 14, &err), err,
				     "the server at 127.0.0.1 is PostgreSQL "
				     "13.9; expected 14 or later");
		end(&f, pg);
	}
}

static void secrets_in_a_uri_are_seen(void **state)
{
	static const struct {
		const char *uri;
		int expected; /* -1: cannot be read */
	} all[] = {
		{ "postgresql://doorman@127.0.0.1:5432/doorman", 0 },
		{ "postgresql://127.0.0.1/d?user=doorman@tenant", 0 },
		{ "postgresql://h/d?application_name=password%3D", 0 },
		{ "postgresql://[::1]:5432/d?user=a@b&sslmode=disable", 0 },
		{ "postgresql://a:b@h/d", 1 },
		{ "postgresql://a:b@c@h/d", 1 },
		{ "postgresql://h/d?password=x", 1 },
		{ "postgresql://h/d?pass%77ord=x", 1 },
		{ "postgresql://h/d?sslpassword=x", 1 },
		{ "postgresql://h/d?nothing=x", -1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		struct error err = { 0 };
		bool secret = false;
		int rc = pg_check_uri(all[i].uri, &secret, &err);

		if (rc != (all[i].expected < 0 ? -1 : 0) ||
		    secret != (all[i].expected == 1))
			fail_msg("%s: %d, %d", all[i].uri, rc, secret);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pooler_takes_the_connection),
		cmocka_unit_test(an_old_server_is_told),
		cmocka_unit_test(secrets_in_a_uri_are_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
