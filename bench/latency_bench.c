/* SPDX-License-Identifier: Apache-2.0 */
/* latency_bench.c - percentiles by histograms, and by keeping and sorting.
 *
 * Usage: latency_bench HOW PAYMENTS PARTS
 *
 * live, live-sorted	  what a driver does: it adds the times of payments, and
 *			  asks for the median PARTS times meanwhile.
 * cells, cells-sorted	  what a report does: it adds the two times of each
 *			  payment to one of PARTS cells, and asks for their
 *			  percentiles at the end.
 * draw			  neither: what drawing the times takes.
 *
 * Times are drawn by chance, as payments take them: 0.3 s at least, most of
 * them about 3 s. Prints one line of JSON, with the peak of this process.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "run/score.h"
#include "stats/test/samples.h"
#include "sys/clock.h"

enum { ROOM_FOR_TEXT = 256 * 1024 };

static const size_t arena_max = (size_t)1 << 30;

struct work {
	size_t payments, parts;
	uint64_t seed;
	struct arena arena;
	int64_t worst_us; /* a question while payments are added */
	int64_t ask_us; /* all questions */
	int64_t p50, p99; /* of all payments, or of the first cell */
	size_t text; /* bytes of all histograms in results.json */
};

/* What was kept and sorted. */
struct kept {
	int64_t *v;
	size_t count, room;
};

static void must(int done)
{
	if (!done) {
		fputs("out of memory\n", stderr);
		exit(70);
	}
}

static void kept_add(struct kept *k, int64_t v)
{
	if (k->count == k->room) {
		k->room = k->room ? k->room * 2 : 256;
		k->v = realloc(k->v, k->room * sizeof(*k->v));
		must(k->v != NULL);
	}
	k->v[k->count++] = v;
}

static int64_t kept_percentile(struct kept *k, unsigned permille)
{
	qsort(k->v, k->count, sizeof(*k->v), samples_by_value);
	return samples_exact(k->v, k->count, permille);
}

static void asked(struct work *w, int64_t began)
{
	int64_t us = clock_mono_us() - began;

	w->ask_us += us;
	if (us > w->worst_us)
		w->worst_us = us;
}

static void draw(struct work *w)
{
	for (size_t i = 0; i < w->payments; i++)
		w->p50 += sample_skewed(&w->seed) & 1;
}

/* ---- what a driver does ---- */

static void live_sorted(struct work *w)
{
	struct kept k = { 0 };
	size_t each = w->payments / w->parts;

	for (size_t i = 1; i <= w->payments; i++) {
		int64_t began;

		kept_add(&k, sample_skewed(&w->seed));
		if (i % each)
			continue;
		began = clock_mono_us();
		w->p50 = kept_percentile(&k, 500);
		asked(w, began);
	}
	w->p99 = kept_percentile(&k, 990);
	free(k.v);
}

static void live(struct work *w)
{
	struct histogram h = HISTOGRAM_INIT(&w->arena);
	size_t each = w->payments / w->parts;

	for (size_t i = 1; i <= w->payments; i++) {
		int64_t began;

		must(histogram_add(&h, sample_skewed(&w->seed), NULL) == 0);
		if (i % each)
			continue;
		began = clock_mono_us();
		w->p50 = histogram_percentile(&h, 500);
		asked(w, began);
	}
	w->p99 = histogram_percentile(&h, 990);
}

/* ---- what a report does ---- */

static void cells_sorted(struct work *w)
{
	struct kept *k = calloc(w->parts, 2 * sizeof(*k));
	int64_t began;

	must(k != NULL);
	for (size_t i = 0; i < w->payments; i++) {
		int64_t us = sample_skewed(&w->seed);

		kept_add(&k[i % w->parts * 2], us);
		kept_add(&k[i % w->parts * 2 + 1], us + us / 4);
	}
	began = clock_mono_us();
	for (size_t i = 0; i < w->parts * 2; i++) {
		(void)kept_percentile(&k[i], 500);
		w->p99 = kept_percentile(&k[i], 990);
	}
	asked(w, began);
	w->p50 = kept_percentile(&k[0], 500);
	w->p99 = kept_percentile(&k[0], 990);
	for (size_t i = 0; i < w->parts * 2; i++)
		free(k[i].v);
	free(k);
}

static size_t text_of(const struct histogram *h)
{
	struct buf text = BUF_INIT(ROOM_FOR_TEXT);
	size_t len;

	histogram_print(h, &text);
	must(!text.failed);
	len = text.len;
	buf_release(&text);
	return len;
}

static void cells(struct work *w)
{
	struct score *s =
		arena_array(&w->arena, w->parts, sizeof(struct score));
	struct operation op = { .outcome = OUTCOME_OK, .intended_us = 1 };
	int64_t began;

	must(s != NULL);
	for (size_t i = 0; i < w->parts; i++)
		s[i] = (struct score)SCORE_INIT(&w->arena);
	for (size_t i = 0; i < w->payments; i++) {
		int64_t us = sample_skewed(&w->seed);

		op.id = i + 1;
		op.sent_us = 1 + us / 4;
		op.done_us = op.sent_us + us;
		must(score_add(&s[i % w->parts], &op, NULL, FATE_SETTLED,
			       NULL) == 0);
	}
	began = clock_mono_us();
	for (size_t i = w->parts; i-- > 0;) {
		w->p99 = histogram_summary(&s[i].latency).p99;
		w->p50 = histogram_summary(&s[i].service).p50;
		w->p99 = histogram_summary(&s[i].service).p99;
	}
	asked(w, began);
	for (size_t i = 0; i < w->parts; i++)
		w->text += text_of(&s[i].latency) + text_of(&s[i].service);
}

static const struct {
	const char *name;
	void (*run)(struct work *w);
} ways[] = {
	{ "draw", draw },
	{ "live", live },
	{ "live-sorted", live_sorted },
	{ "cells", cells },
	{ "cells-sorted", cells_sorted },
};

static double seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static void measure(const char *name, void (*run)(struct work *w),
		    struct work *w)
{
	struct rusage used;

	arena_init(&w->arena, arena_max);
	run(w);
	getrusage(RUSAGE_SELF, &used);
	printf("{\"how\":\"%s\",\"payments\":%zu,\"parts\":%zu,"
	       "\"cpu_seconds\":%.6f,\"ask_seconds\":%.6f,\"worst_ms\":%.3f,"
	       "\"peak_kib\":%ld,\"p50\":%" PRId64 ",\"p99\":%" PRId64
	       ",\"text\":%zu}\n",
	       name, w->payments, w->parts,
	       seconds(used.ru_utime) + seconds(used.ru_stime),
	       (double)w->ask_us / 1e6, (double)w->worst_us / 1e3,
	       used.ru_maxrss, w->p50, w->p99, w->text);
	arena_release(&w->arena);
}

int main(int argc, char **argv)
{
	struct work w = { .seed = 1 };

	if (argc != 4)
		return 64;
	w.payments = strtoul(argv[2], NULL, 10);
	w.parts = strtoul(argv[3], NULL, 10);
	if (!w.parts || w.payments < w.parts)
		return 64;
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++)
		if (!strcmp(argv[1], ways[i].name)) {
			measure(ways[i].name, ways[i].run, &w);
			return 0;
		}
	return 64;
}
