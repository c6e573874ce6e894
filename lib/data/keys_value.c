/* SPDX-License-Identifier: Apache-2.0 */
/* keys_value.c - single values of keys: parsed, printed, described. */
#include "data/keys_value.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sys/clock.h"

int key_choice(const struct key *k, const char *text)
{
	const char *p = k->choices;
	size_t len = strlen(text);

	for (int i = 0; *p; i++) {
		size_t n = strcspn(p, " ");

		if (n == len && !memcmp(p, text, n))
			return i;
		p += n + (p[n] == ' ');
	}
	return -1;
}

static int parse_whole(const struct key *k, const char *text, int64_t *ret)
{
	char *end;

	if (strspn(text, "0123456789") != strlen(text) || !*text)
		return -1;
	errno = 0;
	*ret = strtoll(text, &end, 10);
	return errno || *ret < k->min || *ret > k->max ? -1 : 0;
}

static int parse_seed(const char *text, uint64_t *ret)
{
	if (strspn(text, "0123456789") != strlen(text) || !*text)
		return -1;
	errno = 0;
	*ret = strtoull(text, NULL, 10);
	return errno ? -1 : 0;
}

/* "100", "100.5" or "100.50" */
static int parse_amount(const struct key *k, const char *text, int64_t *ret)
{
	size_t whole = strspn(text, "0123456789");
	size_t part = text[whole] ? strspn(text + whole + 1, "0123456789") : 0;
	int64_t v = 0;

	if (!whole || whole > 12 || part > 2 ||
	    (text[whole] && (text[whole] != '.' || !part)) ||
	    (text[whole] && text[whole + 1 + part]))
		return -1;
	for (size_t i = 0; i < whole; i++)
		v = v * 10 + (text[i] - '0');
	for (size_t i = 0; i < 2; i++)
		v = v * 10 + (i < part ? text[whole + 1 + i] - '0' : 0);
	*ret = v;
	return (double)v < k->min * 100 || (double)v > k->max * 100 ? -1 : 0;
}

static int parse_range(const struct key *k, const char *text, int64_t *ret)
{
	char low[32], high[32];

	if (sscanf(text, "[%31[0-9.], %31[0-9.]]", low, high) != 2)
		return -1;
	return parse_amount(k, low, &ret[0]) < 0 ||
			       parse_amount(k, high, &ret[1]) < 0
		       ? -1
		       : 0;
}

static int parse_real(const struct key *k, const char *text, double *ret)
{
	if (strspn(text, "0123456789.") != strlen(text) || !*text)
		return -1;
	char *end;

	*ret = strtod(text, &end);
	return *end || !isfinite(*ret) || *ret < k->min || *ret > k->max ? -1
									 : 0;
}

static int parse_date(const char *text, int64_t *ret)
{
	int64_t us;

	if (!clock_read_day(text, &us) || us <= 0)
		return -1;
	*ret = us;
	return 0;
}

static int parse_bool(const char *text, bool *ret)
{
	*ret = !strcmp(text, "true");
	return *ret || !strcmp(text, "false") ? 0 : -1;
}

int key_parse(const struct key *k, const char *text, void *member)
{
	int64_t v;

	switch (k->type) {
	case KEY_BOOL:
		return parse_bool(text, member);
	case KEY_INT:
	case KEY_UNSIGNED:
		if (parse_whole(k, text, &v) < 0 || v > INT32_MAX)
			return -1;
		*(int *)member = (int)v;
		return 0;
	case KEY_CHOICE:
		v = key_choice(k, text);
		if (v >= 0)
			*(int *)member = (int)v;
		return v < 0 ? -1 : 0;
	case KEY_LONG:
		return parse_whole(k, text, member);
	case KEY_SEED:
		return parse_seed(text, member);
	case KEY_REAL:
		return parse_real(k, text, member);
	case KEY_AMOUNT:
		return parse_amount(k, text, member);
	case KEY_DATE:
		return parse_date(text, member);
	case KEY_RANGE:
		return parse_range(k, text, member);
	default:
		return -1;
	}
}

