/* SPDX-License-Identifier: Apache-2.0 */
/* make_image.c - the step that makes an image from a job's files. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "build-and-publish/claim.h"
#include "build-and-publish/sources.h"

enum { NAME_SECONDS = 60 };

static void add_label(struct args *args, const char *key, const char *value)
{
	args_add(args, "--label");
	args_addf(args, "%s=%s", key, value);
}

static void add_labels(const struct build_job *job, struct args *args)
{
	const struct build_result *r = &job->result;
	const struct recipe_files *own = &job->recipe->labels;
	time_t seconds = job->time;
	char text[64];
	struct tm tm;

	for (size_t i = 0; i < own->count; i++)
		add_label(args, own->items[i].name, own->items[i].from);
	add_label(args, LABEL_KEY, job->key);
	add_label(args, LABEL_COMPONENT, job->request.component);
	add_label(args, LABEL_REVISION, r->commit);
	add_label(args, LABEL_VERSION, job->request.word ?: r->commit);
	if (r->contracts)
		add_label(args, LABEL_CONTRACTS, r->contracts);
	if (r->platform) {
		snprintf(text, sizeof(text), "%d", r->platform);
		add_label(args, LABEL_PLATFORM, text);
	}
	gmtime_r(&seconds, &tm);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm);
	add_label(args, LABEL_CREATED, text);
}

/*
 * buildah names its working container after the image that it starts from. A
 * name of the base for this image alone makes that container one that can be
 * told from all others and removed when the build is stopped half-way. The
 * name is a part of the image's manifest, so it must be the same every time.
 */
static int name_base(struct build_job *job, struct error *err)
{
	struct arena *arena = job->build->arena;
	char path[PATH_ROOM];
	const char *name = arena_printf(arena, "localhost/medley/for-%s-%.24s",
					job->request.component, job->key);
	const char *const argv[] = { "podman", "tag", job->base->image_id, name,
				     NULL };
	const struct process_spec spec = { .argv = argv,
					   .environment = ENVIRONMENT_LOGIN,
					   .seconds = NAME_SECONDS };

	if (!name)
		return error_nomem(err);
	path_join(path, job->work, CLAIM_BASE_NAME);
	if (file_write(path, name, strlen(name), 0600, err) < 0)
		return -1;
	job->base_name = name;
	return process_run(&spec, NULL, err);
}

/* The files that lie beside the recipe, for its Containerfile. */
struct beside {
	const struct build_job *job;
	struct error *err;
};

static int copy_beside(const char *name, void *ctx)
{
	const struct beside *b = ctx;
	char from[PATH_ROOM], to[PATH_ROOM];

	if (!strcmp(name, "recipe.yaml"))
		return 0;
	path_join(from, b->job->recipe->dir, name);
	return file_copy(from, context_path(b->job, name, to), 0644, b->err);
}

static int image_command(struct build_job *job, struct build_command *ret,
			 struct error *err)
{
	struct args args = { .arena = job->build->arena };
	char tag[IMAGE_TAG_ROOM];

	if (job->base && name_base(job, err) < 0)
		return -1;
	ret->environment = ENVIRONMENT_LOGIN;
	args_add(&args, "buildah");
	args_add(&args, "bud");
	args_add(&args, "--isolation=chroot");
	args_add(&args, "--pull=never");
	/* The same files make the same image, whenever it is made. */
	args_addf(&args, "--timestamp=%lld", (long long)job->time);
	args_add(&args, "--omit-history");
	args_add(&args, "--identity-label=false");
	if (job->base)
		args_addf(&args, "--from=%s", job->base_name);
	add_labels(job, &args);
	args_addf(&args, "--tag=localhost/medley/%s:%s", job->request.component,
		  image_tag(tag, job->request.word, job->key));
	args_addf(&args, "%s/context", job->work);
	return args_command(&args, ret, err);
}

int step_image(struct build_job *job, struct build_command *ret,
	       struct error *err)
{
	struct beside beside = { job, err };

	if (job->ran)
		return STEP_DONE;
	if (dir_each(job->recipe->dir, copy_beside, &beside, err) < 0)
		return -1;
	return image_command(job, ret, err);
}
