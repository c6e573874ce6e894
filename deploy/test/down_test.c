/* SPDX-License-Identifier: Apache-2.0 */
/* down_test.c - what a teardown tells of an engine that this file plays. */
#include "deploy/deploy.h"

#include <unistd.h>

#include "engine/engine.h"
#include "run/network.h"
#include "test/support/scratch.h"

static struct {
	struct engine engine; /* first */
	unsigned rounds, left; /* so many rounds, something is still there */
	const char *stays; /* told by the first only */
} fake;

static int no_pod(struct engine *e, const struct pod_want *want,
		  struct pod **ret_pod, struct error *err)
{
	(void)e, (void)want, (void)ret_pod;
	return error_set(err, ERROR_DEPLOY, "there is none");
}

static int observe(struct engine *e, struct error *err)
{
	(void)e, (void)err;
	return 0;
}

static bool owns(struct engine *e, const struct inventory_item *item)
{
	(void)e;
	return strcmp(item->kind, "directory") && item->name[0] != '-';
}

static int take_away(struct engine *e, const struct inventory_item *items,
		     unsigned count, int seconds, struct error *err)
{
	(void)err;
	assert_int_equal(count, 2);
	assert_string_equal(items[0].kind, "Namespace");
	assert_in_range(seconds, 1, 60);
	if (fake.stays && !fake.rounds++)
		error_set(&e->stays, ERROR_LEFT, "%s", fake.stays);
	return 0;
}

static int left(struct engine *e, struct arena *arena,
		struct inventory_item **ret_items, unsigned *ret_count,
		struct error *err)
{
	static struct inventory_item items[] = { { "Secret", "keys" } };

	(void)e, (void)arena, (void)err;
	*ret_items = items;
	*ret_count = fake.left ? 1 : 0;
	fake.left -= *ret_count;
	return 0;
}

static void close_it(struct engine *e)
{
	(void)e;
}

static const struct engine_ops ops = { .find = no_pod,
				       .observe = observe,
				       .owns = owns,
				       .remove = take_away,
				       .left = left,
				       .close = close_it };

int engine_open(const char *name, const char *run_dir, struct engine **ret,
		struct error *err)
{
	(void)name, (void)run_dir, (void)err;
	*ret = &fake.engine;
	return 0;
}

struct story {
	struct scratch at;
	struct js *details;
};

/* A run that made two things. */
static int set_up(void **state)
{
	static const char text[] =
		"banks: [{release: maven:4.0}, {release: maven:4.5}]\n"
		"notaries: [{release: maven:4.5}]\ncordapps: finance-4.0\n";
	struct story *s = scratch_begin(sizeof(*s));
	const char *dir = s->at.dir;
	struct error *err = &s->at.err;
	struct network net;

	memset(&fake, 0, sizeof(fake));
	fake.engine.ops = &ops;
	scratch_network(&s->at, text, &net);
	assert_ok(inventory_add(dir, "Namespace", "net", err), *err);
	assert_ok(inventory_add(dir, "Secret", "keys", err), *err);
	*state = s;
	return 0;
}

static int tear_down(void **state)
{
	struct story *s = *state;

	js_free(s->details);
	return scratch_end(state);
}

static void take_down(struct story *s)
{
	assert_ok(deploy_down(s->at.dir, 60, NULL, &s->details, &s->at.err),
		  s->at.err);
	assert_int_equal(js_int(s->details, "made", 0), 2);
	assert_int_equal(js_count(js_get(s->details, "left")), 0);
}

static void all_goes(void **state)
{
	struct story *s = *state;

	take_down(s);
	assert_int_equal(js_int(s->details, "removed", 0), 2);
	assert_null(js_get(s->details, "stays"));
	assert_null(js_get(s->details, "not_of_this_run"));
	assert_null(js_get(s->details, "logs_lost"));
}

/* A run that somebody else has sent. */
static void what_the_run_cannot_have_made_stays(void **state)
{
	struct story *s = *state;
	struct error *err = &s->at.err;
	const struct js *list;

	assert_ok(inventory_add(s->at.dir, "pod", "--all", err), *err);
	assert_ok(inventory_add(s->at.dir, "directory", "/home", err), *err);
	take_down(s);
	assert_int_equal(js_int(s->details, "removed", 0), 2);
	list = js_get(s->details, "not_of_this_run");
	assert_int_equal(js_count(list), 2);
	assert_int_equal(js_int(s->details, "strangers", 0), 2);
	assert_string_equal(js_str(js_at(list, 0), "name"), "--all");
}

/* It is neither removed nor left: the run says so, once and for all rounds. */
static void a_namespace_that_stays_is_told(void **state)
{
	struct story *s = *state;

	fake.stays = "Namespace net has objects that medley did not create, so "
		     "it was not removed";
	fake.left = 1;
	take_down(s);
	assert_int_equal(js_int(s->details, "removed", 0), 1);
	assert_string_equal(js_str(s->details, "stays"), fake.stays);
}

static const char *secret_of(struct story *s, const char *engine)
{
	static char path[PATH_ROOM];
	char dir[PATH_ROOM];

	path_printf(dir, "%s/%s/secrets/passwords", s->at.dir, engine);
	assert_ok(dir_make(dir, 0700, &s->at.err), s->at.err);
	path_join(path, dir, "password");
	assert_ok(file_write(path, "geheim", 6, 0444, &s->at.err), s->at.err);
	return path;
}

static void secrets_go_with_the_pods(void **state)
{
	struct story *s = *state;
	const char *secret = secret_of(s, "engine");
	char other[PATH_ROOM];

	take_down(s);
	assert_false(file_exists(secret));
	assert_true(file_exists(path_join(other, s->at.dir, "engine")));
}

/* A pod that is left still mounts them. */
static void secrets_stay_while_something_is_left(void **state)
{
	struct story *s = *state;
	const char *secret = secret_of(s, "engine");

	fake.left = 9;
	assert_int_equal(
		deploy_down(s->at.dir, 60, NULL, &s->details, &s->at.err), -1);
	assert_true(file_exists(secret));
}

/* Of a run that somebody else has sent. */
static void a_link_is_not_followed(void **state)
{
	struct story *s = *state;
	const char *secret = secret_of(s, "victim");
	char link[PATH_ROOM];

	path_join(link, s->at.dir, "engine");
	assert_int_equal(symlink("victim", link), 0);
	take_down(s);
	assert_true(file_exists(secret));
}

static void what_is_left_is_an_error(void **state)
{
	struct story *s = *state;

	fake.left = 9;
	assert_int_equal(
		deploy_down(s->at.dir, 60, NULL, &s->details, &s->at.err), -1);
	assert_int_equal(s->at.err.kind, ERROR_LEFT);
	assert_non_null(strstr(s->at.err.text, "the first is Secret keys"));
	assert_int_equal(js_int(s->details, "removed", 0), 1);
}

#define STORY(t) cmocka_unit_test_setup_teardown(t, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORY(all_goes),
		STORY(what_the_run_cannot_have_made_stays),
		STORY(a_namespace_that_stays_is_told),
		STORY(what_is_left_is_an_error),
		STORY(secrets_go_with_the_pods),
		STORY(secrets_stay_while_something_is_left),
		STORY(a_link_is_not_followed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
