/* SPDX-License-Identifier: Apache-2.0 */
/* images_test.c - the lines of node-images.txt, and what a network takes. */
#include "run/images.h"

#include "base/cleanup.h"
#include "test/support/test.h"

#define LINE(image, component, release, commit, platform)                      \
	image "\t" component "\t" release "\t" commit "\t" platform            \
	      "\t2026-11-21T07:50:12.345Z\n"

static const char header[] =
	"# image\tcomponent\trelease\tcommit\tplatform version\ttime (UTC)\n";

static struct arena arena = ARENA_INIT(16 * 1024 * 1024);

static struct built_images parsed(const char *text)
{
	struct built_images images;
	struct error err = { 0 };

	assert_ok(built_images_parse("node-images.txt", text, &arena, &images,
				     &err),
		  err);
	return images;
}

static const char two_releases[] =
	LINE("localhost/medley/database@sha256:d1", "database", "-", "-",
	     "-") LINE("localhost/medley/node@sha256:n1", "node", "maven:4.0",
		       "maven:4.0", "4")
		LINE("localhost/medley/node@sha256:n2", "node", "release-V4.8",
		     "ab12",
		     "10") "\n" LINE("r.example:5000/net/node@sha256:n3",
				     "node", "maven:4.0", "maven:4.0", "4")
			LINE("localhost/medley/cordapps@sha256:c1", "cordapps",
			     "finance-4.0", "maven:4.0", "-");

static void the_last_line_holds(void **state)
{
	struct built_images images = parsed(two_releases);
	const struct built_image *b;

	(void)state;
	assert_int_equal(images.count, 5);
	b = built_images_find(&images, "node", "maven:4.0", NULL);
	assert_string_equal(b->image, "r.example:5000/net/node@sha256:n3");
	b = built_images_find(&images, "node", "release-V4.8", NULL);
	assert_string_equal(b->commit, "ab12");
	assert_int_equal(b->platform, 10);
	b = built_images_find(&images, "database", NULL, NULL);
	assert_null(b->release);
	assert_null(b->commit);
	assert_int_equal(b->platform, 0);
	assert_null(built_images_find(&images, "node", "maven:4.1", NULL));
}

static void a_registry_is_a_whole_part_of_the_name(void **state)
{
	struct built_images images = parsed(two_releases);
	static const char *const holding[] = { "r.example:5000",
					       "r.example:5000/net",
					       "r.example:5000/net/" };
	static const char *const other[] = { "r.example", "r.example:5000/ne",
					     "localhost" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(holding); i++)
		assert_non_null(built_images_find(&images, "node", "maven:4.0",
						  holding[i]));
	for (size_t i = 0; i < 2; i++)
		assert_null(built_images_find(&images, "node", "maven:4.0",
					      other[i]));
	assert_string_equal(built_images_find(&images, "node", "maven:4.0",
					      other[2])
				    ->image,
			    "localhost/medley/node@sha256:n1");
}

static void a_network_has_a_bank_of_each_release(void **state)
{
	cleanup(buf_release) struct buf out = BUF_INIT(4096);
	struct built_images images = parsed(two_releases);
	struct error err = { 0 };

	(void)state;
	assert_ok(built_images_network(&images, NULL, &out, &err), err);
	assert_string_equal(buf_text(&out), "banks:\n"
					    "  - release: \"release-V4.8\"\n"
					    "  - release: \"maven:4.0\"\n"
					    "notaries:\n"
					    "  - release: \"release-V4.8\"\n"
					    "repo: .\n"
					    "cordapps: \"finance-4.0\"\n");
	buf_clear(&out);
	assert_error(built_images_network(&images, "r.example:5000", &out,
					  &err),
		     err, "medley build --docker-registry r.example:5000");
}

static void one_release_pays_itself(void **state)
{
	cleanup(buf_release) struct buf out = BUF_INIT(4096);
	struct built_images images =
		parsed(LINE("x/node@sha256:1", "node", "maven:4.8", "-", "10")
			       LINE("x/c@sha256:1", "cordapps", "finance-4.8",
				    "-", "-"));
	struct error err = { 0 };

	(void)state;
	assert_ok(built_images_network(&images, NULL, &out, &err), err);
	assert_non_null(strstr(buf_text(&out), "    count: 2\n"));
}

