/* SPDX-License-Identifier: Apache-2.0 */
/* green_run.h - the stored run "green", copied, so that a test may damage it
 * before it is reported. It passes. */
#ifndef REPORT_TEST_GREEN_RUN_H
#define REPORT_TEST_GREEN_RUN_H

#include <unistd.h>

#include "base/cleanup.h"
#include "report/report.h"
#include "run/records.h"
#include "test/support/scratch.h"

enum { TEXT_MAX = 16 * 1024 * 1024 };

struct green_run {
	struct scratch at;
	struct buf text;
	int exit_code;
};

static inline int copy_one(const char *name, void *ctx)
{
	struct green_run *s = ctx;
	char from[PATH_ROOM], to[PATH_ROOM];
	struct error err = { 0 };

	if (!strncmp(name, "golden", 6))
		return 0;
	path_join(from, "test/vectors/report/green", name);
	path_join(to, s->at.dir, name);
	assert_ok(file_copy(from, to, 0644, &err), err);
	return 0;
}

static inline void add_phase(struct green_run *s, const char *name,
			     const char *details)
{
	cleanup(js_freep) struct js *counts = NULL;
	struct error err = { 0 };
	struct phase phase = { .name = name, .seconds = 1, .summary = "done" };

	assert_ok(js_parse("details", details, strlen(details), &counts, &err),
		  err);
	phase.details = counts;
	assert_ok(phase_append(s->at.dir, &phase, &err), err);
}

static inline int green_begin(void **state)
{
	struct green_run *s = scratch_begin(sizeof(*s));
	struct error err = { 0 };

	*state = s;
	s->text = (struct buf)BUF_INIT(TEXT_MAX);
	return dir_each("test/vectors/report/green", copy_one, s, &err);
}

static inline int green_end(void **state)
{
	struct green_run *s = *state;

	buf_release(&s->text);
	return scratch_end(state);
}

static inline void report(struct green_run *s)
{
	struct error err = { 0 };

	buf_clear(&s->text);
	assert_ok(report_write(s->at.dir, NULL, &s->text, &s->exit_code, &err),
		  err);
}

static inline void assert_passes(struct green_run *s)
{
	report(s);
	assert_int_equal(s->exit_code, 0);
}

static inline void assert_file_has(struct green_run *s, const char *name,
				   const char *part)
{
	cleanup(buf_release) struct buf text = BUF_INIT(TEXT_MAX);
	struct error err = { 0 };
	char path[PATH_ROOM];

	assert_ok(file_read(path_join(path, s->at.dir, name), &text, &err),
		  err);
	if (!strstr(buf_text(&text), part))
		fail_msg("%s lacks \"%s\"", name, part);
}

/* Everywhere, also where only junit.xml is read. */
static inline void assert_doubts(struct green_run *s, const char *why)
{
	cleanup(buf_release) struct buf one = BUF_INIT(TEXT_MAX);

	report(s);
	assert_int_equal(s->exit_code, 2);
	for (const char *p = buf_text(&s->text); *p; p++)
		if (*p != '\n' && (*p != ' ' || p[-1] != ' '))
			buf_add_u8(&one, (uint8_t)*p);
		else if (*p == '\n')
			buf_add_u8(&one, ' ');
	if (!strstr(buf_text(&one), why))
		fail_msg("\"%s\" is not in %s", why, buf_text(&one));
	assert_file_has(s, "results.json", why);
	assert_file_has(s, "junit.xml", "<error message=");
	assert_file_has(s, "matrix.md", "# UNDECIDED");
}

static inline void cut_last_byte(struct green_run *s, const char *name)
{
	cleanup(buf_release) struct buf text = BUF_INIT(TEXT_MAX);
	struct error err = { 0 };
	char path[PATH_ROOM];

	path_join(path, s->at.dir, name);
	assert_ok(file_read(path, &text, &err), err);
	assert_int_equal(truncate(path, (off_t)text.len - 1), 0);
}

static inline void remove_file(struct green_run *s, const char *name)
{
	char path[PATH_ROOM];

	assert_int_equal(unlink(path_join(path, s->at.dir, name)), 0);
}

static inline void assert_fails(struct green_run *s, const char *why)
{
	struct error err = { 0 };

	buf_clear(&s->text);
	assert_error(report_write(s->at.dir, NULL, &s->text, &s->exit_code,
				  &err),
		     err, why);
	assert_int_equal(err.kind, ERROR_INPUT);
}

#define GREEN_TEST(t) cmocka_unit_test_setup_teardown(t, green_begin, green_end)

#endif
