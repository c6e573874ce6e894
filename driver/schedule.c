/* SPDX-License-Identifier: Apache-2.0 */
/* schedule.c - who pays whom, through which notary, how much. */
#include "driver/schedule.h"
#include "base/counted.h"

#include <stdlib.h>

int schedule_init(struct schedule *s, const struct schedule_spec *spec,
		  struct error *err)
{
	struct dice seeds = { spec->seed };

	if (spec->banks < 2 || spec->notaries < 1)
		return error_set(err, ERROR_LOAD,
				 "a payment needs two banks and a notary, but "
				 "%lld %s and %lld %s run",
				 COUNTED(spec->banks, "bank"),
				 COUNTED_AS(spec->notaries, "notary",
					    "notaries"));
	s->spec = *spec;
	s->streams = calloc(spec->banks, sizeof(*s->streams));
	if (!s->streams)
		return error_nomem(err);
	for (unsigned i = 0; i < spec->banks; i++)
		s->streams[i].dice.state = dice_next(&seeds);
	return 0;
}

void schedule_release(struct schedule *s)
{
	free(s->streams);
	s->streams = NULL;
}

/* By the weights of the mix. */
static enum op_kind random_kind(const struct schedule_spec *spec,
				struct dice *d)
{
	uint64_t sum = 0, at;
	int kind = 0;

	for (int i = 0; i < OP_KINDS; i++)
		sum += spec->mix[i];
	at = dice_below(d, sum);
	while (at >= spec->mix[kind])
		at -= spec->mix[kind++];
	return (enum op_kind)kind;
}

uint64_t schedule_cover(const struct schedule *s)
{
	return (uint64_t)s->spec.gate * s->spec.notaries * (s->spec.banks - 1);
}

bool schedule_covered(const struct schedule *s, unsigned payer)
{
	return s->streams[payer].steps >= schedule_cover(s);
}

static int64_t random_amount(const struct schedule_spec *spec, struct dice *d)
{
	uint64_t range = spec->pay_max - spec->pay_min + 1;

	return spec->pay_min + (int64_t)dice_below(d, range);
}

void schedule_next(struct schedule *s, unsigned payer,
		   struct schedule_step *ret)
{
	const struct schedule_spec *spec = &s->spec;
	struct schedule_stream *stream = &s->streams[payer];
	uint64_t pairs = (uint64_t)spec->notaries * (spec->banks - 1);
	uint64_t at = stream->steps++ % pairs;

	ret->cover = stream->steps <= schedule_cover(s);
	if (!ret->cover)
		at = dice_below(&stream->dice, pairs);
	ret->kind = op_kind_of_cover();
	ret->notary = at % spec->notaries;
	ret->payee = (payer + 1 + at / spec->notaries) % spec->banks;
	ret->amount = random_amount(spec, &stream->dice);
	if (!ret->cover)
		ret->kind = random_kind(spec, &stream->dice);
	if (!op_has_payee(ret->kind))
		ret->payee = payer;
	if (op_makes_coins(ret->kind))
		ret->amount = spec->issue_amount;
}
