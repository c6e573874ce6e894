/* SPDX-License-Identifier: Apache-2.0 */
/* corpus: test/vectors/images */
/* images_fuzz.c - whatever node-images.txt says, a network comes of it or an
 * error. */
#include <stdint.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "run/images.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup(buf_release) struct buf text = BUF_INIT(16 * 1024 * 1024);
	cleanup(buf_release) struct buf out = BUF_INIT(64 * 1024 * 1024);
	cleanup(arena_release) struct arena a = ARENA_INIT(64 * 1024 * 1024);
	struct built_images images;

	buf_add(&text, data, size);
	if (!text.len ||
	    built_images_parse("fuzz", buf_text(&text), &a, &images, NULL) < 0)
		return 0;
	built_images_network(&images, NULL, &out, NULL);
	for (size_t i = 0; i < images.count; i++)
		if (!built_images_find(&images, images.list[i].component,
				       images.list[i].release, NULL))
			abort();
	return 0;
}
