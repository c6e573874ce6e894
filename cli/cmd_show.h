/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_show.h - the verbs of medley show. */
#ifndef CLI_CMD_SHOW_H
#define CLI_CMD_SHOW_H

#include "cli/cli.h"

extern const struct command command_show_tx, command_show_state,
	command_show_node;

#endif
