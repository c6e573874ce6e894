/* SPDX-License-Identifier: Apache-2.0 */
/* recipe_test.c - recipes are read with places for errors, and hashed. */
#include "build-and-publish/recipe.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "build-and-publish/image.h"
#include "test/support/test.h"

static char home[PATH_ROOM];

static void write_recipe(const char *name, const char *text)
{
	char path[PATH_ROOM];
	struct error err = { 0 };

	path_printf(path, "%s/build-and-publish/recipes/thing", home);
	assert_ok(dir_make(path, 0700, &err), err);
	path_printf(path, "%s/build-and-publish/recipes/thing/%s", home, name);
	assert_ok(file_write(path, text, strlen(text), 0600, &err), err);
}

static int make_home(void **state)
{
	(void)state;
	if (dir_make_temporary("/tmp/medley-recipe-", home, NULL) < 0)
		return -1;
	return setenv("MEDLEY_HOME", home, 1);
}

static int remove_home(void **state)
{
	(void)state;
	unsetenv("MEDLEY_HOME");
	return dir_remove(home, NULL);
}

static void the_first_pattern_that_fits_is_taken(void **state)
{
	struct arena arena = ARENA_INIT(1 << 20);
	const struct recipe_word *word;
	struct recipe r = { 0 };
	struct error err = { 0 };
	const char *value;

	(void)state;
	write_recipe("recipe.yaml", "base: base\n"
				    "words:\n"
				    "- word: \"maven:{}\"\n"
				    "  maven: { a.jar: \"g:a:{}\" }\n"
				    "- word: \"{}\"\n"
				    "  command: [make]\n"
				    "  files: { a.jar: \"*.jar\" }\n"
				    "environment: [NEXUS_USER, CORDA_*]\n"
				    "seconds: 7\n");
	assert_ok(recipe_read("thing", NULL, &arena, &r, &err), err);
	assert_int_equal(r.seconds, 7);
	assert_string_equal(r.environment, "NEXUS_USER CORDA_*");
	word = recipe_match(&r, "maven:1", &arena, &value);
	assert_string_equal(value, "1");
	assert_int_equal(word->command.count, 0);
	assert_string_equal(word->maven.items[0].from, "g:a:{}");
	word = recipe_match(&r, "main", &arena, &value);
	assert_string_equal(word->command.items[0], "make");
	arena_release(&arena);
}

static void mistakes_are_named_with_their_place(void **state)
{
	struct arena arena = ARENA_INIT(1 << 20);
	struct recipe r;
	struct error err = { 0 };

	(void)state;
	write_recipe("recipe.yaml", "base: base\nwords:\n- wort: x\n");
	assert_error(recipe_read("thing", NULL, &arena, &r, &err), err,
		     "recipe.yaml:3:3: unknown key \"wort\"");
	write_recipe("recipe.yaml", "seconds: 1\n");
	assert_error(recipe_read("thing", NULL, &arena, &r, &err), err,
		     "either base or debian");
	write_recipe("recipe.yaml", "base: base\nmemory: 0\n");
	assert_error(recipe_read("thing", NULL, &arena, &r, &err), err,
		     "recipe.yaml:2:9: memory: expected 1 to");
	write_recipe("recipe.yaml", "base: base\nrepository: yours\n");
	assert_error(recipe_read("thing", NULL, &arena, &r, &err), err,
		     "expected \"medley\"");
	write_recipe("recipe.yaml", "base: base\nmaven: { a/b: c }\n");
	assert_error(recipe_read("thing", NULL, &arena, &r, &err), err,
		     "FILE: SOURCE");
	write_recipe("recipe.yaml", "base: base\nenvironment: [\"A B\"]\n");
	assert_error(recipe_read("thing", NULL, &arena, &r, &err), err,
		     "recipe.yaml:2:15: environment: expected the name of a");
	write_recipe("recipe.yaml", "base: base\nenvironment: [A*B]\n");
	assert_error(recipe_read("thing", NULL, &arena, &r, &err), err,
		     "which may end with \"*\"");
	assert_error(recipe_read("nothing", NULL, &arena, &r, &err), err,
		     "no component");
	assert_error(recipe_read("../thing", NULL, &arena, &r, &err), err,
		     "no component \"../thing\"; expected one of thing");
	arena_release(&arena);
}

