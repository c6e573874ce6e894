/* SPDX-License-Identifier: Apache-2.0 */
/* corpus: test/vectors/bisect */
/* bisect_state_fuzz.c - bisect.json may have been edited. */
#include <stdint.h>

#include "run/bisect_state.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ROOM = 16 * 1024 * 1024 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = ARENA_INIT(ROOM);
	struct buf log = BUF_INIT(ROOM);
	struct bisect_state s;

	if (bisect_state_parse("bisect.json", data, size, &arena, &s, NULL) ==
	    0) {
		bisect_log_write(&s, &log);
		js_free(bisect_state_json(&s));
	}
	buf_release(&log);
	arena_release(&arena);
	return 0;
}
