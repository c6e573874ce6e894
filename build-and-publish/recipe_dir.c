/* SPDX-License-Identifier: Apache-2.0 */
/* recipe_dir.c - finds the directory of a component's recipe. */
#include "build-and-publish/recipe_dir.h"

#include <ctype.h>

#include "base/cleanup.h"
#include "build-and-publish/recipe.h"
#include "sys/home.h"

static const char recipes[] = "build-and-publish/recipes";

/* A component is a directory's name and nothing more. */
static bool is_name(const char *text)
{
	const char *c = text;

	while (isalnum((unsigned char)*c) || (c > text && *c == '-'))
		c++;
	return !*c && c > text;
}

static bool has_recipe(const char *dir, const char *component,
		       char room[PATH_ROOM])
{
	char file[PATH_ROOM];

	path_join(room, dir, component);
	return is_name(component) &&
	       file_exists(path_join(file, room, "recipe.yaml"));
}

static bool find(const char *component, const char *own, char room[PATH_ROOM])
{
	char home[PATH_ROOM];

	if (own && has_recipe(own, component, room))
		return true;
	return has_recipe(home_path(home, recipes), component, room);
}

bool recipe_exists(const char *component, const char *own)
{
	char room[PATH_ROOM];

	return find(component, own, room);
}

/* Hands on the names in one directory that are components. */
struct each {
	const char *dir, *hidden_by;
	int (*fn)(const char *component, void *ctx);
	void *ctx;
};

static int each_name(const char *name, void *ctx)
{
	struct each *e = ctx;
	char room[PATH_ROOM];

	if (!has_recipe(e->dir, name, room) ||
	    (e->hidden_by && has_recipe(e->hidden_by, name, room)))
		return 0;
	return e->fn(name, e->ctx);
}

int recipe_each(const char *own, int (*fn)(const char *component, void *ctx),
		void *ctx, struct error *err)
{
	char home[PATH_ROOM];
	struct each theirs = { own, NULL, fn, ctx };
	struct each ours = { home_path(home, recipes), own, fn, ctx };
	int rc = own ? dir_each(own, each_name, &theirs, err) : 0;

	return rc ? rc : dir_each(home, each_name, &ours, err);
}

static int list_name(const char *component, void *ctx)
{
	struct buf *names = ctx;

	buf_addf(names, "%s%s", names->len ? ", " : "", component);
	return 0;
}

int recipe_dir(const char *component, const char *own, char room[PATH_ROOM],
	       struct error *err)
{
	cleanup(buf_release) struct buf names = BUF_INIT(4096);

	if (find(component, own, room))
		return 0;
	if (recipe_each(own, list_name, &names, err) < 0)
		return -1;
	return error_set(err, ERROR_INPUT,
			 "there is no component \"%s\"; expected one of %s",
			 component, buf_text(&names));
}
