/* SPDX-License-Identifier: Apache-2.0 */
/* build.h - makes an image of each release of each component, and publishes
 * it. */
#ifndef BUILD_BUILD_H
#define BUILD_BUILD_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/progress.h"
#include "sys/file.h"

/* Options for all requests of a build. */
struct build_options {
	const char *built_dir; /* node-images.txt, logs/ */
	const char *recipes; /* the user's own, or NULL */
	const char *registry; /* HOST[:PORT][/PATH] to publish to, or NULL */
	const char *cert_dir; /* *.crt of the registry's CA, or NULL */
	int seconds; /* bound of each image */
};

/* One image wanted: component "node" or "cordapps" (then word is
 * "maven:4.10", "finance-4.0" …), or "base" and "database" (word NULL). */
struct build_request {
	const char *component;
	const char *word;
	const char *repo; /* clone for commit-ish words, or NULL */
};

/* The result of one request; texts are in the arena. */
struct build_result {
	const char *failure; /* NULL: built (or cached) */
	const char *log; /* file with the build's output, or NULL */
	const char *commit; /* SHA-1, or "maven:4.10" */
	/* With digest: in the registry, or, if it was not published, in
	 * podman's storage. */
	const char *image;
	const char *contracts; /* cordapps: SHA-256 of the contracts jar */
	int platform; /* node: Corda-Platform-Version */
	double seconds;
	bool cached; /* it existed before */
	bool pushed; /* it was uploaded to the registry */
};

/* Which words a component takes: none, releases of the node, or commits of
 * medley's own repository. ERROR_INPUT if the component does not exist. */
enum build_words { BUILD_WORDLESS, BUILD_RELEASES, BUILD_OWN_COMMITS };
int build_words(const char *component, const char *recipes, struct arena *arena,
		enum build_words *ret, struct error *err);

/* The full name of the tag or branch that `word` means as a release. medley
 * looks in the clone for requests with this `repo`, or in its own clone. False
 * if there is no such tag or branch. */
bool build_has_release(const char *repo, const char *word,
		       char room[PATH_ROOM]);

/* Checks a request by the recipes alone. ERROR_INPUT if the component does not
 * exist, takes no word, or the word cannot name a release. A missing word
 * becomes HEAD. */
int build_check(struct build_request *request, const char *recipes,
		struct arena *arena, struct error *err);

/* ERROR_INPUT unless `text` is HOST[:PORT][/PATH]. */
int registry_check(const char *text, struct error *err);

/*
 * Builds each request and publishes it if a registry is given. Images that
 * others need, such as base, are added and built first. A request that fails
 * does not stop the others; its result has the reason. Each image that was
 * built or found gets a line in `built_dir`/node-images.txt. Returns -1 only if
 * nothing can be built at all (no buildah, no space), or on interrupt.
 */
int build_images(const struct build_request *requests, unsigned count,
		 const struct build_options *options, struct arena *arena,
		 struct progress *progress, struct build_result *ret_results,
		 struct error *err);

#endif
