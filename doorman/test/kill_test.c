/* SPDX-License-Identifier: Apache-2.0 */
/* kill_test.c - a doorman that is killed anywhere loses nothing. */
#include "doorman/doorman.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test/support/asker.h"
#include "test/support/copy.h"
#include "test/support/test.h"

/*
 * The story of a network in steps, each a call of the operator or a node's
 * request. Of each step: a child process does it and is killed before its
 * first change of a file, then, from the same state again, before its second,
 * and so on, until it comes to the end. After each kill the doorman is opened
 * anew, its state must be sound, and when the step is done again, as nodes and
 * operators do, all must be as if nothing had happened.
 */

enum { ROOM = 65536, STEP_MAX = 200, SERIAL = 1000 };

static char dir[PATH_ROOM], state_dir[PATH_ROOM], saved[PATH_ROOM];
static char plan_file[PATH_ROOM];
static struct doorman_settings settings;
static struct doorman *d;
static struct asker node;
static struct error err;
static struct applicant killed, service, notary, bank;
static char path_of_killed[PATH_ROOM], path_of_service[PATH_ROOM];
static char path_of_bank[PATH_ROOM];

/* ---- the calls that change files: one of them is the last ---- */

static int calls_left = -1; /* -1: no end */

static void count_call(void)
{
	if (calls_left >= 0 && calls_left-- == 0)
		kill(getpid(), SIGKILL);
}

/* A kill loses nothing that was written, synced or not. */
int fsync(int fd)
{
	(void)fd;
	count_call();
	return 0;
}

int rename(const char *from, const char *to)
{
	count_call();
	return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}

int link(const char *from, const char *to)
{
	count_call();
	return (int)syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0);
}

