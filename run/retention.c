/* SPDX-License-Identifier: Apache-2.0 */
/* retention.c - which runs are kept, and for how long: "30d,last-green". */
#include "run/retention.h"

#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/duration.h"

enum { LAST_DIGITS = 5 };

static const char *const answers[RETENTION_ANSWERS] = {
	[RETENTION_PASSED] = "passed",	     [RETENTION_FAILED] = "failed",
	[RETENTION_UNDECIDED] = "undecided", [RETENTION_BROKEN] = "broken",
	[RETENTION_UNJUDGED] = "unjudged",
};

static const char *const holds[] = {
	[RETENTION_FREE] = NULL,
	[RETENTION_WORKING] = "a medley process works on it",
	[RETENTION_UP] = "its network is up: medley down",
	[RETENTION_FRESH] = "a file of it was written a moment ago",
	[RETENTION_UNKNOWN] = "its inventory cannot be read",
};

/* ---- the policy ---- */

/* A term, of `len` bytes. */
struct term {
	const char *text;
	size_t len;
};

static bool is_word(const struct term *t, const char *word)
{
	return t->len == strlen(word) && !memcmp(t->text, word, t->len);
}

/* What follows "WORD=", or false. */
static bool value_of(const struct term *t, const char *word, struct term *ret)
{
	size_t n = strlen(word);

	if (t->len <= n || memcmp(t->text, word, n) || t->text[n] != '=')
		return false;
	*ret = (struct term){ t->text + n + 1, t->len - n - 1 };
	return true;
}

/* A time of 0 would keep nothing. */
static bool read_time(const struct term *t, int64_t *to)
{
	int64_t us;

	if (!duration_read(t->text, t->len, &us) || !us)
		return false;
	*to = us > *to ? us : *to;
	return true;
}

static bool read_number(const struct term *t, unsigned *to)
{
	unsigned n = 0;

	if (!t->len || t->len > LAST_DIGITS)
		return false;
	for (size_t i = 0; i < t->len; i++) {
		if (t->text[i] < '0' || t->text[i] > '9')
			return false;
		n = n * 10 + (unsigned)(t->text[i] - '0');
	}
	*to = n > *to ? n : *to;
	return n > 0;
}

static bool read_term(const struct term *t, struct retention *r)
{
	struct term value;

	if (is_word(t, "last-green")) {
		r->last_green = true;
		return true;
	}
	if (value_of(t, "last", &value))
		return read_number(&value, &r->last);
	for (size_t i = 0; i < RETENTION_ANSWERS; i++)
		if (value_of(t, answers[i], &value))
			return read_time(&value, &r->answer_us[i]);
	return read_time(t, &r->any_us);
}

int retention_parse(const char *option, const char *text, struct retention *ret,
		    struct error *err)
{
	struct retention r = { 0 };
	struct term t = { text, 0 };

	for (;; t.text += t.len + 1) {
		t.len = strcspn(t.text, ",");
		if (!read_term(&t, &r))
			return error_set(
				err, ERROR_INPUT,
				"%s %s: '%.*s' is not a valid term; expected a "
				"time such as 30d, last-green, last=10, or an "
				"answer with a time such as failed=90d "
				"(passed, failed, undecided, broken, unjudged)",
				option, text, (int)t.len, t.text);
		if (!t.text[t.len])
			break;
	}
	*ret = r;
	return 0;
}

enum retention_answer retention_answer_of(int exit_code)
{
	switch (exit_code) {
	case 0:
		return RETENTION_PASSED;
	case 1:
		return RETENTION_FAILED;
	case 2:
		return RETENTION_UNDECIDED;
	default:
		return RETENTION_BROKEN;
	}
}

/* ---- the decision ---- */

/* Of runs of one second, the one whose name is greater is newer. */
static bool is_newer(const struct retention_run *a,
		     const struct retention_run *b)
{
	if (a->begun_us != b->begun_us)
		return a->begun_us > b->begun_us;
	return strcmp(a->name, b->name) > 0;
}

/* How many runs of its network are newer; `green`: of those that passed. */
static size_t newer_runs(const struct retention_run *runs, size_t count,
			 const struct retention_run *run, bool green)
{
	size_t n = 0;

	for (size_t i = 0; i < count; i++)
		n += !strcmp(runs[i].network, run->network) &&
		     (!green || runs[i].answer == RETENTION_PASSED) &&
		     is_newer(&runs[i], run);
	return n;
}

static void say(struct retention_verdict *v, bool kept, const char *why)
{
	v->kept = kept;
	snprintf(v->why, sizeof(v->why), "%s", why);
}

/* The first term that keeps the run. */
static void decide(const struct retention *r, const struct retention_run *runs,
		   size_t count, const struct retention_run *run,
		   int64_t now_us, struct retention_verdict *ret)
{
	const int64_t age_us = now_us - run->begun_us;
	const char *answer = answers[run->answer];

	if (run->hold != RETENTION_FREE)
		say(ret, true, holds[run->hold]);
	else if (age_us < r->any_us)
		say(ret, true, "it is young");
	else if (r->last_green && run->answer == RETENTION_PASSED &&
		 !newer_runs(runs, count, run, true))
		say(ret, true, "last-green");
	else if (r->last && newer_runs(runs, count, run, false) < r->last)
		say(ret, true, "last");
	else if (age_us < r->answer_us[run->answer])
		say(ret, true, answer);
	else
		say(ret, false, "no term keeps it");
}

void retention_decide(const struct retention *r,
		      const struct retention_run *runs, size_t count,
		      int64_t now_us, struct retention_verdict *ret)
{
	for (size_t i = 0; i < count; i++)
		decide(r, runs, count, &runs[i], now_us, &ret[i]);
}
