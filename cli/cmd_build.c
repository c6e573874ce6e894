/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_build.c - medley build: images of releases, here or in a registry. */
#include <string.h>
#include <unistd.h>

#include "base/utf8.h"
#include "base/counted.h"
#include "build-and-publish/image_record.h"
#include "build-and-publish/network_images.h"
#include "build-and-publish/released.h"
#include "cli/build_order.h"
#include "cli/job.h"
#include "cli/print.h"
#include "cli/table.h"
#include "sys/clock.h"
#include "sys/containers.h"

enum { COMMIT_SHOWN = 14, WORD_SHOWN = 28 };

static const struct option build_options[] = {
	{ .name = "file",
	  .letter = 'f',
	  .value = "FILE",
	  OPTION_OF(struct cmd_build_options, file),
	  .help = "file with the releases to build, one in each line" },
	{ .name = "repo",
	  .value = "PATH",
	  OPTION_OF(struct cmd_build_options, repo),
	  .help = "clone that has the commits ($MEDLEY_REPO, or the clone that "
		  "contains the current directory)" },
	{ .name = "seconds",
	  .value = "N",
	  OPTION_OF(struct cmd_build_options, seconds),
	  .most = 86400,
	  .fallback = "900",
	  .help = "time limit for one image, in seconds (900)" },
	{ .name = "all",
	  OPTION_OF(struct cmd_build_options, all),
	  .help = "build every component" },
	{ .name = "list",
	  OPTION_OF(struct cmd_build_options, list),
	  .help = "print the images in built/node-images.txt, on a terminal as "
		  "a table, and build nothing" },
	{ .name = "docker-registry",
	  .value = "HOST[:PORT]/PATH",
	  OPTION_OF(struct cmd_build_options, registry),
	  .help = "registry to which medley publishes the images, with the "
		  "login of podman login or docker login" },
	{ .name = "cert-dir",
	  .value = "DIR",
	  OPTION_OF(struct cmd_build_options, cert_dir),
	  .help = "directory with the certificate (*.crt) of the CA that "
		  "signed the registry's certificate" },
	{ .name = "recipes",
	  .value = "DIR",
	  OPTION_OF(struct cmd_build_options, recipes),
	  .help = "directory of your own recipes; a recipe there replaces "
		  "medley's of the same name" },
	OPTIONS_OF_GROUP(json_group, struct cmd_build_options, common),
};

static int print_results(const struct build_order *o, struct error *err)
{
	cleanup(js_freep) struct js *root = js_object();
	struct js *list = js_array();

	for (unsigned i = 0; i < o->count; i++)
		js_append(list, build_result_details(&o->requests[i],
						     &o->results[i]));
	js_set(root, "images", list);
	return job_print_json(root, err);
}

/* The column of releases in bytes, which printf() counts. */
static int word_width(const char *word)
{
	return word ? WORD_SHOWN + (int)(strlen(word) - utf8_count(word))
		    : WORD_SHOWN;
}

/* The images alone: for scripts, and to copy from. */
static void print_images(const struct build_order *o)
{
	for (unsigned i = 0; i < o->count; i++)
		if (!o->results[i].failure)
			printf("%-11s  %-*s  %s\n", o->requests[i].component,
			       word_width(o->requests[i].word),
			       o->requests[i].word ?: "-", o->results[i].image);
}

static const char *what_came(const struct build_result *r)
{
	if (r->failure)
		return "FAILED";
	if (r->pushed)
		return "published";
	return r->cached ? "cached" : "built";
}

