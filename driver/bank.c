/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bank.c - one bank's node as the driver works it: a session and its flows.
 *
 * Happy path: the session opens, the node is asked for the parties (name and
 * key) of all other banks and notaries, then flows are sent and end one by
 * one. What goes wrong: the session breaks or cannot be opened, or the node
 * does not know a party. Flows in flight end as unknown (the node may well
 * finish them), the session is closed, and after a pause the next is opened,
 * until peers->reconnect_ms have passed without one: then the bank is gone. It
 * is gone at once where the node does not know our user and password.
 */
#include "driver/bank.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "corda/transaction.h"
#include "sys/clock.h"
#include "sys/patience.h"

enum { PAUSE_US = 500000, ASK_MS = 20 * 1000, BODY_MAX = 64 * 1024 };

#define TO(state) (1u << BANK_##state)

static const unsigned successors[BANK_STATES] = {
	[BANK_OPENING] = TO(ASKING) | TO(READY) | TO(LOST) | TO(LEAVING),
	[BANK_ASKING] = TO(READY) | TO(LOST) | TO(LEAVING),
	[BANK_READY] = TO(LOST) | TO(LEAVING),
	[BANK_LOST] = TO(WAITING) | TO(GONE) | TO(LEAVING),
	[BANK_WAITING] = TO(OPENING) | TO(GONE) | TO(CLOSED),
	[BANK_GONE] = TO(CLOSED),
	[BANK_LEAVING] = TO(CLOSED),
};

static void bank_move(struct bank *bank, enum bank_state next)
{
	assert(successors[bank->state] & 1u << next);
	bank->state = next;
}

/* The session is of no more use; whatever follows starts in on_closed(). */
static void bank_lose(struct bank *bank, const char *why)
{
	if (bank->state > BANK_READY)
		return;
	snprintf(bank->why, sizeof(bank->why), "%s", why);
	bank->last_lost_us = clock_mono_us();
	if (!bank->lost_us)
		bank->lost_us = bank->last_lost_us;
	bank_move(bank, BANK_LOST);
	rpc_close(bank->rpc);
}

static void bank_rest(struct bank *bank)
{
	int64_t now = clock_mono_us();

	if (bank->refused ||
	    now - bank->lost_us > bank->peers->reconnect_ms * 1000ll) {
		bank_move(bank, BANK_GONE);
		bank->events->on_gone(bank);
		return;
	}
	bank_move(bank, BANK_WAITING);
	bank->retry_us = now + PAUSE_US;
}

static void become_ready(struct bank *bank)
{
	bank->introduced = true;
	bank->lost_us = 0;
	bank_move(bank, BANK_READY);
	bank->events->on_ready(bank);
}

/* One party that was asked for. */
struct question {
	struct bank *bank;
	unsigned index; /* into bank->parties */
};

static const struct network_node *peer_at(const struct bank *bank,
					  unsigned index)
{
	const struct bank_peers *peers = bank->peers;

	return index < peers->bank_count
		       ? peers->banks[index]
		       : peers->notaries[index - peers->bank_count];
}

static void on_party(void *ctx, const struct rpc_result *r)
{
	struct question *q = ctx;
	struct bank *bank = q->bank;
	struct error err;

	if (bank->state != BANK_ASKING || r->status == RPC_LOST)
		return; /* on_failed() tells */
	if (r->status != RPC_OK) {
		error_set(&err, ERROR_LOAD, "%s: %s", r->error_class,
			  r->error_text ? r->error_text : "no text");
	} else if (party_read(r->value, bank->arena, &bank->parties[q->index],
			      &err) == 0) {
		if (--bank->unanswered == 0)
			become_ready(bank);
		return;
	}
	error_wrap(&err, "asking for %s",
		   network_party(peer_at(bank, q->index)));
	bank_lose(bank, err.text);
}