/* The command of the error works as it is. */
static void what_to_build_is_named_with_its_word(void **state)
{
	static const char node[] =
		LINE("x/node@1", "node", "maven:4.8", "-", "10");
	cleanup(buf_release) struct buf out = BUF_INIT(4096);
	struct built_images images = parsed(node);
	struct error err = { 0 };

	(void)state;
	assert_error(built_images_network(&images, NULL, &out, &err), err,
		     "no cordapps image; build it: medley build cordapps "
		     "finance-4.0");
	assert_error(built_images_network(&images, "r.example", &out, &err),
		     err,
		     "no node image in r.example; build it: medley build "
		     "--docker-registry r.example node maven:4.0");
}

static void a_network_is_filled_in(void **state)
{
	struct built_images images = parsed(two_releases);
	struct release releases[] = {
		{ .word = "maven:4.0", .cordapps = "finance-4.0" },
		{ .word = "release-V4.8", .cordapps = "finance-4.0" },
	};
	struct network net = { .releases = releases, .release_count = 2 };
	struct error err = { 0 };

	(void)state;
	assert_ok(built_images_fill(&images, NULL, &net, &err), err);
	assert_string_equal(net.database_image,
			    "localhost/medley/database@sha256:d1");
	assert_int_equal(releases[1].platform, 10);
	assert_string_equal(releases[0].cordapps_image,
			    "localhost/medley/cordapps@sha256:c1");
	releases[1].word = "maven:4.9";
	assert_error(built_images_fill(&images, NULL, &net, &err), err,
		     "node-images.txt: no node image of maven:4.9; build it: "
		     "medley build node maven:4.9");
	releases[1].word = "maven:4.0";
	releases[1].cordapps = "finance-4.9";
	assert_error(built_images_fill(&images, NULL, &net, &err), err,
		     "medley build cordapps finance-4.9");
	assert_int_equal(err.kind, ERROR_INPUT);
}

/* A line of an earlier medley ends before the contracts jar. */
static void contracts_are_told_where_known(void **state)
{
	struct built_images images =
		parsed("c@1\tcordapps\tfinance-4.0\tmaven:4.0\t-\tt\t0a1b\n"
		       "c@2\tcordapps\tfinance-4.8\tmaven:4.8\t-\tt\n"
		       "n@1\tnode\tmaven:4.0\tmaven:4.0\t4\tt\t-\n"
		       "d@1\tdatabase\t-\t-\t-\tt\t-\n");
	struct release releases[] = {
		{ .word = "maven:4.0", .cordapps = "finance-4.0" },
		{ .word = "maven:4.0", .cordapps = "finance-4.8" },
	};
	struct network net = { .releases = releases, .release_count = 2 };
	struct error err = { 0 };

	(void)state;
	assert_ok(built_images_fill(&images, NULL, &net, &err), err);
	assert_string_equal(releases[0].contracts, "0a1b");
	assert_null(releases[1].contracts);
	assert_null(images.list[2].contracts);
}

static void refuse(const char *text, const char *why)
{
	struct built_images images;
	struct error err = { 0 };

	assert_error(built_images_parse("f", text, &arena, &images, &err), err,
		     why);
	assert_int_equal(err.kind, ERROR_INPUT);
}

static void bad_lines_are_named(void **state)
{
	char text[512];

	(void)state;
	snprintf(text, sizeof(text), "%sa\tb\tc\n", header);
	refuse(text, "f:2: expected image, component, release, commit");
	refuse("a\tb\tc\td\t-\tf\tg\th\n", "f:1: expected image");
	refuse("a\tb\tc\td\t-\n", "f:1: expected image");
	refuse("a\tb\t\td\t-\tf\n", "f:1: expected image");
	refuse(LINE("a", "node", "w", "c", "4x"),
	       "f:1: expected a platform version or '-', not '4x'");
	assert_int_equal(parsed("").count, 0);
	assert_int_equal(parsed(header).count, 0);
}

static void a_missing_file_says_what_writes_it(void **state)
{
	struct built_images images;
	struct error err = { 0 };

	(void)state;
	assert_error(built_images_read("/none/node-images.txt", &arena, &images,
				       &err),
		     err, "does not exist; build images first");
}

static int teardown(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_last_line_holds),
		cmocka_unit_test(a_registry_is_a_whole_part_of_the_name),
		cmocka_unit_test(a_network_has_a_bank_of_each_release),
		cmocka_unit_test(one_release_pays_itself),
		cmocka_unit_test(what_to_build_is_named_with_its_word),
		cmocka_unit_test(a_network_is_filled_in),
		cmocka_unit_test(contracts_are_told_where_known),
		cmocka_unit_test(bad_lines_are_named),
		cmocka_unit_test(a_missing_file_says_what_writes_it),
	};

	return cmocka_run_group_tests(tests, NULL, teardown);
}
