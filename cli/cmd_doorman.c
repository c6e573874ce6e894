/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_doorman.c - medley doorman: its verbs, and where its state is. */
#include "cli/cmd_doorman.h"

#include <string.h>

#include "data/pg.h"

static const struct option place_list[] = {
	{ .name = "state",
	  .value = "DIR",
	  OPTION_OF(struct doorman_place, state),
	  .fallback = "doorman-state",
	  .help = "directory of the doorman's state (doorman-state)" },
	{ .name = "database",
	  .value = "URI",
	  OPTION_OF(struct doorman_place, database),
	  .help = "PostgreSQL database of the doorman's state, instead of "
		  "--state: postgresql://USER@HOST/DB; the password is in "
		  "$PGPASSWORD" },
};

const struct option_group doorman_group =
	OPTION_GROUP(place_list, struct doorman_place);

/* A password would be seen by every user of the machine. */
int doorman_place_check(const struct doorman_place *place, struct error *err)
{
	const char *uri = place->database;
	bool secret = false;

	if (!uri || (strstr(uri, "://") &&
		     pg_check_uri(uri, &secret, NULL) == 0 && !secret))
		return 0;
	return error_set(err, ERROR_INPUT,
			 "--database: expected "
			 "postgresql://USER@HOST:PORT/DATABASE, and the "
			 "password in $PGPASSWORD");
}

int doorman_open_place(const struct doorman_place *place, struct doorman **ret,
		       struct error *err)
{
	const struct doorman_settings settings = { .directory = place->state,
						   .database = place->database,
						   .existing = true,
						   .by_hand = true,
						   .poll_seconds = 10 };

	if (doorman_place_check(place, err) < 0)
		return -1;
	return doorman_open(&settings, ret, err);
}

/* `serve` is first: what is done without a verb. */
static const struct command *const verbs[] = {
	&command_doorman_serve,	     &command_doorman_list,
	&command_doorman_approve,    &command_doorman_reject,
	&command_doorman_forget,     &command_doorman_parameters,
	&command_doorman_flag_day,   &command_doorman_publish,
	&command_doorman_truststore, &command_doorman_request,
};

const struct command command_doorman = {
	.name = "doorman",
	.usage = "[VERB] [ID|FILE...]",
	.brief = "let nodes register themselves: certificates and map",
	.text = "Signs certificate requests of nodes, accepts their node "
		"infos, and serves the network map and the signed network "
		"parameters. Verbs work on the same state, also while another "
		"process serves. See docs/doorman.md.",
	.examples = EXAMPLES(
		{ "medley doorman --listen 0.0.0.0:8080 --approve hand",
		  "serve; an operator approves requests" },
		{ "medley doorman list", "requests, nodes and parameters" },
		{ "medley doorman approve 3F9A",
		  "approve the request whose id begins with 3F9A" }),
	.verbs = verbs,
	.verb_count = ARRAY_SIZE(verbs),
};