static void bases_go_by_platform_version(void **state)
{
	struct arena arena = ARENA_INIT(1 << 20);
	struct recipe r;
	struct error err = { 0 };

	(void)state;
	write_recipe("recipe.yaml", "base: a\nplatform: a.jar\nbases:\n"
				    "- {platform: 140, base: b}\n"
				    "- {platform: 200, base: c}\n");
	assert_ok(recipe_read("thing", NULL, &arena, &r, &err), err);
	assert_int_equal(r.base_count, 3);
	assert_string_equal(r.bases[0].component, "a");
	assert_int_equal(r.bases[0].platform, 0);
	assert_string_equal(r.bases[2].component, "c");
	assert_int_equal(r.bases[2].platform, 200);
	write_recipe("recipe.yaml", "base: a\nplatform: a.jar\nbases:\n"
				    "- {platform: 140, base: b}\n"
				    "- {platform: 140, base: c}\n");
	assert_error(
		recipe_read("thing", NULL, &arena, &r, &err), err,
		"recipe.yaml:5:3: expected base, and a platform above 140");
	write_recipe("recipe.yaml", "base: a\nplatform: a.jar\nbases:\n"
				    "- {base: b}\n");
	assert_error(recipe_read("thing", NULL, &arena, &r, &err), err,
		     "expected base, and a platform above 0");
	write_recipe("recipe.yaml", "base: a\nbases:\n"
				    "- {platform: 140, base: b}\n");
	assert_error(recipe_read("thing", NULL, &arena, &r, &err), err,
		     "recipe.yaml:3:1: bases: expected a list of at most 3, "
		     "beside base and platform");
	arena_release(&arena);
}

static void java_17_is_for_4_12(void **state)
{
	struct arena arena = ARENA_INIT(1 << 20);
	struct recipe r;
	struct error err = { 0 };

	(void)state;
	setenv("MEDLEY_HOME", ".", 1);
	assert_ok(recipe_read("node", NULL, &arena, &r, &err), err);
	setenv("MEDLEY_HOME", home, 1);
	assert_int_equal(r.base_count, 2);
	assert_string_equal(r.bases[0].component, "base");
	assert_int_equal(r.bases[1].platform, 140);
	assert_string_equal(r.bases[1].component, "base17");
	arena_release(&arena);
}

static int count(const char *component, void *ctx)
{
	*(int *)ctx += !strcmp(component, "thing") ? 1 : 100;
	return 0;
}

static void a_users_recipe_hides_one_of_the_same_name(void **state)
{
	struct arena arena = ARENA_INIT(1 << 20);
	char own[PATH_ROOM], path[PATH_ROOM];
	struct recipe r = { 0 };
	struct error err = { 0 };
	int seen = 0;

	(void)state;
	write_recipe("recipe.yaml", "base: base\n");
	path_join(own, home, "own");
	assert_ok(dir_make(path_join(path, own, "thing"), 0700, &err), err);
	path_join(path, own, "thing/recipe.yaml");
	assert_ok(file_write(path, "base: other\n", 12, 0600, &err), err);
	assert_ok(recipe_read("thing", own, &arena, &r, &err), err);
	assert_string_equal(r.base, "other");
	assert_ok(recipe_each(own, count, &seen, &err), err);
	assert_int_equal(seen, 1);
	assert_true(recipe_exists("thing", NULL));
	assert_false(recipe_exists("other", own));
	arena_release(&arena);
}

static void each_file_counts_in_the_hash(void **state)
{
	struct arena arena = ARENA_INIT(1 << 20);
	struct recipe a, b, c;
	struct error err = { 0 };

	(void)state;
	write_recipe("recipe.yaml", "base: base\n");
	assert_ok(recipe_read("thing", NULL, &arena, &a, &err), err);
	write_recipe("Containerfile", "FROM base\n");
	assert_ok(recipe_read("thing", NULL, &arena, &b, &err), err);
	write_recipe("Containerfile", "FROM base\n#\n");
	assert_ok(recipe_read("thing", NULL, &arena, &c, &err), err);
	assert_string_not_equal(a.hash, b.hash);
	assert_string_not_equal(b.hash, c.hash);
	arena_release(&arena);
}

