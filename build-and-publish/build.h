/* SPDX-License-Identifier: Apache-2.0 */
/* build.h - makes an image of each release and each set of CorDapps. */
#ifndef BUILD_BUILD_H
#define BUILD_BUILD_H

#include "base/arena.h"
#include "base/error.h"
#include "base/progress.h"

/* One image wanted: component "node" or "cordapps" (then word is
 * "finance-4.0"), or "base" and "database" (word NULL). */
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
	const char *image; /* by which podman finds it, with digest */
	const char *contracts; /* cordapps: SHA-256 of the contracts jar */
	int platform; /* node: Corda-Platform-Version */
	double seconds;
	int cached;
};

/* ERROR_INPUT: there is no such component, it needs a word or takes none, or
 * the word cannot name a release. Looks at nothing but the recipes. */
int build_check(const struct build_request *request, struct arena *arena,
		struct error *err);

/*
 * Builds each request (base and database come first, by themselves, when
 * needed). One that fails does not stop the others: its result says why.
 * Each image built or found is a line of `built_dir`/node-images.txt.
 * -1 only when nothing can be built at all (no buildah, no space), or on
 * interrupt. `seconds` bounds each image.
 */
int build_images(const struct build_request *requests, unsigned count,
		 const char *built_dir, int seconds, struct arena *arena,
		 struct progress *progress, struct build_result *ret_results,
		 struct error *err);

#endif
