/* SPDX-License-Identifier: Apache-2.0 */
/*
 * drive.c - the load: all banks at work on one loop, from start to end.
 *
 * Happy path: sessions with all banks open; each bank issues coins, some
 * more for each notary than it may have flows in flight, so that payments at
 * the same time do not fight for one coin; then each pays by its own stream of
 * the schedule: as soon as a place is free, or when a payment comes due where
 * a rate is set. A bank begins with one flow in flight and gets a place more
 * with each that went well: a node that has just started is slow, and many
 * at once would only time out together. When the streams have reached the
 * load's limits and nothing is in flight any more, the sessions are closed and
 * the loop ends.
 *
 * What goes wrong is a line of history, and the rest goes on: a flow that
 * fails, or gives no answer in time; a bank without session (its turn comes
 * when the next one is open), or gone for good (what it owes, and what is
 * owed to it, is recorded as not sent). A payment that the cover needs and
 * that failed for want of coins is tried again after a new issue, at most
 * TRIES times. The user's interrupt ends what is in flight as unknown.
 */
#include "driver/drive.h"

#include <stdlib.h>
#include <string.h>

#include "sys/clock.h"
#include "sys/interrupt.h"

enum { TICK_MS = 20, TRIES = 4, DRAWS = 64, SPARE_COINS = 2 };

static void drive_stop(struct drive *d, const struct error *why)
{
	if (d->stopping)
		return;
	d->stopping = true;
	d->rc = -1;
	d->err = *why;
}

static void say(struct drive *d, bool now)
{
	struct error err;

	if (drive_say(d, now, &err) < 0)
		drive_stop(d, &err);
}

/* A task that ended, sent or not: into history and the tally. */
static void settle(struct drive *d, const struct task *task,
		   const struct task_end *end)
{
	int64_t now = clock_mono_us();
	struct error err;

	if (drive_record(d, task, end, clock_wall_us(), &err) < 0)
		drive_stop(d, &err);
	tally_add(&d->tally, task->kind, end->outcome, task->bank->node,
		  d->bank_nodes[task->payee], d->notary_nodes[task->notary],
		  task->intended_us, task->sent_us, now);
}

static void settle_unsent(struct drive *d, struct task *task, const char *why)
{
	const struct task_end end = { .outcome = OUTCOME_FAIL,
				      .error_class = "not-sent",
				      .error_text = why };

	settle(d, task, &end);
	free(task);
}

/* A new task at the end of the bank's queue; due now unless changed. */
static struct task *enqueue(struct drive *d, struct bank *bank,
			    const struct schedule_step *step)
{
	struct task *task = calloc(1, sizeof(*task));
	struct error err;

	if (!task) {
		error_nomem(&err);
		drive_stop(d, &err);
		return NULL;
	}
	task->id = history_next_id(d->history);
	task->kind = step->kind;
	task->payee = step->payee;
	task->notary = step->notary;
	task->amount = step->amount;
	task->cover = step->cover;
	task->intended_us = clock_mono_us();
	task->intended_wall_us = clock_wall_us();
	bank_queue(bank, task);
	return task;
}

static void enqueue_issue(struct drive *d, struct bank *bank, unsigned notary,
			  int64_t amount)
{
	const struct schedule_step step = {
		.kind = op_kind_of_funding(),
		.payee = bank->index,
		.notary = notary,
		.amount = amount,
	};

	bank->spendable[notary] += step.amount;
	enqueue(d, bank, &step);
}

/* A coin that is enough for any payment by itself. */
static void enqueue_coin(struct drive *d, struct bank *bank, unsigned notary)
{
	const struct load *load = &d->net->load;

	enqueue_issue(d, bank, notary,
		      load->issue_amount > load->pay_max ? load->issue_amount
							 : load->pay_max);
}

/* Before a payment goes: are there coins for it and those beside it? Coins
 * that were received are not counted, so this errs on the safe side. */
