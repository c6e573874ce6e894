/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_version.c - medley version: which medley this is. */
#include <stdio.h>

#include "base/version.h"
#include "cli/cli.h"

static int version(const struct cli *cli, int *exit_code, struct error *err)
{
	(void)cli, (void)exit_code, (void)err;
	printf("medley %s\n%s\n", medley_version, medley_build);
	return 0;
}

const struct command command_version = {
	.name = "version",
	.usage = "",
	.brief = "print the version",
	COMMAND_NO_OPTIONS,
	.run = version,
};
