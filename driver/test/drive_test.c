/* SPDX-License-Identifier: Apache-2.0 */
/* drive_test.c - whole loads against small brokers, and what history says. */
#include "driver/drive.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "driver/driver.h"
#include "driver/test/three_banks.h"
#include "run/run.h"
#include "sys/clock.h"
#include "sys/interrupt.h"

/* A run of three banks of two releases around a notary of a third. */
static struct release releases[] = {
	{ .label = "4.0", .word = "maven:4.0", .cordapps = "finance-4.0" },
	{ .label = "4.10", .word = "maven:4.10", .cordapps = "finance-4.0" },
	{ .label = "4.8", .word = "maven:4.8", .cordapps = "finance-4.0" },
};

static struct network_node nodes[] = {
	NODE("bank-a", 0, NODE_BANK),
	NODE("bank-b", 0, NODE_BANK),
	NODE("bank-c", 1, NODE_BANK),
	NODE("notary", 2, NODE_NOTARY),
};

static const struct network plain = {
	.file = "network.yaml",
	.engine = "podman",
	.namespace = "medley",
	.seed = 42,
	.external.port = 5432,
	.settled_gate = 2,
	.load = { .mix = { [OP_ISSUE] = 1, [OP_PAY] = 9 },
		  .in_flight = 3,
		  .currency = "USD",
		  .issue_amount = 100000,
		  .pay_min = 100,
		  .pay_max = 200 },
	.timeouts = SHORT_TIMEOUTS,
	.releases = releases,
	.release_count = 3,
	.nodes = nodes,
	.node_count = 4,
};

struct world {
	struct three_banks banks;
	struct network net;
	/* What run_impatiently() grants the flows of bank-c, if not 0. */
	int flow_ms;
};

static void world_start(struct world *w)
{
	three_banks_start(&w->banks, &w->net);
}

static void world_look(struct world *w)
{
	three_banks_look(&w->banks);
	for (size_t i = 0; i < w->banks.count; i++)
		assert_true(w->banks.ops[i].done_us > 0);
}

static void world_stop(struct world *w)
{
	three_banks_stop(&w->banks);
}

/* Operations of a kind with an outcome, of one payer or of all (NULL). */
static unsigned count_of(const struct world *w, enum op_kind kind,
			 enum op_outcome outcome, const char *payer)
{
	unsigned n = 0;

	for (size_t i = 0; i < w->banks.count; i++)
		n += w->banks.ops[i].kind == kind &&
		     w->banks.ops[i].outcome == outcome &&
		     (!payer || strcmp(w->banks.ops[i].payer, payer) == 0);
	return n;
}

/* As driver_run(), with little patience. */
static int run_impatiently(struct world *w, struct error *err)
{
	struct network net;
	struct drive d = { 0 };
	struct bank_peers hasty;
	int rc;

	assert_ok(network_load(w->banks.at.dir, &w->banks.at.arena, &net, err),
		  *err);
	assert_ok(drive_init(&d, w->banks.at.dir, &net, NULL,
			     &w->banks.at.arena, err),
		  *err);
	d.peers.reconnect_ms = 300;
	hasty = d.peers;
	hasty.flow_ms = w->flow_ms;
	if (w->flow_ms)
		d.banks[2].peers = &hasty;
	rc = drive_run(&d, err);
	drive_release(&d);
	return rc;
}

static void covers_every_pair_and_goes_on_to_the_count(void **state)
{
	struct world w = { .net = plain };
	struct js *details;
	struct error err = { 0 };
	unsigned pairs[3][3] = { 0 };

	(void)state;
	w.net.load.count = 20;
	world_start(&w);
	assert_ok(driver_run(w.banks.at.dir, NULL, NULL, &details, &err), err);
	world_look(&w);
	assert_int_equal(count_of(&w, OP_PAY, OUTCOME_OK, NULL), 20);
	assert_true(count_of(&w, OP_ISSUE, OUTCOME_OK, NULL) >= 15);
	assert_int_equal(js_int(js_get(details, "payments"), "ok", 0), 20);
	/* a-b, a-c, b-c and back: releases 0-0, 0-1, 1-0 */
	assert_int_equal(js_int(details, "cells", 0), 3);
	assert_int_equal(js_int(details, "cells_covered", 0), 3);
	assert_true(js_num(js_get(details, "latency_ms"), "p50", 0) > 0);
	for (size_t i = 0; i < w.banks.count; i++) {
		if (w.banks.ops[i].kind != OP_PAY)
			continue;
		pairs[w.banks.ops[i].payer[5] - 'a']
		     [w.banks.ops[i].payee[5] - 'a']++;
		assert_int_equal(strlen(w.banks.ops[i].tx), 64);
		assert_int_equal(strlen(w.banks.ops[i].flow), 36);
		assert_in_range(w.banks.ops[i].amount, 100, 200);
	}
	for (int i = 0; i < 9; i++)
		assert_true(i / 3 == i % 3 ? pairs[i / 3][i % 3] == 0
					   : pairs[i / 3][i % 3] >= 2);
	assert_int_equal(w.banks.brokers[0].goodbyes, 2);
	js_free(details);
	world_stop(&w);
}

