/* SPDX-License-Identifier: Apache-2.0 */
/* drive_away_test.c - one bank is away for a while: the others pay on. */
#include "driver/drive.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "driver/test/three_banks.h"
#include "run/run.h"
#include "sys/clock.h"

enum { AWAY = 2, AWAY_MS = 3000, OPEN_MS = 1000, PAYMENTS = 240, BACKLOG = 8 };

/* Three banks of one release and a notary; bank-c goes away. */
static struct release releases[] = {
	{ .label = "4.0", .word = "maven:4.0", .cordapps = "finance-4.0" },
};

static struct network_node nodes[] = {
	NODE("bank-a", 0, NODE_BANK),
	NODE("bank-b", 0, NODE_BANK),
	NODE("bank-c", 0, NODE_BANK),
	NODE("notary", 0, NODE_NOTARY),
};

static const struct network plain = {
	.file = "network.yaml",
	.engine = "podman",
	.namespace = "medley",
	.seed = 42,
	.external.port = 5432,
	.settled_gate = 1,
	.load = { .mix = { [OP_PAY] = 1 },
		  .count = PAYMENTS,
		  .in_flight = 3,
		  .currency = "USD",
		  .issue_amount = 100000000,
		  .pay_min = 100,
		  .pay_max = 200 },
	.timeouts = SHORT_TIMEOUTS,
	.releases = releases,
	.release_count = 1,
	.nodes = nodes,
	.node_count = 4,
};

struct world {
	struct three_banks banks;
	struct drive drive;
	/* Where bank-c is looked for as soon as it has had a flow. */
	const char *host;
	uint16_t port;
	struct timer *move;
};

static void on_move(void *ctx)
{
	struct world *w = ctx;
	struct rpc_address *address = &w->drive.banks[AWAY].address;

	if (!w->host || !w->banks.brokers[AWAY].flows)
		return;
	address->open_ms = OPEN_MS;
	address->host = w->host;
	address->port = w->port;
}

/* The whole load. `flow_ms`: what bank-c's flows are granted; 0: all. */
static void drive_all(struct world *w, int flow_ms)
{
	struct drive *d = &w->drive;
	struct network net;
	struct bank_peers hasty;
	struct error err = { 0 };

	three_banks_start(&w->banks, &plain);
	assert_ok(network_load(w->banks.at.dir, &w->banks.at.arena, &net, &err),
		  err);
	assert_ok(drive_init(d, w->banks.at.dir, &net, NULL, &w->banks.at.arena,
			     &err),
		  err);
	d->peers.reconnect_ms = AWAY_MS;
	hasty = d->peers;
	hasty.flow_ms = flow_ms;
	if (flow_ms)
		d->banks[AWAY].peers = &hasty;
	assert_ok(timer_open(d->loop, 1000, 1000, on_move, w, &w->move, &err),
		  err);
	assert_ok(drive_run(d, &err), err);
	timer_close(w->move);
	drive_release(d);
	three_banks_look(&w->banks);
}

static void world_stop(struct world *w)
{
	three_banks_stop(&w->banks);
}

static bool is_of_away(const struct operation *op)
{
	return !strcmp(op->payer, "bank-c") || !strcmp(op->payee, "bank-c");
}

/* When bank-c was given up; INT64_MAX: it was not. */
static int64_t given_up_us(const struct world *w)
{
	int64_t first = INT64_MAX;

	for (size_t i = 0; i < w->banks.count; i++)
		if (w->banks.ops[i].outcome == OUTCOME_FAIL &&
		    w->banks.ops[i].done_us < first)
			first = w->banks.ops[i].done_us;
	return first;
}

/* All payments of the others to each other went well, and none waited until
 * bank-c was given up. */
static void check_the_others(const struct world *w)
{
	int64_t until_us = given_up_us(w);
	unsigned n = 0;

	for (size_t i = 0; i < w->banks.count; i++) {
		const struct operation *op = &w->banks.ops[i];

		if (op->kind != OP_PAY || is_of_away(op))
			continue;
		n++;
		assert_int_equal(op->outcome, OUTCOME_OK);
		assert_true(op->sent_us < until_us);
	}
	assert_true(n >= PAYMENTS / 4);
}

/* A socket whose queue of connections is full: the kernel drops every further
 * SYN, as if the machine had lost its power. */
static int listen_full(uint16_t *ret_port, int fillers[BACKLOG])
{
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(bind(fd, (void *)&at, len), 0);
	assert_int_equal(listen(fd, 0), 0);
	assert_int_equal(getsockname(fd, (void *)&at, &len), 0);
	*ret_port = ntohs(at.sin_port);
	for (int i = 0; i < BACKLOG; i++) {
		fillers[i] = socket(
			AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
		(void)!connect(fillers[i], (void *)&at, len);
	}
	return fd;
}

/* bank-c hangs up in the middle of the load, and is not found again. */
static void check_away_at(const char *host, uint16_t port)
{
	struct world w = { .banks.brokers = { [AWAY] = { .hang_up_after =
								 20 } },
			   .host = host,
			   .port = port };

	drive_all(&w, 0);
	assert_int_equal(w.banks.brokers[AWAY].clients, 1);
	check_the_others(&w);
	world_stop(&w);
}

static void its_port_is_closed(void **state)
{
	(void)state;
	check_away_at(NULL, 0);
}

static void its_name_is_not_found(void **state)
{
	(void)state;
	check_away_at("bank-c.invalid", 1);
}

static void its_machine_is_silent(void **state)
{
	int fillers[BACKLOG];
	uint16_t port;
	int fd = listen_full(&port, fillers);

	(void)state;
	check_away_at("127.0.0.1", port);
	for (int i = 0; i < BACKLOG; i++)
		close(fillers[i]);
	close(fd);
}

/* As after SIGSTOP: its connections stay, and nothing comes. Its own payments
 * end as unknown when their time is over, and not later. */
static void it_stands_still(void **state)
{
	struct world w = { .banks.brokers = { [AWAY] = { .deaf_after = 20 } } };
	unsigned unknown = 0;

	(void)state;
	drive_all(&w, 100);
	check_the_others(&w);
	for (size_t i = 0; i < w.banks.count; i++) {
		const struct operation *op = &w.banks.ops[i];

		if (op->outcome != OUTCOME_UNKNOWN)
			continue;
		unknown++;
		assert_string_equal(op->payer, "bank-c");
		assert_in_range(op->done_us - op->sent_us, 100 * 1000,
				2000 * 1000);
	}
	assert_true(unknown >= PAYMENTS / 4);
	world_stop(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(its_port_is_closed),
		cmocka_unit_test(its_name_is_not_found),
		cmocka_unit_test(its_machine_is_silent),
		cmocka_unit_test(it_stands_still),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
