/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_reproduce_test.c - a run is repeated with all that it was. */
#include "cli/test/played_rooms.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "cli/cli.h"
#include "run/network.h"
#include "run/reproduction.h"
#include "run/run_list.h"

enum { TEXT = 1 << 20, ARGS = 8 };

static struct arena arena = ARENA_INIT(16 * 1024 * 1024);

static int set_up(void **state)
{
	static const char text[] =
		"banks: [{release: maven:4.0}, {release: maven:4.5},"
		" {release: maven:4.10}]\n"
		"notaries: [{release: maven:4.5}]\ncordapps: finance-4.0\n"
		"load: {count: 60}\n";
	struct error err = { 0 };

	if (setup(state) < 0)
		return -1;
	assert_ok(file_write(network, text, strlen(text), 0644, &err), err);
	return 0;
}

static int tear_down(void **state)
{
	arena_release(&arena);
	return teardown(state);
}

/* Runs a command line that ends with NULL; the exit code as main() makes it. */
static int medley(const char *name, ...)
{
	cleanup(cli_release) struct cli cli = { 0 };
	const char *argv[ARGS] = { "--runs", runs };
	struct error err = { 0 };
	int exit_code = 0, argc = 2;
	va_list args;

	va_start(args, name);
	while (argc < ARGS && (argv[argc] = va_arg(args, const char *)))
		argc++;
	va_end(args);
	assert_ok(cli_read(&cli, command_find(name, NULL), argc, (char **)argv,
			   &err),
		  err);
	return cli.command->run(&cli, &exit_code, &err) < 0 ? (int)err.kind
							    : exit_code;
}

static unsigned count_runs(void)
{
	struct run_entry *list;
	struct error err = { 0 };
	unsigned count;

	assert_ok(run_list(runs, &arena, &list, &count, &err), err);
	return count;
}

static struct network latest(void)
{
	struct network net;
	struct error err = { 0 };
	char path[PATH_ROOM];

	assert_ok(network_load(path_join(path, runs, "latest"), &arena, &net,
			       &err),
		  err);
	return net;
}

static void text_of(const struct network *net, struct buf *out)
{
	struct error err = { 0 };

	assert_ok(network_write(net, out, &err), err);
}

static void the_same_network(void **state)
{
	cleanup(buf_release) struct buf a = BUF_INIT(TEXT), b = BUF_INIT(TEXT);
	struct network net;

	(void)state;
	assert_int_equal(medley("run", network, "--seed=7", NULL), 0);
	net = latest();
	text_of(&net, &a);
	play.order[0] = 0;
	assert_int_equal(medley("reproduce", NULL), 0);
	/* Before a run is made, and as its first step. */
	assert_string_equal(play.order, "images images generate deploy drive "
					"check down report");
	assert_int_equal(count_runs(), 2);
	net = latest();
	text_of(&net, &b);
	assert_string_equal(buf_text(&a), buf_text(&b));
	assert_int_equal(net.seed, 7);
	assert_string_equal(net.releases[0].image, "node");
}

static void all_its_loads(void **state)
{
	static const char text[] = "load: {count: 77}\n";
	struct error err = { 0 };
	char file[PATH_ROOM];

	(void)state;
	path_join(file, dir, "more.yaml");
	assert_ok(file_write(file, text, strlen(text), 0644, &err), err);
	assert_int_equal(medley("run", network, "--keep", NULL), 0);
	assert_int_equal(medley("drive", "--load", file, NULL), 0);
	/* The file is not needed any more. */
	assert_int_equal(unlink(file), 0);
	play.order[0] = 0;
	play.other_count = 0;
	assert_int_equal(medley("reproduce", "--keep", NULL), 0);
	assert_string_equal(play.order, "images images generate deploy drive "
					"drive check report");
	assert_int_equal(play.other_count, 77);
}

static void a_cell_alone(void **state)
{
	struct network net;

	(void)state;
	assert_int_equal(medley("run", network, NULL), 0);
	assert_int_equal(medley("reproduce", "--cell", "4.10:4.0:4.5", NULL),
			 0);
	net = latest();
	assert_int_equal(net.node_count, 3);
	assert_int_equal(net.load.count, 20);
	assert_non_null(strstr(net.file, "network.yaml (cell 4.10:4.0:4.5)"));
	assert_int_equal(medley("reproduce", "--cell", "4.10:4.0:4.9", NULL),
			 ERROR_INPUT);
	assert_int_equal(count_runs(), 2);
}

/* Nothing is made. */
static void an_image_is_gone(void **state)
{
	(void)state;
	assert_int_equal(medley("run", network, NULL), 0);
	play.images_gone = true;
	assert_int_equal(medley("reproduce", NULL), ERROR_BUILD);
	assert_int_equal(count_runs(), 1);
}

static void write_member(const char *run_dir)
{
	cleanup(js_freep) struct js *root = js_object();
	cleanup(buf_release) struct buf text = BUF_INIT(TEXT);
	struct error err = { 0 };
	struct reproduction r;
	char path[PATH_ROOM];

	assert_ok(reproduction_load(run_dir, &arena, &r, &err), err);
	js_set(root, "reproduce", reproduction_json(&r));
	assert_ok(js_print(root, JS_PRETTY, &text, &err), err);
	path_join(path, run_dir, "results.json");
	assert_ok(file_write(path, text.data, text.len, 0644, &err), err);
}

static void its_results_are_enough(void **state)
{
	char from[PATH_ROOM], to[PATH_ROOM];
	struct error err = { 0 };

	(void)state;
	play.write_results = write_member;
	assert_int_equal(medley("run", network, "--seed=9", NULL), 0);
	path_printf(from, "%s/latest/results.json", runs);
	path_join(to, dir, "results.json");
	assert_ok(file_copy(from, to, 0644, &err), err);
	assert_ok(dir_remove(runs, &err), err);
	assert_int_equal(medley("reproduce", to, NULL), 0);
	assert_int_equal(latest().seed, 9);
	assert_int_equal(medley("reproduce", network, NULL), ERROR_INPUT);
}

#define T(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(the_same_network), T(all_its_loads),		T(a_cell_alone),
		T(an_image_is_gone), T(its_results_are_enough),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