static int ask_for(struct bank *bank, unsigned index, struct error *err)
{
	cleanup(buf_release) struct buf body = BUF_INIT(BODY_MAX);
	struct x500_name name;

	bank->questions[index] = (struct question){ bank, index };
	if (x500_name_parse(network_party(peer_at(bank, index)), bank->arena,
			    &name, err) < 0)
		return -1;
	call_party(&body, &name);
	if (buf_check(&body, err) < 0)
		return -1;
	return rpc_call(bank->rpc, "wellKnownPartyFromX500Name", body.data,
			body.len, ASK_MS, on_party, &bank->questions[index],
			err);
}

static void on_session(void *ctx)
{
	struct bank *bank = ctx;
	unsigned count = bank->peers->bank_count + bank->peers->notary_count;
	struct error err;

	if (bank->state != BANK_OPENING)
		return;
	if (bank->introduced) {
		become_ready(bank);
		return;
	}
	bank_move(bank, BANK_ASKING);
	bank->unanswered = count;
	for (unsigned i = 0; i < count; i++)
		if (ask_for(bank, i, &err) < 0) {
			bank_lose(bank, err.text);
			return;
		}
}

static void on_failed(void *ctx, const struct error *err)
{
	struct bank *bank = ctx;

	bank->refused = err->kind == ERROR_INPUT;
	bank_lose(bank, err->text);
}

static void on_closed(void *ctx)
{
	struct bank *bank = ctx;

	bank->rpc = NULL;
	if (bank->state == BANK_LEAVING)
		bank_move(bank, BANK_CLOSED);
	else
		bank_rest(bank);
}

int bank_init(struct bank *bank, struct arena *arena, struct error *err)
{
	const struct bank_peers *peers = bank->peers;
	unsigned count = peers->bank_count + peers->notary_count;

	bank->arena = arena;
	bank->state = BANK_WAITING;
	bank->queue_end = &bank->queue;
	bank->spendable = arena_array(arena, peers->notary_count,
				      sizeof(*bank->spendable));
	bank->parties = arena_array(arena, count, sizeof(*bank->parties));
	bank->questions = arena_array(arena, count, sizeof(*bank->questions));
	if (!bank->spendable || !bank->parties || !bank->questions)
		return error_nomem(err);
	return 0;
}

void bank_tick(struct bank *bank, int64_t now_us)
{
	static const struct rpc_events events = { on_session, on_failed,
						  on_closed };
	struct error err;

	if (bank->state != BANK_WAITING || now_us < bank->retry_us)
		return;
	bank_move(bank, BANK_OPENING);
	if (rpc_open(bank->loop, &bank->address, &events, bank, &bank->rpc,
		     &err) == 0)
		return;
	snprintf(bank->why, sizeof(bank->why), "%s", err.text);
	bank->lost_us = bank->lost_us ? bank->lost_us : now_us;
	bank_move(bank, BANK_LOST);
	bank_rest(bank);
}

static void end_of(const struct rpc_result *r, char tx[TX_ID_TEXT],
		   struct task_end *ret, struct error *err)
{
	struct tx_id id;

	*ret = (struct task_end){ .outcome = OUTCOME_UNKNOWN,
				  .error_class = r->error_class,
				  .error_text = r->error_text,
				  .flow = r->flow };
	if (r->status == RPC_REFUSED || r->status == RPC_FLOW_FAILED)
		ret->outcome = OUTCOME_FAIL;
	if (r->status != RPC_OK)
		return;
	if (transaction_id_of_value(amqp_get(r->value, "stx"), &id, err) < 0) {
		ret->error_class = "unreadable-answer";
		ret->error_text = err->text;
		return;
	}
	ret->outcome = OUTCOME_OK;
	ret->tx = tx_id_text(tx, &id);
}

/* Did the payee lose its session while the flow was under way? */
static bool payee_was_away(const struct bank *bank, const struct task *task)
{
	const struct bank *all = bank->peers->all;

	return all && all[task->payee].last_lost_us >= task->sent_us;
}

