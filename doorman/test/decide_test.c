/* SPDX-License-Identifier: Apache-2.0 */
/* decide_test.c - those who decide at the same time decide one by one. */
#include "doorman/doorman.h"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

#include "test/support/asker.h"
#include "test/support/postgres.h"
#include "test/support/test.h"

enum { TRIES = 20, SHORT_MS = 300, PATIENT_MS = 20000 };

static char dir[PATH_ROOM];
static struct doorman_settings settings;
static struct doorman *d;
static struct asker node;
static struct error err;

/* ---- another process, in the middle of what this one does ---- */

static struct {
	const char *at; /* a part of the path that is changed; NULL: none */
	int (*act)(void); /* the exit code of the other process */
	pid_t child; /* 0: it was not started */
} meanwhile;

/* The other one has time to finish, if nothing holds it. */
static void let_another_act(const char *path)
{
	struct timespec step = { .tv_nsec = 5000000 };
	siginfo_t info = { 0 };

	if (!meanwhile.at || !strstr(path, meanwhile.at))
		return;
	meanwhile.at = NULL;
	meanwhile.child = fork();
	if (!meanwhile.child) {
		doorman_close(steal(d)); /* it shares the lock */
		_exit(meanwhile.act());
	}
	for (int i = 0; i < SHORT_MS / 5 && !info.si_pid; i++) {
		nanosleep(&step, NULL);
		waitid(P_PID, (id_t)meanwhile.child, &info,
		       WEXITED | WNOHANG | WNOWAIT);
	}
}