static void top_up(struct drive *d, struct bank *bank, const struct task *task)
{
	const struct load *load = &d->net->load;

	if (op_kind_info(task->kind)->coins >= 0)
		return;
	bank->spendable[task->notary] -= task->amount;
	if (bank->spendable[task->notary] < load->in_flight * load->pay_max)
		enqueue_coin(d, bank, task->notary);
}

static void start_task(struct drive *d, struct bank *bank, struct task *task)
{
	const struct bank *payee = &d->banks[task->payee];
	struct error err;

	if (payee->state == BANK_GONE) {
		error_set(&err, ERROR_LOAD, "%s is not reachable: %s",
			  payee->node->name, payee->why);
	} else if (bank_send(bank, task, &err) == 0) {
		top_up(d, bank, task);
		return;
	}
	settle_unsent(d, task, err.text);
}

static bool anybody_else(const struct drive *d, const struct bank *bank)
{
	for (unsigned i = 0; i < d->bank_count; i++)
		if (&d->banks[i] != bank && d->banks[i].state != BANK_GONE)
			return true;
	return false;
}

static bool time_over(const struct drive *d)
{
	return d->phase == DRIVE_PAYING && d->net->load.seconds > 0 &&
	       clock_mono_us() - d->started_us >=
		       d->net->load.seconds * 1000000;
}

/* Has the bank's stream another step within the limits of the load? */
static bool wants_more(const struct drive *d, const struct bank *bank)
{
	const struct load *load = &d->net->load;

	if (d->phase != DRIVE_PAYING || d->stopping)
		return false;
	if (!schedule_covered(&d->schedule, bank->index))
		return true;
	if ((load->count <= 0 && load->seconds <= 0) ||
	    bank->state == BANK_GONE || !anybody_else(d, bank))
		return false;
	if (load->count > 0 && d->chance_left[bank->index] == 0)
		return false;
	return !time_over(d);
}

/* The stream's next step. Chance does not choose who is gone, nor, where no
 * rate is set, who is away: such payments would only wait. */
static struct task *enqueue_step(struct drive *d, struct bank *bank)
{
	struct schedule_step step;
	enum bank_state payee;
	unsigned draws = 0;

	do {
		schedule_next(&d->schedule, bank->index, &step);
		payee = d->banks[step.payee].state;
	} while (!step.cover && payee != BANK_READY &&
		 (d->net->load.rate <= 0 || payee == BANK_GONE) &&
		 ++draws < DRAWS);
	if (!step.cover && op_has_payee(step.kind) && d->net->load.count > 0)
		d->chance_left[bank->index]--;
	if (op_makes_coins(step.kind))
		bank->spendable[step.notary] += step.amount;
	return enqueue(d, bank, &step);
}

/* A payee without session is likely to be down: a payment to it would only
 * hold a place until its deadline. It waits until the payee is back, or gone.
 */
static struct task *next_task(struct drive *d, struct bank *bank)
{
	for (struct task **at = &bank->queue; *at; at = &(*at)->next) {
		enum bank_state payee = d->banks[(*at)->payee].state;

		if (payee == BANK_READY || payee == BANK_GONE)
			return bank_unqueue(bank, at);
	}
	return NULL;
}

/* Fills the bank's free places; what is owed to one that is away waits. */
static void pump(struct drive *d, struct bank *bank)
{
	bool paced = d->net->load.rate > 0;

	while (bank->state == BANK_READY && !d->stopping &&
	       bank->in_flight < bank->window) {
		struct task *task = next_task(d, bank);

		if (task)
			start_task(d, bank, task);
		else if (!paced && wants_more(d, bank) &&
			 bank_queued_by_chance(bank) < bank->window)
			enqueue_step(d, bank);
		else
			return;
	}
}

static void on_ready(struct bank *bank)
{
	pump(bank->owner, bank);
}

/* Did it fail because its coins were locked by others, or too few? */
static bool lacked_coins(const struct task_end *end)
{
	return end->outcome == OUTCOME_FAIL && end->error_text &&
	       strncmp(end->error_text, "Insufficient cash", 17) == 0;
}