void bank_learn(struct bank *bank, const struct task *task,
		enum rpc_status status, int64_t took_us)
{
	if (payee_was_away(bank, task))
		return;
	if (status == RPC_OK && !bank->answered) {
		bank->answered = true;
		bank->slowest_us = took_us;
		return;
	}
	if (status == RPC_OK || (status == RPC_TIMEOUT && !bank->answered))
		if (took_us > bank->slowest_us)
			bank->slowest_us = took_us;
}

static void on_flow(void *ctx, const struct rpc_result *r)
{
	struct task *task = ctx;
	struct bank *bank = task->bank;
	char tx[TX_ID_TEXT];
	struct task_end end;
	struct error err;

	bank_learn(bank, task, r->status, clock_mono_us() - task->sent_us);
	/* Before anybody tries to send more through it. */
	if (r->status == RPC_LOST)
		bank_lose(bank, r->error_text);
	end_of(r, tx, &end, &err);
	bank->in_flight--;
	bank->events->on_done(bank, task, &end);
	free(task);
}

int bank_flow_ms(const struct bank *bank)
{
	return (int)patience(bank->peers->flow_ms, bank->slowest_us / 1000);
}

static void call_issue(struct buf *body, const struct cash_amount *amount,
		       const struct party *payee, const struct party *notary)
{
	(void)payee;
	call_cash_issue(body, amount, notary);
}

static void call_pay(struct buf *body, const struct cash_amount *amount,
		     const struct party *payee, const struct party *notary)
{
	call_cash_pay(body, amount, payee, false, notary);
}

/* The flow that makes an operation of a kind. */
static void (*const calls[OP_KINDS])(struct buf *body,
				     const struct cash_amount *amount,
				     const struct party *payee,
				     const struct party *notary) = {
	[OP_ISSUE] = call_issue,
	[OP_PAY] = call_pay,
};

int bank_send(struct bank *bank, struct task *task, struct error *err)
{
	cleanup(buf_release) struct buf body = BUF_INIT(BODY_MAX);
	const struct party *notary =
		&bank->parties[bank->peers->bank_count + task->notary];
	struct cash_amount amount = { task->amount, bank->currency };

	if (bank->state != BANK_READY)
		return error_set(err, ERROR_LOAD, "no session: %s", bank->why);
	calls[task->kind](&body, &amount, &bank->parties[task->payee], notary);
	task->bank = bank;
	task->sent_us = clock_mono_us();
	task->sent_wall_us = clock_wall_us();
	if (buf_check(&body, err) < 0 ||
	    rpc_flow(bank->rpc, body.data, body.len, bank_flow_ms(bank),
		     on_flow, task, err) < 0) {
		task->sent_us = task->sent_wall_us = 0;
		return -1;
	}
	bank->in_flight++;
	return 0;
}

void bank_leave(struct bank *bank)
{
	if (bank->state == BANK_WAITING || bank->state == BANK_GONE) {
		bank_move(bank, BANK_CLOSED);
	} else if (bank->state == BANK_LOST) {
		bank_move(bank, BANK_LEAVING); /* already being closed */
	} else if (bank->state < BANK_LOST) {
		bank_move(bank, BANK_LEAVING);
		rpc_close(bank->rpc);
	}
}

bool bank_over(const struct bank *bank)
{
	return bank->state == BANK_CLOSED;
}

void bank_queue(struct bank *bank, struct task *task)
{
	task->bank = bank;
	task->next = NULL;
	*bank->queue_end = task;
	bank->queue_end = &task->next;
	bank->queued++;
}

unsigned bank_queued_by_chance(const struct bank *bank)
{
	unsigned n = 0;

	for (const struct task *task = bank->queue; task; task = task->next)
		n += !task->cover;
	return n;
}

struct task *bank_unqueue(struct bank *bank, struct task **at)
{
	struct task *task = *at;

	*at = task->next;
	if (!*at)
		bank->queue_end = at;
	bank->queued--;
	task->next = NULL;
	return task;
}
