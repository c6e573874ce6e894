/* SPDX-License-Identifier: Apache-2.0 */
/* corpus: test/vectors/json */
/* leftovers_fuzz.c - whatever podman lists, it is of runs or of nobody. */
#include <stdint.h>

#include "deploy/leftovers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct leftovers l;

	leftovers_init(&l);
	(void)leftovers_add(&l, "pod", data, size, NULL);
	leftovers_release(&l);
	return 0;
}
