/* SPDX-License-Identifier: Apache-2.0 */
/* resolve.c - the step that resolves a word to a commit or version. */
#include <string.h>

#include "build-and-publish/sources.h"
#include "run/release_word.h"
#include "sys/home.h"

static int set_commit(struct build_job *job, const char *commit,
		      struct error *err)
{
	job->result.commit = commit;
	return commit ? STEP_DONE : error_nomem(err);
}

/* medley's own, for what is medley itself. */
static int own_repository(struct build_job *job, struct error *err)
{
	char home[PATH_ROOM], repo[PATH_ROOM];

	int rc = clone_find(home_path(home, "."), repo, err);

	if (rc == 0)
		rc = error_set(err, ERROR_INPUT,
			       "%s is not in a git repository", home);
	if (rc < 0)
		return error_wrap(err, "%s is built from the clone of medley",
				  job->request.component);
	job->repo = arena_strdup(job->build->arena, repo);
	return job->repo ? 0 : error_nomem(err);
}

/* The clone that was named, else the one that the user stands in. */
static int users_repository(struct build_job *job, struct error *err)
{
	char home[PATH_ROOM], own[PATH_ROOM] = "", repo[PATH_ROOM];
	int rc;

	if (job->request.repo) {
		job->repo = job->request.repo;
		return 0;
	}
	clone_find(home_path(home, "."), own, NULL);
	rc = clone_find(".", repo, err);
	if (rc < 0)
		return -1;
	if (rc == 0)
		return error_set(err, ERROR_INPUT,
				 "\"%s\" is a commit-ish, and no clone is "
				 "named: name it with --repo or $MEDLEY_REPO, "
				 "or change into its directory",
				 job->request.word);
	if (!strcmp(repo, own))
		return error_set(err, ERROR_INPUT,
				 "\"%s\" is a commit-ish of the node's "
				 "clone, and this directory is medley's own: "
				 "name the clone with --repo or $MEDLEY_REPO",
				 job->request.word);
	job->repo = arena_strdup(job->build->arena, repo);
	return job->repo ? 0 : error_nomem(err);
}

bool build_has_release(const char *repo, const char *word, char room[PATH_ROOM])
{
	char home[PATH_ROOM], own[PATH_ROOM], around[PATH_ROOM];

	if (!repo && clone_find(".", around, NULL) > 0)
		repo = around;
	if (repo && reference_named(repo, word, room))
		return true;
	return clone_find(home_path(home, "."), own, NULL) > 0 &&
	       reference_named(own, word, room);
}

/* A job of the same word, which is to mean the same commit. */
static const struct build_job *find_same(const struct build_job *job)
{
	for (const struct build_job *j = job->build->jobs; j < job; j++)
		if (j->tree && !strcmp(j->request.word, job->request.word) &&
		    !strcmp(j->repo, job->repo))
			return j;
	return NULL;
}

static int resolve_commit(struct build_job *job, struct error *err)
{
	struct arena *arena = job->build->arena;
	const struct build_job *same;
	struct commit commit;

	if ((job->recipe->own_repository ? own_repository(job, err)
					 : users_repository(job, err)) < 0)
		return -1;
	same = find_same(job);
	if (same) {
		job->tree = same->tree;
		job->time = same->time;
		return set_commit(job, same->result.commit, err);
	}
	if (commit_resolve(job->repo, job->request.word, &commit, err) < 0)
		return -1;
	job->tree = arena_strdup(arena, commit.tree);
	job->time = commit.time;
	if (!job->tree)
		return error_nomem(err);
	return set_commit(job, arena_strdup(arena, commit.id), err);
}

/* The same word, of the same clone: what was resolved below holds here. */
static int resolve_by_base(struct build_job *job, struct error *err)
{
	const struct build_job *base = job->base;

	if (!base || (job->rule && !base->request.word))
		return error_set(err, ERROR_INPUT,
				 "%s/recipe.yaml: \"%s\" has neither maven nor "
				 "command, and there is no base with words",
				 job->recipe->dir, job->rule->pattern);
	if (base->state == JOB_FAILED)
		return error_set(err, ERROR_BUILD, "its base \"%s\": %s",
				 base->request.component, base->result.failure);
	job->time = base->time;
	job->result.platform = base->result.platform;
	return set_commit(job, base->result.commit, err);
}

bool resolves_by_base(const struct build_job *job)
{
	const struct recipe_word *rule = job->rule;

	return rule ? !rule->command.count && !rule->maven.count
		    : job->base != NULL;
}

int step_resolve(struct build_job *job, struct build_command *ret,
		 struct error *err)
{
	struct arena *arena = job->build->arena;
	const char *word = job->request.word;

	(void)ret;
	if (!job->recipe->word_count && job->recipe->base)
		return resolve_by_base(job, err);
	if (!job->recipe->word_count)
		return set_commit(job,
				  arena_printf(arena, "debian:%s",
					       job->recipe->suite),
				  err);
	if (release_word_check(word, err) < 0)
		return -1;
	job->rule = recipe_match(job->recipe, word, arena, &job->value);
	if (!job->rule)
		return error_set(
			err, ERROR_INPUT,
			"\"%s\" matches no pattern in the list words of "
			"%s/recipe.yaml",
			word, job->recipe->dir);
	if (job->rule->command.count)
		return resolve_commit(job, err);
	if (resolves_by_base(job))
		return resolve_by_base(job, err);
	if (!*job->value) /* the recipe names this one word */
		return set_commit(job, word, err);
	if (release_version_check(job->value, err) < 0)
		return -1;
	return set_commit(job, arena_printf(arena, "maven:%s", job->value),
			  err);
}