int unlink(const char *path)
{
	count_call();
	return (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
}

int mkdir(const char *path, mode_t mode)
{
	count_call();
	return (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode);
}

/* ---- what must hold at any time ---- */

static void open_doorman(void)
{
	doorman_close(steal(d));
	assert_ok(doorman_open(&settings, &d, &err), err);
	node.of = d;
}

static struct js *list(void)
{
	struct js *all;

	assert_ok(doorman_list(d, &all, &err), err);
	return all;
}

static void assert_count(const char *what, size_t count)
{
	cleanup(js_freep) struct js *all = list();

	assert_int_equal(js_count(js_get(all, what)), count);
}

/* It can be listed, and gives a map, or there are no parameters yet. */
static void assert_sound(void)
{
	static const char *const maps[] = { "/network-map",
					    "/network-map/node-infos" };

	js_free(list());
	for (size_t i = 0; i < ARRAY_SIZE(maps); i++) {
		asker_ask(&node, "GET", maps[i], NULL);
		if (node.status != 200)
			asker_said(&node, 503, "no network parameters yet");
	}
}

/* ---- steps: what is done, and what must have come of it ---- */

static void keys_are_there(void)
{
	cleanup(buf_release) struct buf file = BUF_INIT(ROOM);
	cleanup(buf_release) struct buf now = BUF_INIT(ROOM);
	char path[PATH_ROOM];

	path_join(path, state_dir, "network-root-truststore.jks");
	assert_ok(file_read(path, &file, &err), err);
	open_doorman();
	assert_ok(doorman_truststore(d, &now, &err), err);
	assert_int_equal(file.len, now.len);
	assert_memory_equal(file.data, now.data, now.len);
}

static void plan(void)
{
	assert_ok(doorman_plan(d, plan_file, NULL, 0, &err), err);
}

static void plan_waits(void)
{
	cleanup(js_freep) struct js *all = list();

	assert_int_equal(
		js_count(js_get(js_get(all, "parameters"), "waiting_for")), 1);
}

static void request_killed(void)
{
	asker_request(&node, &killed, CERTIFICATE_SERVICE, path_of_killed);
	asker_said(&node, 200, "");
}

static void killed_is_known(void)
{
	assert_count("requests", 1);
	request_killed();
	assert_count("requests", 1);
}

static void certify_killed(void)
{
	asker_ask(&node, "GET", path_of_killed, NULL);
	asker_said(&node, 200, "");
}

static void killed_is_notary(void)
{
	certify_killed();
	asker_notary_is(&node, killed.ca);
}

static void request_service(void)
{
	asker_request(&node, &service, CERTIFICATE_SERVICE, path_of_service);
	asker_said(&node, 200, "");
}

static void both_are_known(void)
{
	assert_count("requests", 2);
	asker_notary_is(&node, killed.ca);
}

/* The name goes over: the parameters name another key. */
static void certify_service(void)
{
	asker_ask(&node, "GET", path_of_service, NULL);
	asker_take(&node, &service);
}

static void service_is_notary(void)
{
	certify_service();
	asker_ask(&node, "GET", path_of_killed, NULL);
	asker_said(&node, 401, "given to another key");
	asker_notary_is(&node, service.ca);
}

static void publish_notary(void)
{
	asker_register(&node, &notary, CERTIFICATE_NODE_CA);
	asker_publish(&node, &notary, &service, SERIAL);
	asker_said(&node, 200, "published");
}

static void request_bank(void)
{
	asker_request(&node, &bank, CERTIFICATE_NODE_CA, path_of_bank);
	asker_said(&node, 200, "");
}

static void bank_waits(void)
{
	request_bank();
	asker_ask(&node, "GET", path_of_bank, NULL);
	asker_said(&node, 204, "");
}

static void decide(bool approve)
{
	const char *id = path_of_bank + strlen("/certificate/");
	char whole[DOORMAN_ID];

	if (doorman_decide(d, id, approve, "no more", whole, &err) < 0)
		assert_error(-1, err, "already"); /* before the kill */
}

static void approve_bank(void)
{
	decide(true);
}

static void bank_is_approved(void)
{
	asker_ask(&node, "GET", path_of_bank, NULL);
	asker_take(&node, &bank);
}

static void publish_bank(void)
{
	asker_publish(&node, &bank, NULL, SERIAL);
	asker_said(&node, 200, "published");
}

static void publish_bank_again(void)
{
	asker_publish(&node, &bank, NULL, SERIAL + 1);
	asker_said(&node, 200, "published");
}

static void bank_has_moved(void)
{
	cleanup(js_freep) struct js *all = list();
	const struct js *nodes = js_get(all, "nodes");

	assert_true(js_int(js_at(nodes, 0), "serial", 0) == SERIAL + 1 ||
		    js_int(js_at(nodes, 1), "serial", 0) == SERIAL + 1);
}

static void update(void)
{
	assert_ok(doorman_plan(d, plan_file, "more", 1000, &err), err);
}

static void map_with_update(struct arena *arena, struct network_map *ret)
{
	asker_map(&node, arena, ret);
	assert_non_null(ret->update);
	assert_string_equal(ret->update->description, "more");
}

static void update_is_announced(void)
{
	cleanup(arena_release) struct arena arena = ARENA_INIT(1 << 20);
	struct network_map map;

	map_with_update(&arena, &map);
	asker_notary_is(&node, service.ca);
}

static void accept_update(void)
{
	cleanup(arena_release) struct arena arena = ARENA_INIT(1 << 20);
	cleanup(buf_release) struct buf ack = BUF_INIT(ROOM);
	struct network_map map;

	map_with_update(&arena, &map);
	applicant_ack(&bank, map.update->parameters, &ack);
	asker_ask(&node, "POST", "/network-map/ack-parameters", &ack);
	asker_said(&node, 200, "accepted");
}

static void bank_accepted(void)
{
	cleanup(js_freep) struct js *all = list();
	const struct js *nodes = js_get(all, "nodes");

	assert_true(js_bool(js_at(nodes, 0), "accepted", false) !=
		    js_bool(js_at(nodes, 1), "accepted", false));
}

static void flag_day(void)
{
	char hash[DOORMAN_ID];

	if (doorman_flag_day(d, true, hash, &err) < 0)
		assert_error(-1, err, "there is no update");
}

static void update_is_valid(void)
{
	cleanup(arena_release) struct arena arena = ARENA_INIT(1 << 20);
	struct signed_network_parameters p;
	struct network_map map;

	asker_map(&node, &arena, &map);
	assert_null(map.update);
	asker_parameters(&node, &arena, map.parameters, &p);
	assert_int_equal(p.parameters.epoch, 2);
}

static void reject_bank(void)
{
	decide(false);
}

static void bank_is_out(void)
{
	asker_ask(&node, "GET", path_of_bank, NULL);
	asker_said(&node, 401, "no more");
	asker_publish(&node, &bank, NULL, SERIAL + 2);
	asker_said(&node, 400, "now valid");
}

static void forget_bank(void)
{
	char whole[DOORMAN_ID];

	if (doorman_forget(d, path_of_bank + strlen("/certificate/"), whole,
			   &err) < 0)
		assert_error(-1, err, "no request begins"); /* as above */
}

static void bank_is_forgotten(void)
{
	asker_ask(&node, "GET", path_of_bank, NULL);
	asker_said(&node, 404, "no such request");
	assert_count("requests", 3);
}

static const struct step {
	const char *name;
	bool by_hand;
	size_t nodes; /* in the map when it is done */
	void (*act)(void); /* NULL: the doorman is opened, no more */
	void (*check)(void); /* or NULL */
} steps[] = {
	{ "keys", false, 0, NULL, keys_are_there },
	{ "plan", false, 0, plan, plan_waits },
	{ "request", true, 0, request_killed, killed_is_known },
	{ "certificate", false, 0, certify_killed, killed_is_notary },
	{ "another key", true, 0, request_service, both_are_known },
	{ "name goes over", false, 0, certify_service, service_is_notary },
	{ "notary", false, 1, publish_notary, NULL },
	{ "bank asks", true, 1, request_bank, bank_waits },
	{ "bank is approved", true, 1, approve_bank, bank_is_approved },
	{ "bank publishes", true, 2, publish_bank, NULL },
	{ "bank moves", true, 2, publish_bank_again, bank_has_moved },
	{ "update", true, 2, update, update_is_announced },
	{ "bank accepts", true, 2, accept_update, bank_accepted },
	{ "flag day", true, 2, flag_day, update_is_valid },
	{ "bank is rejected", true, 1, reject_bank, bank_is_out },
	{ "bank is forgotten", true, 1, forget_bank, bank_is_forgotten },
};

/* ---- killing ---- */

static void assert_mapped(size_t count)
{
	cleanup(arena_release) struct arena arena = ARENA_INIT(1 << 20);
	struct network_map map;

	asker_map(&node, &arena, &map);
	assert_int_equal(map.node_info_count, count);
	assert_count("nodes", count);
}

static void act(const struct step *s)
{
	if (s->act)
		s->act();
}

static void check(const struct step *s)
{
	if (s->nodes)
		assert_mapped(s->nodes);
	if (s->check)
		s->check();
}

/* False when it came to its end before that call. */
static bool act_and_die(const struct step *s, int calls)
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		calls_left = calls;
		open_doorman();
		act(s);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
		return true;
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	return false;
}

