/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_show.c - medley show: its verbs. */
#include "cli/cmd_show.h"

#include "base/cleanup.h"

static const struct command *const verbs[] = {
	&command_show_tx,
	&command_show_node,
};

const struct command command_show = {
	.name = "show",
	.usage = "tx|node ID|NODE [RUN]",
	.brief = "show a transaction or a node, and what was found about it",
	.text = "`medley show tx` shows a transaction, `medley show node` a "
		"node. Both read the files of the run. While the network is "
		"up, `show tx` also reads the transaction from the nodes' "
		"databases.",
	.examples = EXAMPLES({ "medley show tx 19234D3C",
			       "a transaction of the latest run" },
			     { "medley show node bank-4.0-0",
			       "a node of the latest run" }),
	.verbs = verbs,
	.verb_count = ARRAY_SIZE(verbs),
};
