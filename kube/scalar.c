/* SPDX-License-Identifier: Apache-2.0 */
/* scalar.c - the type of a scalar in a manifest, as kubectl reads it. */
#include "kube/scalar.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "data/json.h"

/* True for a number as JSON writes it, without leading zeros. */
static bool is_number(const char *t)
{
	size_t digits;

	t += *t == '-';
	digits = strspn(t, "0123456789");
	if (!digits || (digits > 1 && *t == '0'))
		return false;
	t += digits;
	if (*t == '.') {
		digits = strspn(++t, "0123456789");
		if (!digits)
			return false;
		t += digits;
	}
	if (*t == 'e' || *t == 'E') {
		t++;
		t += *t == '+' || *t == '-';
		digits = strspn(t, "0123456789");
		if (!digits)
			return false;
		t += digits;
	}
	return !*t;
}

static bool is_one_of(const char *text, const char *const *words)
{
	for (; *words; words++)
		if (!strcasecmp(text, *words))
			return true;
	return false;
}

enum scalar_type scalar_type(const struct yaml_node *scalar)
{
	static const char *const yes[] = { "true", "yes", "on", NULL };
	static const char *const no[] = { "false", "no", "off", NULL };
	const char *t = scalar->text;

	if (!scalar->plain)
		return SCALAR_TEXT;
	if (is_one_of(t, yes))
		return SCALAR_TRUE;
	if (is_one_of(t, no))
		return SCALAR_FALSE;
	if (yaml_is_null(scalar))
		return SCALAR_NULL;
	if (t[0] == '0' && t[1] && !t[1 + strspn(t + 1, "01234567")])
		return SCALAR_OCTAL;
	return is_number(t) ? SCALAR_NUMBER : SCALAR_TEXT;
}

void scalar_add_json(struct buf *out, const struct yaml_node *scalar)
{
	switch (scalar_type(scalar)) {
	case SCALAR_TEXT:
		js_quote(out, scalar->text);
		break;
	case SCALAR_NUMBER:
		buf_add_str(out, scalar->text);
		break;
	case SCALAR_OCTAL:
		buf_addf(out, "%ld", strtol(scalar->text, NULL, 8));
		break;
	case SCALAR_TRUE:
		buf_add_str(out, "true");
		break;
	case SCALAR_FALSE:
		buf_add_str(out, "false");
		break;
	case SCALAR_NULL:
		buf_add_str(out, "null");
		break;
	}
}
