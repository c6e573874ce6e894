/* SPDX-License-Identifier: Apache-2.0 */
/* drive_record.c - a task that ended becomes a line of history. */
#include "driver/drive.h"

#include <stdio.h>
#include <string.h>

#include "sys/clock.h"

enum { TEXT_MAX = 600 };

/* Bytes of the UTF-8 character at p; 0 when it is none. */
static size_t utf8_width(const unsigned char *p)
{
	size_t n = *p < 0x80   ? 1
		   : *p < 0xc2 ? 0
		   : *p < 0xe0 ? 2
		   : *p < 0xf0 ? 3
		   : *p < 0xf5 ? 4
			       : 0;

	for (size_t i = 1; i < n; i++)
		if (p[i] >> 6 != 2)
			return 0;
	if ((*p == 0xe0 && p[1] < 0xa0) || (*p == 0xed && p[1] > 0x9f) ||
	    (*p == 0xf0 && p[1] < 0x90) || (*p == 0xf4 && p[1] > 0x8f))
		return 0;
	return n;
}

/* One line of valid UTF-8, cut at a character; NULL stays NULL. */
static const char *mend(const char *text, char room[TEXT_MAX])
{
	size_t at = 0;

	if (!text)
		return NULL;
	while (*text && at + 5 < TEXT_MAX) {
		size_t n = utf8_width((const unsigned char *)text);

		if (n == 0 || (unsigned char)*text < ' ')
			room[at++] = n ? ' ' : '?';
		else
			memcpy(room + at, text, n), at += n;
		text += n ? n : 1;
	}
	room[at] = 0;
	return room;
}

int drive_record(struct drive *d, const struct task *task,
		 const struct task_end *end, int64_t done_wall_us,
		 struct error *err)
{
	char class_room[TEXT_MAX], text_room[TEXT_MAX];
	const struct operation op = {
		.id = task->id,
		.kind = task->kind,
		.payer = task->bank->node->name,
		.payee = d->bank_nodes[task->payee]->name,
		.notary = d->notary_nodes[task->notary]->name,
		.amount = task->amount,
		.currency = d->net->load.currency,
		.intended_us = task->intended_wall_us,
		.sent_us = task->sent_wall_us,
		.done_us = done_wall_us,
		.outcome = end->outcome,
		.error_class = mend(end->error_class, class_room),
		.error_text = mend(end->error_text, text_room),
		.flow = end->flow,
		.tx = end->tx,
	};

	return history_write(d->history, &op, err);
}

static uint64_t payments_planned(const struct drive *d)
{
	const struct load *load = &d->net->load;
	uint64_t cover = schedule_cover(&d->schedule) * d->bank_count;

	if (load->count > 0 && (uint64_t)load->count > cover)
		return load->count;
	return load->seconds > 0 ? 0 : cover;
}

static void report_paying(struct drive *d)
{
	uint64_t done = d->tally.score.counts.payments;
	uint64_t planned = payments_planned(d);
	double seconds = tally_seconds(&d->tally);
	unsigned covered, cells;
	char of[32] = "";

	if (planned)
		snprintf(of, sizeof(of), "/%llu", (unsigned long long)planned);
	tally_cells(&d->tally, &covered, &cells);
	progress_say(d->progress, done, planned, d->net->load.seconds,
		     "%llu%s payments  %u/%u cells  %.1f/s  p50 %.1f s",
		     (unsigned long long)done, of, covered, cells,
		     seconds > 0 ? done / seconds : 0,
		     tally_median_us(&d->tally) / 1e6);
}

static unsigned ready_banks(const struct drive *d)
{
	unsigned n = 0;

	for (unsigned i = 0; i < d->bank_count; i++)
		n += d->banks[i].state == BANK_READY;
	return n;
}

int drive_say(struct drive *d, bool now, struct error *err)
{
	const uint64_t *issued = d->tally.outcomes[op_kind_of_funding()];
	uint64_t done = issued[OUTCOME_OK] + issued[OUTCOME_FAIL] +
			issued[OUTCOME_UNKNOWN];
	int64_t us = clock_mono_us();

	if (!now && us - d->said_us < 1000000)
		return 0;
	d->said_us = us;
	if (history_flush(d->history, err) < 0)
		return -1;
	if (d->phase == DRIVE_OPENING)
		progress_say(d->progress, 0, 0, 0, "%u/%u banks answer",
			     ready_banks(d), d->bank_count);
	else if (d->phase == DRIVE_FUNDING)
		progress_say(d->progress, 0, 0, 0, "%llu/%llu coins issued",
			     (unsigned long long)done,
			     (unsigned long long)d->funding_total);
	else
		report_paying(d);
	return 0;
}
