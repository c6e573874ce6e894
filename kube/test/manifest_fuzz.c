/* SPDX-License-Identifier: Apache-2.0 */
/* corpus: test/vectors/kube test/vectors/yaml */
/* manifest_fuzz.c - any text is objects whose bodies are JSON, or an error. */
#include <stdint.h>
#include <stdlib.h>

#include "data/json.h"
#include "kube/manifest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct manifest m;
	struct js *value;

	manifest_init(&m);
	if (manifest_parse(&m, "fuzz", data, size, NULL) >= 0)
		for (size_t i = 0; i < m.count; i++)
			if (js_parse("body", m.objects[i].body,
				     m.objects[i].len, &value, NULL) >= 0)
				js_free(value);
	manifest_release(&m);
	return 0;
}
