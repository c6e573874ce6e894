/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_init.c - medley init: a commented network.yaml to begin with. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "build-and-publish/released.h"
#include "cli/cli.h"
#include "cli/print.h"
#include "run/images.h"
#include "run/network_draft.h"
#include "run/network_names.h"
#include "run/release_word.h"
#include "sys/file.h"

enum { RELEASES_MAX = 100, DRAFT_MAX = 1024 * 1024 };
static const size_t arena_max = (size_t)256 * 1024 * 1024;

/* What `medley build` writes. */
static const char record[] = "built/node-images.txt";

struct cmd_init_options {
	struct common_options common;
	const char *file;
	const char *repo;
};

static const struct option init_options[] = {
	{ .name = "file",
	  .letter = 'f',
	  .value = "FILE",
	  OPTION_OF(struct cmd_init_options, file),
	  .fallback = "network.yaml",
	  .help = "file to write (network.yaml); medley does not change an "
		  "existing file" },
	{ .name = "repo",
	  .value = "DIR",
	  OPTION_OF(struct cmd_init_options, repo),
	  .help = "clone that has the RELEASEs that are commits, branches or "
		  "tags" },
};

struct drafting {
	const struct cmd_init_options *options;
	struct arena arena;
	struct draft_release releases[RELEASES_MAX];
	struct network_draft draft;
	struct built_images images; /* none, if nothing was built */
};

static bool is_built(const struct drafting *d, const char *word)
{
	return built_images_find(&d->images, "node", word, NULL);
}

static int add_release(struct drafting *d, const char *word, bool chosen,
		       struct error *err)
{
	struct draft_release *r = &d->releases[d->draft.count];

	if (d->draft.count == RELEASES_MAX)
		return error_set(
			err, ERROR_INPUT,
			"more than %d releases; a network has %d banks "
			"at most",
			RELEASES_MAX, RELEASES_MAX);
	for (unsigned i = 0; i < d->draft.count; i++)
		if (!strcmp(d->releases[i].word, word))
			return error_set(err, ERROR_INPUT,
					 "release %s is named twice", word);
	r->word = arena_strdup(&d->arena, word);
	if (!r->word)
		return error_nomem(err);
	r->built = is_built(d, word);
	r->chosen = chosen;
	d->draft.count++;
	return 0;
}

static int add_released(const char *word, void *ctx, struct error *err)
{
	return add_release(ctx, word, false, err);
}

/* The built ones; without any, the oldest, the newest and one between. */
static void choose_released(struct drafting *d)
{
	unsigned last = d->draft.count - 1, built = 0;

	for (unsigned i = 0; i <= last; i++) {
		d->releases[i].chosen = d->releases[i].built;
		built += d->releases[i].built;
	}
	if (!built)
		d->releases[0].chosen = d->releases[last / 2].chosen =
			d->releases[last].chosen = true;
}

static int add_named(struct drafting *d, const char *word, struct error *err)
{
	if (release_word_check(word, err) < 0)
		return -1;
	if (!release_is_maven(word) && !d->options->repo)
		return error_set(err, ERROR_INPUT,
				 "'%s' is a commit, branch or tag; name its "
				 "clone with --repo, or write maven:%s",
				 word, word);
	return add_release(d, word, true, err);
}

static int gather(struct drafting *d, const struct cli *cli, struct error *err)
{
	if (file_exists(record) &&
	    built_images_read(record, &d->arena, &d->images, err) < 0)
		return -1;
	for (unsigned i = 0; i < cli->arg_count; i++)
		if (add_named(d, cli->args[i], err) < 0)
			return -1;
	if (cli->arg_count)
		return 0;
	if (released_each(add_released, d, err) < 0)
		return -1;
	if (!d->draft.count)
		return error_set(err, ERROR_INTERNAL,
				 "releases.txt has no released version");
	choose_released(d);
	return 0;
}

/* CorDapps that are built; else those of the oldest version: newer nodes run
 * them, too. */
static int choose_cordapps(struct drafting *d, struct error *err)
{
	const struct built_image *built =
		built_images_find(&d->images, "cordapps", NULL, NULL);

	if (built && built->release) {
		d->draft.cordapps = built->release;
		return 0;
	}
	for (unsigned i = 0; i < d->draft.count && !d->draft.cordapps; i++)
		if (d->releases[i].chosen &&
		    release_is_maven(d->releases[i].word)) {
			d->draft.cordapps = arena_printf(
				&d->arena, "finance-%s",
				release_version(d->releases[i].word));
			if (!d->draft.cordapps)
				return error_nomem(err);
		}
	if (!d->draft.cordapps)
		d->draft.cordapps = CORDAPPS_OLDEST;
	return 0;
}

/* Independent of where the file is. */
static int find_repo(struct drafting *d, struct error *err)
{
	char real[PATH_MAX];

	if (!d->options->repo)
		return 0;
	if (!realpath(d->options->repo, real))
		return error_errno(err, ERROR_INPUT, errno, "--repo %s",
				   d->options->repo);
	d->draft.repo = arena_strdup(&d->arena, real);
	return d->draft.repo ? 0 : error_nomem(err);
}

/* What a person has written stays. */
static int write_new(const char *path, const struct buf *text,
		     struct error *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	int rc;

	if (fd < 0 && errno == EEXIST)
		return error_set(err, ERROR_INPUT,
				 "%s exists already; -f names another file",
				 path);
	if (fd < 0)
		return error_errno(err, ERROR_INPUT, errno, "%s", path);
	rc = file_write_all(fd, text->data, text->len);
	if (close(fd) < 0 || rc < 0) {
		error_errno(err, ERROR_INTERNAL, errno, "writing %s", path);
		unlink(path);
		return -1;
	}
	return 0;
}

static int draft(struct drafting *d, const struct cli *cli, struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(DRAFT_MAX);

	d->draft.releases = d->releases;
	if (gather(d, cli, err) < 0 || choose_cordapps(d, err) < 0 ||
	    find_repo(d, err) < 0)
		return -1;
	network_draft_write(&d->draft, &text);
	if (buf_check(&text, err) < 0)
		return -1;
	return write_new(d->options->file, &text, err);
}

static int init(const struct cli *cli, int *exit_code, struct error *err)
{
	struct drafting d = { .options = cli->options };
	int rc;

	(void)exit_code;
	arena_init(&d.arena, arena_max);
	rc = draft(&d, cli, err);
	if (rc == 0) {
		print_line(stdout, "%s", d.options->file);
		print_line(stderr, "next: medley run %s", d.options->file);
	}
	arena_release(&d.arena);
	return rc;
}

const struct command command_init = {
	.name = "init",
	.usage = "[RELEASE...]",
	.brief = "write a first network.yaml, with comments",
	.text = "The network has a bank of each RELEASE, such as maven:4.10. "
		"Without a RELEASE it has those whose images are in "
		"built/node-images.txt, or, if nothing was built, the oldest, "
		"the newest and one release between them; the other released "
		"versions are in the file as comments.",
	.examples =
		EXAMPLES({ "medley init", "network.yaml, in this directory" },
			 { "medley init maven:4.8 maven:4.10 -f two.yaml",
			   "a network of two releases" },
			 { "medley init maven:4.10 my-branch --repo ../corda",
			   "a release and a branch" }),
	.most = CLI_ARGS,
	.needs_data = true,
	COMMAND_OPTIONS(init_options, struct cmd_init_options),
	.run = init,
};
