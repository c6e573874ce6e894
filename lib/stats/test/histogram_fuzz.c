/* SPDX-License-Identifier: Apache-2.0 */
/* corpus: test/vectors/histogram */
/* histogram_fuzz.c - what is read as a histogram is written so again, has
 * percentiles in order, and merges. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "stats/histogram.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ROOM = 1024 * 1024 };

static void must(bool right)
{
	if (!right)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup(arena_release) struct arena a = ARENA_INIT(ROOM);
	cleanup(buf_release) struct buf out = BUF_INIT(ROOM);
	struct histogram h = HISTOGRAM_INIT(&a), again = HISTOGRAM_INIT(&a);
	const char *text = arena_strndup(&a, (const char *)data, size);
	int64_t last = 0;

	if (!text || histogram_parse(text, &h, NULL) < 0)
		return 0;
	histogram_print(&h, &out);
	must(histogram_parse(buf_text(&out), &again, NULL) == 0);
	for (unsigned p = 0; p <= 1000; p += 50) {
		int64_t value = histogram_percentile(&h, p);

		must(value >= last && value >= h.min && value <= h.max);
		must(value == histogram_percentile(&again, p));
		last = value;
	}
	must(histogram_merge(&again, &h, NULL) == 0 ||
	     h.count > HISTOGRAM_COUNT_MAX / 2);
	return 0;
}
