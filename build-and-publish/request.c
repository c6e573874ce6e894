/* SPDX-License-Identifier: Apache-2.0 */
/* request.c - what can be wrong with a request before anything is built. */
#include "build-and-publish/build.h"

#include <string.h>

#include "build-and-publish/recipe.h"
#include "build-and-publish/request.h"
#include "build-and-publish/word.h"

int request_fits(const struct build_request *request,
		 const struct recipe *recipe, struct error *err)
{
	if (recipe->word_count && !request->word)
		return error_set(err, ERROR_INPUT,
				 "%s: no release is named; expected: medley "
				 "build %s %.*sVERSION",
				 request->component, request->component,
				 (int)strcspn(recipe->words[0].pattern, "{"),
				 recipe->words[0].pattern);
	if (!recipe->word_count && request->word)
		return error_set(err, ERROR_INPUT,
				 "%s is made without a release, not of \"%s\"",
				 request->component, request->word);
	return 0;
}

int build_check(const struct build_request *request, struct arena *arena,
		struct error *err)
{
	struct recipe recipe;

	if (recipe_read(request->component, arena, &recipe, err) < 0 ||
	    request_fits(request, &recipe, err) < 0)
		return -1;
	return request->word ? word_check(request->word, err) : 0;
}
