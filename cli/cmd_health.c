/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_health.c - medley health: do nodes and services answer? */
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "base/counted.h"
#include "cli/job.h"
#include "cli/table.h"
#include "corda/probe.h"
#include "net/reach.h"
#include "sys/clock.h"
#include "sys/interrupt.h"
#include "sys/wait.h"

enum { TRY_MS = 10000, LEAST_MS = 200, PAUSE_MS = 500, PLACE_MAX = 256 };

static const char optional[] = "/optional";

struct cmd_health_options {
	struct common_options common;
	struct option_number seconds;
};

static const struct option health_options[] = {
	{ .name = "seconds",
	  .value = "N",
	  OPTION_OF(struct cmd_health_options, seconds),
	  .most = 86400,
	  .help = "wait up to N seconds until all answer" },
	OPTIONS_OF_GROUP(json_group, struct cmd_health_options, common),
};

/* tcp://HOST:PORT or rpc://USER@HOST:PORT, taken apart; behind either may
 * stand "/optional". */
struct target {
	const char *text;
	bool rpc, optional;
	char user[PLACE_MAX], host[PLACE_MAX];
	uint16_t port;
	/* What came of it. */
	bool ok;
	char what[1100];
	double ms;
};

static int take_apart(struct target *t, const char *text, struct error *err)
{
	const char *at = text, *user_end, *colon;
	char *end = NULL;
	unsigned long port = 0;

	t->text = text;
	t->rpc = !strncmp(text, "rpc://", 6);
	if (t->rpc || !strncmp(text, "tcp://", 6))
		at = text + 6;
	user_end = t->rpc ? strchr(at, '@') : NULL;
	if (user_end && user_end - at < PLACE_MAX) {
		memcpy(t->user, at, user_end - at);
		at = user_end + 1;
	}
	colon = strrchr(at, ':');
	if (*at == '[' && colon && colon[-1] == ']') /* an IPv6 address */
		at++;
	if (colon && colon > at && colon - at < PLACE_MAX) {
		memcpy(t->host, at, colon - at);
		t->host[strcspn(t->host, "]")] = 0;
		port = strtoul(colon + 1, &end, 10);
		t->optional = !strcmp(end, optional);
		end += t->optional ? strlen(optional) : 0;
	}
	if (at == text || !end || *end || !port || port > UINT16_MAX ||
	    (t->rpc && !t->user[0]))
		return error_set(err, ERROR_INPUT,
				 "\"%s\": expected rpc://USER@HOST:PORT or "
				 "tcp://HOST:PORT, with \"/optional\" at the "
				 "end if the host may be missing",
				 text);
	t->port = (uint16_t)port;
	return 0;
}

static int ask_node(struct target *t, const char *password, int ms,
		    struct error *err)
{
	struct probe seen;

	if (probe_node(t->host, t->port, t->user, password, ms, &seen, err) < 0)
		return -1;
	snprintf(t->what, sizeof(t->what),
		 "platform %d, %u in its network map, %lld %s", seen.platform,
		 seen.map_size, COUNTED(seen.flows, "flow"));
	return 0;
}

static void ask(struct target *t, const char *password, int ms)
{
	int64_t began = clock_mono_us();
	struct error why = { 0 };
	int rc;

	t->what[0] = 0;
	if (t->optional && reach_nowhere(t->host)) {
		snprintf(t->what, sizeof(t->what),
			 "skipped: no address in DNS");
		t->ok = true;
		return;
	}
	rc = t->rpc ? ask_node(t, password, ms, &why)
		    : reach(t->host, t->port, ms, &why);
	t->ok = rc == 0;
	if (rc < 0)
		snprintf(t->what, sizeof(t->what), "%s", why.text);
	t->ms = (double)(clock_mono_us() - began) / 1000;
}

/* How long one target may take, of what is left until `limit`. */
static int time_left(int64_t limit)
{
	int64_t left = (limit - clock_mono_us()) / 1000;

	return left < LEAST_MS ? LEAST_MS : left > TRY_MS ? TRY_MS : (int)left;
}

/* How many do not answer. */
static unsigned ask_all(struct target *targets, unsigned count,
			const char *password, int64_t limit)
{
	unsigned bad = 0;

	for (unsigned i = 0; i < count && !interrupted(); i++) {
		ask(&targets[i], password, time_left(limit));
		bad += !targets[i].ok;
	}
	return bad;
}

static void print_text(const struct target *targets, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		table_line(stdout, 6, "%-4s  %s  %.0f ms%s%s",
			   targets[i].ok ? "ok" : "FAIL", targets[i].text,
			   targets[i].ms, targets[i].what[0] ? "  " : "",
			   targets[i].what);
}

static int print_json(const struct target *targets, unsigned count,
		      struct error *err)
{
	cleanup(js_freep) struct js *root = js_object();
	struct js *list = js_array(), *one;

	for (unsigned i = 0; i < count; i++) {
		one = js_object();
		js_set_str(one, "target", targets[i].text);
		js_set_bool(one, "ok", targets[i].ok);
		js_set_num(one, "ms", targets[i].ms);
		js_set_str(one, "says", targets[i].what);
		js_append(list, one);
	}
	js_set(root, "targets", list);
	return job_print_json(root, err);
}

static int health(const struct cli *cli, int *exit_code, struct error *err)
{
	const struct cmd_health_options *o = cli->options;
	const char *password = getenv("RPC_PASSWORD") ?: "";
	int64_t limit = clock_mono_us(), ends = limit;
	struct target targets[CLI_ARGS] = { 0 };
	unsigned bad;

	for (unsigned i = 0; i < cli->arg_count; i++)
		if (take_apart(&targets[i], cli->args[i], err) < 0)
			return -1;
	limit += o->seconds.given ? (int64_t)o->seconds.value * 1000000
				  : (int64_t)TRY_MS * 1000;
	ends = o->seconds.given ? limit : ends;
	while ((bad = ask_all(targets, cli->arg_count, password, limit)) > 0 &&
	       clock_mono_us() < ends && !interrupted())
		pause_ms(PAUSE_MS);
	if (interrupt_check(err) < 0)
		return -1;
	*exit_code = bad ? 1 : 0;
	if (o->common.json)
		return print_json(targets, cli->arg_count, err);
	print_text(targets, cli->arg_count);
	return 0;
}

const struct command command_health = {
	.name = "health",
	.usage = "TARGET...",
	.brief = "check whether nodes and services answer",
	.text = "A TARGET is rpc://USER@HOST:PORT, a node that is asked "
		"over RPC for its platform version, network map and flows "
		"(the password in $RPC_PASSWORD), or tcp://HOST:PORT, a "
		"service that must take a connection. With \"/optional\" at "
		"the end of a TARGET, a host without an address in DNS is "
		"skipped, such as a pod of a StatefulSet that was scaled to "
		"zero. Exit code 0: all answer; 1: at least one does not. "
		"With --seconds the command waits until all answer.",
	.examples =
		EXAMPLES({ "medley health rpc://medley@bank-4-0-0:10003 "
			   "tcp://database:5432",
			   "a node, and the port of a service" },
			 { "medley health --seconds 60 tcp://127.0.0.1:8080",
			   "wait for a service" }),
	.least = 1,
	.most = CLI_ARGS,
	COMMAND_OPTIONS(health_options, struct cmd_health_options),
	.run = health,
};
