/* SPDX-License-Identifier: Apache-2.0 */
/* request.c - checks a build request against its recipe. */
#include "build-and-publish/build.h"

#include "build-and-publish/recipe.h"
#include "build-and-publish/request.h"
#include "run/release_word.h"

int request_complete(struct build_request *request, const struct recipe *recipe,
		     struct error *err)
{
	if (!recipe->word_count && request->word)
		return error_set(
			err, ERROR_INPUT,
			"the component %s has no releases; remove \"%s\"",
			request->component, request->word);
	if (recipe->word_count && !request->word)
		request->word = "HEAD";
	return 0;
}

int build_check(struct build_request *request, const char *recipes,
		struct arena *arena, struct error *err)
{
	struct recipe recipe;

	if (recipe_read(request->component, recipes, arena, &recipe, err) < 0 ||
	    request_complete(request, &recipe, err) < 0)
		return -1;
	return request->word ? release_word_check(request->word, err) : 0;
}

int build_words(const char *component, const char *recipes, struct arena *arena,
		enum build_words *ret, struct error *err)
{
	struct recipe recipe;
	unsigned depth = 0;

	if (recipe_read(component, recipes, arena, &recipe, err) < 0)
		return -1;
	*ret = recipe.word_count ? BUILD_RELEASES : BUILD_WORDLESS;
	/* What stands on medley's image is of medley's commits, too. */
	while (recipe.word_count && !recipe.own_repository && recipe.base &&
	       depth++ < RECIPE_DEPTH_MAX)
		if (recipe_read(recipe.base, recipes, arena, &recipe, err) < 0)
			return -1;
	if (recipe.word_count && recipe.own_repository)
		*ret = BUILD_OWN_COMMITS;
	return 0;
}
