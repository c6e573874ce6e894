/* SPDX-License-Identifier: Apache-2.0 */
/* phases.c - the lines of phases.jsonl. */
#include <string.h>

#include "run/line_reader.h"
#include "run/lines.h"
#include "run/records.h"

/* 31 years: no sum of phases comes near what microseconds can count. */
enum { SECONDS_MAX = 1000000000 };

static const char phase_file[] = "phases.jsonl";

int phase_append(const char *run_dir, const struct phase *p, struct error *err)
{
	struct js *line = js_object();

	js_set_str(line, "phase", p->name);
	js_set_num(line, "seconds", p->seconds);
	lines_set_text(line, "summary", p->summary);
	js_set_bool(line, "ok", !p->error);
	lines_set_text(line, "error", p->error);
	js_set_str(line, "kind", p->error ? error_kind_word(p->kind) : NULL);
	js_set_num(line, "cpu_pressure", p->cpu_pressure);
	if (p->details)
		js_set(line, "details", js_copy(p->details));
	return lines_append(run_dir, phase_file, line, err);
}

/* One more than the last one of that name before. */
static unsigned next_sequence(const struct line_list *before, const char *name)
{
	const struct phase *p = before->items;

	for (size_t i = before->count; i-- > 0;)
		if (!strcmp(p[i].name, name))
			return p[i].sequence + 1;
	return 1;
}

static const struct line_key keys[] = {
	{ "phase", JS_TEXT, true },	    { "seconds", JS_REAL, false },
	{ "summary", JS_TEXT, false },	    { "ok", JS_BOOL, false },
	{ "error", JS_TEXT, false },	    { "kind", JS_TEXT, false },
	{ "cpu_pressure", JS_REAL, false }, { "details", JS_OBJECT, false },
};

static const struct line_form form = LINE_FORM("phase", keys);

static int phase_line(const struct js *line, void *ctx, struct error *err)
{
	struct line_list *list = ctx;
	const char *name = js_str(line, "phase");
	const char *kind = js_str(line, "kind");
	bool failed = false;
	const char *own;
	struct phase *p;
	unsigned sequence;
	double seconds;

	if (line_check(line, &form, err) < 0)
		return -1;
	if (kind && !error_kind_of_word(kind))
		return error_set(err, ERROR_INPUT,
				 "not a valid phase: kind \"%s\" is unknown",
				 kind);
	if (!js_bool(line, "ok", true) && !js_str(line, "error"))
		return error_set(err, ERROR_INPUT,
				 "not a valid phase: it failed, and the text "
				 "of its error is missing");
	seconds = js_num(line, "seconds", 0);
	if (!(seconds >= 0 && seconds <= SECONDS_MAX))
		return error_set(
			err, ERROR_INPUT,
			"not a valid phase: its seconds are out of range");
	sequence = next_sequence(list, name);
	own = arena_strdup(list->arena, name);
	p = own ? line_list_add(list) : NULL;
	if (!p)
		return error_nomem(err);
	p->name = own;
	p->sequence = sequence;
	p->details = lines_part(line, "details", &failed);
	p->seconds = seconds;
	p->cpu_pressure = js_num(line, "cpu_pressure", 0);
	p->summary = lines_text(line, "summary", list->arena, &failed);
	p->error = lines_text(line, "error", list->arena, &failed);
	p->kind = kind ? error_kind_of_word(kind) : ERROR_NONE;
	return failed ? error_nomem(err) : 0;
}

int phase_load_all(const char *run_dir, struct arena *arena, struct phase **ret,
		   size_t *ret_count, struct error *err)
{
	struct line_list list = { .size = sizeof(struct phase),
				  .arena = arena };
	struct phase *p;

	if (lines_each(run_dir, phase_file, phase_line, &list, err) < 0) {
		p = list.items;
		for (size_t i = 0; i < list.count; i++)
			js_free(p[i].details);
		return -1;
	}
	*ret = list.items;
	*ret_count = list.count;
	return 0;
}

static size_t place_of(const struct phase *p, size_t count, const char *name)
{
	size_t i = 0;

	while (i < count && strcmp(p[i].name, name))
		i++;
	return i;
}