static void a_second_load_goes_on_in_the_same_history(void **state)
{
	struct world w = { .net = plain };
	struct error err = { 0 };

	(void)state;
	world_start(&w);
	assert_ok(run_impatiently(&w, &err), err);
	world_look(&w);
	assert_ok(run_impatiently(&w, &err), err);
	world_look(&w);
	assert_int_equal(count_of(&w, OP_PAY, OUTCOME_OK, NULL), 24);
	for (size_t i = 0; i < w.banks.count; i++)
		for (size_t j = 0; j < i; j++)
			assert_true(w.banks.ops[i].id != w.banks.ops[j].id);
	world_stop(&w);
}

/* So that operations of a load that nobody recorded are noticed. */
static void a_load_counts_all_lines_of_the_history(void **state)
{
	struct world w = { .net = plain };
	struct phase phase = { .name = "drive" };
	struct error err = { 0 };
	struct driven driven;

	(void)state;
	world_start(&w);
	assert_ok(run_impatiently(&w, &err), err);
	assert_ok(driver_run(w.banks.at.dir, NULL, NULL, &phase.details, &err),
		  err);
	world_look(&w);
	assert_ok(phase_append(w.banks.at.dir, &phase, &err), err);
	assert_ok(phase_driven(w.banks.at.dir, &driven, &err), err);
	assert_int_equal(driven.loads, 1);
	assert_int_equal(driven.lines, w.banks.count);
	js_free(phase.details);
	world_stop(&w);
}

static void another_load_takes_the_place_of_the_runs(void **state)
{
	const struct load_file other = {
		.load = { .mix = { [OP_ISSUE] = 1, [OP_PAY] = 9 },
			  .count = 15,
			  .in_flight = 2,
			  .currency = "CHF",
			  .issue_amount = 5000,
			  .pay_min = 700,
			  .pay_max = 800 },
		.timeouts.flow = 60
	};
	struct world w = { .net = plain };
	struct network kept;
	struct js *details;
	struct error err = { 0 };

	(void)state;
	world_start(&w);
	assert_ok(driver_run(w.banks.at.dir, &other, NULL, &details, &err),
		  err);
	world_look(&w);
	assert_int_equal(count_of(&w, OP_PAY, OUTCOME_OK, NULL), 15);
	for (size_t i = 0; i < w.banks.count; i++) {
		assert_string_equal(w.banks.ops[i].currency, "CHF");
		if (w.banks.ops[i].kind == OP_PAY)
			assert_in_range(w.banks.ops[i].amount, 700, 800);
	}
	assert_ok(network_load(w.banks.at.dir, &w.banks.at.arena, &kept, &err),
		  err);
	assert_string_equal(kept.load.currency, "USD");
	js_free(details);
	world_stop(&w);
}

static void tries_again_what_lacked_coins(void **state)
{
	struct world w = { .net = plain, .banks.brokers = { { .poor = 3 } } };
	struct error err = { 0 };

	(void)state;
	world_start(&w);
	assert_ok(run_impatiently(&w, &err), err);
	world_look(&w);
	assert_int_equal(count_of(&w, OP_PAY, OUTCOME_FAIL, "bank-a"), 3);
	assert_int_equal(count_of(&w, OP_PAY, OUTCOME_OK, "bank-a"), 4);
	assert_int_equal(count_of(&w, OP_PAY, OUTCOME_OK, NULL), 12);
	world_stop(&w);
}