int unlink(const char *path)
{
	let_another_act(path);
	return (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
}

int rename(const char *from, const char *to)
{
	let_another_act(to);
	return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}

/* Its exit code. */
static int other_ended(void)
{
	int status;

	assert_int_not_equal(meanwhile.child, 0);
	assert_int_equal(waitpid(meanwhile.child, &status, 0), meanwhile.child);
	meanwhile.child = 0;
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* ---- a doorman for each test ---- */

static void restart(void)
{
	doorman_close(steal(d));
	assert_ok(doorman_open(&settings, &d, &err), err);
	node.of = d;
}

static int begin(void **state)
{
	static char state_dir[PATH_ROOM];

	(void)state;
	assert_ok(dir_make_temporary("/tmp/decide-test-", dir, &err), err);
	path_join(state_dir, dir, "state");
	settings = (struct doorman_settings){ .directory = state_dir,
					      .by_hand = true,
					      .poll_seconds = 5 };
	asker_init(&node, asker_by_route);
	restart();
	return 0;
}

static int end(void **state)
{
	(void)state;
	doorman_close(steal(d));
	asker_release(&node);
	meanwhile.at = NULL;
	return dir_remove(dir, NULL);
}

/* ---- two who approve ---- */

/* Approves in a process of its own as soon as `start` ends; its exit code. */
static pid_t approve_at(int start, const char *path)
{
	struct pollfd p = { .fd = start, .events = POLLIN };
	struct doorman *own;
	char id[DOORMAN_ID];
	pid_t child = fork();

	if (child)
		return child;
	if (doorman_open(&settings, &own, &err) < 0)
		_exit(2);
	poll(&p, 1, PATIENT_MS);
	_exit(doorman_decide(own, path + strlen("/certificate/"), true, NULL,
			     id, &err) < 0);
}

static void approve_both(const char *one, const char *two)
{
	pid_t children[2];
	int start[2];

	assert_int_equal(pipe2(start, O_CLOEXEC), 0);
	for (int i = 0; i < 2; i++) {
		children[i] = approve_at(start[0], i ? two : one);
		assert_true(children[i] > 0);
	}
	/* Nobody reads the byte: it starts both. */
	assert_int_equal(write(start[1], "", 1), 1);
	for (int i = 0; i < 2; i++) {
		int status;

		assert_int_equal(waitpid(children[i], &status, 0), children[i]);
		assert_int_equal(status, 0);
	}
	close(start[0]);
	close(start[1]);
}

static bool is_certified(const char *path)
{
	asker_ask(&node, "GET", path, NULL);
	if (node.status != 200)
		asker_said(&node, 401, "the name was given to another key");
	return node.status == 200;
}

static void approve_at_once(void)
{
	char name[32], one[PATH_ROOM], two[PATH_ROOM];

	for (int i = 0; i < TRIES; i++) {
		cleanup(applicant_release) struct applicant first, second;

		snprintf(name, sizeof(name), "Bank %d", i);
		applicant_init(&first, name);
		applicant_init(&second, name);
		asker_request(&node, &first, CERTIFICATE_NODE_CA, one);
		asker_request(&node, &second, CERTIFICATE_NODE_CA, two);
		approve_both(one, two);
		assert_int_equal(is_certified(one) + is_certified(two), 1);
	}
}

static void certifies_one_key_of_two(void **state)
{
	(void)state;
	approve_at_once();
}

static void certifies_one_key_of_two_in_postgres(void **state)
{
	(void)state;
	settings.database = postgres_uri();
	restart();
	approve_at_once();
}

/* ---- one who acts while another does ---- */

/* In a process of its own, or in this one. */
static int plan_with(const char *notary)
{
	char path[PATH_ROOM], text[128];
	struct doorman *own;
	int rc;

	path_join(path, dir, "parameters.yaml");
	snprintf(text, sizeof(text),
		 "notaries:\n  - name: O=%s, L=London, C=GB\n", notary);
	if (file_write(path, text, strlen(text), 0600, &err) < 0 ||
	    doorman_open(&settings, &own, &err) < 0)
		return 2;
	rc = doorman_plan(own, path, "more", 1000, &err) < 0;
	doorman_close(own);
	return rc;
}

static int plan_with_another(void)
{
	return plan_with("Other");
}

/* The first plan is signed and taken away; the next one is not. */
static void keeps_a_plan_that_came_meanwhile(void **state)
{
	cleanup(applicant_release) struct applicant service;
	cleanup(js_freep) struct js *all = NULL;

	(void)state;
	settings.by_hand = false;
	restart();
	assert_int_equal(plan_with("Service"), 0);
	applicant_init(&service, "Service");
	asker_register(&node, &service, CERTIFICATE_SERVICE);
	meanwhile.at = "network/plan";
	meanwhile.act = plan_with_another;
	asker_ask(&node, "GET", "/network-map", NULL);
	asker_said(&node, 200, "");
	assert_int_equal(other_ended(), 0);
	assert_ok(doorman_list(d, &all, &err), err);
	assert_int_equal(
		js_count(js_get(js_get(all, "parameters"), "waiting_for")), 1);
}

static char path_of_bank[PATH_ROOM];

static int reject_bank(void)
{
	struct doorman *own;
	char id[DOORMAN_ID];

	if (doorman_open(&settings, &own, &err) < 0)
		return 2;
	return doorman_decide(own, path_of_bank + strlen("/certificate/"),
			      false, "no", id, &err) < 0;
}

/* Its node publishes itself at that moment: it must not be in the map. */
static void rejects_a_node_that_publishes(void **state)
{
	cleanup(applicant_release) struct applicant bank;
	cleanup(js_freep) struct js *all = NULL;

	(void)state;
	settings.by_hand = false;
	restart();
	applicant_init(&bank, "Bank");
	asker_request(&node, &bank, CERTIFICATE_NODE_CA, path_of_bank);
	asker_ask(&node, "GET", path_of_bank, NULL);
	asker_take(&node, &bank);
	meanwhile.at = "/node-info/";
	meanwhile.act = reject_bank;
	asker_publish(&node, &bank, NULL, 1);
	asker_said(&node, 200, "published");
	assert_int_equal(other_ended(), 0);
	assert_ok(doorman_list(d, &all, &err), err);
	assert_int_equal(js_count(js_get(all, "nodes")), 0);
}

/* By mode and by hand at once: the operator's no is not overwritten. */
static void a_rejection_stays(void **state)
{
	cleanup(applicant_release) struct applicant bank;

	(void)state;
	settings.by_hand = false;
	restart();
	applicant_init(&bank, "Bank");
	asker_request(&node, &bank, CERTIFICATE_NODE_CA, path_of_bank);
	meanwhile.at = "/decision/";
	meanwhile.act = reject_bank;
	asker_ask(&node, "GET", path_of_bank, NULL);
	assert_int_equal(other_ended(), 0);
	asker_ask(&node, "GET", path_of_bank, NULL);
	asker_said(&node, 401, "no");
}

#define STORY(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORY(certifies_one_key_of_two),
		STORY(certifies_one_key_of_two_in_postgres),
		STORY(keeps_a_plan_that_came_meanwhile),
		STORY(rejects_a_node_that_publishes),
		STORY(a_rejection_stays),
	};

	return cmocka_run_group_tests(tests, postgres_begin, postgres_end);
}
