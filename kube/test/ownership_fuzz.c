/* SPDX-License-Identifier: Apache-2.0 */
/* corpus: test/vectors/kube test/vectors/json */
/* ownership_fuzz.c - whatever an object is, a patch of its owners is made. */
#include <stdint.h>

#include "kube/ownership.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup(buf_release) struct buf out = BUF_INIT(1 << 20);
	cleanup(js_freep) struct js *object = NULL;

	if (js_parse("object", data, size, &object, NULL) < 0)
		return 0;
	(void)ownership_is_creators(object);
	(void)ownership_patch(object, &out, NULL);
	return 0;
}
