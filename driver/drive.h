/* SPDX-License-Identifier: Apache-2.0 */
/* drive.h - the load: all banks at work on one loop, from start to end. */
#ifndef DRIVER_DRIVE_H
#define DRIVER_DRIVE_H

#include "base/arena.h"
#include "base/error.h"
#include "base/progress.h"
#include "driver/bank.h"
#include "driver/schedule.h"
#include "driver/tally.h"
#include "run/network.h"

enum drive_phase {
	DRIVE_OPENING, /* sessions with all banks, or they are gone */
	DRIVE_FUNDING, /* each bank issues its first coins */
	DRIVE_PAYING,
	DRIVE_LEAVING /* nothing in flight; sessions are being closed */
};

struct drive {
	const char *run_dir;
	const struct network *net;
	struct progress *progress; /* or NULL */
	struct arena *arena;
	struct loop *loop;
	enum drive_phase phase;
	bool stopping; /* interrupted, or history cannot be written */
	int rc; /* of err: 0, or -1 once something ended the load */
	struct error err;
	struct bank *banks; /* that run */
	const struct network_node **bank_nodes, **notary_nodes;
	unsigned bank_count, notary_count;
	struct bank_peers peers;
	struct schedule schedule;
	struct tally tally;
	struct history_writer *history; /* owned */
	uint64_t funding_total;
	uint64_t *chance_left; /* payments by bank, where a count is set */
	uint64_t due; /* payments that have come due, with a rate */
	int64_t started_us; /* of DRIVE_PAYING */
	int64_t said_us;
};

/* Puts the node lists, banks, schedule and tally together; everything lives
 * in `arena`. Connects nothing yet. */
int drive_init(struct drive *d, const char *run_dir, const struct network *net,
	       struct progress *progress, struct arena *arena,
	       struct error *err);

/*
 * Runs the load to its end. 0 also when payments failed; ERROR_LOAD when none
 * could be driven, ERROR_INTERRUPTED when the user asked to stop. The tally
 * holds what was done in any case.
 */
int drive_run(struct drive *d, struct error *err);
void drive_release(struct drive *d);

/* Inside the room: writes the line of a task that ended. Texts that are not
 * UTF-8, or long, are mended. */
int drive_record(struct drive *d, const struct task *task,
		 const struct task_end *end, int64_t done_wall_us,
		 struct error *err);
/* A short line for people, once a second or when `now`. What it counts is in
 * history.jsonl; -1 when that cannot be written. */
int drive_say(struct drive *d, bool now, struct error *err);

#endif
