/* SPDX-License-Identifier: Apache-2.0 */
/* corpus: test/vectors/results */
/* results_fuzz.c - results.json may come from somebody else. */
#include <stdint.h>

#include "run/results.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ROOM = 16 * 1024 * 1024 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = ARENA_INIT(ROOM);
	struct results r;

	if (results_parse("results.json", data, size, &arena, &r, NULL) == 0)
		results_release(&r);
	arena_release(&arena);
	return 0;
}
