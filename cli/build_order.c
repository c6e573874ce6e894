/* SPDX-License-Identifier: Apache-2.0 */
/* build_order.c - what `medley build` is to make. */
#include "cli/build_order.h"

#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "base/utf8.h"
#include "build-and-publish/recipe.h"

enum { ORDER_MAX = 1000, FILE_MAX_BYTES = 1024 * 1024 };

/* The releases, and where each was named. */
struct words {
	const char **items, **places;
	unsigned count;
};

/* What reading needs at every step. */
struct reading {
	struct build_order *order;
	const struct cli *cli;
	const struct cmd_build_options *options;
	struct arena *arena;
	const char *repo; /* the clone that was named, or NULL */
	const char *components[CLI_ARGS];
	unsigned component_count;
	struct words words;
	bool has_releases; /* some component is of releases of the node */
	struct nearest nearest; /* component to a mistyped one */
	struct error *err;
};

static int add_request(struct reading *r, const char *component,
		       const char *word, const char *place)
{
	struct build_order *o = r->order;
	struct build_request request = { component, word, r->repo };

	if (o->count == ORDER_MAX)
		return error_set(r->err, ERROR_INPUT, "more than %d images",
				 ORDER_MAX);
	if (build_check(&request, r->options->recipes, r->arena, r->err) < 0)
		return place ? error_wrap(r->err, "%s", place) : -1;
	o->requests[o->count] = request;
	o->places[o->count++] = place;
	return 0;
}

static int add_word(struct reading *r, const char *word, const char *place)
{
	if (r->words.count == ORDER_MAX)
		return error_set(r->err, ERROR_INPUT, "more than %d releases",
				 ORDER_MAX);
	r->words.items[r->words.count] = word;
	r->words.places[r->words.count++] = place;
	return 0;
}

/* One word a line; "#" before it or after a blank begins a comment: it may also
 * be a part of a branch's name. */
static int read_line(struct reading *r, char *line, unsigned number)
{
	const char *file = r->options->file;
	char *word, *next, *rest;

	word = strtok_r(line, " \t\r", &rest);
	if (!word || *word == '#')
		return 0;
	next = strtok_r(NULL, " \t\r", &rest);
	if (next && *next != '#')
		return error_set(r->err, ERROR_INPUT,
				 "%s:%u: expected one release per line", file,
				 number);
	return add_word(r, word, arena_printf(r->arena, "%s:%u", file, number));
}

static int read_file(struct reading *r)
{
	cleanup(buf_release) struct buf text = BUF_INIT(FILE_MAX_BYTES);
	char *copy, *line;

	if (file_read(r->options->file, &text, r->err) < 0 ||
	    utf8_unmark(r->options->file, &text, r->err) < 0)
		return -1;
	copy = arena_strdup(r->arena, buf_text(&text));
	if (!copy)
		return error_nomem(r->err);
	for (unsigned n = 1; (line = strsep(&copy, "\n")); n++)
		if (read_line(r, line, n) < 0)
			return -1;
	return 0;
}

static int add_component(const char *component, void *ctx)
{
	struct reading *r = ctx;

	if (!component)
		return error_nomem(r->err);
	if (r->component_count == CLI_ARGS)
		return error_set(r->err, ERROR_INPUT, "more than %d components",
				 CLI_ARGS);
	r->components[r->component_count++] = component;
	return 0;
}

static int keep_component(const char *component, void *ctx)
{
	struct reading *r = ctx;

	return add_component(arena_strdup(r->arena, component), r);
}

static int offer_component(const char *component, void *ctx)
{
	struct reading *r = ctx;

	nearest_offer(&r->nearest, arena_strdup(r->arena, component));
	return 0;
}

/* "nodes" is rather a component gone wrong than a release. */
static int check_component(struct reading *r)
{
	const struct cli *cli = r->cli;

	if (r->component_count || !cli->arg_count)
		return 0;
	r->nearest = nearest_to(cli->args[0]);
	if (recipe_each(r->options->recipes, offer_component, r, r->err) < 0)
		return -1;
	if (!r->nearest.word)
		return 0;
	return error_set(r->err, ERROR_INPUT,
			 "there is no component \"%s\"; did you mean \"%s\"? "
			 "A release of that name: medley build node %s",
			 cli->args[0], r->nearest.word, cli->args[0]);
}

