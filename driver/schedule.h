/* SPDX-License-Identifier: Apache-2.0 */
/* schedule.h - who pays whom, through which notary, how much. */
#ifndef DRIVER_SCHEDULE_H
#define DRIVER_SCHEDULE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "driver/dice.h"
#include "run/records.h"

/*
 * Each payer has a stream of steps of its own, so that what a payer does
 * depends on the seed alone, not on how fast the others are. A stream begins
 * with the cover: every other bank through every notary, `gate` times, one
 * round after the other, so that no pair waits for another's last payment;
 * payers begin with different payees. Then chance takes over, without end.
 */
struct schedule_spec {
	unsigned banks; /* at least 2 */
	unsigned notaries; /* at least 1 */
	unsigned gate;
	unsigned mix[OP_KINDS]; /* weights after the cover */
	int64_t pay_min, pay_max, issue_amount;
	uint64_t seed;
};

struct schedule_step {
	enum op_kind kind;
	unsigned payee; /* the payer itself for an issue */
	unsigned notary;
	int64_t amount;
	bool cover;
};

struct schedule {
	struct schedule_spec spec;
	struct schedule_stream {
		struct dice dice;
		uint64_t steps; /* given so far */
	} *streams; /* owned, one a bank */
};

/* ERROR_LOAD when there are no two banks or no notary. */
int schedule_init(struct schedule *s, const struct schedule_spec *spec,
		  struct error *err);
void schedule_release(struct schedule *s);

/* Steps of the cover, of one payer. */
uint64_t schedule_cover(const struct schedule *s);
bool schedule_covered(const struct schedule *s, unsigned payer);
void schedule_next(struct schedule *s, unsigned payer,
		   struct schedule_step *ret);

#endif
