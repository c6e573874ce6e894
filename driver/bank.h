/* SPDX-License-Identifier: Apache-2.0 */
/* bank.h - one bank's node as the driver works it: a session and its flows. */
#ifndef DRIVER_BANK_H
#define DRIVER_BANK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "corda/cash.h"
#include "corda/rpc.h"
#include "run/network.h"
#include "run/records.h"

/* One operation from when it is due until it is a line of history. */
struct task {
	struct task *next;
	struct bank *bank; /* the payer */
	uint64_t id; /* in history, from 1 */
	enum op_kind kind;
	unsigned payee, notary; /* among banks, among notaries */
	int64_t amount;
	bool cover; /* owed to the gate */
	unsigned tries; /* of the same payment, before this one */
	int64_t intended_us, sent_us; /* monotonic; sent 0: never */
	int64_t intended_wall_us, sent_wall_us;
};

/* How a task ended; texts are borrowed until on_done returns. */
struct task_end {
	enum op_outcome outcome;
	const char *error_class, *error_text; /* NULL when ok */
	const char *flow, *tx; /* or NULL */
};

struct bank_events {
	/* Flows can be sent (again). */
	void (*on_ready)(struct bank *bank);
	/* A task that was sent ended; freed when this returns. */
	void (*on_done)(struct bank *bank, struct task *task,
			const struct task_end *end);
	/* No session any more, and none to come: bank->why says why. */
	void (*on_gone)(struct bank *bank);
};

enum bank_state {
	BANK_OPENING, /* the session */
	BANK_ASKING, /* for the parties of the others */
	BANK_READY,
	BANK_LOST, /* the session broke and is being closed */
	BANK_WAITING, /* to open the first or next one */
	BANK_GONE, /* given up */
	BANK_LEAVING, /* the driver closes the session */
	BANK_CLOSED,
	BANK_STATES
};

struct bank {
	const struct network_node *node;
	unsigned index; /* among the banks that run */
	enum bank_state state;
	char why[1024]; /* the last failure of a session */
	/* Tasks that wait for a free place, first in first out. */
	struct task *queue, **queue_end;
	unsigned queued;
	unsigned in_flight;
	unsigned window; /* how many may be, by now */
	int64_t *spendable; /* estimate by notary; owned by the arena */
	void *owner; /* the driver */
	/* The rest is the bank's own. */
	struct loop *loop;
	struct rpc_address address;
	const char *currency;
	const struct bank_events *events;
	struct arena *arena;
	struct rpc *rpc;
	const struct bank_peers {
		const struct network_node *const *banks, *const *notaries;
		const struct bank *all; /* by index; NULL: this one alone */
		unsigned bank_count, notary_count;
		int flow_ms; /* bound of a flow; see bank_flow_ms() */
		int reconnect_ms; /* without session until it is gone */
	} *peers;
	struct party *parties; /* banks, then notaries */
	struct question *questions; /* one a party */
	unsigned unanswered;
	bool introduced;
	bool refused; /* user or password are wrong */
	bool answered; /* a flow has gone well */
	int64_t slowest_us; /* of these; before, what was waited in vain */
	int64_t lost_us; /* without session since; 0: has one */
	int64_t last_lost_us; /* when it lost one; 0: never */
	int64_t retry_us;
};

/* Lays out a bank whose node, index, peers, address and currency are set; its
 * parts live in `arena`. It waits for bank_tick() to open the session. */
int bank_init(struct bank *bank, struct arena *arena, struct error *err);
/* To be called often: opens the (next) session when its time has come. */
void bank_tick(struct bank *bank, int64_t now_us);
/* Sends; -1 when it could not be sent. The task is taken over on success. */
int bank_send(struct bank *bank, struct task *task, struct error *err);
/* What a flow that ended shows of the node. A node that has not answered yet is
 * waited for longer; after that a missing answer shows nothing of it, nor does
 * a flow whose payee was away meanwhile: it waited for the payee. */
void bank_learn(struct bank *bank, const struct task *task,
		enum rpc_status status, int64_t took_us);
/* How long the next flow may take, by what the node has shown so far: a node
 * that is slow on a busy machine gets more than peers->flow_ms (patience.h). */
int bank_flow_ms(const struct bank *bank);
/* Ends the session; what is in flight ends as unknown. */
void bank_leave(struct bank *bank);
/* Nothing more will come from it. */
bool bank_over(const struct bank *bank);

void bank_queue(struct bank *bank, struct task *task);
/* How many wait that the gate is not owed. */
unsigned bank_queued_by_chance(const struct bank *bank);
/* Takes out the task at this place of the queue. */
struct task *bank_unqueue(struct bank *bank, struct task **at);

#endif
