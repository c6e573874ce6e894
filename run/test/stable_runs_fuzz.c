/* SPDX-License-Identifier: Apache-2.0 */
/* corpus: test/vectors/stable-runs */
/* stable_runs_fuzz.c - stable-runs.json may come from somebody else. */
#include <stdint.h>
#include <stdlib.h>

#include "run/stable_runs.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ROOM = 16 * 1024 * 1024 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = ARENA_INIT(ROOM);
	struct stable_runs s;

	if (stable_runs_parse("stable-runs.json", data, size, &arena, &s,
			      NULL) == 0)
		for (size_t i = 0; i < s.count; i++)
			if (stable_runs_of(&s, s.cells[i].payer,
					   s.cells[i].payee,
					   s.cells[i].notary) < 0)
				abort();
	arena_release(&arena);
	return 0;
}