static void keys_differ_in_every_part(void **state)
{
	char a[IMAGE_KEY_ROOM], b[IMAGE_KEY_ROOM];

	(void)state;
	image_key(a, "node", "hash", "w", "maven:4.0", "base");
	image_key(b, "node", "hash", "w", "maven:4.0", "base");
	assert_string_equal(a, b);
	image_key(b, "node", "hash", "w", "maven:4.1", "base");
	assert_string_not_equal(a, b);
	image_key(b, "node", "hash", "w", "maven:4.0", "esab");
	assert_string_not_equal(a, b);
	image_key(b, "node", "hush", "w", "maven:4.0", "base");
	assert_string_not_equal(a, b);
	image_key(b, "node", "hash", "v", "maven:4.0", "base");
	assert_string_not_equal(a, b);
	image_key(b, "cordapps", "hash", "w", "maven:4.0", "base");
	assert_string_not_equal(a, b);
}

static void an_image_is_found_by_key_and_own_name(void **state)
{
	static const char text[] =
		"[{\"Id\":\"1\",\"Labels\":{\"medley.key\":\"k\"},"
		"\"RepoDigests\":[\"localhost/other/node@sha256:1\"]},"
		"{\"Id\":\"2\",\"RepoDigests\":null,"
		"\"Labels\":{\"medley.key\":\"k\"}},"
		"{\"Id\":\"3\",\"Labels\":{\"medley.key\":\"k\","
		"\"org.opencontainers.image.created\":"
		"\"1970-01-02T00:00:01Z\","
		"\"medley.platform\":\"12\"},\"RepoDigests\":"
		"[\"localhost/medley/node@sha256:3\"]}]";
	struct js *list = NULL;
	struct image image;
	struct error err = { 0 };

	(void)state;
	assert_ok(js_parse("list", text, strlen(text), &list, &err), err);
	assert_int_equal(images_find(list, "node", "k", &image), 1);
	assert_string_equal(image.id, "3");
	assert_string_equal(image.reference, "localhost/medley/node@sha256:3");
	assert_int_equal(image.platform, 12);
	assert_int_equal(image.time, 86401);
	assert_int_equal(images_find(list, "base", "k", &image), 0);
	assert_int_equal(images_find(list, "node", "x", &image), 0);
	js_free(list);
}

static void the_projects_own_recipes_are_sound(void **state)
{
	static const char *const own[] = { "base",    "database",    "runtime",
					   "node",    "notary",	     "medley",
					   "doorman", "healthcheck", "driver",
					   "cordapps" };
	struct arena arena = ARENA_INIT(1 << 20);
	struct error err = { 0 };
	struct recipe r;
	const char *value;

	(void)state;
	setenv("MEDLEY_HOME", ".", 1);
	for (size_t i = 0; i < ARRAY_SIZE(own); i++)
		assert_ok(recipe_read(own[i], NULL, &arena, &r, &err), err);
	assert_non_null(recipe_match(&r, "finance-4.0", &arena, &value));
	assert_string_equal(value, "4.0");
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_pattern_that_fits_is_taken),
		cmocka_unit_test(mistakes_are_named_with_their_place),
		cmocka_unit_test(bases_go_by_platform_version),
		cmocka_unit_test(java_17_is_for_4_12),
		cmocka_unit_test(a_users_recipe_hides_one_of_the_same_name),
		cmocka_unit_test(each_file_counts_in_the_hash),
		cmocka_unit_test(keys_differ_in_every_part),
		cmocka_unit_test(an_image_is_found_by_key_and_own_name),
		cmocka_unit_test(the_projects_own_recipes_are_sound),
	};

	return cmocka_run_group_tests(tests, make_home, remove_home);
}