static void try_again(struct drive *d, const struct task *task)
{
	const struct schedule_step step = { .kind = task->kind,
					    .payee = task->payee,
					    .notary = task->notary,
					    .amount = task->amount,
					    .cover = true };
	struct task *again;

	enqueue_coin(d, task->bank, task->notary);
	again = enqueue(d, task->bank, &step);
	if (again)
		again->tries = task->tries + 1;
}

/* The estimate of what the bank can spend counted on another end. */
static void take_back(struct bank *bank, const struct task *task,
		      const struct task_end *end)
{
	int coins = op_kind_info(task->kind)->coins;
	bool made = coins > 0 && end->outcome != OUTCOME_OK;
	bool spent = coins < 0 && end->outcome == OUTCOME_FAIL;

	if (made || spent)
		bank->spendable[task->notary] -= coins * task->amount;
}

static void on_done(struct bank *bank, struct task *task,
		    const struct task_end *end)
{
	struct drive *d = bank->owner;
	struct task_end stopped = *end;

	if (d->stopping && end->outcome == OUTCOME_UNKNOWN) {
		stopped.error_class = "interrupted";
		stopped.error_text = d->err.text;
	}
	settle(d, task, &stopped);
	if (end->outcome == OUTCOME_OK &&
	    bank->window < (unsigned)d->net->load.in_flight)
		bank->window++;
	take_back(bank, task, end);
	if (task->cover && task->tries + 1 < TRIES && lacked_coins(end) &&
	    !d->stopping)
		try_again(d, task);
	pump(d, bank);
}

/* The load's time is over: of what waits only what is owed is still sent. */
static void drop_late(struct drive *d, struct bank *bank)
{
	struct task **at = &bank->queue;

	while (*at) {
		if ((*at)->cover || !op_has_payee((*at)->kind)) {
			at = &(*at)->next;
			continue;
		}
		d->tally.dropped++;
		free(bank_unqueue(bank, at));
	}
}

/* What waits, and the cover that is still owed, will not be sent. */
static void write_off(struct drive *d, struct bank *bank)
{
	while (d->phase == DRIVE_PAYING && !d->stopping &&
	       !schedule_covered(&d->schedule, bank->index))
		enqueue_step(d, bank);
	while (bank->queue)
		settle_unsent(d, bank_unqueue(bank, &bank->queue), bank->why);
}

static void on_gone(struct bank *bank)
{
	write_off(bank->owner, bank);
}

/* With a rate: the payments that have come due, to the banks in turn. What
 * it is late by counts as latency: that is what a user would have waited. */
static void release_due(struct drive *d, int64_t now)
{
	double rate = d->net->load.rate;
	unsigned idle = 0;

	while (rate > 0 && idle < d->bank_count && !d->stopping) {
		int64_t at = d->started_us + (int64_t)(d->due * 1e6 / rate);
		struct bank *bank = &d->banks[(d->due + idle) % d->bank_count];
		struct task *task;

		if (at > now)
			return;
		if (!wants_more(d, bank)) {
			idle++;
			continue;
		}
		do
			task = enqueue_step(d, bank);
		while (task && !op_has_payee(task->kind));
		if (!task)
			return;
		task->intended_wall_us -= task->intended_us - at;
		task->intended_us = at;
		d->due++;
		idle = 0;
		pump(d, bank);
	}
}

static void begin_funding(struct drive *d)
{
	/* A payment may lock a second coin, if it takes a small one first. */
	unsigned coins =
		d->notary_count * (d->net->load.in_flight + SPARE_COINS);

	d->phase = DRIVE_FUNDING;
	for (unsigned i = 0; i < d->bank_count; i++) {
		if (d->banks[i].state == BANK_GONE)
			continue;
		d->funding_total += coins;
		for (unsigned c = 0; c < coins; c++)
			enqueue_issue(d, &d->banks[i], c % d->notary_count,
				      d->net->load.issue_amount);
		d->banks[i].window = 1;
		pump(d, &d->banks[i]);
	}
}

