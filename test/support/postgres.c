/* SPDX-License-Identifier: Apache-2.0 */
/* postgres.c - starts and stops a private PostgreSQL server. */
#include "test/support/postgres.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "data/pg.h"
#include "sys/clock.h"
#include "test/support/test.h"

#define PROGRAMS "/usr/lib/postgresql/15/bin"

enum {
	START_SECONDS = 90,
	ROOM_WANTED = 1 << 30, /* bytes */
	FDS_MAX = 1024,
	SWEEPS = 50
};

/* Without a word from the caller a missing server is a failure: a skipped test
 * looks like a passed one. */
bool postgres_there(void)
{
	const char *without = getenv("MEDLEY_TEST_WITHOUT");

	if (file_exists(PROGRAMS "/initdb") &&
	    (geteuid() != 0 || getpwnam("postgres")))
		return true;
	if (!without || strcmp(without, "postgresql"))
		fail_msg("this test needs the Debian package postgresql-15: "
			 "run ./setup as root, or skip such tests by "
			 "MEDLEY_TEST_WITHOUT=postgresql");
	return false;
}

/* ---- its directory ---- */

/* A database is some 300 files; tests copy and remove databases by the dozen.
 */
static const char *place(void)
{
	struct statvfs fs;

	if (statvfs("/dev/shm", &fs) == 0 &&
	    (uint64_t)fs.f_bavail * fs.f_frsize >= ROOM_WANTED)
		return "/dev/shm/medley-postgres-";
	return "/tmp/medley-postgres-";
}

/* Waits until no test holds the pipe's other end any more. */
static void sweep(int pipe_end, const char *dir)
{
	char byte;

	setsid();
	for (int fd = 0; fd < FDS_MAX; fd++)
		if (fd != pipe_end)
			close(fd);
	while (read(pipe_end, &byte, 1) < 0 && errno == EINTR)
		;
	/* The server may still be writing files. */
	for (int i = 0; i < SWEEPS && file_exists(dir); i++) {
		dir_remove(dir, NULL);
		usleep(100 * 1000);
	}
	_exit(0);
}

/* A process of its own: a test that is killed removes nothing itself. */
static int start_janitor(struct postgres *p, struct error *err)
{
	int ends[2];
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return error_errno(err, ERROR_INTERNAL, errno, "pipe");
	pid = fork();
	if (pid == 0)
		sweep(ends[0], p->dir);
	close(ends[0]);
	p->janitor = ends[1];
	return pid < 0 ? error_errno(err, ERROR_INTERNAL, errno, "fork") : 0;
}

/* ---- the server ---- */

/* A port that is free now. */
static uint16_t free_port(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET };
	socklen_t len = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || bind(fd, (struct sockaddr *)&a, sizeof(a)) < 0 ||
	    getsockname(fd, (struct sockaddr *)&a, &len) < 0)
		a.sin_port = 0;
	if (fd >= 0)
		close(fd);
	return ntohs(a.sin_port);
}

/* The server refuses to run as root: then it runs as user postgres. */
static int own(const char *path)
{
	const struct passwd *user = getpwnam("postgres");

	if (geteuid() != 0)
		return 0;
	return user ? chown(path, user->pw_uid, user->pw_gid) : -1;
}

/* A change of user undoes PR_SET_PDEATHSIG, so setpriv sets it again. */
#define AS_POSTGRES                                                            \
	"setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups",   \
		"--pdeathsig=QUIT"
enum { AS_POSTGRES_WORDS = 5 };

static const char *const *as_user(const char *const *argv)
{
	return geteuid() == 0 ? argv : argv + AS_POSTGRES_WORDS;
}

