/* SPDX-License-Identifier: Apache-2.0 */
/* generated.h - a network of one release, generated for a cluster from images
 * that need not exist. */
#ifndef GENERATE_TEST_GENERATED_H
#define GENERATE_TEST_GENERATED_H

#include "generate/generate.h"
#include "run/images.h"
#include "run/network.h"
#include "test/support/scratch.h"

/* A line of built/node-images.txt. */
#define LINE(image, component, release, platform)                              \
	"r.example/" image "\t" component "\t" release "\t-\t" platform        \
	"\t2026-11-21T07:50:12.345Z\n"

/* All that a network of 4.10 may need. */
#define IMAGES                                                                 \
	LINE("db@sha256:1", "database", "-", "-")                              \
	LINE("c@sha256:2", "cordapps", "finance-4.0", "-")                     \
	LINE("n@sha256:410", "node", "maven:4.10", "12")                       \
	LINE("r@sha256:410", "notary", "maven:4.10", "12")                     \
	LINE("d@sha256:3", "doorman", "HEAD", "-")                             \
	LINE("h@sha256:4", "healthcheck", "HEAD", "-")                         \
	LINE("x@sha256:5", "driver", "HEAD", "-")

/* Writes `config` and `list`, the names of its files, into the scratch. */
static inline void generate_with(struct scratch *at, const char *yaml,
				 enum generate_format format, const char *run)
{
	char keys[PATH_ROOM], passwords[PATH_ROOM], config[PATH_ROOM];
	char list[PATH_ROOM];
	const struct generate_order order = {
		.dir = path_join(config, at->dir, "config"),
		.list = path_join(list, at->dir, "list"),
		.keys = path_join(keys, at->dir, "keys"),
		.passwords = path_join(passwords, at->dir, "passwords"),
		.format = format,
		.run = run,
	};
	struct generate_summary made = { 0 };
	struct built_images built;
	struct network net;

	assert_ok(network_parse("n.yaml", yaml, strlen(yaml), &at->arena, &net,
				&at->err),
		  at->err);
	assert_ok(built_images_parse("node-images.txt", IMAGES, &at->arena,
				     &built, &at->err),
		  at->err);
	assert_ok(built_images_fill(&built, NULL, &net, &at->err), at->err);
	assert_ok(generate_network(&net, &order, &made, &at->err), at->err);
}

#endif
