/* SPDX-License-Identifier: Apache-2.0 */
/* corpus: test/vectors/json */
/* podman_listing_fuzz.c - whatever podman lists, it is of runs or of nobody. */
#include <stdint.h>

#include "engine/podman/podman_listing.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct podman_listing l;

	podman_listing_init(&l);
	(void)podman_listing_add(&l, "pod", data, size, NULL);
	podman_listing_release(&l);
	return 0;
}
