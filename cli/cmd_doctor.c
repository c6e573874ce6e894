/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_doctor.c - medley doctor: is this machine fit, and what mends it. */
#include "cli/cmd_doctor.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "base/shorten.h"
#include "cli/cli.h"
#include "cli/screen.h"
#include "cli/table.h"
#include "data/json.h"
#include "sys/containers.h"
#include "sys/interrupt.h"
#include "sys/process.h"

struct cmd_doctor_options {
	struct common_options common;
};

static const struct option doctor_options[] = {
	OPTIONS_OF_GROUP(json_group, struct cmd_doctor_options, common),
};

enum { CHECKS_MAX = 32, DOCTOR_MAX = 64 * 1024, ANSWER_SECONDS = 60 };
/* Columns before the text of a check. */
enum { LABELS = 19 };

static const char *const words[] = { "ok", "warn", "FAIL" };
static const char *const colours[] = { "\033[32m", "\033[33m", "\033[31m" };

void doctor_found(struct doctor_check *c, enum health health, const char *fmt,
		  ...)
{
	va_list args;

	c->health = health;
	va_start(args, fmt);
	shorten_list(c->text, sizeof(c->text), fmt, args);
	va_end(args);
}

void doctor_fix(struct doctor_check *c, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	shorten_list(c->fix, sizeof(c->fix), fmt, args);
	va_end(args);
}

int doctor_ask(const char *const *argv, struct buf *out, struct error *err)
{
	const struct process_spec spec = { .argv = argv,
					   .environment = ENVIRONMENT_LOGIN,
					   .seconds = ANSWER_SECONDS };

	return process_run(&spec, out, err);
}

static void print_check(const struct check_kind *kind,
			const struct doctor_check *c, bool colour)
{
	cleanup(buf_release) struct buf text = BUF_INIT(DOCTOR_MAX);
	cleanup(buf_release) struct buf fix = BUF_INIT(DOCTOR_MAX);

	table_wrap(&text, STDOUT_FILENO, c->text, LABELS);
	printf("%s%-4s%s  %-11s  %s", colour ? colours[c->health] : "",
	       words[c->health], colour ? "\033[0m" : "", kind->name,
	       buf_text(&text));
	table_wrap(&fix, STDOUT_FILENO, c->fix, LABELS + 3);
	if (c->fix[0])
		printf("%*s-> %s", LABELS, "", buf_text(&fix));
}

/* The kind of that number; NULL: there are no more. */
static const struct check_kind *kind_of(unsigned number)
{
	if (number < check_kind_count)
		return &check_kinds[number];
	number -= check_kind_count;
	return geteuid() && number < rootless_check_count
		       ? &rootless_checks[number]
		       : NULL;
}

static int print_json(const struct doctor_check *checks, struct error *err)
{
	static const char *const states[] = { "ok", "warn", "fail" };
	cleanup(buf_release) struct buf text = BUF_INIT(DOCTOR_MAX);
	cleanup(js_freep) struct js *root = js_object();
	struct js *list = js_array();
	const struct check_kind *kind;

	for (unsigned i = 0; (kind = kind_of(i)); i++) {
		struct js *one = js_object();

		js_set_str(one, "name", kind->name);
		js_set_str(one, "state", states[checks[i].health]);
		js_set_str(one, "text", checks[i].text);
		js_set_str(one, "fix", checks[i].fix[0] ? checks[i].fix : NULL);
		js_append(list, one);
	}
	js_set(root, "checks", list);
	if (js_print(root, JS_PRETTY, &text, err) < 0)
		return -1;
	fputs(buf_text(&text), stdout);
	return 0;
}

static int doctor(const struct cli *cli, int *exit_code, struct error *err)
{
	const struct common_options *common = cli_common(cli);
	cleanup(screen_closep) struct screen *screen = NULL;
	struct doctor_check checks[CHECKS_MAX] = { 0 };
	bool json = common->json;
	const struct check_kind *kind;

	if (screen_open(common, &screen, err) < 0)
		return -1;
	/* Where it fails, the check of the cache says why. */
	(void)containers_prepare(NULL);
	for (unsigned i = 0; (kind = kind_of(i)); i++) {
		if (interrupt_check(err) < 0)
			return -1;
		kind->look(&checks[i]);
		if (!json)
			print_check(kind, &checks[i], screen_colour(screen));
		fflush(stdout);
		if (checks[i].health == HEALTH_FAIL)
			*exit_code = 1;
	}
	return json ? print_json(checks, err) : 0;
}

const struct command command_doctor = {
	.name = "doctor",
	.usage = "",
	.brief = "check whether this machine can run medley, and print fixes",
	.examples = EXAMPLES({ "medley doctor", "before the first run" }),
	COMMAND_OPTIONS(doctor_options, struct cmd_doctor_options),
	.run = doctor,
};