static int make_cluster(const struct postgres *p, struct error *err)
{
	char data[PATH_ROOM], password[PATH_ROOM], option[PATH_ROOM];
	const char *const argv[] = { AS_POSTGRES,
				     PROGRAMS "/initdb",
				     "--no-sync",
				     "--auth-local=trust",
				     "--auth-host=scram-sha-256",
				     "-U",
				     POSTGRES_USER,
				     "-E",
				     "UTF8",
				     "--locale=C",
				     path_printf(option, "--pwfile=%s/password",
						 p->dir),
				     "-D",
				     path_join(data, p->dir, "data"),
				     NULL };
	struct process_spec spec = { .argv = as_user(argv),
				     .cwd = p->dir,
				     .seconds = START_SECONDS };
	cleanup(buf_release) struct buf out = BUF_INIT(1024 * 1024);

	path_join(password, p->dir, "password");
	if (file_write(password, POSTGRES_PASSWORD, strlen(POSTGRES_PASSWORD),
		       0600, err) < 0)
		return -1;
	if (own(p->dir) < 0 || own(password) < 0)
		return error_errno(err, ERROR_INTERNAL, errno, "chown");
	return process_run(&spec, &out, err);
}

static int start_server(struct postgres *p, struct error *err)
{
	char data[PATH_ROOM], port[16], log[PATH_ROOM], sockets[PATH_ROOM];
	const char *const argv[] = {
		AS_POSTGRES, PROGRAMS "/postgres", "-D",
		path_join(data, p->dir, "data"), "-p", port,
		"--listen_addresses=127.0.0.1",
		path_printf(sockets, "--unix_socket_directories=%s", p->dir),
		/* What is stored need not outlive the test. */
		"--fsync=off", "--synchronous_commit=off",
		"--full_page_writes=off", "--wal_level=minimal",
		"--max_wal_senders=0",
		/* A database cannot be copied while a worker is in it. */
		"--autovacuum=off", "--shared_buffers=64MB", NULL
	};
	struct process_spec spec = { .argv = as_user(argv),
				     .cwd = p->dir,
				     .log = path_join(log, p->dir, "log"),
				     .seconds = 600 };

	snprintf(port, sizeof(port), "%u", (unsigned)p->port);
	return process_start(&spec, &p->server, err);
}

static int await(const struct postgres *p, struct error *err)
{
	struct pg_address address = { .host = "127.0.0.1",
				      .port = p->port,
				      .database = "postgres",
				      .user = POSTGRES_USER,
				      .password = POSTGRES_PASSWORD };
	int64_t deadline = clock_mono_us() + START_SECONDS * 1000000;
	struct pg *pg;

	while (pg_open(&address, 5, &pg, err) < 0) {
		if (clock_mono_us() > deadline)
			return -1;
		usleep(50 * 1000);
	}
	pg_close(pg);
	return 0;
}

int postgres_start(struct postgres *ret, struct error *err)
{
	*ret = (struct postgres){ .port = free_port() };
	if (dir_make_temporary(place(), ret->dir, err) < 0)
		return -1;
	if (start_janitor(ret, err) < 0 || make_cluster(ret, err) < 0 ||
	    start_server(ret, err) < 0 || await(ret, err) < 0) {
		postgres_stop(ret);
		ret->port = 0;
		return -1;
	}
	return 0;
}

bool postgres_try(struct postgres *ret)
{
	struct error err = { 0 };

	if (!postgres_there())
		return false;
	assert_ok(postgres_start(ret, &err), err);
	return true;
}

void postgres_stop(struct postgres *p)
{
	if (p->server.pid > 0)
		process_stop(&p->server);
	if (p->dir[0])
		dir_remove(p->dir, NULL);
	if (p->janitor)
		close(p->janitor);
	p->janitor = 0;
	p->dir[0] = '\0';
}

/* ---- one for a group of tests ---- */

static struct postgres shared;
static bool shared_runs;

int postgres_begin(void **state)
{
	(void)state;
	shared_runs = postgres_try(&shared);
	setenv("PGPASSWORD", POSTGRES_PASSWORD, 1);
	return 0;
}

int postgres_end(void **state)
{
	(void)state;
	if (shared_runs)
		postgres_stop(&shared);
	return 0;
}

void postgres_need(void)
{
	if (!shared_runs)
		skip();
}

const char *postgres_uri(void)
{
	static char uri[128];

	postgres_need();
	snprintf(uri, sizeof(uri), "postgresql://%s@127.0.0.1:%u/postgres",
		 POSTGRES_USER, shared.port);
	return uri;
}
