/* SPDX-License-Identifier: Apache-2.0 */
/* kubernetes_act_test.c - what a cluster is asked for to act on pods. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "engine/kubernetes/kubernetes.h"
#include "run/network.h"
#include "test/support/scratch.h"
#include "test/support/web.h"

enum { MAX = 1024 * 1024 };

#define STATUS "{\"status\":\"Success\"}"
#define SUCCESS "\x82\x15\x03" STATUS "\x88\x02\x03\xe8"
#define OUTPUT "\x82\x04\x01tar"
#define POD(uid)                                                               \
	"{\"metadata\":{\"name\":\"bank-4-5-0\",\"uid\":\"" uid                \
	"\",\"resourceVersion\":\"5\"},\"status\":{\"containerStatuses\":[{"   \
	"\"name\":\"node\",\"state\":{\"running\":{\"startedAt\":"             \
	"\"2026-11-21T07:50:12Z\"}}}]}}"
#define LIST(items)                                                            \
	"{\"metadata\":{\"resourceVersion\":\"5\"},\"items\":[" items "]}"
#define EXEC "/api/v1/namespaces/medley/pods/bank-4-5-0/exec?"

static const char set[] =
	"apiVersion: apps/v1\n"
	"kind: StatefulSet\n"
	"metadata:\n"
	"  {name: bank-4-5, namespace: medley, labels: {medley.run: r}}\n"
	"spec:\n"
	"  template:\n"
	"    spec:\n"
	"      containers:\n"
	"        - name: node\n"
	"          image: x\n"
	"          volumeMounts:\n"
	"            - {name: data, mountPath: /var/lib/corda}\n"
	"            - {name: tmp, mountPath: /tmp}\n"
	"      volumes: [{name: tmp, emptyDir: {}}]\n"
	"  volumeClaimTemplates: [{metadata: {name: data}}]\n";

struct story {
	struct scratch at;
	struct web web; /* its answers look at what follows */
	_Atomic bool missing, deleted;
	char exec[4096]; /* the line of the last request for one */
	struct engine *engine;
	struct pod *pod;
};

static void answer_exec(struct story *s, int fd, const char *request)
{
	char more[64];

	snprintf(s->exec, sizeof(s->exec), "%.*s",
		 (int)strcspn(request, "\r\n"), request);
	web_upgrade(fd, request, "v5.channel.k8s.io", OUTPUT SUCCESS,
		    sizeof(OUTPUT SUCCESS) - 1);
	shutdown(fd, SHUT_WR);
	while (recv(fd, more, sizeof(more), 0) > 0)
		;
}

static void answer_pod(struct story *s, int fd, const char *request)
{
	if (strncmp(request, "DELETE", 6) == 0) {
		assert_non_null(strstr(request, "\"gracePeriodSeconds\":10"));
		assert_non_null(strstr(request, "\"uid\":\"one\""));
		s->deleted = true;
	}
	web_send(fd, "200 OK", "", s->deleted ? POD("two") : POD("one"));
}

static void answer(struct web *w, int fd, unsigned n, const char *request)
{
	struct story *s = w->ctx;

	(void)n;
	if (s->missing)
		web_send(fd, "404 Not Found", "",
			 "{\"kind\":\"Status\",\"reason\":\"NotFound\","
			 "\"message\":\"pods \\\"bank-4-5-0\\\" not found\"}");
	else if (strstr(request, EXEC))
		answer_exec(s, fd, request);
	else if (strstr(request, "watch=true"))
		web_send(fd, "200 OK", "", "");
	else if (strstr(request, "/pods/bank-4-5-0"))
		answer_pod(s, fd, request);
	else if (strstr(request, "/pods?"))
		web_send(fd, "200 OK", "",
			 s->deleted ? LIST(POD("two")) : LIST(POD("one")));
	else
		web_send(fd, "200 OK", "", LIST(""));
}

static void put_kubeconfig(struct story *s)
{
	cleanup(buf_release) struct buf text = BUF_INIT(MAX);
	char path[PATH_ROOM];

	buf_addf(&text,
		 "apiVersion: v1\nkind: Config\ncurrent-context: t\n"
		 "contexts: [{name: t, context: {cluster: c, user: u}}]\n"
		 "clusters: [{name: c, cluster: {server: "
		 "'http://127.0.0.1:%u'}}]\n"
		 "users: [{name: u, user: {token: t1}}]\n",
		 s->web.port);
	scratch_write(&s->at, "kubeconfig", buf_text(&text));
	setenv("KUBECONFIG", path_join(path, s->at.dir, "kubeconfig"), 1);
}

static int set_up(void **state)
{
	struct story *s = scratch_begin(sizeof(*s));
	const struct pod_want want = { .set = "bank-4-5" };
	struct network net;
	char path[PATH_ROOM];

	scratch_network(&s->at,
			"banks: [{release: maven:4.5, count: 2}]\n"
			"notaries: [{release: maven:4.5}]\n"
			"cordapps: finance-4.0\n"
			"kubernetes: {prefix: red-}\n",
			&net);
	assert_ok(dir_make(path_join(path, s->at.dir, "config"), 0700,
			   &s->at.err),
		  s->at.err);
	scratch_write(&s->at, "config/set.yaml", set);
	s->web.answer = answer;
	s->web.ctx = s;
	web_start(&s->web);
	put_kubeconfig(s);
	assert_ok(engine_open("kubernetes", s->at.dir, &s->engine, &s->at.err),
		  s->at.err);
	assert_ok(s->engine->ops->find(s->engine, &want, &s->pod, &s->at.err),
		  s->at.err);
	*state = s;
	return 0;
}

