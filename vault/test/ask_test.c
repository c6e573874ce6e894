/* SPDX-License-Identifier: Apache-2.0 */
/* ask_test.c - nodes that say what they hold, and nodes that do not. */
#include "vault/ask.h"

#include <signal.h>

#include "base/cleanup.h"
#include "sys/clock.h"
#include "sys/interrupt.h"
#include "test/support/broker.h"
#include "test/support/test.h"

enum {
	NODES_MAX = 4,
	PATIENT_MS = 60000, /* where no time is to run out */
	HASTY_MS = 700, /* where it is */
	ROOM = 1 << 24
};

static const struct secrets secrets = { .rpc_user = "u", .rpc_password = "p" };

struct town {
	struct broker brokers[NODES_MAX];
	struct asked asked[NODES_MAX];
	size_t count;
	struct arena arena;
	double seconds; /* of all */
};

static void town_ask(struct town *t, int timeout_ms)
{
	const int64_t began = clock_mono_us();
	struct error err = { 0 };

	arena_init(&t->arena, ROOM);
	for (size_t i = 0; i < t->count; i++) {
		broker_start(&t->brokers[i]);
		t->asked[i].node = (uint16_t)i;
		t->asked[i].at =
			(struct endpoint){ "127.0.0.1", t->brokers[i].port };
	}
	assert_ok(ask_nodes(t->asked, t->count, &secrets, timeout_ms, &t->arena,
			    &err),
		  err);
	t->seconds = (double)(clock_mono_us() - began) / 1e6;
}

static void town_end(struct town *t)
{
	for (size_t i = 0; i < t->count; i++)
		broker_stop(&t->brokers[i]);
	arena_release(&t->arena);
}

static void holds(const struct asked *a, int64_t usd)
{
	assert_true(a->answered);
	assert_null(a->why);
	assert_int_equal(a->sum_count, 1);
	assert_string_equal(a->sums[0].currency, "USD");
	assert_int_equal(a->sums[0].amount, usd);
}

static void is_mute(const struct asked *a, const char *part)
{
	assert_false(a->answered);
	assert_non_null(a->why);
	if (!strstr(a->why, part))
		fail_msg("\"%s\" is not in \"%s\"", part, a->why);
}

static void each_says_what_it_holds(void **state)
{
	struct town t = { .count = 3,
			  .brokers = { { .holds = 99900 },
				       { .holds = 100 },
				       { .holds = 0 } } };

	(void)state;
	town_ask(&t, PATIENT_MS);
	holds(&t.asked[0], 99900);
	holds(&t.asked[1], 100);
	holds(&t.asked[2], 599500);
	for (size_t i = 0; i < t.count; i++) {
		assert_int_equal(t.brokers[i].queries, 1);
		assert_true(t.brokers[i].goodbyes > 0);
	}
	town_end(&t);
}

/* None of them keeps the others from being heard. */
static void the_silent_are_given_up(void **state)
{
	struct town t = { .count = 3,
			  .brokers = { { .mood = BROKER_SILENT },
				       { .holds = 7 },
				       { .mood = BROKER_MUTE } } };

	(void)state;
	town_ask(&t, HASTY_MS);
	is_mute(&t.asked[0], "no answer in 1 s");
	holds(&t.asked[1], 7);
	is_mute(&t.asked[2], "no answer in 1 s");
	assert_true(t.seconds < 10);
	town_end(&t);
}

static void the_unwilling_are_named(void **state)
{
	struct town t = {
		.count = 4,
		.brokers = { { .mood = BROKER_REFUSES },
			     { .mood = BROKER_HANGS_UP },
			     { .query_answer = "getProtocolVersion.reply" },
			     { .query_answer = "unknown-method.reply" } }
	};

	(void)state;
	town_ask(&t, PATIENT_MS);
	is_mute(&t.asked[0], "user, password or permission");
	is_mute(&t.asked[1], "127.0.0.1");
	is_mute(&t.asked[2], "its answer cannot be read: the sums");
	is_mute(&t.asked[3], "RPCException: Received RPC for unknown method");
	assert_true(t.seconds < 30);
	town_end(&t);
}

static void nodes_that_are_away_are_told(void **state)
{
	struct asked away[] = { { .at = { .host = NULL } },
				{ .at = { .host = "127.0.0.1", .port = 1 } } };
	struct arena arena = ARENA_INIT(ROOM);
	struct error err = { 0 };

	(void)state;
	assert_ok(ask_nodes(away, 1, &secrets, PATIENT_MS, &arena, &err), err);
	is_mute(&away[0], "the node was not running");
	assert_ok(ask_nodes(away, 2, &secrets, PATIENT_MS, &arena, &err), err);
	is_mute(&away[0], "the node was not running");
	is_mute(&away[1], "127.0.0.1:1");
	arena_release(&arena);
}

static void an_interrupt_ends_the_wait(void **state)
{
	struct broker silent = { .mood = BROKER_SILENT };
	struct asked asked = { .at = { .host = "127.0.0.1" } };
	struct arena arena = ARENA_INIT(ROOM);
	struct error err = { 0 };

	(void)state;
	broker_start(&silent);
	asked.at.port = silent.port;
	raise(SIGINT);
	assert_int_equal(
		ask_nodes(&asked, 1, &secrets, PATIENT_MS, &arena, &err), -1);
	assert_int_equal(err.kind, ERROR_INTERRUPTED);
	interrupt_clear();
	broker_stop(&silent);
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_says_what_it_holds),
		cmocka_unit_test(the_silent_are_given_up),
		cmocka_unit_test(the_unwilling_are_named),
		cmocka_unit_test(nodes_that_are_away_are_told),
		cmocka_unit_test(an_interrupt_ends_the_wait),
	};

	interrupt_install();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
