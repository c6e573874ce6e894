/* SPDX-License-Identifier: Apache-2.0 */
/* corpus: build-and-publish/recipes */
/* recipe_fuzz.c - any recipe.yaml is a recipe or an error. */
#include <stdint.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "build-and-publish/recipe.h"
#include "test/support/fuzz_dir.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void begin(char path[PATH_ROOM])
{
	fuzz_must(dir_make(path_join(path, fuzz_dir, "fuzz"), 0700, NULL));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const words[] = { "maven:4.10", "4.0", "HEAD", "" };
	cleanup(arena_release) struct arena arena = ARENA_INIT(16 << 20);
	struct recipe recipe;
	char path[PATH_ROOM];
	const char *value;

	if (fuzz_dir_begin())
		begin(path);
	path_printf(path, "%s/fuzz/recipe.yaml", fuzz_dir);
	fuzz_must(file_write(path, data, size, 0600, NULL));
	if (recipe_read("fuzz", fuzz_dir, &arena, &recipe, NULL) < 0)
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		recipe_match(&recipe, words[i], &arena, &value);
	return 0;
}
