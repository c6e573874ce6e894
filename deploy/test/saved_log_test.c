/* SPDX-License-Identifier: Apache-2.0 */
/* saved_log_test.c - the logs of a run, of an engine that may cease to answer.
 */
#include "deploy/saved_log.h"

#include <unistd.h>

#include "test/support/scratch.h"

/* An engine whose pods all run, but which is away from one log on. */
struct fake {
	struct engine engine; /* first */
	struct pod pods[8];
	unsigned count, asked, logs, files;
	const char *away_from; /* a set; NULL: never */
	bool away, mute; /* `mute`: only this log fails */
	bool blind; /* it answers, but does not tell of its pods */
};

static int find(struct engine *e, const struct pod_want *want,
		struct pod **ret_pod, struct error *err)
{
	struct fake *f = (struct fake *)e;
	struct pod *pod = &f->pods[f->count++];

	(void)err;
	*pod = (struct pod){ .want = *want };
	*ret_pod = pod;
	return 0;
}

static int observe(struct engine *e, struct error *err)
{
	struct fake *f = (struct fake *)e;

	if (f->away)
		return error_set(err, ERROR_DEPLOY, "away");
	if (f->blind)
		return error_set(err, ERROR_DEPLOY, "list Event net: HTTP 403");
	for (unsigned i = 0; i < f->count; i++)
		if (strcmp(f->pods[i].want.set, "gone"))
			f->pods[i].phase = POD_RUNNING;
	return 0;
}

static int logs(struct engine *e, const struct pod *pod, int64_t since_us,
		const char *path, struct error *err)
{
	struct fake *f = (struct fake *)e;

	(void)since_us;
	f->logs++;
	if (f->away_from && !strcmp(pod->want.set, f->away_from)) {
		f->away = !f->mute;
		return error_set(err, ERROR_DEPLOY, "no answer");
	}
	return file_append(path, "a line\n", 7, 0600, err);
}

static int log_files(struct engine *e, const struct pod *pod, size_t max,
		     const char *path, struct error *err)
{
	(void)pod, (void)max, (void)path, (void)err;
	((struct fake *)e)->files++;
	return 0;
}

static int answers(struct engine *e, int seconds, struct error *err)
{
	struct fake *f = (struct fake *)e;

	(void)seconds;
	f->asked++;
	return f->away ? error_set(err, ERROR_DEPLOY, "it is away") : 0;
}

static const struct engine_ops ops = { .can = ENGINE_IS_REMOTE,
				       .find = find,
				       .observe = observe,
				       .logs = logs,
				       .log_files = log_files,
				       .answers = answers };

struct story {
	struct scratch at;
	struct fake fake;
	struct lost_logs lost;
};

static int set_up(void **state)
{
	struct story *s = scratch_begin(sizeof(*s));

	s->fake.engine.ops = &ops;
	s->lost.names = js_array();
	*state = s;
	return 0;
}

static int tear_down(void **state)
{
	struct story *s = *state;

	js_free(s->lost.names);
	return scratch_end(state);
}

static void save(struct story *s, int seconds)
{
	static struct release releases[] = { { .label = "4.8" },
					     { .failure = "not built" } };
	static struct network_node nodes[] = {
		{ .name = "one", .set = "one" },
		{ .name = "two", .set = "two" },
		{ .name = "unbuilt", .set = "unbuilt", .release = 1 },
		{ .name = "three", .set = "three" },
		{ .name = "gone", .set = "gone" }
	};
	static const struct network net = { .database_set = "database",
					    .releases = releases,
					    .release_count = 2,
					    .nodes = nodes,
					    .node_count = 5 };

	saved_logs_write(&s->fake.engine, &net, s->at.dir, seconds, &s->lost);
}

static void assert_kept(struct story *s, const char *names, const char *lost)
{
	char text[200] = "", path[PATH_ROOM];
	static const char *const all[] = { "one",   "two",  "unbuilt",
					   "three", "gone", "database" };

	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		path_printf(path, "%s/logs/%s.log", s->at.dir, all[i]);
		if (file_exists(path))
			strcat(strcat(text, all[i]), " ");
	}
	assert_string_equal(text, names);
	text[0] = 0;
	for (size_t i = 0; i < js_count(s->lost.names); i++)
		strcat(strcat(text, js_text(js_at(s->lost.names, i))), " ");
	assert_string_equal(text, lost);
}

static void all_are_kept(void **state)
{
	struct story *s = *state;

	save(s, 60);
	assert_kept(s, "one two three database ", "");
	assert_int_equal(s->lost.why.kind, ERROR_NONE);
	assert_int_equal(s->fake.files, 4);
}

/* One wait, however many logs there are. */
static void the_first_that_waits_in_vain_is_the_last(void **state)
{
	struct story *s = *state;

	s->fake.away_from = "two";
	save(s, 60);
	assert_kept(s, "one ", "two three database ");
	assert_string_equal(s->lost.why.text, "it is away");
	assert_int_equal(s->fake.logs, 2);
	assert_int_equal(s->fake.asked, 2);
}

static void none_is_asked_for_of_who_is_away(void **state)
{
	struct story *s = *state;

	s->fake.away = true;
	save(s, 60);
	assert_kept(s, "", "one two three gone database ");
	assert_int_equal(s->fake.logs + s->fake.files, 0);
	assert_int_equal(s->fake.asked, 1);
}

/* Such as a role that may not list Events. */
static void who_may_not_look_loses_all(void **state)
{
	struct story *s = *state;

	s->fake.blind = true;
	save(s, 60);
	assert_kept(s, "", "one two three gone database ");
	assert_string_equal(s->lost.why.text, "list Event net: HTTP 403");
	assert_int_equal(s->fake.logs, 0);
	assert_int_equal(s->fake.asked, 2);
}

static void a_refused_log_hinders_no_other(void **state)
{
	struct story *s = *state;

	s->fake.away_from = "two";
	s->fake.mute = true;
	save(s, 60);
	assert_kept(s, "one three database ", "");
}

static void what_takes_too_long_is_named(void **state)
{
	struct story *s = *state;

	save(s, 0);
	assert_kept(s, "", "one two three gone database ");
	assert_string_equal(s->lost.why.text, "it took too long");
}

/* A second try, when the first had some. */
static void what_is_kept_is_not_lost(void **state)
{
	struct story *s = *state;

	save(s, 60);
	s->fake.count = 0;
	s->fake.away = true;
	save(s, 60);
	assert_kept(s, "one two three database ", "gone ");
}

#define STORY(t) cmocka_unit_test_setup_teardown(t, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORY(all_are_kept),
		STORY(the_first_that_waits_in_vain_is_the_last),
		STORY(none_is_asked_for_of_who_is_away),
		STORY(who_may_not_look_loses_all),
		STORY(a_refused_log_hinders_no_other),
		STORY(what_takes_too_long_is_named),
		STORY(what_is_kept_is_not_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
