/* SPDX-License-Identifier: Apache-2.0 */
/* corpus: test/vectors/kube test/vectors/json */
/* view_fuzz.c - any stream is events or an error; any object has a state. */
#include <stdint.h>

#include "kube/trouble.h"
#include "kube/view.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kube_trouble t;
	struct view v;

	view_init(&v);
	(void)view_feed(&v, data, size / 2, NULL);
	(void)view_feed(&v, data + size / 2, size - size / 2, NULL);
	for (size_t i = 0; i < v.count; i++) {
		(void)kube_trouble_of_pod(v.objects[i], &t);
		(void)kube_trouble_of_event(v.objects[i], &t);
		(void)kube_pod_ready(v.objects[i]);
	}
	view_release(&v);
	return 0;
}
