/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_show.c - medley show: its verbs. */
#include "cli/cmd_show.h"

#include "base/cleanup.h"

static const struct command *const verbs[] = {
	&command_show_tx,
	&command_show_state,
	&command_show_node,
};

const struct command command_show = {
	.name = "show",
	.usage = "tx|state|node ID|REF|NODE [RUN]",
	.brief = "show a transaction, a state or a node",
	.text = "`medley show tx` shows a transaction, `medley show state` an "
		"output of a transaction, `medley show node` a node, each "
		"with its findings. They read the files of the run. While the "
		"network is up, `show tx` and `show state` also read the "
		"nodes' databases.",
	.examples = EXAMPLES(
		{ "medley show tx 19234D3C",
		  "a transaction of the latest run" },
		{ "medley show state 19234D3C:0", "its first output" },
		{ "medley show node bank-4.0-0", "a node of the latest run" }),
	.verbs = verbs,
	.verb_count = ARRAY_SIZE(verbs),
};