static void gives_up_on_payments_that_always_lack_coins(void **state)
{
	struct world w = { .net = plain,
			   .banks.brokers = { { .poor = 1000 } } };
	struct error err = { 0 };

	(void)state;
	world_start(&w);
	assert_ok(run_impatiently(&w, &err), err);
	world_look(&w);
	assert_int_equal(count_of(&w, OP_PAY, OUTCOME_FAIL, "bank-a"), 16);
	assert_int_equal(count_of(&w, OP_PAY, OUTCOME_OK, NULL), 8);
	world_stop(&w);
}

static void a_bank_that_dies_does_not_stop_the_others(void **state)
{
	struct world w = { .net = plain,
			   .banks.brokers = { [1] = { .hang_up_after = 6 } } };
	struct error err = { 0 };
	unsigned fails;

	(void)state;
	world_start(&w);
	assert_ok(run_impatiently(&w, &err), err);
	world_look(&w);
	/* 5 issues and 1 payment, then one is lost, two were never sent; what
	 * the others owe it is paid, or not sent once it is gone */
	fails = count_of(&w, OP_PAY, OUTCOME_FAIL, "bank-b");
	assert_int_equal(count_of(&w, OP_PAY, OUTCOME_OK, "bank-b"), 1);
	assert_true(count_of(&w, OP_PAY, OUTCOME_UNKNOWN, "bank-b") >= 1);
	assert_int_equal(
		fails + 1 + count_of(&w, OP_PAY, OUTCOME_UNKNOWN, "bank-b"), 4);
	assert_true(count_of(&w, OP_PAY, OUTCOME_OK, "bank-a") >= 2);
	assert_true(count_of(&w, OP_PAY, OUTCOME_OK, "bank-c") >= 2);
	for (size_t i = 0; i < w.banks.count; i++)
		if (w.banks.ops[i].outcome == OUTCOME_FAIL) {
			assert_string_equal(w.banks.ops[i].error_class,
					    "not-sent");
			assert_int_equal(w.banks.ops[i].sent_us, 0);
		}
	world_stop(&w);
}

static void no_answer_in_time_is_unknown(void **state)
{
	struct world w = { .net = plain,
			   .banks.brokers = { [2] = { .deaf = true } } };
	struct error err = { 0 };

	(void)state;
	w.net.settled_gate = 1;
	w.flow_ms = 200;
	w.net.load.in_flight = 1;
	world_start(&w);
	assert_ok(run_impatiently(&w, &err), err);
	world_look(&w);
	assert_int_equal(count_of(&w, OP_PAY, OUTCOME_UNKNOWN, "bank-c"), 2);
	assert_int_equal(count_of(&w, OP_PAY, OUTCOME_OK, NULL), 4);
	world_stop(&w);
}

static void a_slow_node_gets_more_time(void **state)
{
	static const struct bank_peers peers = { .flow_ms = 60000 };
	const int64_t second_us = 1000 * 1000;
	struct bank bank = { .peers = &peers };
	const struct task task = { .bank = &bank };

	(void)state;
	assert_int_equal(bank_flow_ms(&bank), 60000);
	bank_learn(&bank, &task, RPC_TIMEOUT, 60 * second_us);
	assert_int_equal(bank_flow_ms(&bank), 240000);
	bank_learn(&bank, &task, RPC_OK, second_us);
	assert_int_equal(bank_flow_ms(&bank), 60000);
	bank_learn(&bank, &task, RPC_OK, 24 * second_us);
	bank_learn(&bank, &task, RPC_OK, 3 * second_us);
	bank_learn(&bank, &task, RPC_TIMEOUT, 96 * second_us);
	assert_int_equal(bank_flow_ms(&bank), 96000);
	bank_learn(&bank, &task, RPC_OK, 3600 * second_us);
	assert_int_equal(bank_flow_ms(&bank), 240000);
}

/* It was the payee that the flow waited for. */
static void a_payee_that_was_away_shows_nothing_of_the_payer(void **state)
{
	struct bank banks[2] = { { .answered = true },
				 { .last_lost_us = 1500 } };
	const struct bank_peers peers = { .flow_ms = 10000, .all = banks };
	const struct task during = { .payee = 1, .sent_us = 1000 };
	const struct task after = { .payee = 1, .sent_us = 2000 };

	(void)state;
	banks[0].peers = &peers;
	bank_learn(&banks[0], &during, RPC_OK, 35 * 1000 * 1000);
	assert_int_equal(bank_flow_ms(&banks[0]), 10000);
	bank_learn(&banks[0], &after, RPC_OK, 5 * 1000 * 1000);
	assert_int_equal(bank_flow_ms(&banks[0]), 20000);
}

