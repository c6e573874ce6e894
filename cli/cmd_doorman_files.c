/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_doorman_files.c - medley doorman publish, truststore and request: files
 * of nodes. */
#include <stdio.h>

#include "cli/cmd_doorman.h"
#include "sys/file.h"

/* ---- publish ---- */

struct cmd_doorman_publish_options {
	struct common_options common;
	struct doorman_place place;
};

static const struct option publish_options[] = {
	OPTIONS_OF_GROUP(doorman_group, struct cmd_doorman_publish_options,
			 place),
};

static int publish(const struct cli *cli, int *exit_code, struct error *err)
{
	const struct cmd_doorman_publish_options *o = cli->options;
	cleanup(doorman_closep) struct doorman *d = NULL;

	(void)exit_code;
	if (doorman_open_place(&o->place, &d, err) < 0)
		return -1;
	for (unsigned i = 0; i < cli->arg_count; i++)
		if (doorman_publish(d, cli->args[i], err) < 0)
			return -1;
	return 0;
}

const struct command command_doorman_publish = {
	.name = "doorman publish",
	.usage = "FILE...",
	.brief = "add nodeInfo files to the network map",
	.examples = EXAMPLES(
		{ "medley doorman publish nodeInfo-3F9A",
		  "a node that does not publish its nodeInfo file itself" }),
	.least = 1,
	.most = CLI_ARGS,
	COMMAND_OPTIONS(publish_options, struct cmd_doorman_publish_options),
	.run = publish,
};

/* ---- truststore ---- */

struct cmd_doorman_truststore_options {
	struct common_options common;
	struct doorman_place place;
};

static const struct option truststore_options[] = {
	OPTIONS_OF_GROUP(doorman_group, struct cmd_doorman_truststore_options,
			 place),
};

static int truststore(const struct cli *cli, int *exit_code, struct error *err)
{
	const struct cmd_doorman_truststore_options *o = cli->options;
	cleanup(doorman_closep) struct doorman *d = NULL;
	cleanup(buf_release) struct buf bytes = BUF_INIT(65536);

	(void)exit_code;
	if (doorman_open_place(&o->place, &d, err) < 0 ||
	    doorman_truststore(d, &bytes, err) < 0)
		return -1;
	return file_write(cli->args[0], bytes.data, bytes.len, 0644, err);
}

const struct command command_doorman_truststore = {
	.name = "doorman truststore",
	.usage = "FILE",
	.brief = "write the trust store that nodes need to register",
	.examples = EXAMPLES(
		{ "medley doorman truststore network-root-truststore.jks",
		  "for the nodes' certificates/" }),
	.least = 1,
	.most = 1,
	COMMAND_OPTIONS(truststore_options,
			struct cmd_doorman_truststore_options),
	.run = truststore,
};

/* ---- request ---- */

/* It asks another doorman, and has no state. */
struct cmd_doorman_request_options {
	struct common_options common;
	struct option_number seconds;
};

static const struct option request_options[] = {
	{ .name = "seconds",
	  .value = "N",
	  OPTION_OF(struct cmd_doorman_request_options, seconds),
	  .most = 86400,
	  .fallback = "3600",
	  .help = "wait up to N seconds for the certificate (3600)" },
};

static int request(const struct cli *cli, int *exit_code, struct error *err)
{
	const struct cmd_doorman_request_options *o = cli->options;
	const struct doorman_application application = {
		.url = cli->args[0],
		.name = cli->args[1],
		.key = cli->args[2],
		.store = cli->args[3],
		.seconds = (unsigned)o->seconds.value,
	};

	(void)exit_code;
	fprintf(stderr,
		"asking %s to certify the key of %s, for %u s at most\n",
		application.url, application.name, application.seconds);
	return doorman_apply(&application, err);
}

const struct command command_doorman_request = {
	.name = "doorman request",
	.usage = "URL NAME KEY STORE",
	.brief = "have a doorman certify a key that nodes share",
	.text = "Asks the doorman at URL for a certificate of the service NAME "
		"with the key in the file KEY, and writes the key store STORE. "
		"Only the nodes of one notary need this (docs/doorman.md).",
	.examples =
		EXAMPLES({ "medley doorman request http://127.0.0.1:8080 "
			   "O=Raft,L=London,C=GB a.key a.jks",
			   "a certificate that the nodes of a notary share" }),
	.least = 4,
	.most = 4,
	COMMAND_OPTIONS(request_options, struct cmd_doorman_request_options),
	.run = request,
};