static void try_step(const struct step *s)
{
	int calls = 0;

	settings.by_hand = s->by_hand;
	copy_by_links(state_dir, saved);
	while (act_and_die(s, calls++)) {
		assert_true(calls < STEP_MAX);
		open_doorman();
		assert_sound();
		act(s);
		check(s);
		copy_by_links(saved, state_dir);
	}
	/* Nobody does again what was done. */
	open_doorman();
	check(s);
	print_message("%s: killed %d times\n", s->name, calls - 1);
}

static void loses_nothing_wherever_it_is_killed(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(steps); i++)
		try_step(&steps[i]);
}

static int begin(void **state)
{
	static const char text[] =
		"notaries:\n  - name: O=Service, L=London, C=GB\n";

	(void)state;
	assert_ok(dir_make_temporary("/tmp/kill-test-", dir, &err), err);
	path_join(state_dir, dir, "state");
	path_join(saved, dir, "saved");
	path_join(plan_file, dir, "parameters.yaml");
	assert_ok(file_write(plan_file, text, strlen(text), 0600, &err), err);
	assert_ok(dir_make(state_dir, 0700, &err), err);
	settings = (struct doorman_settings){ .directory = state_dir,
					      .poll_seconds = 5 };
	asker_init(&node, asker_by_route);
	applicant_init(&killed, "Service");
	applicant_init(&service, "Service");
	applicant_init(&notary, "Notary");
	applicant_init(&bank, "Bank");
	return 0;
}

static int end(void **state)
{
	(void)state;
	doorman_close(steal(d));
	asker_release(&node);
	applicant_release(&killed);
	applicant_release(&service);
	applicant_release(&notary);
	applicant_release(&bank);
	return dir_remove(dir, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			loses_nothing_wherever_it_is_killed, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
