/* SPDX-License-Identifier: Apache-2.0 */
/* corpus: test/vectors/expected test/vectors/yaml */
/* expected_fuzz.c - expected.yaml of others is read, or is an error, and one
 * more entry takes none away. */
#include <stdint.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "data/yaml_insert.h"
#include "report/expected.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ROOM = 16 * 1024 * 1024 };

static void add(const uint8_t *data, size_t size, size_t before,
		enum expected_kind kind, struct arena *a)
{
	const struct expected_entry entry = { .kind = kind,
					      .payer = "4.10",
					      .payee = "a: b",
					      .reason = "# why" };
	cleanup(buf_release) struct buf out = BUF_INIT(ROOM);
	struct expected after;
	struct yaml_node *item;
	int line;

	if (expected_item(&entry, a, &item, NULL) < 0 ||
	    yaml_insert_item("fuzz", (const char *)data, size,
			     expected_key(kind), item, a, &out, &line,
			     NULL) < 0)
		return;
	if (out.len < size ||
	    expected_parse("again", out.data, out.len, a, &after, NULL) < 0 ||
	    after.count != before + 1)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup(arena_release) struct arena a = ARENA_INIT(4 * ROOM);
	struct expected e;

	if (expected_parse("fuzz", data, size, &a, &e, NULL) < 0)
		return 0;
	if (e.count < ENTRIES_MAX) {
		add(data, size, e.count, EXPECTED_UNSUPPORTED, &a);
		add(data, size, e.count, EXPECTED_KNOWN, &a);
	}
	return 0;
}