/* Release, commit, result, seconds, log; failures say why below. */
static void print_table(const struct build_order *o)
{
	unsigned failed = 0;

	fprintf(stderr, "%-11s  %-*s  %-*s  %-9s  %7s  %s\n", "component",
		WORD_SHOWN, "release", COMMIT_SHOWN, "commit", "result",
		"seconds", "log");
	for (unsigned i = 0; i < o->count; i++) {
		const struct build_result *r = &o->results[i];

		failed += r->failure != NULL;
		print_line(stderr, "%-11s  %-*s  %-*.*s  %-9s  %7.1f  %s",
			   o->requests[i].component,
			   word_width(o->requests[i].word),
			   o->requests[i].word ?: "-", COMMIT_SHOWN,
			   COMMIT_SHOWN, r->commit ?: "-", what_came(r),
			   r->seconds, r->log ?: "-");
	}
	for (unsigned i = 0; failed && i < o->count; i++) {
		const struct build_result *r = &o->results[i];

		if (r->failure)
			print_line(stderr, "medley: %s%s%s %s: %s%s%s",
				   o->places[i] ?: "", o->places[i] ? ": " : "",
				   o->requests[i].component,
				   o->requests[i].word ?: "-", r->failure,
				   r->log ? "; see " : "", r->log ?: "");
	}
}

/* How many failed. */
static unsigned print_end(struct job *job, const struct build_order *o,
			  bool published, double seconds)
{
	unsigned cached = 0, failed = 0, pushed = 0;
	char text[128], bad[32] = "", away[32] = "";

	for (unsigned i = 0; i < o->count; i++) {
		cached += o->results[i].cached && !o->results[i].failure;
		failed += o->results[i].failure != NULL;
		pushed += o->results[i].pushed;
	}
	if (failed)
		snprintf(bad, sizeof(bad), ", %u FAILED", failed);
	if (published)
		snprintf(away, sizeof(away), ", %u published", pushed);
	snprintf(text, sizeof(text), "%lld %s, %u cached%s%s",
		 COUNTED(o->count - failed, "image"), cached, away, bad);
	screen_end(job->screen, text, seconds, failed);
	return failed;
}

static void list_line(const struct built_image *b)
{
	char platform[16];

	snprintf(platform, sizeof(platform), "%d", b->platform);
	printf("%s\t%s\t%s\t%s\t%s\t%s\t%s\n", b->image, b->component,
	       b->release ?: "-", b->commit ?: "-",
	       b->platform ? platform : "-", b->time, b->contracts ?: "-");
}

/* The same for people; the image comes last, where there is room for it. */
static const struct table_column list_columns[] = {
	{ .head = "component" },
	{ .head = "release", .gap = 2 },
	{ .head = "built", .gap = 2 },
	{ .head = "image", .gap = 2 },
};

static void list_row(struct table *t, const struct built_image *b)
{
	char day[11];

	snprintf(day, sizeof(day), "%s", b->time);
	TABLE_ROW(t, b->component, b->release ?: "-", day, b->image);
}

static struct js *list_member(const struct built_image *b)
{
	struct js *one = js_object();

	js_set_str(one, "image", b->image);
	js_set_str(one, "component", b->component);
	js_set_str(one, "release", b->release);
	js_set_str(one, "commit", b->commit);
	if (b->platform)
		js_set_int(one, "platform", b->platform);
	js_set_str(one, "time", b->time);
	if (b->contracts)
		js_set_str(one, "contracts", b->contracts);
	return one;
}

/* What was built so far, of the record. */
static int list_record(struct job *job, struct error *err)
{
	cleanup(js_freep) struct js *root = js_object();
	cleanup(table_release) struct table t = { .columns = list_columns,
						  .count = ARRAY_SIZE(
							  list_columns),
						  .head = true };
	bool json = job->common->json, terminal = isatty(STDOUT_FILENO);
	struct js *list = js_array();
	struct built_images all = { 0 };
	char path[PATH_ROOM];

	js_set(root, "images", list);
	if (file_exists(record_path(built_dir, path)) &&
	    built_images_read(path, &job->arena, &all, err) < 0)
		return -1;
	for (size_t i = 0; i < all.count; i++) {
		if (json)
			js_append(list, list_member(&all.list[i]));
		else if (terminal)
			list_row(&t, &all.list[i]);
		else
			list_line(&all.list[i]);
	}
	if (t.used)
		table_print(&t, stdout);
	return json ? job_print_json(root, err) : 0;
}

