/* SPDX-License-Identifier: Apache-2.0 */
/* corpus: test/vectors/kube test/vectors/json */
/* finalizers_fuzz.c - whatever an object is, it is freed or it is not. */
#include <stdint.h>

#include "kube/finalizers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup(buf_release) struct buf out = BUF_INIT(1 << 20);
	cleanup(js_freep) struct js *object = NULL;

	if (js_parse("object", data, size, &object, NULL) < 0)
		return 0;
	(void)finalizers_deleting(object);
	(void)finalizers_foreign(object);
	(void)finalizers_patch(object, &out, NULL);
	finalizers_tell(object, &out);
	return 0;
}
