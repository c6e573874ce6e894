/* SPDX-License-Identifier: Apache-2.0 */
/* make_image.c - the step that makes an image of a job's files. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "build-and-publish/sources.h"
#include "build-and-publish/word.h"

enum { NAME_SECONDS = 60, KEY_SHOWN = 12 };

typedef void add_label(struct args *args, const char *key, const char *value);

/* buildah's way and podman import's way to say the same. */
static void label_option(struct args *args, const char *key, const char *value)
{
	args_add(args, "--label");
	args_addf(args, "%s=%s", key, value);
}

static void label_change(struct args *args, const char *key, const char *value)
{
	args_add(args, "--change");
	args_addf(args, "LABEL %s=%s", key, value);
}

static void add_labels(const struct job *job, struct args *args, add_label *add)
{
	const struct build_result *r = &job->result;
	char number[16];

	add(args, LABEL_KEY, job->key);
	add(args, LABEL_COMPONENT, job->request->component);
	add(args, LABEL_REVISION, r->commit);
	if (job->request->word)
		add(args, LABEL_VERSION, job->request->word);
	if (r->contracts)
		add(args, LABEL_CONTRACTS, r->contracts);
	if (r->platform) {
		snprintf(number, sizeof(number), "%d", r->platform);
		add(args, LABEL_PLATFORM, number);
	}
}

/* Every image has a tag of its own, so that none takes the name of another
 * that a network still runs. */
static void add_tag(const struct job *job, struct args *args)
{
	char safe[WORD_SAFE_ROOM];
	const char *word = job->request->word;

	args_addf(args, "localhost/medley/%s:%s%s%.*s", job->request->component,
		  word ? word_safe(safe, word) : "", word ? "-" : "", KEY_SHOWN,
		  job->key);
}

static int import_command(struct job *job, struct command *ret,
			  struct error *err)
{
	struct args args = { .arena = job->build->arena };
	const struct recipe_texts *changes = &job->recipe->changes;

	args_add(&args, "podman");
	args_add(&args, "import");
	for (size_t i = 0; i < changes->count; i++) {
		args_add(&args, "--change");
		args_add(&args, changes->items[i]);
	}
	add_labels(job, &args, label_change);
	args_addf(&args, "%s/rootfs.tar", job->work);
	add_tag(job, &args);
	return args_command(&args, ret, err);
}

/*
 * buildah names its working container after the image that it starts from. A
 * name of the base for this job alone makes that container one that can be
 * told from all others and removed when the build is stopped half-way.
 */
static int name_base(struct job *job, struct error *err)
{
	const char *name =
		arena_printf(job->build->arena, "localhost/medley/job-%d-%u",
			     (int)getpid(), (unsigned)(job - job->build->jobs));
	const char *const argv[] = { "podman", "tag", job->base->image_id, name,
				     NULL };
	const struct process_spec spec = { .argv = argv,
					   .seconds = NAME_SECONDS };

	if (!name)
		return error_nomem(err);
	if (process_run(&spec, NULL, err) < 0)
		return -1;
	job->base_name = name;
	return 0;
}

static int containerfile_command(struct job *job, struct command *ret,
				 struct error *err)
{
	struct args args = { .arena = job->build->arena };

	if (name_base(job, err) < 0)
		return -1;
	args_add(&args, "buildah");
	args_add(&args, "bud");
	args_add(&args, "--isolation=chroot");
	args_add(&args, "--pull=never");
	args_add(&args, "--from");
	args_add(&args, job->base_name);
	add_labels(job, &args, label_option);
	args_add(&args, "--tag");
	add_tag(job, &args);
	args_addf(&args, "--file=%s/Containerfile", job->recipe->dir);
	args_addf(&args, "%s/context", job->work);
	return args_command(&args, ret, err);
}

int step_image(struct job *job, struct command *ret, struct error *err)
{
	if (job->ran)
		return STEP_DONE;
	ret->own_tmp = true;
	return job->base ? containerfile_command(job, ret, err)
			 : import_command(job, ret, err);
}
