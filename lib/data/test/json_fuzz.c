/* SPDX-License-Identifier: Apache-2.0 */
/* corpus: test/vectors/json */
/* json_fuzz.c - what the reader takes, the writer writes and it takes again. */
#include <stdint.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "data/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup(buf_release) struct buf out = BUF_INIT(16 * 1024 * 1024);
	cleanup(js_freep) struct js *value = NULL;
	cleanup(js_freep) struct js *again = NULL;

	if (js_parse("fuzz", size ? (const void *)data : "", size, &value,
		     NULL) < 0)
		return 0;
	js_str(value, "phase");
	js_int(value, "id", 0);
	js_text(js_at(js_get(value, "nodes"), 0));
	if (js_print(value, JS_PRETTY, &out, NULL) < 0)
		return 0;
	if (js_parse("again", out.data, out.len, &again, NULL) < 0)
		abort();
	return 0;
}
