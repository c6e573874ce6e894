/* SPDX-License-Identifier: Apache-2.0 */
/* pg_test.c - rows stream, values come out as they went in, errors are told. */
#include "data/pg.h"

#include <arpa/inet.h>
#include <dlfcn.h>
#include <netdb.h>
#include <pthread.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "sys/clock.h"
#include "test/support/postgres.h"
#include "test/support/test.h"

static struct postgres server;
static struct pg *pg;
static char why[2048];

static int start(void **state)
{
	struct error err = { 0 };
	struct pg_address address = { .host = "127.0.0.1",
				      .database = "postgres",
				      .user = POSTGRES_USER,
				      .password = POSTGRES_PASSWORD };

	(void)state;
	if (!postgres_there())
		return 0;
	if (postgres_start(&server, &err) < 0) {
		snprintf(why, sizeof(why), "%s", err.text);
		return 0;
	}
	address.port = server.port;
	if (pg_open(&address, 5, &pg, &err) < 0)
		snprintf(why, sizeof(why), "%s", err.text);
	return 0;
}

static int stop(void **state)
{
	(void)state;
	pg_close(pg);
	postgres_stop(&server);
	return 0;
}

static void need_server(void)
{
	if (!postgres_there())
		skip();
	if (!pg)
		fail_msg("no server: %s", why);
}

static int count_row(const struct pg_row *row, void *ctx)
{
	int64_t *seen = ctx;

	if (pg_int(row, 0, -1) != seen[0])
		return 9;
	seen[0]++;
	return seen[0] == seen[1] ? 5 : 0;
}

static void streams_rows_and_stops_when_told(void **state)
{
	const char *sql = "select i from generate_series(0, 99999) i";
	int64_t seen[] = { 0, -1 };
	struct error err = { 0 };

	(void)state;
	need_server();
	assert_ok(pg_each(pg, sql, count_row, seen, &err), err);
	assert_int_equal(seen[0], 100000);
	seen[0] = 0;
	seen[1] = 1000;
	assert_int_equal(pg_each(pg, sql, count_row, seen, &err), 5);
	assert_int_equal(seen[0], 1000);
	assert_ok(pg_one_int(pg, "select 7", &seen[0], &err), err);
	assert_int_equal(seen[0], 7);
}

static int check_values(const struct pg_row *row, void *ctx)
{
	size_t len;

	(void)ctx;
	assert_int_equal(pg_int(row, 0, 0), -2);
	assert_int_equal(pg_int(row, 1, 0), -3000000000);
	assert_int_equal(pg_int(row, 2, 0), 4000000000);
	assert_int_equal(pg_int(row, 3, 0), 1);
	assert_string_equal(pg_text(row, 4), "caf\xc3\xa9");
	assert_memory_equal(pg_bytes(row, 5, &len), "\0\1\xff", 3);
	assert_int_equal(len, 3);
	assert_null(pg_text(row, 6));
	assert_int_equal(pg_int(row, 6, 42), 42);
	assert_null(pg_bytes(row, 6, &len));
	assert_int_equal(len, 0);
	return 0;
}

static void reads_each_type(void **state)
{
	struct error err = { 0 };

	(void)state;
	need_server();
	assert_ok(pg_each(pg,
			  "select -2::smallint, -3000000000, 4000000000::oid,"
			  " true, 'caf\xc3\xa9'::varchar, '\\x0001ff'::bytea,"
			  " null::text",
			  check_values, NULL, &err),
		  err);
}

static void tells_errors_and_goes_on(void **state)
{
	struct error err = { 0 };
	int64_t one = 0;

	(void)state;
	need_server();
	assert_error(pg_exec(pg, "select * from nowhere", &err), err,
		     "nowhere");
	assert_error(pg_one_int(pg, "select 1/0", &one, &err), err, "zero");
	assert_error(pg_one_int(pg, "select 1 where false", &one, &err), err,
		     "no row");
	assert_ok(pg_exec(pg, "set statement_timeout=50", &err), err);
	assert_error(pg_exec(pg, "select pg_sleep(3)", &err), err, "timeout");
	assert_ok(pg_exec(pg, "set statement_timeout=5000; select 1", &err),
		  err);
}

static void names_the_database_it_cannot_reach(void **state)
{
	struct pg_address address = { .host = "127.0.0.1",
				      .port = 1,
				      .database = "bank_4_5",
				      .user = "corda",
				      .password = "hidden" };
	struct error err = { 0 };
	struct pg *none;

	(void)state;
	assert_error(pg_open(&address, 2, &none, &err), err,
		     "database bank_4_5 at 127.0.0.1:1");
	assert_null(strstr(err.text, "hidden"));
}

static int keep_row(const struct pg_row *row, void *ctx)
{
	struct buf *seen = ctx;
	size_t len;
	const uint8_t *bytes = pg_bytes(row, 0, &len);

	buf_add(seen, bytes, len);
	buf_add_str(seen, pg_text(row, 1));
	return 0;
}

