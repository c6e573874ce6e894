/* SPDX-License-Identifier: Apache-2.0 */
/* corpus: test/vectors/reproduce */
/* reproduction_fuzz.c - a results.json from somebody else is repeated. */
#include <stdint.h>

#include "run/reproduction.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ROOM = 64 * 1024 * 1024 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = ARENA_INIT(ROOM);
	struct reproduction r;
	struct js *root;

	if (js_parse("results.json", data, size, &root, NULL) == 0) {
		if (reproduction_parse("results.json", root, &arena, &r,
				       NULL) == 0) {
			js_free(reproduction_json(&r));
			(void)reproduction_narrow(&r, "4.0:4.10:4.5", &arena,
						  NULL);
		}
		js_free(root);
	}
	arena_release(&arena);
	return 0;
}
