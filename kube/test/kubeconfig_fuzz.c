/* SPDX-License-Identifier: Apache-2.0 */
/* corpus: test/vectors/kube test/vectors/yaml */
/* kubeconfig_fuzz.c - any text is a configuration or a reason why not. */
#include <stdint.h>
#include <stdlib.h>

#include "kube/kubeconfig.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct error err = { 0 };
	struct kubeconfig c;

	if (kubeconfig_parse("fuzz", data, size, NULL, &c, &err) < 0) {
		if (!err.kind || !err.text[0])
			abort();
		return 0;
	}
	if (!c.server || !c.context || !c.namespace)
		abort();
	kubeconfig_release(&c);
	return 0;
}