/* `medley build mynode mynode`: the second may have been meant as a release. */
static int record_doubtful(struct reading *r, const char *word)
{
	struct build_order *o = r->order;
	char reference[PATH_ROOM];
	struct doubtful_word *d;

	if (!build_has_release(r->repo, word, reference))
		return 0;
	d = &o->doubtful[o->doubtful_count++];
	d->word = word;
	d->reference = arena_strdup(r->arena, reference);
	return d->reference ? 0 : error_nomem(r->err);
}

static int read_args(struct reading *r)
{
	const char *recipes = r->options->recipes;
	const struct cli *cli = r->cli;
	bool all = r->options->all;
	unsigned i = 0;

	if (all && recipe_each(recipes, keep_component, r, r->err) < 0)
		return -1;
	for (; i < cli->arg_count && recipe_exists(cli->args[i], recipes);
	     i++) {
		if (!all)
			add_component(cli->args[i], r);
		if ((i || all) && record_doubtful(r, cli->args[i]) < 0)
			return -1;
	}
	if (check_component(r) < 0)
		return -1;
	for (; i < cli->arg_count; i++)
		if (add_word(r, cli->args[i], NULL) < 0)
			return -1;
	return r->options->file ? read_file(r) : 0;
}

static int look_for_releases(struct reading *r)
{
	enum build_words words;

	for (unsigned i = 0; i < r->component_count; i++) {
		if (build_words(r->components[i], r->options->recipes, r->arena,
				&words, r->err) < 0)
			return -1;
		r->has_releases |= words == BUILD_RELEASES;
	}
	return 0;
}

/* Each of its words, or once. */
static int order_component(struct reading *r, const char *component)
{
	const char *own = r->options->recipes;
	enum build_words words;
	bool several;

	if (build_words(component, own, r->arena, &words, r->err) < 0)
		return -1;
	/* What is said to releases of the node does not mean medley's. */
	several = words == BUILD_RELEASES || !r->has_releases;
	if (!several || !r->words.count)
		return add_request(r, component, NULL, NULL);
	for (unsigned i = 0; i < r->words.count; i++)
		if (add_request(r, component, r->words.items[i],
				r->words.places[i]) < 0)
			return -1;
	return 0;
}

static int prepare(struct reading *r)
{
	struct build_order *o = r->order;
	struct arena *arena = r->arena;

	o->requests = arena_array(arena, ORDER_MAX, sizeof(*o->requests));
	o->results = arena_array(arena, ORDER_MAX, sizeof(*o->results));
	o->places = arena_array(arena, ORDER_MAX, sizeof(*o->places));
	r->words.items = arena_array(arena, ORDER_MAX, sizeof(char *));
	r->words.places = arena_array(arena, ORDER_MAX, sizeof(char *));
	o->doubtful = arena_array(arena, CLI_ARGS, sizeof(*o->doubtful));
	return o->requests && o->results && o->places && o->doubtful &&
			       r->words.items && r->words.places
		       ? 0
		       : error_nomem(r->err);
}

int build_order_read(struct build_order *order, const struct cli *cli,
		     struct arena *arena, struct error *err)
{
	const struct cmd_build_options *options = cli->options;
	const char *repo = getenv("MEDLEY_REPO");
	struct reading r = { .order = order,
			     .cli = cli,
			     .options = options,
			     .arena = arena,
			     .repo = options->repo   ? options->repo
				     : repo && *repo ? repo
						     : NULL,
			     .err = err };

	if (prepare(&r) < 0 || read_args(&r) < 0)
		return -1;
	if (!r.component_count && !r.words.count)
		return error_set(err, ERROR_INPUT,
				 "nothing to build: name components, releases "
				 "or a file of them, such as: medley build "
				 "node maven:4.10");
	if (!r.component_count)
		add_component("node", &r);
	if (look_for_releases(&r) < 0)
		return -1;
	for (unsigned i = 0; i < r.component_count; i++)
		if (order_component(&r, r.components[i]) < 0)
			return -1;
	return 0;
}
