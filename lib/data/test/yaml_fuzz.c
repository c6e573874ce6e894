/* SPDX-License-Identifier: Apache-2.0 */
/* corpus: test/vectors/yaml examples */
/* yaml_fuzz.c - what the reader takes, the writer writes and it takes again. */
#include <stdint.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "data/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup(buf_release) struct buf out = BUF_INIT(16 * 1024 * 1024);
	cleanup(arena_release) struct arena a = ARENA_INIT(64 * 1024 * 1024);
	struct yaml_file file, again;

	if (yaml_parse("fuzz", data, size, &a, &file, NULL) < 0)
		return 0;
	for (size_t i = 0; i < file.count; i++) {
		const struct yaml_node *root = file.documents[i];

		buf_clear(&out);
		yaml_write(&out, root, 0);
		if (out.failed || root->type == YAML_SCALAR)
			continue;
		if (yaml_parse("again", buf_text(&out), out.len, &a, &again,
			       NULL) < 0 ||
		    again.count != 1 ||
		    again.documents[0]->count != root->count)
			abort();
	}
	return 0;
}
