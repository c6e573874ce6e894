/* SPDX-License-Identifier: Apache-2.0 */
/* limits_test.c - how far clients of a doorman may go, and how it ends. */
#include "test/support/served.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

#include "sys/clock.h"

enum {
	/* As docs/doorman.md has them. */
	BODY_MAX = 64 * 1024,
	SECONDS = 30,
	ALL = 512,
	ALONE = 102, /* of an address when there is no other one */
	LEAST = 8, /* of an address at any time */
	BURST = 4,
	PATIENT_S = 20,
	SHORT_MS = 100,
	ROUNDS = 8,
	ASKING = 16 /* nodes at once */
};

#define HTTP " HTTP/1.1\r\nHost: doorman\r\n"
#define HALF "POST /certificate" HTTP "Content-Length: 300\r\n\r\nhalf"

/* ---- the server's clock, which a test puts forward ---- */

static volatile int *ahead_s; /* shared with the server */

int clock_gettime(clockid_t id, struct timespec *ret)
{
	const long rc = syscall(SYS_clock_gettime, id, ret);

	if (!rc && ahead_s && id != CLOCK_REALTIME)
		ret->tv_sec += *ahead_s;
	return (int)rc;
}

static int share_clock(void **state)
{
	(void)state;
	ahead_s = mmap(NULL, sizeof(*ahead_s), PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(ahead_s, MAP_FAILED);
	return 0;
}

/* ---- sizes ---- */

static void takes_bodies_up_to_a_size(void **state)
{
	cleanup(buf_release) struct buf body = BUF_INIT(2 * BODY_MAX);
	struct served *s = *state;

	served_start(s, 0);
	memset(buf_reserve(&body, BODY_MAX + 1), 0, BODY_MAX + 1);
	body.len = BODY_MAX;
	asker_ask(&s->node, "POST", "/certificate", &body);
	asker_said(&s->node, 400, "not a PKCS#10 request");
	body.len = BODY_MAX + 1;
	asker_ask(&s->node, "POST", "/certificate", &body);
	asker_said(&s->node, 413, "the body is too large");
	asker_say(&s->node, "POST /certificate" HTTP "Expect: 100-continue\r\n"
			    "Content-Length: 65537\r\n\r\n");
	asker_said(&s->node, 413, "the body is too large");
	served_count(s, "requests", 0);
}

/* Its size is not said before it is over. */
static void counts_a_body_in_chunks(void **state)
{
	cleanup(buf_release) struct buf text = BUF_INIT(2 * BODY_MAX);
	struct served *s = *state;

	served_start(s, 0);
	buf_add_str(&text, "POST /certificate" HTTP
			   "Transfer-Encoding: chunked\r\n\r\n");
	for (int i = 0; i <= BODY_MAX / 4096; i++)
		buf_addf(&text, "1000\r\n%04096d\r\n", 0);
	buf_add_str(&text, "0\r\n\r\n");
	asker_say(&s->node, buf_text(&text));
	asker_said(&s->node, 413, "the body is too large");
}

static void takes_heads_up_to_a_size(void **state)
{
	cleanup(buf_release) struct buf text = BUF_INIT(BODY_MAX);
	struct served *s = *state;

	served_start(s, 0);
	buf_addf(&text, "GET /%020000d" HTTP "\r\n", 0);
	asker_say(&s->node, buf_text(&text));
	asker_said(&s->node, 414, "");
	buf_clear(&text);
	buf_addf(&text, "GET /healthz" HTTP "X-Long: %020000d\r\n\r\n", 0);
	asker_say(&s->node, buf_text(&text));
	asker_said(&s->node, 431, "");
	buf_clear(&text);
	buf_add_str(&text, "GET /healthz" HTTP);
	for (int i = 0; i < 3000; i++)
		buf_add_str(&text, "X: y\r\n");
	asker_say(&s->node, buf_text(&text));
	asker_said(&s->node, 431, "");
	asker_say(&s->node, "GET /healthz HTTP/9.0\r\n\r\n");
	asker_said(&s->node, 505, "");
	asker_say(&s->node, "GET /healthz" HTTP "\r\n");
	asker_said(&s->node, 200, "ok");
}

/* ---- time ---- */

/* Half a request is none, and nobody waits for its other half. */
static void waits_for_whole_requests(void **state)
{
	struct served *s = *state;
	int halves[10];

	served_start(s, 0);
	for (size_t i = 0; i < ARRAY_SIZE(halves); i++) {
		halves[i] = asker_dial(&s->node, NULL);
		asker_put(halves[i], i % 2 ? HALF : "POST /certif");
	}
	asker_say(&s->node, "GET /healthz" HTTP "\r\n");
	asker_said(&s->node, 200, "ok");
	for (size_t i = 0; i < ARRAY_SIZE(halves); i++)
		close(halves[i]);
	asker_say(&s->node, "GET /healthz" HTTP "\r\n");
	asker_said(&s->node, 200, "ok");
	served_count(s, "requests", 0);
}

/* What was sent before has been read when this is answered. */
static void put_clock_forward(struct served *s, int seconds)
{
	asker_say(&s->node, "GET /healthz" HTTP "\r\n");
	asker_said(&s->node, 200, "ok");
	*ahead_s += seconds;
}

/* Both who says nothing and who says a little now and then. */
static void cuts_off_who_is_slow(void **state)
{
	struct served *s = *state;
	int silent, slow, later;

	served_start(s, 0);
	silent = asker_dial(&s->node, NULL);
	slow = asker_dial(&s->node, NULL);
	asker_put(silent, HALF);
	asker_put(slow, HALF);
	put_clock_forward(s, SECONDS - 10);
	asker_put(slow, "x");
	later = asker_dial(&s->node, NULL);
	asker_put(later, HALF);
	put_clock_forward(s, SECONDS - 10);
	asker_hang_up(&s->node, silent);
	assert_int_equal(s->node.status, 0);
	asker_hang_up(&s->node, slow);
	assert_int_equal(s->node.status, 0);
	for (int i = 4; i < 300; i++)
		asker_put(later, "x");
	asker_hang_up(&s->node, later);
	asker_said(&s->node, 400, "not a PKCS#10 request");
}

/* ---- numbers ---- */

static void says_when_it_is_too_often(void **state)
{
	struct served *s = *state;

	served_start(s, 1);
	for (int i = 0; i < BURST; i++) {
		asker_ask(&s->node, "GET", "/healthz", NULL);
		asker_said(&s->node, 200, "ok");
	}
	asker_ask(&s->node, "GET", "/healthz", NULL);
	asker_said(&s->node, 503, "too many requests, try again");
	asker_header(&s->node, "Retry-After", "5");
	*ahead_s += 1;
	asker_ask(&s->node, "GET", "/healthz", NULL);
	asker_said(&s->node, 200, "ok");
}

static bool is_served(struct served *s, const char *from)
{
	int fd = asker_dial(&s->node, from);

	asker_put(fd, "GET /healthz" HTTP "\r\n");
	asker_hang_up(&s->node, fd);
	return s->node.status == 200;
}

/* As soon as the server has seen who went. */
static void assert_served_soon(struct served *s, const char *from)
{
	int64_t end = clock_mono_us() + PATIENT_S * 1000000LL;

	while (!is_served(s, from))
		assert_true(clock_mono_us() < end);
}

static void holds_an_address_to_its_connections(void **state)
{
	struct served *s = *state;
	int held[ALONE];

	served_start(s, 0);
	for (int i = 0; i < ALONE; i++) {
		held[i] = asker_dial(&s->node, "127.0.0.2");
		asker_put(held[i], HALF);
	}
	assert_false(is_served(s, "127.0.0.2"));
	assert_true(is_served(s, "127.0.0.3"));
	close(held[0]);
	assert_served_soon(s, "127.0.0.2");
	for (int i = 1; i < ALONE; i++)
		close(held[i]);
}

/* Ten that take what they get leave room for others. */
static void leaves_connections_to_others(void **state)
{
	struct served *s = *state;
	int held[10 * ALONE];
	char from[32];

	served_start(s, 0);
	for (size_t i = 0; i < ARRAY_SIZE(held); i++) {
		snprintf(from, sizeof(from), "127.0.0.%zu", 2 + i % 10);
		held[i] = asker_dial(&s->node, from);
		asker_put(held[i], HALF);
	}
	assert_true(is_served(s, "127.0.0.99"));
	for (size_t i = 0; i < ARRAY_SIZE(held); i++)
		close(held[i]);
}

/* The one too many waits for another to go. */
static void holds_all_to_their_connections(void **state)
{
	struct served *s = *state;
	struct pollfd last = { .events = POLLIN };
	int held[ALL];
	char from[32];

	served_start(s, 0);
	for (int i = 0; i < ALL; i++) {
		snprintf(from, sizeof(from), "127.0.1.%d", i / LEAST);
		held[i] = asker_dial(&s->node, from);
		asker_put(held[i], HALF);
	}
	last.fd = asker_dial(&s->node, "127.0.0.99");
	asker_put(last.fd, "GET /healthz" HTTP "\r\n");
	assert_int_equal(poll(&last, 1, SHORT_MS), 0);
	close(held[0]);
	asker_hang_up(&s->node, last.fd);
	asker_said(&s->node, 200, "ok");
	for (int i = 1; i < ALL; i++)
		close(held[i]);
}

/* ---- the end ---- */

struct asking {
	struct applicant applicant;
	int fd;
	char id[DOORMAN_ID]; /* empty: no answer came */
};

static void ask_all(struct served *s, struct asking asking[ASKING])
{
	for (int i = 0; i < ASKING; i++) {
		cleanup(buf_release) struct buf csr = BUF_INIT(BODY_MAX);

		applicant_csr(&asking[i].applicant, CERTIFICATE_NODE_CA, &csr);
		asking[i].fd = asker_dial(&s->node, NULL);
		asker_post(asking[i].fd, "/certificate", &csr);
	}
}

static void hear(struct served *s, struct asking *a)
{
	asker_hang_up(&s->node, a->fd);
	a->id[0] = 0;
	if (!s->node.status)
		return;
	asker_said(&s->node, 200, "");
	assert_int_equal(s->node.body.len, DOORMAN_ID - 1);
	memcpy(a->id, buf_text(&s->node.body), DOORMAN_ID);
}

/* It is killed when it has answered so many. */
static void kill_while_asked(struct served *s, struct asking asking[ASKING],
			     int answered)
{
	ask_all(s, asking);
	for (int i = 0; i < answered; i++)
		hear(s, &asking[i]);
	served_stop(s, SIGKILL);
	for (int i = answered; i < ASKING; i++)
		hear(s, &asking[i]);
	served_start(s, 0);
}

/* A node asks again: there is the same request, or there was none. */
static void assert_kept(struct served *s, const struct asking *a)
{
	char path[PATH_ROOM];

	if (a->id[0]) {
		path_join(path, "/certificate", a->id);
		asker_ask(&s->node, "GET", path, NULL);
		asker_said(&s->node, 204, "");
	}
	asker_request(&s->node, &a->applicant, CERTIFICATE_NODE_CA, path);
	asker_said(&s->node, 200, a->id);
}

static void keeps_what_it_answered(void **state)
{
	struct asking asking[ASKING];
	struct served *s = *state;
	char name[32];

	s->settings.by_hand = true;
	served_start(s, 0);
	for (int round = 1; round <= ROUNDS; round++) {
		for (int i = 0; i < ASKING; i++) {
			snprintf(name, sizeof(name), "Bank %d %d", round, i);
			applicant_init(&asking[i].applicant, name);
		}
		kill_while_asked(s, asking, round);
		for (int i = 0; i < ASKING; i++) {
			assert_kept(s, &asking[i]);
			applicant_release(&asking[i].applicant);
		}
		served_count(s, "requests", (size_t)round * ASKING);
	}
}

static void ends_when_asked(void **state)
{
	static const int signals[] = { SIGTERM, SIGINT };
	struct served *s = *state;

	for (size_t i = 0; i < ARRAY_SIZE(signals); i++) {
		int half, status;

		served_start(s, 0);
		half = asker_dial(&s->node, NULL);
		asker_put(half, HALF);
		asker_say(&s->node, "GET /healthz" HTTP "\r\n");
		asker_said(&s->node, 200, "ok");
		status = served_stop(s, signals[i]);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 0);
		asker_hang_up(&s->node, half);
		assert_int_equal(s->node.status, 0);
	}
}

