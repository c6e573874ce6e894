/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_doorman.h - what the verbs of medley doorman share. */
#ifndef CLI_CMD_DOORMAN_H
#define CLI_CMD_DOORMAN_H

#include "cli/cli.h"
#include "doorman/doorman.h"

/* Where the doorman's state is. */
struct doorman_place {
	const char *state; /* a directory */
	const char *database; /* a URI, or NULL: the directory */
};

extern const struct option_group doorman_group;

/* ERROR_INPUT: --database is not a valid URI. */
int doorman_place_check(const struct doorman_place *place, struct error *err);
/* Opens the state for a verb of the operator: it logs nothing, since a verb
 * prints what it did, and it approves no request that waits. */
int doorman_open_place(const struct doorman_place *place, struct doorman **ret,
		       struct error *err);
/* Prints the parameters of doorman_list(). */
void doorman_print_parameters(const struct js *parameters);

extern const struct command command_doorman_serve, command_doorman_list,
	command_doorman_approve, command_doorman_reject, command_doorman_forget,
	command_doorman_parameters, command_doorman_flag_day,
	command_doorman_publish, command_doorman_truststore,
	command_doorman_request;

#endif