static void begin_paying(struct drive *d)
{
	say(d, true);
	d->phase = DRIVE_PAYING;
	d->started_us = clock_mono_us();
	for (unsigned i = 0; i < d->bank_count; i++) {
		if (d->net->load.rate <= 0)
			d->banks[i].window = 1;
		if (d->banks[i].state == BANK_GONE)
			write_off(d, &d->banks[i]);
		else
			pump(d, &d->banks[i]);
	}
}

static void begin_leaving(struct drive *d)
{
	say(d, true);
	d->phase = DRIVE_LEAVING;
	for (unsigned i = 0; i < d->bank_count; i++)
		bank_leave(&d->banks[i]);
}

/* Does the bank have no part in this phase any more? */
static bool bank_done(const struct drive *d, const struct bank *bank)
{
	switch (d->phase) {
	case DRIVE_OPENING:
		return bank->state == BANK_READY || bank->state == BANK_GONE;
	case DRIVE_FUNDING:
	case DRIVE_PAYING:
		return !bank->queue && !bank->in_flight && !wants_more(d, bank);
	case DRIVE_LEAVING:
		break;
	}
	return bank_over(bank);
}

static void next_phase(struct drive *d)
{
	switch (d->phase) {
	case DRIVE_OPENING:
		begin_funding(d);
		break;
	case DRIVE_FUNDING:
		begin_paying(d);
		break;
	case DRIVE_PAYING:
		begin_leaving(d);
		break;
	case DRIVE_LEAVING:
		loop_stop(d->loop);
		break;
	}
}

static void on_tick(void *ctx)
{
	struct drive *d = ctx;
	int64_t now = clock_mono_us();
	struct error err;
	bool done = true;

	if (interrupt_check(&err) < 0 || history_tick(d->history, &err) < 0)
		drive_stop(d, &err);
	if (d->stopping && d->phase != DRIVE_LEAVING) {
		begin_leaving(d);
		return;
	}
	for (unsigned i = 0; i < d->bank_count; i++)
		bank_tick(&d->banks[i], now);
	if (d->phase == DRIVE_PAYING)
		release_due(d, now);
	for (unsigned i = 0; i < d->bank_count && time_over(d); i++)
		drop_late(d, &d->banks[i]);
	for (unsigned i = 0; i < d->bank_count; i++) {
		pump(d, &d->banks[i]);
		done = done && bank_done(d, &d->banks[i]);
	}
	if (done)
		next_phase(d);
	else if (d->phase != DRIVE_LEAVING)
		say(d, false);
}

/* Not one payment was sent: that is no load. */
static int check_driven(struct drive *d, struct error *err)
{
	if (d->tally.score.counts.ok + d->tally.score.counts.unknown > 0)
		return 0;
	for (unsigned i = 0; i < d->bank_count; i++)
		if (d->banks[i].state != BANK_CLOSED || !*d->banks[i].why)
			return 0; /* it had a session: its failures count */
	return error_set(err, ERROR_LOAD, "no bank can make payments: %s: %s",
			 d->banks[0].node->name, d->banks[0].why);
}

int drive_run(struct drive *d, struct error *err)
{
	static const struct bank_events events = { on_ready, on_done, on_gone };
	struct timer *timer;
	struct error last;

	if (timer_open(d->loop, TICK_MS * 1000, TICK_MS * 1000, on_tick, d,
		       &timer, err) < 0)
		return -1;
	for (unsigned i = 0; i < d->bank_count; i++) {
		d->banks[i].loop = d->loop;
		d->banks[i].owner = d;
		d->banks[i].events = &events;
	}
	loop_run(d->loop);
	timer_close(timer);
	for (unsigned i = 0; i < d->bank_count; i++)
		while (d->banks[i].queue)
			free(bank_unqueue(&d->banks[i], &d->banks[i].queue));
	if (history_close(steal(d->history), &last) < 0)
		drive_stop(d, &last);
	if (d->rc < 0) {
		*err = d->err;
		return -1;
	}
	return check_driven(d, err);
}