static int tear_down(void **state)
{
	struct story *s = *state;

	engine_closep(&s->engine);
	web_stop(&s->web);
	unsetenv("KUBECONFIG");
	return scratch_end(state);
}

static int send_signal(struct story *s, enum engine_signal signal)
{
	return s->engine->ops->signal(s->engine, s->pod, signal, &s->at.err);
}

/* The kernel keeps STOP and KILL from the first process. */
static void signals_are_sent_from_within(void **state)
{
	struct story *s = *state;

	assert_ok(send_signal(s, ENGINE_TERM), s->at.err);
	assert_non_null(strstr(s->exec,
			       EXEC "command=%2Fbin%2Fsh&command=-c&command="
				    "kill%20-s%20%22%241%22%201&command=signal&"
				    "command=TERM&container=node&"));
	for (enum engine_signal n = ENGINE_KILL; n < ENGINE_SIGNALS; n++) {
		assert_ok(send_signal(s, n), s->at.err);
		assert_non_null(strstr(s->exec,
				       "&command=kill%20-s%20%22%241%22%20--"
				       "%20-1&command=signal&command="));
		assert_non_null(strstr(s->exec, engine_signal_word(n)));
	}
}

static void the_database_is_known_by_its_prefix(void **state)
{
	const struct pod_want want = { .set = "red-database" };
	struct story *s = *state;
	struct pod *pod;

	assert_ok(s->engine->ops->find(s->engine, &want, &pod, &s->at.err),
		  s->at.err);
	assert_string_equal(pod->name, "red-database-0");
	assert_string_equal(kubernetes_container(pod), "database");
	assert_string_equal(kubernetes_container(s->pod), "node");
}

static void a_restart_waits_for_the_new_pod(void **state)
{
	struct story *s = *state;

	assert_ok(s->engine->ops->restart(s->engine, s->pod, 30, &s->at.err),
		  s->at.err);
	assert_true(s->deleted);
}

static void a_pod_that_is_not_there_is_an_error(void **state)
{
	struct story *s = *state;
	const struct engine_ops *ops = s->engine->ops;

	s->missing = true;
	for (enum engine_signal n = 0; n < ENGINE_SIGNALS; n++) {
		assert_int_equal(send_signal(s, n), -1);
		assert_int_equal(s->at.err.kind, ERROR_DEPLOY);
		assert_non_null(strstr(s->at.err.text, "pod bank-4-5-0, sig"));
		assert_non_null(strstr(s->at.err.text, "not found"));
	}
	assert_int_equal(ops->restart(s->engine, s->pod, 30, &s->at.err), -1);
	assert_int_equal(s->at.err.kind, ERROR_DEPLOY);
	assert_non_null(strstr(s->at.err.text, "the pod does not exist"));
}

static void volumes_go_by_tar(void **state)
{
	struct story *s = *state;
	const struct engine_ops *ops = s->engine->ops;
	char block[1024] = "a", path[PATH_ROOM];
	struct volume_stream file = { .volume = "data",
				      .max = MAX,
				      .seconds = 30 };

	file.fd =
		open(path_join(path, s->at.dir, "tar"), O_RDWR | O_CREAT, 0600);
	assert_true(file.fd > 0);
	assert_ok(ops->volume_save(s->engine, s->pod, &file, &s->at.err),
		  s->at.err);
	assert_int_equal(pread(file.fd, block, sizeof(block), 0), 3);
	assert_memory_equal(block, "tar", 3);
	assert_non_null(strstr(s->exec, "&command=%2Fvar%2Flib%2Fcorda&"));
	memcpy(block + 257, "ustar", 6);
	assert_int_equal(pwrite(file.fd, block, sizeof(block), 0),
			 sizeof(block));
	assert_ok(ops->volume_load(s->engine, s->pod, &file, &s->at.err),
		  s->at.err);
	assert_non_null(strstr(s->exec, "&command=%2Fvar%2Flib%2Fcorda&"));
	assert_non_null(strstr(s->exec, "&stdin=true"));
	file.max = 2;
	assert_int_equal(ops->volume_save(s->engine, s->pod, &file, &s->at.err),
			 -1);
	assert_non_null(strstr(s->at.err.text, "more than the 2 bytes"));
	assert_int_equal(ops->volume_load(s->engine, s->pod, &file, &s->at.err),
			 -1);
	assert_int_equal(s->at.err.kind, ERROR_INPUT);
	close(file.fd);
}

/* It would be gone with the pod. */
static void what_is_no_claim_is_no_volume(void **state)
{
	struct story *s = *state;
	const struct volume_stream file = { .volume = "tmp", .fd = -1 };

	assert_int_equal(s->engine->ops->volume_save(s->engine, s->pod, &file,
						     &s->at.err),
			 -1);
	assert_int_equal(s->at.err.kind, ERROR_INPUT);
	assert_non_null(strstr(s->at.err.text, "has no volume tmp"));
}

#define STORY(t) cmocka_unit_test_setup_teardown(t, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORY(signals_are_sent_from_within),
		STORY(the_database_is_known_by_its_prefix),
		STORY(a_restart_waits_for_the_new_pod),
		STORY(a_pod_that_is_not_there_is_an_error),
		STORY(volumes_go_by_tar),
		STORY(what_is_no_claim_is_no_volume),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
