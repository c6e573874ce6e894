/* SPDX-License-Identifier: Apache-2.0 */
/* corpus: test/vectors/names */
/* name_fuzz.c - a legal name that is taken is written and taken again, as text
 * and as DER. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "corda/name.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool same(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static void must_be_same(const struct x500_name *a, const struct x500_name *b)
{
	if (!same(a->common_name, b->common_name) ||
	    !same(a->organisation_unit, b->organisation_unit) ||
	    !same(a->organisation, b->organisation) ||
	    !same(a->locality, b->locality) || !same(a->state, b->state) ||
	    !same(a->country, b->country))
		abort();
}

static void write_and_take(const struct x500_name *name, struct arena *arena)
{
	cleanup(buf_release) struct buf text = BUF_INIT(1 << 16);
	cleanup(buf_release) struct buf der = BUF_INIT(1 << 16);
	struct x500_name again;

	x500_name_print(name, &text);
	if (x500_name_parse(buf_text(&text), arena, &again, NULL) < 0)
		abort();
	must_be_same(name, &again);
	x500_name_der(name, &der);
	if (x500_name_from_der((struct der){ der.data, der.len }, arena, &again,
			       NULL) < 0)
		abort();
	must_be_same(name, &again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup(arena_release) struct arena arena = ARENA_INIT(1 << 20);
	cleanup(buf_release) struct buf text = BUF_INIT(1 << 16);
	struct x500_name name;

	buf_add(&text, data, size);
	if (!text.failed &&
	    x500_name_parse(buf_text(&text), &arena, &name, NULL) == 0)
		write_and_take(&name, &arena);
	if (x500_name_from_der((struct der){ data, size }, &arena, &name,
			       NULL) == 0)
		write_and_take(&name, &arena);
	return 0;
}
