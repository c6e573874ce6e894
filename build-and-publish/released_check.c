/* SPDX-License-Identifier: Apache-2.0 */
/* released_check.c - asks Maven whether a version exists that medley does not
 * know, before anything is built.
 */
#include <string.h>

#include "base/cleanup.h"
#include "build-and-publish/artifact.h"
#include "build-and-publish/build_job.h"
#include "build-and-publish/released.h"
#include "build-and-publish/word.h"
#include "run/network_names.h"
#include "sys/home.h"
#include "sys/process.h"

enum { ASK_SECONDS = 120, LIST_ROOM = 1024 };

/* Maven's words. */
static const char not_found[] = "Could not find artifact";

bool released_not_found(const char *why)
{
	return !strncmp(why, not_found, strlen(not_found));
}

struct asked {
	const char *word; /* "maven:4.99" */
	const char *version; /* of the artifact */
	struct artifact artifact; /* the one that tells */
	struct arena *arena;
	bool known;
};

static int compare(const char *word, void *ctx, struct error *err)
{
	struct asked *a = ctx;

	(void)err;
	a->known |= !strcmp(release_version(word), a->version);
	return 0;
}

/* The released artifact that the request's word means. 1; 0: the word is none
 * of a released version, or the recipe is the user's, who knows best. */
static int find_artifact(const struct build_request *request,
			 const char *recipes, struct asked *ret,
			 struct error *err)
{
	const struct recipe_word *rule;
	const char *value, *coordinate;
	struct recipe recipe;

	if (recipe_read(request->component, recipes, ret->arena, &recipe, err) <
	    0)
		return -1;
	if (!request->word ||
	    (recipes && !strncmp(recipe.dir, recipes, strlen(recipes))))
		return 0;
	rule = recipe_match(&recipe, request->word, ret->arena, &value);
	if (!rule || !rule->maven.count)
		return 0;
	coordinate = word_fill(rule->maven.items[0].from, value, ret->arena);
	if (!coordinate)
		return error_nomem(err);
	if (artifact_init(&ret->artifact, coordinate, ret->arena, err) < 0)
		return -1;
	ret->version = strrchr(coordinate, ':') + 1;
	return 1;
}

static int refuse(const struct asked *a, const char *why, struct error *err)
{
	cleanup(buf_release) struct buf list = BUF_INIT(LIST_ROOM);

	released_versions(a->version, &list);
	if (released_not_found(why))
		return error_set(err, ERROR_INPUT,
				 "there is no release %s: Maven does not find "
				 "%s; known released versions: %s",
				 a->word, a->artifact.coordinate,
				 buf_text(&list));
	return error_set(err, ERROR_BUILD,
			 "%s is not one of the released versions that medley "
			 "knows (%s), and Maven cannot tell whether it exists: "
			 "%s",
			 a->word, buf_text(&list), why);
}

/* The POM has a few kilobytes, and each release has one. */
static int ask(const struct asked *a, const char *dir, struct error *err)
{
	struct artifact pom = { .coordinate =
					arena_printf(a->arena, "%s:pom",
						     a->artifact.coordinate) };
	const char **argv = artifact_command(&pom, dir, a->arena);
	struct process_spec spec = { .argv = argv,
				     .environment = ENVIRONMENT_BUILD,
				     .seconds = ASK_SECONDS };
	struct error why = { 0 };
	const char *reason;
	char log[PATH_ROOM];

	if (!pom.coordinate || !argv)
		return error_nomem(err);
	spec.log = path_join(log, dir, "log");
	if (process_run(&spec, NULL, &why) == 0)
		return 0;
	if (why.kind == ERROR_INTERRUPTED) {
		*err = why;
		return -1;
	}
	/* Else Maven was stopped, or did not start. */
	reason = log_reason(log, 0, a->arena);
	if (!reason || (strncmp(reason, "Could not", 9) != 0 &&
			strncmp(reason, "[ERROR]", 7) != 0))
		reason = why.text;
	return refuse(a, reason, err);
}

int released_check(const struct build_request *request, const char *recipes,
		   struct arena *arena, struct error *err)
{
	struct asked a = { .word = request->word, .arena = arena };
	char prefix[PATH_ROOM], dir[PATH_ROOM];
	int rc = find_artifact(request, recipes, &a, err);

	if (rc <= 0)
		return rc;
	if (released_each(compare, &a, err) < 0)
		return -1;
	/* Without Maven nothing is built at all, which build_images() says. */
	if (a.known || file_exists(a.artifact.file) || !program_exists("mvn"))
		return 0;
	if (cache_path(prefix, "ask-", err) < 0 ||
	    dir_make_temporary(prefix, dir, err) < 0)
		return -1;
	rc = ask(&a, dir, err);
	dir_remove(dir, NULL);
	return rc;
}
