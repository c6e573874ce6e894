/* SPDX-License-Identifier: Apache-2.0 */
/* publish.c - the steps that push an image to a registry, once. */
#include "build-and-publish/publish.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "build-and-publish/registry.h"
#include "build-and-publish/sources.h"
#include "corda/digest.h"
#include "sys/clock.h"

enum {
	TRIES = 5,
	FIRST_PAUSE_MS = 1000,
	MANIFEST_MAX = 4 * 1024 * 1024,
	ASK_SECONDS = 60
};

static const char *work_path(const struct build_job *job, const char *name,
			     char room[PATH_ROOM])
{
	return path_join(room, job->work, name);
}

static void add_trust(const struct build_job *job, struct args *args,
		      const char *prefix)
{
	const struct build_options *options = job->build->options;

	if (options->cert_dir)
		args_addf(args, "--%scert-dir=%s", prefix, options->cert_dir);
	else if (registry_is_local(options->registry))
		args_addf(args, "--%stls-verify=false", prefix);
}

/* Where it goes. The tag ends in the image's own ID, so that none takes the
 * tag of another. */
static void add_place(const struct build_job *job, struct args *args)
{
	char tag[IMAGE_TAG_ROOM];

	args_addf(args, "docker://%s/%s:%s", job->build->options->registry,
		  job->request.component,
		  image_tag(tag, job->request.word, job->image_id));
}

/* skopeo's words without quotes, backslashes, and the name that its caller
 * knows: `"Error parsing image name \"docker://…\": why"` is `why`. */
static const char *plain(const char *text, struct arena *arena)
{
	static const char parsing[] = "Error parsing image name ";
	cleanup(buf_release) struct buf out = BUF_INIT(4096);
	const char *end;

	text += *text == '"';
	if (!strncmp(text, parsing, sizeof(parsing) - 1)) {
		end = strstr(text, "\\\": ");
		text = end ? end + 4 : text;
	}
	for (; *text; text++)
		if (*text != '\\' && (*text != '"' || text[1]))
			buf_add_u8(&out, (uint8_t)*text);
	return arena_strdup(arena, buf_text(&out));
}

/*
 * The last command failed: STEP_WAIT, after which it is tried again,
 * ANSWER_ABSENT, or -1. Some registries do not tell who only asks that there
 * is no such image, but that the account has no right: the push will show.
 */
enum { ANSWER_ABSENT = 100 };

static int after_failure(struct build_job *job, bool asks, struct error *err)
{
	struct arena *arena = job->build->arena;
	const char *why = log_reason(job->log, job->said_before, arena);
	const char *fix;
	enum registry_answer answer;

	if (registry_judge(why ?: "", arena, &answer, &fix, err) < 0)
		return -1;
	if (answer == REGISTRY_ABSENT || (answer == REGISTRY_FINAL && asks))
		return ANSWER_ABSENT;
	job->tries++;
	if (answer == REGISTRY_AGAIN && job->tries < TRIES) {
		job->not_before_us =
			clock_mono_us() +
			((int64_t)FIRST_PAUSE_MS << (job->tries - 1)) * 1000;
		return STEP_WAIT;
	}
	return error_set(err, ERROR_BUILD, "%s %s: %s%s%s (tries: %u)",
			 steps[job->step].title, job->build->options->registry,
			 plain(why ?: "", arena) ?: "", fix ? "; " : "",
			 fix ?: "", job->tries);
}

static int set_image(struct build_job *job, const void *manifest, size_t len,
		     struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(PATH_ROOM);
	uint8_t digest[DIGEST_MAX];

	digest_bytes(DIGEST_SHA256, manifest, len, digest);
	buf_addf(&text, "%s/%s@sha256:", job->build->options->registry,
		 job->request.component);
	for (int i = 0; i < 32; i++)
		buf_addf(&text, "%02x", digest[i]);
	job->result.image = arena_strdup(job->build->arena, buf_text(&text));
	job->published = true;
	return job->result.image ? 0 : error_nomem(err);
}

/* It may still be of another image, which somebody gave this tag. */
static int read_manifest(struct build_job *job, struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(MANIFEST_MAX);
	cleanup(js_freep) struct js *manifest = NULL;
	char path[PATH_ROOM], want[128];
	const char *config;

	if (file_read(work_path(job, "manifest", path), &text, err) < 0 ||
	    js_parse_answer("skopeo, asked for a manifest", text.data, text.len,
			    &manifest, err) < 0)
		return -1;
	config = js_str(js_get(manifest, "config"), "digest");
	snprintf(want, sizeof(want), "sha256:%s", job->image_id);
	if (!config || strcmp(config, want) != 0)
		return 0;
	return set_image(job, text.data, text.len, err);
}

static int ask_command(struct build_job *job, struct build_command *ret,
		       struct error *err)
{
	struct args args = { .arena = job->build->arena };
	char path[PATH_ROOM];

	if (job_work(job, err) < 0)
		return -1;
	unlink(work_path(job, "manifest", path));
	ret->environment = ENVIRONMENT_LOGIN;
	args_add(&args, "skopeo");
	args_addf(&args, "--command-timeout=%ds", ASK_SECONDS);
	args_add(&args, "inspect");
	args_add(&args, "--raw");
	add_trust(job, &args, "");
	add_place(job, &args);
	ret->output = arena_strdup(job->build->arena, path);
	ret->may_fail = true;
	return ret->output ? args_command(&args, ret, err) : error_nomem(err);
}

static bool publishes(const struct build_job *job)
{
	return job->build->options->registry && job->wanted;
}

int step_ask(struct build_job *job, struct build_command *ret,
	     struct error *err)
{
	int rc;

	if (!publishes(job))
		return STEP_DONE;
	if (!job->ran)
		return ask_command(job, ret, err);
	job->ran = 0;
	if (!job->failed) {
		return read_manifest(job, err) < 0 ? -1 : STEP_DONE;
	}
	rc = after_failure(job, true, err);
	return rc == ANSWER_ABSENT ? STEP_DONE : rc;
}

static int push_command(struct build_job *job, struct build_command *ret,
			struct error *err)
{
	struct args args = { .arena = job->build->arena };
	char path[PATH_ROOM];

	ret->environment = ENVIRONMENT_LOGIN;
	args_add(&args, "skopeo");
	args_add(&args, "copy");
	args_addf(&args, "--digestfile=%s", work_path(job, "digest", path));
	add_trust(job, &args, "dest-");
	args_addf(&args, "containers-storage:%s", job->image_id);
	add_place(job, &args);
	ret->may_fail = true;
	return args_command(&args, ret, err);
}

static int take_digest(struct build_job *job, struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(256);
	char path[PATH_ROOM];

	if (file_read(work_path(job, "digest", path), &text, err) < 0)
		return -1;
	job->result.image = arena_printf(job->build->arena, "%s/%s@%.*s",
					 job->build->options->registry,
					 job->request.component,
					 (int)strcspn(buf_text(&text), "\n"),
					 buf_text(&text));
	job->result.pushed = true;
	return job->result.image ? STEP_DONE : error_nomem(err);
}

int step_push(struct build_job *job, struct build_command *ret,
	      struct error *err)
{
	int rc;

	if (!publishes(job) || job->published)
		return STEP_DONE;
	if (!job->ran)
		return push_command(job, ret, err);
	job->ran = 0;
	if (!job->failed)
		return take_digest(job, err);
	rc = after_failure(job, false, err);
	if (rc == ANSWER_ABSENT)
		return error_set(err, ERROR_BUILD, "publishing: %s",
				 log_reason(job->log, job->said_before,
					    job->build->arena)
					 ?: "");
	return rc;
}
