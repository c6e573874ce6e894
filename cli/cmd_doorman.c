/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_doorman.c - medley doorman: the service, and the verbs of its operator.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/nearest.h"
#include "cli/cli.h"
#include "cli/say.h"
#include "data/pg.h"
#include "doorman/doorman.h"
#include "sys/file.h"

enum { LIST_MAX = 64 * 1024 * 1024, HOUR = 3600, DAY = 24 * 3600 };

/* ---- serving ---- */

/* A line with one write, so that those of several threads do not mix. */
static void print_line(void *ctx, const char *line)
{
	(void)ctx;
	say_line(stderr, "%s", line);
}

static void say_ready(void *ctx, uint16_t port)
{
	const struct cli *cli = ctx;

	printf("serving at %s, port %u\n", cli->listen, (unsigned)port);
	fflush(stdout);
}

static int serve(struct doorman *d, struct cli *cli, struct error *err)
{
	const struct doorman_service service = {
		.address = cli->listen,
		.rate = (unsigned)cli->rate,
		.parameters = cli->parameters,
		.on_ready = say_ready,
		.ctx = cli,
	};

	return doorman_serve(d, &service, err);
}

/* ---- listing ---- */

static const char *text_of(const struct js *entry, const char *key)
{
	const char *text = js_str(entry, key);

	return text ? text : "-";
}

static void print_requests(const struct js *list)
{
	for (size_t i = 0; i < js_count(list); i++) {
		const struct js *r = js_at(list, i);

		say_line(stdout, "%-8s  %.16s  %-7s  %s%s%s",
			 text_of(r, "state"), text_of(r, "id"),
			 text_of(r, "role"), text_of(r, "name"),
			 js_str(r, "reason") ? ": " : "",
			 js_str(r, "reason") ? js_str(r, "reason") : "");
	}
}

static void print_nodes(const struct js *list)
{
	for (size_t i = 0; i < js_count(list); i++) {
		const struct js *n = js_at(list, i);
		const bool accepted = js_bool(n, "accepted", false);

		say_line(stdout, "in map    %.16s  %-7" PRId64 "  %s at %s%s",
			 text_of(n, "hash"), js_int(n, "platform", 0),
			 text_of(n, "name"), text_of(n, "address"),
			 accepted ? ", accepts the update" : "");
	}
}

static void print_parameters(const struct js *p)
{
	const struct js *missing = js_get(p, "waiting_for");

	printf("parameters %.16s\n", text_of(p, "current"));
	if (js_get(p, "update"))
		say_line(stdout, "update     %.16s  %s",
			 text_of(js_get(p, "update"), "hash"),
			 text_of(js_get(p, "update"), "description"));
	for (size_t i = 0; i < js_count(missing); i++)
		say_line(stdout, "waiting for notary %s",
			 js_text(js_at(missing, i)));
}

static int list(struct doorman *d, struct cli *cli, struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(LIST_MAX);
	cleanup(js_freep) struct js *all = NULL;

	if (doorman_list(d, &all, err) < 0)
		return -1;
	if (cli_has(cli, OPT_JSON)) {
		if (js_print(all, JS_PRETTY, &text, err) < 0)
			return -1;
		fputs(buf_text(&text), stdout);
		return 0;
	}
	print_requests(js_get(all, "requests"));
	print_nodes(js_get(all, "nodes"));
	print_parameters(js_get(all, "parameters"));
	return 0;
}

/* ---- deciding ---- */

static int decide(struct doorman *d, struct cli *cli, bool approve,
		  struct error *err)
{
	char id[DOORMAN_ID];

	for (unsigned i = 1; i < cli->arg_count; i++) {
		if (doorman_decide(d, cli->args[i], approve, cli->reason, id,
				   err) < 0)
			return -1;
		printf("%s %s\n", approve ? "approved" : "rejected", id);
	}
	return 0;
}

static int approve(struct doorman *d, struct cli *cli, struct error *err)
{
	return decide(d, cli, true, err);
}

static int reject(struct doorman *d, struct cli *cli, struct error *err)
{
	return decide(d, cli, false, err);
}

/* ---- forgetting ---- */

static int forget(struct doorman *d, struct cli *cli, struct error *err)
{
	char id[DOORMAN_ID];
	unsigned count;

	if (!cli->from == (cli->arg_count < 2))
		return error_set(err, ERROR_INPUT,
				 "medley doorman forget: expected ID... or "
				 "--from ADDRESS");
	if (cli->from) {
		if (doorman_forget_from(d, cli->from, &count, err) < 0)
			return -1;
		printf("forgot %u requests of %s\n", count, cli->from);
	}
	for (unsigned i = 1; i < cli->arg_count; i++) {
		if (doorman_forget(d, cli->args[i], id, err) < 0)
			return -1;
		printf("forgot %s\n", id);
	}
	return 0;
}

/* ---- parameters ---- */

static int parameters(struct doorman *d, struct cli *cli, struct error *err)
{
	cleanup(js_freep) struct js *all = NULL;

	if (doorman_plan(d, cli->args[1], cli->reason, cli->after, err) < 0 ||
	    doorman_list(d, &all, err) < 0)
		return -1;
	print_parameters(js_get(all, "parameters"));
	return 0;
}

static int flag_day(struct doorman *d, struct cli *cli, struct error *err)
{
	char hash[DOORMAN_ID];

	if (doorman_flag_day(d, cli_has(cli, OPT_NOW), hash, err) < 0)
		return -1;
	printf("parameters %s are valid now\n", hash);
	return 0;
}

/* ---- files ---- */

static int publish(struct doorman *d, struct cli *cli, struct error *err)
{
	for (unsigned i = 1; i < cli->arg_count; i++)
		if (doorman_publish(d, cli->args[i], err) < 0)
			return -1;
	return 0;
}

