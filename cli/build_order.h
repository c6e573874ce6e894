/* SPDX-License-Identifier: Apache-2.0 */
/* build_order.h - what `medley build` is to make. */
#ifndef CLI_BUILD_ORDER_H
#define CLI_BUILD_ORDER_H

#include "build-and-publish/build.h"
#include "cli/cli.h"

/* What `medley build` takes; its table is in cmd_build.c. */
struct cmd_build_options {
	struct common_options common;
	const char *file; /* of releases */
	const char *repo;
	const char *registry;
	const char *cert_dir; /* of the registry */
	const char *recipes; /* the user's own */
	struct option_number seconds;
	bool all, list;
};

struct build_order {
	struct build_request *requests;
	const char **places; /* "releases.txt:3", or NULL */
	struct build_result *results;
	unsigned count;
	/* Words of the command line that were taken as a component, although a
	 * branch or tag is called so, too. */
	struct doubtful_word {
		const char *word;
		const char *reference; /* "refs/heads/mynode" */
	} *doubtful;
	unsigned doubtful_count;
};

/*
 * Of the command line (cli->options is a struct cmd_build_options): leading
 * words that are components (node if none is), the words behind them and those
 * of the file -f; with --all every component. Whatever is of medley's own
 * repository, or needs no release, is made once. ERROR_INPUT, with the line of
 * the file.
 */
int build_order_read(struct build_order *order, const struct cli *cli,
		     struct arena *arena, struct error *err);

#endif
