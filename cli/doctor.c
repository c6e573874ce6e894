/* SPDX-License-Identifier: Apache-2.0 */
/* doctor.c - medley doctor: is this machine fit, and what mends it. */
#include "cli/doctor.h"

#include "cli/cli.h"
#include "cli/progress.h"
#include "data/json.h"
#include "sys/containers.h"
#include "sys/interrupt.h"

enum { CHECKS_MAX = 32, DOCTOR_MAX = 64 * 1024 };

static const char *const words[] = { "ok", "warn", "FAIL" };
static const char *const colours[] = { "\033[32m", "\033[33m", "\033[31m" };

static void print_check(const struct check_kind *kind, const struct check *c,
			bool colour)
{
	printf("%s%-4s%s  %-11s  %s\n", colour ? colours[c->health] : "",
	       words[c->health], colour ? "\033[0m" : "", kind->name, c->text);
	if (c->fix[0])
		printf("      %-11s  -> %s\n", "", c->fix);
}

static int print_json(const struct check *checks, struct error *err)
{
	static const char *const states[] = { "ok", "warn", "fail" };
	cleanup(buf_release) struct buf text = BUF_INIT(DOCTOR_MAX);
	cleanup(js_freep) struct js *root = js_object();
	struct js *list = js_array();

	for (unsigned i = 0; i < check_kind_count; i++) {
		struct js *one = js_object();

		js_set_str(one, "name", check_kinds[i].name);
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

int cmd_doctor(struct cli *cli, int *exit_code, struct error *err)
{
	cleanup(screen_closep) struct screen *screen = NULL;
	struct check checks[CHECKS_MAX] = { 0 };
	bool json = cli_has(cli, OPT_JSON);

	if (screen_open(cli, &screen, err) < 0 || containers_prepare(err) < 0)
		return -1;
	for (unsigned i = 0; i < check_kind_count; i++) {
		if (interrupt_check(err) < 0)
			return -1;
		check_kinds[i].look(&checks[i]);
		if (!json)
			print_check(&check_kinds[i], &checks[i],
				    screen_colour(screen));
		fflush(stdout);
		if (checks[i].health == HEALTH_FAIL)
			*exit_code = 1;
	}
	return json ? print_json(checks, err) : 0;
}
