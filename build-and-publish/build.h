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

/* How, for all requests. */
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

/* What came of it; texts in the arena. */
struct build_result {
	const char *failure; /* NULL: built (or cached) */
	const char *log; /* file with the build's output, or NULL */
	const char *commit; /* SHA-1, or "maven:4.10" */
	/* With digest: in the registry, else by which podman finds it. */
	const char *image;
	const char *contracts; /* cordapps: SHA-256 of the contracts jar */
	int platform; /* node: Corda-Platform-Version */
	double seconds;
	bool cached; /* it was there already */
	bool pushed; /* it was not in the registry, now it is */
};

/* What the words of a component are: none, releases of the node, or commits
 * of medley's own repository. ERROR_INPUT: there is no such component. */
enum build_words { BUILD_WORDLESS, BUILD_RELEASES, BUILD_OWN_COMMITS };
int build_words(const char *component, const char *recipes, struct arena *arena,
		enum build_words *ret, struct error *err);

/* The full name of the tag or branch that `word` would be as a release, of the
 * clone that requests with this `repo` are looked up in, or of medley's own;
 * false: there is none. */
bool build_has_release(const char *repo, const char *word,
		       char room[PATH_ROOM]);

/* ERROR_INPUT: there is no such component, it takes no word, or the word
 * cannot name a release. A missing word becomes HEAD. Looks at nothing but the
 * recipes. */
int build_check(struct build_request *request, const char *recipes,
		struct arena *arena, struct error *err);

/* ERROR_INPUT unless `text` is HOST[:PORT][/PATH]. */
int registry_check(const char *text, struct error *err);

/*
 * Builds each request (base and database come first, by themselves, when
 * needed) and publishes it if a registry is given. One that fails does not
 * stop the others: its result says why. Each image built or found is a line of
 * `built_dir`/node-images.txt. -1 only when nothing can be built at all (no
 * buildah, no space), or on interrupt.
 */
int build_images(const struct build_request *requests, unsigned count,
		 const struct build_options *options, struct arena *arena,
		 struct progress *progress, struct build_result *ret_results,
		 struct error *err);

#endif