int phase_load(const char *run_dir, struct arena *arena, struct phase **ret,
	       size_t *ret_count, struct error *err)
{
	size_t all, count = 0;
	struct phase *p;

	if (phase_load_all(run_dir, arena, &p, &all, err) < 0)
		return -1;
	for (size_t i = 0; i < all; i++) {
		size_t at = place_of(p, count, p[i].name);
		struct phase last = p[i];

		if (at < count)
			js_free(p[at].details);
		p[at] = last;
		count += at == count;
	}
	*ret = p;
	*ret_count = count;
	return 0;
}

static int load_file_line(const struct js *line, void *ctx, struct error *err)
{
	struct line_list *list = ctx;
	const struct js *details = js_get(line, "details");
	const char *name = js_str(line, "phase"), **file;
	bool failed = false;

	if (!name || strcmp(name, "drive") || !js_str(details, "load_file"))
		return 0;
	file = line_list_add(list);
	if (!file)
		return error_nomem(err);
	*file = lines_text(details, "load_file", list->arena, &failed);
	return failed ? error_nomem(err) : 0;
}

int phase_load_files(const char *run_dir, struct arena *arena,
		     const char ***ret, size_t *ret_count, struct error *err)
{
	struct line_list list = { .size = sizeof(const char *),
				  .arena = arena };

	if (lines_each(run_dir, phase_file, load_file_line, &list, err) < 0)
		return -1;
	*ret = list.items;
	*ret_count = list.count;
	return 0;
}

/* A double has a number up to here exactly, and no sum of counts overflows. */
static const int64_t count_max = INT64_C(1) << 53;

/* 1 and the count; 0: there is none. */
static int read_count(const struct js *counts, const char *key, uint64_t *ret,
		      struct error *err)
{
	const struct js *member = js_get(counts, key);
	int64_t n;

	if (!member)
		return 0;
	if (!js_number(member, &n) || n < 0 || n > count_max)
		return error_set(err, ERROR_INPUT,
				 "not a valid phase: %s is not a count", key);
	*ret = (uint64_t)n;
	return 1;
}

/* A kind that an older medley does not have is absent with all its counts. */
static int read_outcomes(const struct js *details, const char *kind,
			 uint64_t ret[OUTCOMES], struct error *err)
{
	const struct js *counts = js_get(details, kind);

	for (int o = 0; counts && o < OUTCOMES; o++) {
		int rc = read_count(counts, op_outcome_word((enum op_outcome)o),
				    &ret[o], err);

		if (rc < 0)
			return error_wrap(err, "%s", kind);
		if (rc == 0)
			return error_set(err, ERROR_INPUT,
					 "not a valid phase: a count of its %s "
					 "is missing",
					 kind);
	}
	return counts != NULL;
}

/* What a load counted that went well. */
static int read_driven(const struct js *details, struct driven *driven,
		       struct error *err)
{
	uint64_t lines = 0;
	int counted = 0;
	int rc = read_count(details, "operations_before", &lines, err);

	if (rc < 0)
		return -1;
	for (int k = 0; k < OP_KINDS; k++) {
		uint64_t counts[OUTCOMES] = { 0 };
		int has = read_outcomes(details,
					op_kind_info((enum op_kind)k)->nouns,
					counts, err);

		if (has < 0)
			return -1;
		counted += has;
		for (int o = 0; o < OUTCOMES; o++) {
			driven->ops[k][o] += counts[o];
			lines += counts[o];
		}
	}
	if (rc && !counted)
		return error_set(err, ERROR_INPUT,
				 "not a valid phase: the counts of a load are "
				 "missing");
	/* A driver in a cluster writes elsewhere, and knows its own alone. */
	driven->lines = rc && !js_get(details, "driver") ? (int64_t)lines : -1;
	return 0;
}

static int driven_line(const struct js *line, void *ctx, struct error *err)
{
	const char *name = js_str(line, "phase");
	struct driven *driven = ctx;

	if (!name || strcmp(name, "drive"))
		return 0;
	driven->loads++;
	driven->lines = -1;
	if (js_str(line, "error"))
		return 0;
	return read_driven(js_get(line, "details"), driven, err);
}

int phase_driven(const char *run_dir, struct driven *ret, struct error *err)
{
	struct driven driven = { .lines = -1 };

	if (lines_each(run_dir, phase_file, driven_line, &driven, err) < 0)
		return -1;
	*ret = driven;
	return 0;
}
