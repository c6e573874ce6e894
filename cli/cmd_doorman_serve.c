/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_doorman_serve.c - medley doorman serve: the service. */
#include <stdio.h>
#include <string.h>

#include "cli/cmd_doorman.h"
#include "cli/print.h"

struct cmd_doorman_serve_options {
	struct common_options common;
	struct doorman_place place;
	const char *listen, *approve, *parameters;
	struct option_number poll, rate;
};

static const struct option serve_options[] = {
	OPTIONS_OF_GROUP(doorman_group, struct cmd_doorman_serve_options,
			 place),
	{ .name = "listen",
	  .value = "ADDRESS:PORT",
	  OPTION_OF(struct cmd_doorman_serve_options, listen),
	  .fallback = "127.0.0.1:8080",
	  .help = "address and port at which the doorman listens "
		  "(127.0.0.1:8080)" },
	{ .name = "approve",
	  .value = "auto|hand",
	  OPTION_OF(struct cmd_doorman_serve_options, approve),
	  .choices = "auto hand",
	  .fallback = "auto",
	  .help = "who approves requests: the doorman itself, or an operator "
		  "by hand (auto)" },
	{ .name = "parameters",
	  .value = "FILE",
	  OPTION_OF(struct cmd_doorman_serve_options, parameters),
	  .help = "file with the first parameters of a new network" },
	{ .name = "poll",
	  .value = "SECONDS",
	  OPTION_OF(struct cmd_doorman_serve_options, poll),
	  .most = 86400,
	  .fallback = "10",
	  .help = "time after which a node asks for the network map again "
		  "(10)" },
	{ .name = "rate",
	  .value = "N",
	  OPTION_OF(struct cmd_doorman_serve_options, rate),
	  .most = 1000000,
	  .fallback = "100",
	  .help = "requests per second that one address may send (100)" },
};

/* A line with one write, so that those of several threads do not mix. */
static void log_line(void *ctx, const char *line)
{
	(void)ctx;
	print_line(stderr, "%s", line);
}

static void print_ready(void *ctx, uint16_t port)
{
	const struct cmd_doorman_serve_options *o = ctx;

	printf("serving at %s, port %u\n", o->listen, (unsigned)port);
	fflush(stdout);
}

static int serve(const struct cli *cli, int *exit_code, struct error *err)
{
	struct cmd_doorman_serve_options *o = cli->options;
	cleanup(doorman_closep) struct doorman *d = NULL;
	const struct doorman_settings settings = {
		.directory = o->place.state,
		.database = o->place.database,
		.by_hand = !strcmp(o->approve, "hand"),
		.poll_seconds = (unsigned)o->poll.value,
		.log = log_line,
		.log_reads = o->common.verbose,
	};
	const struct doorman_service service = {
		.address = o->listen,
		.rate = (unsigned)o->rate.value,
		.parameters = o->parameters,
		.on_ready = print_ready,
		.ctx = o,
	};

	(void)exit_code;
	if (doorman_place_check(&o->place, err) < 0 ||
	    doorman_open(&settings, &d, err) < 0)
		return -1;
	return doorman_serve(d, &service, err);
}

const struct command command_doorman_serve = {
	.name = "doorman serve",
	.usage = "",
	.brief = "serve over HTTP until ^C; the default without a verb",
	.examples =
		EXAMPLES({ "medley doorman serve --parameters parameters.yaml",
			   "serve a new network" }),
	COMMAND_OPTIONS(serve_options, struct cmd_doorman_serve_options),
	.run = serve,
};