static int by_time(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* How often a payment was intended 20 ms after the one before it. A machine
 * under load sends late, but means to send in time. */
static unsigned steps_of_20_ms(const struct world *w)
{
	int64_t times[64];
	unsigned count = 0, n = 0;

	for (size_t i = 0; i < w->banks.count; i++)
		if (w->banks.ops[i].kind == OP_PAY) {
			assert_true(count < 64);
			assert_true(w->banks.ops[i].sent_us >=
				    w->banks.ops[i].intended_us);
			times[count++] = w->banks.ops[i].intended_us;
		}
	qsort(times, count, sizeof(*times), by_time);
	for (unsigned i = 1; i < count; i++)
		n += times[i] - times[i - 1] >= 19000 &&
		     times[i] - times[i - 1] <= 21000;
	return n;
}

static void payments_come_due_at_the_rate(void **state)
{
	struct world w = { .net = plain };
	struct js *details;
	struct error err = { 0 };

	(void)state;
	w.net.load.rate = 50;
	w.net.load.count = 26;
	world_start(&w);
	assert_ok(driver_run(w.banks.at.dir, NULL, NULL, &details, &err), err);
	world_look(&w);
	assert_int_equal(count_of(&w, OP_PAY, OUTCOME_OK, NULL), 26);
	assert_true(js_num(details, "seconds", 0) >= 0.5);
	assert_true(steps_of_20_ms(&w) >= 20);
	js_free(details);
	world_stop(&w);
}

/* The user, who looks until all banks have a flow in flight. */
static void *interrupts(void *ctx)
{
	struct world *w = ctx;
	unsigned seen = 0;

	for (int i = 0; i < 6000 && seen < BANKS; i++) {
		usleep(10000);
		seen = 0;
		for (int b = 0; b < BANKS; b++)
			seen += w->banks.brokers[b].flows > 0;
	}
	raise(SIGINT);
	return NULL;
}

static void an_interrupt_leaves_nothing_unsaid(void **state)
{
	struct world w = { .net = plain,
			   .banks.brokers = { { .deaf = true },
					      { .deaf = true },
					      { .deaf = true } } };
	struct error err = { 0 };
	pthread_t user;

	(void)state;
	world_start(&w);
	interrupt_install();
	assert_int_equal(pthread_create(&user, NULL, interrupts, &w), 0);
	assert_error(run_impatiently(&w, &err), err, "interrupted");
	assert_int_equal(err.kind, ERROR_INTERRUPTED);
	pthread_join(user, NULL);
	interrupt_clear();
	world_look(&w);
	assert_int_equal(w.banks.count, 3); /* one a bank, at the beginning */
	assert_int_equal(count_of(&w, OP_ISSUE, OUTCOME_UNKNOWN, NULL), 3);
	assert_string_equal(w.banks.ops[0].error_class, "interrupted");
	world_stop(&w);
}

static void no_bank_at_all_is_no_load(void **state)
{
	struct world w = { .net = plain,
			   .banks.brokers = { { .mood = BROKER_REFUSES },
					      { .mood = BROKER_REFUSES },
					      { .mood = BROKER_REFUSES } } };
	struct error err = { 0 };

	(void)state;
	world_start(&w);
	assert_error(run_impatiently(&w, &err), err, "user, password");
	assert_int_equal(err.kind, ERROR_LOAD);
	world_stop(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(covers_every_pair_and_goes_on_to_the_count),
		cmocka_unit_test(a_second_load_goes_on_in_the_same_history),
		cmocka_unit_test(a_load_counts_all_lines_of_the_history),
		cmocka_unit_test(another_load_takes_the_place_of_the_runs),
		cmocka_unit_test(tries_again_what_lacked_coins),
		cmocka_unit_test(gives_up_on_payments_that_always_lack_coins),
		cmocka_unit_test(a_bank_that_dies_does_not_stop_the_others),
		cmocka_unit_test(no_answer_in_time_is_unknown),
		cmocka_unit_test(a_slow_node_gets_more_time),
		cmocka_unit_test(
			a_payee_that_was_away_shows_nothing_of_the_payer),
		cmocka_unit_test(payments_come_due_at_the_rate),
		cmocka_unit_test(an_interrupt_leaves_nothing_unsaid),
		cmocka_unit_test(no_bank_at_all_is_no_load),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