static void serves_alone(void **state)
{
	struct served *s = *state;
	char why[SERVED_WHY];

	served_start(s, 0);
	assert_int_equal(served_start_in_vain(s, why), 1);
	assert_non_null(strstr(why, "another doorman serves from here"));
	asker_say(&s->node, "GET /healthz" HTTP "\r\n");
	asker_said(&s->node, 200, "ok");
}

static void keeps_keys_for_its_owner(void **state)
{
	static const struct {
		const char *name;
		mode_t mode;
	} files[] = { { "", 0700 },
		      { "keys", 0700 },
		      { "keys/authority", 0600 },
		      { "network-root-truststore.jks", 0644 } };
	struct served *s = *state;
	char path[PATH_ROOM];
	struct stat st;

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		path_join(path, s->state, files[i].name);
		assert_int_equal(stat(path, &st), 0);
		assert_int_equal(st.st_mode & 0777, files[i].mode);
	}
}

/* A state that others may read has lost its keys; one of another user's may be
 * a trap. */
static void refuses_a_state_that_is_not_its_own(void **state)
{
	static const char *const open_to_others[] = { "", "keys",
						      "keys/authority" };
	struct served *s = *state;
	struct doorman *other;
	char path[PATH_ROOM];
	struct stat st;

	for (size_t i = 0; i < ARRAY_SIZE(open_to_others); i++) {
		path_join(path, s->state, open_to_others[i]);
		assert_int_equal(stat(path, &st), 0);
		assert_int_equal(chmod(path, st.st_mode | 0044), 0);
		assert_error(doorman_open(&s->settings, &other, &s->err),
			     s->err, "remove them with: chmod");
		assert_int_equal(s->err.kind, ERROR_INPUT);
		assert_int_equal(chmod(path, st.st_mode), 0);
	}
	if (geteuid() != 0)
		return;
	assert_int_equal(chown(s->state, 1, (gid_t)-1), 0);
	assert_error(doorman_open(&s->settings, &other, &s->err), s->err,
		     "belongs to user 1");
}

static int set_up(void **state)
{
	*ahead_s = 0;
	return served_begin(state);
}

#define TEST(t) cmocka_unit_test_setup_teardown(t, set_up, served_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(takes_bodies_up_to_a_size),
		TEST(counts_a_body_in_chunks),
		TEST(takes_heads_up_to_a_size),
		TEST(waits_for_whole_requests),
		TEST(cuts_off_who_is_slow),
		TEST(says_when_it_is_too_often),
		TEST(holds_an_address_to_its_connections),
		TEST(leaves_connections_to_others),
		TEST(holds_all_to_their_connections),
		TEST(keeps_what_it_answered),
		TEST(ends_when_asked),
		TEST(serves_alone),
		TEST(keeps_keys_for_its_owner),
		TEST(refuses_a_state_that_is_not_its_own),
	};

	return cmocka_run_group_tests(tests, share_clock, NULL);
}