static int truststore(struct doorman *d, struct cli *cli, struct error *err)
{
	cleanup(buf_release) struct buf bytes = BUF_INIT(65536);

	if (doorman_truststore(d, &bytes, err) < 0)
		return -1;
	return file_write(cli->args[1], bytes.data, bytes.len, 0644, err);
}

static int request(struct doorman *d, struct cli *cli, struct error *err)
{
	const struct doorman_application application = {
		.url = cli->args[1],
		.name = cli->args[2],
		.key = cli->args[3],
		.store = cli->args[4],
		.seconds = cli->seconds ? (unsigned)cli->seconds : HOUR,
	};

	(void)d;
	fprintf(stderr,
		"asking %s to certify the key of %s, for %u s at most\n",
		application.url, application.name, application.seconds);
	return doorman_apply(&application, err);
}

#define OPT_WHERE (OPT_STATE | OPT_DATABASE)

static const struct verb {
	const char *name;
	const char *usage; /* what follows it */
	uint64_t options; /* option_bits, beside OPT_COMMON */
	unsigned least, most; /* arguments */
	int (*run)(struct doorman *d, struct cli *cli, struct error *err);
} verbs[] = {
	{ "serve", "",
	  OPT_WHERE | OPT_LISTEN | OPT_APPROVE | OPT_PARAMETERS | OPT_POLL |
		  OPT_RATE,
	  0, 0, serve },
	{ "list", "", OPT_WHERE | OPT_JSON, 0, 0, list },
	{ "approve", " ID...", OPT_WHERE, 1, CLI_ARGS, approve },
	{ "reject", " ID... [--reason TEXT]", OPT_WHERE | OPT_REASON, 1,
	  CLI_ARGS, reject },
	{ "forget", " ID...|--from ADDRESS", OPT_WHERE | OPT_FROM, 0, CLI_ARGS,
	  forget },
	{ "parameters", " FILE [--reason TEXT] [--after SECONDS]",
	  OPT_WHERE | OPT_REASON | OPT_AFTER, 1, 1, parameters },
	{ "flag-day", " [--now]", OPT_WHERE | OPT_NOW, 0, 0, flag_day },
	{ "publish", " FILE...", OPT_WHERE, 1, CLI_ARGS, publish },
	{ "truststore", " FILE", OPT_WHERE, 1, 1, truststore },
	{ "request", " URL NAME KEY STORE [--seconds N]", OPT_SECONDS, 4, 4,
	  request },
};

static const struct verb *find_verb(const char *name, struct error *err)
{
	struct nearest n = nearest_to(name);

	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++) {
		if (!strcmp(verbs[i].name, name))
			return &verbs[i];
		nearest_offer(&n, verbs[i].name);
	}
	error_set(err, ERROR_INPUT, "medley doorman has no verb '%s'%s%s%s",
		  name, n.word ? "; did you mean '" : "",
		  n.word ? n.word : "; see 'medley help doorman'",
		  n.word ? "'?" : "");
	return NULL;
}

static const struct verb *parse_verb(const struct cli *cli, struct error *err)
{
	const struct verb *v =
		find_verb(cli->arg_count ? cli->args[0] : "serve", err);
	unsigned args = cli->arg_count ? cli->arg_count - 1 : 0;

	if (v && (args < v->least || args > v->most)) {
		error_set(err, ERROR_INPUT, "usage: medley doorman %s%s",
			  v->name, v->usage);
		return NULL;
	}
	if (v && options_of_verb(cli, v->name, v->options, err) < 0)
		return NULL;
	return v;
}

/* A password would be seen by every user of the machine. */
static int check_uri(const char *uri, struct error *err)
{
	bool secret = false;

	if (strstr(uri, "://") && pg_check_uri(uri, &secret, NULL) == 0 &&
	    !secret)
		return 0;
	return error_set(err, ERROR_INPUT,
			 "--database: expected "
			 "postgresql://USER@HOST:PORT/DATABASE, and the "
			 "password in $PGPASSWORD");
}

static int settle_options(struct cli *cli, struct doorman_settings *ret,
			  struct error *err)
{
	const char *mode = cli->approve ? cli->approve : "auto";

	if (strcmp(mode, "auto") != 0 && strcmp(mode, "hand") != 0)
		return error_set(err, ERROR_INPUT,
				 "--approve: expected auto or hand, not '%s'",
				 mode);
	if (cli->database && check_uri(cli->database, err) < 0)
		return -1;
	cli->listen = cli->listen ? cli->listen : "127.0.0.1:8080";
	cli->rate = cli->rate ? cli->rate : 100;
	cli->after = cli->after ? cli->after : DAY;
	*ret = (struct doorman_settings){
		.directory = cli->state ? cli->state : "doorman-state",
		.database = cli->database,
		.by_hand = !strcmp(mode, "hand"),
		.poll_seconds = cli->poll ? (unsigned)cli->poll : 10,
		.log_reads = cli_has(cli, OPT_VERBOSE),
	};
	return 0;
}

int cmd_doorman(struct cli *cli, int *exit_code, struct error *err)
{
	cleanup(doorman_closep) struct doorman *d = NULL;
	const struct verb *verb = parse_verb(cli, err);
	struct doorman_settings settings;

	(void)exit_code;
	if (!verb || settle_options(cli, &settings, err) < 0)
		return -1;
	/* Verbs say what they did on standard output, and must not approve. */
	settings.log = verb->run == serve ? print_line : NULL;
	settings.by_hand |= verb->run != serve;
	/* Who asks a doorman is none. */
	if (verb->run != request && doorman_open(&settings, &d, err) < 0)
		return -1;
	return verb->run(d, cli, err);
}