static void expected_choice(const struct key *k, char room[KEY_EXPECTED])
{
	size_t len;
	char *p;

	len = (size_t)snprintf(room, KEY_EXPECTED, "%s%s",
			       strchr(k->choices, ' ') ? "one of " : "",
			       k->choices);
	for (p = room + (len - strlen(k->choices)); (p = strchr(p, ' ')); p++)
		*p = '|';
}

void key_expected(const struct key *k, char room[KEY_EXPECTED])
{
	const size_t n = KEY_EXPECTED;

	if (k->choices) {
		expected_choice(k, room);
		return;
	}
	switch (k->type) {
	case KEY_BOOL:
		snprintf(room, n, "true or false");
		break;
	case KEY_INT:
	case KEY_UNSIGNED:
	case KEY_LONG:
		snprintf(room, n, "a whole number from %.0f to %.0f", k->min,
			 k->max);
		break;
	case KEY_SEED:
		snprintf(room, n, "a whole number from 0 to %" PRIu64,
			 UINT64_MAX);
		break;
	case KEY_REAL:
		snprintf(room, n, "a number from %g to %g", k->min, k->max);
		break;
	case KEY_AMOUNT:
		snprintf(room, n, "an amount from %.2f to %.0f", k->min,
			 k->max);
		break;
	case KEY_DATE:
		snprintf(room, n, "a date such as 2026-12-31");
		break;
	case KEY_RANGE:
		snprintf(room, n, "two amounts, [least, most]");
		break;
	case KEY_PAIRS:
		snprintf(room, n, "a map of at most %.0f texts", k->max);
		break;
	case KEY_MAP:
		snprintf(room, n, "a map");
		break;
	case KEY_LIST:
		snprintf(room, n, "a list of %.0f to %.0f", k->min, k->max);
		break;
	default:
		snprintf(room, n, "a text");
	}
}

static void print_amount(int64_t v, struct buf *out)
{
	buf_addf(out, "%" PRId64 ".%02" PRId64, v / 100, v % 100);
}

static void print_choice(const struct key *k, int index, struct buf *out)
{
	const char *p = k->choices;

	for (; index > 0; index--)
		p += strcspn(p, " ") + 1;
	buf_add(out, p, strcspn(p, " "));
}

/* A real number that reads back the same, and never in powers of ten. */
static void print_real(double v, struct buf *out)
{
	char text[64];
	size_t len = (size_t)snprintf(text, sizeof(text), "%.6f", v);

	while (text[len - 1] == '0')
		len--;
	len -= text[len - 1] == '.';
	buf_add(out, text, len);
}

void key_print(const struct key *k, const void *member, struct buf *out)
{
	const int64_t *v = member;
	char day[CLOCK_TEXT];

	switch (k->type) {
	case KEY_TEXT:
		yaml_quote(out, *(const char *const *)member);
		break;
	case KEY_CHOICE:
		print_choice(k, *(const int *)member, out);
		break;
	case KEY_BOOL:
		buf_add_str(out, *(const bool *)member ? "true" : "false");
		break;
	case KEY_INT:
	case KEY_UNSIGNED:
		buf_addf(out, "%d", *(const int *)member);
		break;
	case KEY_LONG:
		buf_addf(out, "%" PRId64, *v);
		break;
	case KEY_SEED:
		buf_addf(out, "%" PRIu64, *(const uint64_t *)member);
		break;
	case KEY_REAL:
		print_real(*(const double *)member, out);
		break;
	case KEY_AMOUNT:
		print_amount(*v, out);
		break;
	case KEY_DATE:
		buf_add_str(out, clock_day(day, *v));
		break;
	case KEY_RANGE:
		buf_add_str(out, "[");
		print_amount(v[0], out);
		buf_add_str(out, ", ");
		print_amount(v[1], out);
		buf_add_str(out, "]");
		break;
	default:
		break;
	}
}