static void warn(const struct build_order *o)
{
	for (unsigned i = 0; i < o->doubtful_count; i++)
		fprintf(stderr,
			"medley: warning: \"%s\" is taken as the component; "
			"to build the release of that name, write %s\n",
			o->doubtful[i].word, o->doubtful[i].reference);
}

/* What an option names, if it was given. */
static int check_directory(const char *option, const char *path,
			   struct error *err)
{
	if (!path || file_exists(path))
		return 0;
	return error_set(err, ERROR_INPUT,
			 "--%s %s: there is no such directory", option, path);
}

/* Of all that was asked for, before any of it is built. */
static int check_released(struct job *job, const struct build_order *o,
			  const char *recipes, struct error *err)
{
	for (unsigned i = 0; i < o->count; i++)
		if (released_check(&o->requests[i], recipes, &job->arena, err) <
		    0)
			return o->places[i]
				       ? error_wrap(err, "%s", o->places[i])
				       : -1;
	return 0;
}

static int make_images(struct job *job, const struct cli *cli,
		       struct build_order *o, struct error *err)
{
	const struct cmd_build_options *ask = cli->options;
	const struct build_options options = {
		.built_dir = built_dir,
		.recipes = ask->recipes,
		.registry = ask->registry,
		.cert_dir = ask->cert_dir,
		.seconds = (int)ask->seconds.value
	};

	if (ask->registry && registry_check(ask->registry, err) < 0)
		return -1;
	if (check_directory("cert-dir", ask->cert_dir, err) < 0 ||
	    check_directory("recipes", ask->recipes, err) < 0)
		return -1;
	if (build_order_read(o, cli, &job->arena, err) < 0 ||
	    check_released(job, o, ask->recipes, err) < 0 ||
	    containers_prepare(err) < 0)
		return -1;
	warn(o);
	if (build_images(o->requests, o->count, &options, &job->arena,
			 screen_begin(job->screen, "build"), o->results,
			 err) < 0) {
		screen_end(job->screen, "FAILED", 0, true);
		return -1;
	}
	return 0;
}

static int build(const struct cli *cli, int *exit_code, struct error *err)
{
	const struct cmd_build_options *ask = cli->options;
	cleanup(job_release) struct job job = { 0 };
	int64_t began = clock_mono_us();
	struct build_order o = { 0 };

	if (job_open(&job, &ask->common, NULL, err) < 0)
		return -1;
	if (ask->list)
		return list_record(&job, err);
	if (make_images(&job, cli, &o, err) < 0)
		return -1;
	if (print_end(&job, &o, ask->registry,
		      (double)(clock_mono_us() - began) / 1e6))
		*exit_code = ERROR_BUILD;
	if (*exit_code || o.count > 1)
		print_table(&o);
	if (ask->common.json)
		return print_results(&o, err);
	print_images(&o);
	return 0;
}

const struct command command_build = {
	.name = "build",
	.usage = "[COMPONENT...] [COMMIT-ISH...]",
	.brief = "build images of releases, and publish them",
	.text = "Builds an image of each release of each component: `medley "
		"build node notary maven:4.10 origin/main`. Components are "
		"node, notary, cordapps, doorman, healthcheck, driver, "
		"database, base, base17 and those of --recipes; node if none "
		"is named. A release is `maven:4.10`, a commit-ish of --repo "
		"(HEAD if none is named) or a line of the file -f. An image "
		"that exists already, here or in the registry, is not built "
		"again. If the build of a release fails, the other releases "
		"are still built; a table has the result of each. "
		"built/node-images.txt has a line for each image.",
	.examples = EXAMPLES(
		{ "medley build node notary maven:4.10 origin/main",
		  "a released version, and a branch of the clone around this "
		  "directory" },
		{ "medley build -f releases.txt --docker-registry "
		  "localhost:5000/medley",
		  "each release of a file, published in a registry" },
		{ "medley build --list", "the images that were built" }),
	.most = CLI_ARGS,
	.needs_data = true,
	COMMAND_OPTIONS(build_options, struct cmd_build_options),
	.run = build,
};