static void takes_parameters_of_any_bytes(void **state)
{
	const struct pg_value values[] = { { "a\0b'", 4 }, { "O'Hara", 6 } };
	cleanup(buf_release) struct buf seen = BUF_INIT(64);
	struct error err = { 0 };

	(void)state;
	need_server();
	assert_ok(pg_each_with(pg, "select $1::bytea, $2::text", values, 2,
			       keep_row, &seen, &err),
		  err);
	assert_int_equal(seen.len, 10);
	assert_memory_equal(seen.data, "a\0b'O'Hara", 10);
}

static void opens_by_uri(void **state)
{
	struct pg *other = NULL;
	struct error err = { 0 };
	int64_t one = 0;
	char uri[128];

	(void)state;
	need_server();
	setenv("PGPASSWORD", POSTGRES_PASSWORD, 1);
	snprintf(uri, sizeof(uri), "postgresql://%s@127.0.0.1:%u/postgres",
		 POSTGRES_USER, server.port);
	assert_ok(pg_open_uri(uri, 5, &other, &err), err);
	assert_ok(pg_one_int(other, "select 1", &one, &err), err);
	assert_int_equal(one, 1);
	pg_close(other);
	unsetenv("PGPASSWORD");
}

/* A name server that answers late, in place of the system's look-up. */
static pthread_mutex_t name_server = PTHREAD_MUTEX_INITIALIZER;
static _Atomic bool asked, answered;

int getaddrinfo(const char *name, const char *service,
		const struct addrinfo *hints, struct addrinfo **ret)
{
	typeof(getaddrinfo) *real = dlsym(RTLD_NEXT, "getaddrinfo");

	if (!name || strcmp(name, "late.example"))
		return real(name, service, hints, ret);
	asked = true;
	pthread_mutex_lock(&name_server);
	pthread_mutex_unlock(&name_server);
	answered = true;
	return EAI_AGAIN;
}

static void waits_for_no_name_server(void **state)
{
	static const struct pg_address address = { "late.example", 5432, "d",
						   "u", "p" };
	struct error err = { 0 };
	struct pg *late = NULL;
	int64_t began = clock_mono_us();

	(void)state;
	pthread_mutex_lock(&name_server);
	assert_error(pg_open(&address, 1, &late, &err), err,
		     "database d at late.example:5432: connecting: no answer "
		     "within 1 s");
	assert_true(asked && !answered);
	assert_true(clock_mono_us() - began < 30 * 1000000LL);
	assert_null(late);
	pthread_mutex_unlock(&name_server);
	while (!answered)
		sched_yield();
}

/* A server that lets one client in and obeys its first statement, which bounds
 * the others. From then on it answers nothing: no further statement, and none
 * of those who connect to cancel one. */
static void *fall_silent(void *ctx)
{
	static const char answer[] = "R\0\0\0\10\0\0\0\0"
				     "K\0\0\0\14\0\0\0\1\0\0\0\2"
				     "Z\0\0\0\5I";
	static const char obeyed[] = "C\0\0\0\10SET\0"
				     "Z\0\0\0\5I";
	static const char no_tls[] = "N";
	int fd = accept(*(int *)ctx, NULL, NULL);
	char bytes[1024];

	if (recv(fd, bytes, 8, MSG_WAITALL) == 8)
		send(fd, no_tls, 1, 0);
	if (recv(fd, bytes, sizeof(bytes), 0) > 0)
		send(fd, answer, sizeof(answer) - 1, 0);
	if (recv(fd, bytes, sizeof(bytes), 0) > 0)
		send(fd, obeyed, sizeof(obeyed) - 1, 0);
	while (recv(fd, bytes, sizeof(bytes), 0) > 0)
		;
	close(fd);
	return NULL;
}

static void gives_up_on_a_server_that_falls_silent(void **state)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct pg_address address = { .host = "127.0.0.1",
				      .database = "d",
				      .user = "u",
				      .password = "p" };
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	socklen_t len = sizeof(at);
	struct error err = { 0 };
	struct pg *silent = NULL;
	int64_t began;
	pthread_t thread;

	(void)state;
	assert_int_equal(bind(listener, (struct sockaddr *)&at, len), 0);
	assert_int_equal(listen(listener, 5), 0);
	assert_int_equal(getsockname(listener, (struct sockaddr *)&at, &len),
			 0);
	address.port = ntohs(at.sin_port);
	assert_int_equal(pthread_create(&thread, NULL, fall_silent, &listener),
			 0);
	assert_ok(pg_open(&address, 1, &silent, &err), err);
	began = clock_mono_us();
	assert_error(pg_exec(silent, "select 1", &err), err,
		     "the database does not answer");
	assert_true(clock_mono_us() - began < 30 * 1000000LL);
	pg_close(silent);
	pthread_join(thread, NULL);
	close(listener);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(streams_rows_and_stops_when_told),
		cmocka_unit_test(reads_each_type),
		cmocka_unit_test(tells_errors_and_goes_on),
		cmocka_unit_test(names_the_database_it_cannot_reach),
		cmocka_unit_test(takes_parameters_of_any_bytes),
		cmocka_unit_test(opens_by_uri),
		cmocka_unit_test(waits_for_no_name_server),
		cmocka_unit_test(gives_up_on_a_server_that_falls_silent),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
