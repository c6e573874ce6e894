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

/* line_scan() compares no types. */
static const struct line_key keys[] = {
	{ .name = "id" },	   { .name = "kind" },
	{ .name = "payer" },	   { .name = "payee" },
	{ .name = "notary" },	   { .name = "amount" },
	{ .name = "outcome" },	   { .name = "tx" },
	{ .name = "op" },	   { .name = "payer_has" },
	{ .name = "sent_us" },	   { .name = "done_us" },
	{ .name = "intended_us" }, { .name = "currency" },
	{ .name = "error_class" }, { .name = "error_text" },
	{ .name = "flow" },	   { .name = "payee_has" },
	{ .name = "notary_has" },  { .name = "in_flight" },
};

static const struct line_form form = LINE_FORM("line", keys);

static void must(bool truth)
{
	if (!truth)
		abort();
}

static void compare(const struct js *line, const struct line_value *v)
{
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		const char *key = keys[i].name;
		const char *text = js_str(line, key);

		must(js_type(js_get(line, key)) == v[i].type);
		must(!text == !v[i].text);
		must(!text || !strcmp(text, v[i].text));
		must(js_int(line, key, 0) == v[i].number);
		must(js_bool(line, key, false) == v[i].truth);
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
	if (line_scan(text, size, &form, v)) {
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
