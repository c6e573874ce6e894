/* SPDX-License-Identifier: Apache-2.0 */
/* corpus: test/vectors/report/red test/vectors/report/green */
/* line_reader_fuzz.c - a line that is read in place means what the JSON library
 * says it means. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "data/json.h"
#include "run/line_reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const keys[] = {
	"id",	      "kind",	 "payer",	"payee",      "notary",
	"amount",     "outcome", "tx",		"op",	      "payer_has",
	"sent_us",    "done_us", "intended_us", "currency",   "error_class",
	"error_text", "flow",	 "payee_has",	"notary_has", "in_flight",
};

static void must(bool truth)
{
	if (!truth)
		abort();
}

static void compare(const struct js *line, const struct line_value *v)
{
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		const char *text = js_str(line, keys[i]);

		must(!text == !v[i].text);
		must(!text || !strcmp(text, v[i].text));
		must(js_int(line, keys[i], 0) == v[i].number);
		must(js_bool(line, keys[i], false) == v[i].truth);
	}
}

static void one_line(const uint8_t *data, size_t size)
{
	struct line_value v[ARRAY_SIZE(keys)];
	cleanup(js_freep) struct js *line = NULL;
	char *text = malloc(size + 1);

	must(text != NULL);
	memcpy(text, data, size);
	text[size] = 0;
	if (line_scan(text, size, keys, ARRAY_SIZE(keys), v)) {
		must(js_parse("line", data, size, &line, NULL) >= 0);
		compare(line, v);
	} else {
		must(!memcmp(text, data, size));
	}
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	while (size) {
		const uint8_t *end = memchr(data, '\n', size);
		size_t len = end ? (size_t)(end - data) : size;

		one_line(data, len);
		data += len + (end != NULL);
		size -= len + (end != NULL);
	}
	return 0;
}
