/* SPDX-License-Identifier: Apache-2.0 */
/* kubeconfig_test.c - contexts found, files merged, mistakes named. */
#include "kube/kubeconfig.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "test/support/test.h"

static const char whole[] =
	"apiVersion: v1\n"
	"kind: Config\n"
	"current-context: one\n"
	"clusters:\n"
	"- name: c1\n"
	"  cluster:\n"
	"    server: https://10.0.0.1:6443/\n"
	"    certificate-authority-data: Y2E=\n"
	"    tls-server-name: kubernetes\n"
	"- name: c2\n"
	"  cluster: {server: 'https://c2', "
	"insecure-skip-tls-verify: true}\n"
	"users:\n"
	"- name: u1\n"
	"  user:\n"
	"    client-certificate-data: Y2VydA==\n"
	"    client-key-data: a2V5\n"
	"- name: u2\n"
	"  user: {token: abc}\n"
	"- name: u3\n"
	"  user:\n"
	"    exec:\n"
	"      apiVersion: client.authentication.k8s.io/v1\n"
	"      command: ./get-token\n"
	"      args: [--for, medley]\n"
	"      env: [{name: A, value: b}]\n"
	"      provideClusterInfo: true\n"
	"contexts:\n"
	"- {name: one, context: {cluster: c1, user: u1, "
	"namespace: net}}\n"
	"- {name: two, context: {cluster: c2, user: u2}}\n"
	"- {name: plug, context: {cluster: c2, user: u3}}\n"
	"- {name: lost, context: {cluster: c3, user: u3}}\n";

static int parse(const char *text, const char *context, struct kubeconfig *c,
		 struct error *err)
{
	return kubeconfig_parse("dir/config", text, strlen(text), context, c,
				err);
}

#define BOTH                                                                   \
	"current-context: a\n"                                                 \
	"contexts: [{name: a, context: {cluster: c, user: u}}]\n"              \
	"clusters: [{name: c, cluster: {%s}}]\n"                               \
	"users: [{name: u, user: {%s}}]\n"

/* A configuration with this cluster and user is refused for this reason. */
static void refused(const char *cluster, const char *user, const char *why)
{
	char text[1024];
	struct kubeconfig c;
	struct error err = { 0 };

	snprintf(text, sizeof(text), BOTH, cluster, user);
	assert_error(parse(text, NULL, &c, &err), err, why);
}

/* A configuration with this cluster and user, in *c. */
static void accepted(const char *cluster, const char *user,
		     struct kubeconfig *c)
{
	char text[1024];
	struct error err = { 0 };

	snprintf(text, sizeof(text), BOTH, cluster, user);
	assert_ok(parse(text, NULL, c, &err), err);
}

static void finds_contexts(void **state)
{
	struct kubeconfig c;
	struct error err;

	(void)state;
	assert_ok(parse(whole, NULL, &c, &err), err);
	assert_string_equal(c.context, "one");
	assert_string_equal(c.server, "https://10.0.0.1:6443");
	assert_string_equal(c.ca_pem, "ca");
	assert_string_equal(c.cert_pem, "cert");
	assert_string_equal(c.key_pem, "key");
	assert_string_equal(c.server_name, "kubernetes");
	assert_string_equal(c.namespace, "net");
	assert_false(c.insecure);
	kubeconfig_release(&c);
	assert_ok(parse(whole, "two", &c, &err), err);
	assert_string_equal(c.token, "abc");
	assert_string_equal(c.namespace, "default");
	assert_true(c.insecure);
	kubeconfig_release(&c);
}

static void reads_plugins(void **state)
{
	struct kubeconfig c;
	struct error err;

	(void)state;
	assert_ok(parse(whole, "plug", &c, &err), err);
	assert_string_equal(c.plugin.argv[0], "dir/./get-token");
	assert_string_equal(c.plugin.argv[2], "medley");
	assert_null(c.plugin.argv[3]);
	assert_string_equal(c.plugin.env[0], "A=b");
	assert_null(c.plugin.env[1]);
	assert_true(c.plugin.cluster_info);
	kubeconfig_release(&c);
}

/* As kubectl has it: the user is whom the file gives, not whom a plugin says.
 */
static void a_plugin_is_for_who_has_nothing_else(void **state)
{
	static const char plugin[] =
		"exec: {apiVersion: client.authentication.k8s.io/v1, "
		"command: x}";
	static const char *const others[] = {
		"token: a",
		"tokenFile: f",
		"client-certificate-data: Yw==, client-key-data: aw==",
	};
	struct kubeconfig c;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		char user[256];

		snprintf(user, sizeof(user), "%s, %s", others[i], plugin);
		accepted("server: 'http://a'", user, &c);
		assert_null(c.plugin.argv);
		kubeconfig_release(&c);
	}
	accepted("server: 'http://a'", plugin, &c);
	assert_non_null(c.plugin.argv);
	kubeconfig_release(&c);
}

static void names_mistakes(void **state)
{
	static const struct {
		const char *text, *context, *part;
	} all[] = {
		{ whole, "tow", "no 'tow', did you mean 'two'?" },
		{ whole, "lost", "dir/config:31:35: there is no 'c3'" },
		{ "clusters: []\n", NULL, "use-context" },
		{ "clusters: [\n", NULL, "dir/config:2:1" },
		{ "", NULL, "no current-context" },
		{ "current-context: a\ncontexts: [{name: a}]\n", NULL,
		  "dir/config:2:12: contexts 'a' has no 'context:'" },
		{ "current-context: a\ncontexts: [{name: a, context: {user: "
		  "y}}]\n",
		  NULL, "names no 'cluster:'" },
		{ "current-context: a\ncontexts: [{name: a, context: {cluster:"
		  " c, name-space: n}}]\n",
		  NULL,
		  "dir/config:2:44: unknown key 'name-space' of a context" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		struct kubeconfig c;
		struct error err = { 0 };

		assert_error(parse(all[i].text, all[i].context, &c, &err), err,
			     all[i].part);
		assert_int_equal(err.kind, ERROR_INPUT);
	}
}

/* Programs write null or nothing for what is not set. */
static void null_and_empty_mean_absent(void **state)
{
	static const struct {
		const char *cluster, *user;
	} all[] = {
		{ "tls-server-name: null, proxy-url: null",
		  "token: null, tokenFile: ~, username: null, password: null" },
		{ "certificate-authority: null, "
		  "certificate-authority-data: ~, "
		  "insecure-skip-tls-verify: null",
		  "client-certificate: null, client-key: Null, exec: null, "
		  "auth-provider: null" },
		{ "tls-server-name: '', proxy-url: ''",
		  "client-certificate-data: ~, client-key-data: NULL, "
		  "token: '', username: ''" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		char cluster[256];
		struct kubeconfig c;

		snprintf(cluster, sizeof(cluster), "server: 'http://a', %s",
			 all[i].cluster);
		accepted(cluster, all[i].user, &c);
		assert_null(c.server_name);
		assert_null(c.proxy);
		assert_null(c.ca_pem);
		assert_false(c.insecure);
		assert_null(c.token);
		assert_null(c.token_file);
		assert_null(c.cert_pem);
		assert_null(c.plugin.argv);
		kubeconfig_release(&c);
	}
	struct kubeconfig c;

	accepted("server: 'http://a'",
		 "exec: {apiVersion: client.authentication.k8s.io/v1, "
		 "command: x, args: null, env: null, installHint: null, "
		 "provideClusterInfo: null, interactiveMode: null}",
		 &c);
	assert_false(c.plugin.cluster_info);
	assert_null(c.plugin.hint);
	assert_null(c.plugin.env[0]);
	kubeconfig_release(&c);
}

#define EXEC_ENV(list)                                                         \
	"exec: {apiVersion: client.authentication.k8s.io/v1, command: x, "     \
	"env: " list "}"

/* As kubectl has it. */
static void a_variable_without_value_is_empty(void **state)
{
	struct kubeconfig c;

	(void)state;
	accepted("server: 'http://a'",
		 EXEC_ENV("[{name: A, value: null}, {name: B, value: ''}, "
			  "{name: C}, {name: D, value: 'null'}]"),
		 &c);
	assert_string_equal(c.plugin.env[0], "A=");
	assert_string_equal(c.plugin.env[1], "B=");
	assert_string_equal(c.plugin.env[2], "C=");
	assert_string_equal(c.plugin.env[3], "D=null");
	assert_null(c.plugin.env[4]);
	kubeconfig_release(&c);
	refused("server: 'http://a'", EXEC_ENV("[{name: null, value: a}]"),
		"a variable needs a 'name:'");
	refused("server: 'http://a'", EXEC_ENV("[{name: '', value: a}]"),
		"a variable needs a 'name:'");
	refused("server: 'http://a'", EXEC_ENV("[{name: A, value: [a]}]"),
		"value: expected a text");
	refused("server: 'http://a'", EXEC_ENV("[{name: A, valeu: a}]"),
		"unknown key 'valeu' of a variable");
	refused("server: 'http://a'", EXEC_ENV("[A=a]"),
		"expected 'name:' and 'value:'");
	refused("server: 'http://a'", EXEC_ENV("[null]"),
		"expected 'name:' and 'value:'");
}

static void says_as_whom_one_acts(void **state)
{
	static const char *const expected[] = {
		"Impersonate-User: some one",
		"Impersonate-Uid: 7",
		"Impersonate-Group: g",
		"Impersonate-Group: dev team",
		"Impersonate-Extra-example.org%2Fscopes: view",
		"Impersonate-Extra-example.org%2Fscopes: edit",
		"Impersonate-Extra-100%25: x",
	};
	struct kubeconfig c;

	(void)state;
	accepted("server: 'http://a'",
		 "token: a, as: some one, as-uid: '7', as-groups: [g, dev "
		 "team], as-user-extra: {example.org/scopes: [view, edit], "
		 "100%: [x], none: null}",
		 &c);
	for (size_t i = 0; i < ARRAY_SIZE(expected); i++)
		assert_string_equal(c.as[i], expected[i]);
	assert_null(c.as[ARRAY_SIZE(expected)]);
	kubeconfig_release(&c);
	accepted("server: 'http://a'",
		 "token: a, as: null, as-uid: '', as-groups: [], "
		 "as-user-extra: {}",
		 &c);
	assert_null(c.as);
	kubeconfig_release(&c);
}

static void refuses_to_act_as_nobody_known(void **state)
{
	cleanup(buf_release) struct buf many = BUF_INIT(4096);

	(void)state;
	refused("server: 'http://a'", "as-groups: [g]",
		"dir/config:4:37: as-uid, as-groups and as-user-extra need");
	refused("server: 'http://a'", "as-user-extra: {k: [v]}",
		"need the key 'as:'");
	refused("server: 'http://a'", "as: x, as-groups: g",
		"as-groups: expected a list");
	refused("server: 'http://a'", "as: [x]", "as: expected a text");
	refused("server: 'http://a'", "as: x, as-groups: [[g]]",
		"expected a word");
	refused("server: 'http://a'", "as: x, as-groups: [null]",
		"expected a word");
	refused("server: 'http://a'", "as: \"x\\r\\nA: b\"",
		"dir/config:4:30: the text contains a line break");
	refused("server: 'http://a'", "as: x, as-user-extra: [k]",
		"as-user-extra: expected a map");
	refused("server: 'http://a'", "as: x, as-user-extra: {k: v}",
		"expected a list of words");
	buf_add_str(&many, "as: x, as-groups: [");
	for (int i = 0; i < 100; i++)
		buf_add_str(&many, "g, ");
	buf_add_str(&many, "g]");
	refused("server: 'http://a'", buf_text(&many), "more than 100 groups");
}

/* One authority for several clusters. */
static void reads_what_a_file_shares(void **state)
{
	static const char text[] =
		"current-context: a\n"
		"contexts: [{name: a, context: {cluster: c, user: u}}]\n"
		"clusters:\n"
		"- name: b\n"
		"  cluster: &base\n"
		"    server: http://b\n"
		"    certificate-authority-data: &ca Y2E=\n"
		"- name: c\n"
		"  cluster: {<<: *base, server: 'http://c'}\n"
		"users: [{name: u, user: {client-certificate-data: *ca, "
		"client-key-data: a2V5}}]\n";
	struct kubeconfig c;
	struct error err = { 0 };

	(void)state;
	assert_ok(parse(text, NULL, &c, &err), err);
	assert_string_equal(c.server, "http://c");
	assert_string_equal(c.ca_pem, "ca");
	assert_string_equal(c.cert_pem, "ca");
	kubeconfig_release(&c);
}

static void refuses_what_cannot_work(void **state)
{
	(void)state;
	refused("server: 10.0.0.1", "token: a", "dir/config:3:40: expected");
	refused("server: 'http://a', certificate-authority-data: '*'",
		"token: a", "expected base64");
	refused("server: 'http://a', certificate-authority: no/such.crt",
		"token: a", "dir/no/such.crt");
	refused("server: 'http://a', insecure-skip-tls-verify: maybe",
		"token: a", "true or false");
	refused("server: 'http://a', proxy-url: 'jump:1080'", "token: a",
		"dir/config:3:63: expected 'proxy-url:' with http://");
	refused("server: 'http://a'", "username: x, password: y",
		"dir/config:4:36: passwords were removed");
	refused("server: 'http://a'", "auth-provider: {name: gcp}", "exec");
	refused("server: 'http://a'", "client-key-data: a2V5",
		"expected both client-certificate");
	refused("server: 'http://a'", "exec: {command: x}", "v1beta1");
	refused("server: 'http://a'",
		"exec: {apiVersion: client.authentication.k8s.io/v1}",
		"'command:'");
	refused("server: 'http://a'",
		"exec: {apiVersion: client.authentication.k8s.io/v1, "
		"command: x, interactiveMode: Always}",
		"terminal");
}

/* What is silently passed over may be as whom one acts, or where. */
static void refuses_keys_it_does_not_know(void **state)
{
	struct kubeconfig c;

	(void)state;
	refused("server: 'http://a'", "token: a, as-group: [g]",
		"dir/config:4:36: unknown key 'as-group' of a user; it is "
		"refused because it may change the user or the server; did you "
		"mean 'as-groups'?");
	refused("server: 'http://a', proxy: 'http://b'", "token: a",
		"unknown key 'proxy' of a cluster");
	refused("server: 'http://a'",
		"exec: {apiVersion: client.authentication.k8s.io/v1, "
		"command: x, arguments: [y]}",
		"unknown key 'arguments' of a plugin");
	refused("server: 'http://a'", "token: [a]",
		"dir/config:4:33: token: expected a text");
	refused("server: 'http://a'", "exec: x", "exec: expected a map");
	accepted("server: 'http://a', disable-compression: true, extensions: "
		 "[{name: x, extension: {y: z}}]",
		 "token: a, extensions: null, password: x", &c);
	kubeconfig_release(&c);
}

/* The first file that names a thing counts; files may be missing. */
static void merges_files(void **state)
{
	static const char one[] =
		"current-context: b\n"
		"clusters: [{name: c, cluster: {server: 'https://one'}}]\n";
	/* an editor's mark before it */
	static const char two[] =
		"\xef\xbb\xbf"
		"current-context: z\n"
		"clusters: [{name: c, cluster: {server: 'https://two'}}]\n"
		"contexts: [{name: b, context: {cluster: c, user: u}}]\n"
		"users: [{name: u, user: {client-certificate: crt, "
		"client-key: key}}]\n";
	char dir[PATH_ROOM], path[PATH_ROOM], list[4 * PATH_ROOM];
	struct kubeconfig c;
	struct error err;

	(void)state;
	assert_ok(dir_make_temporary("/tmp/medley-test-", dir, &err), err);
	snprintf(list, sizeof(list), "%s/none:%s/one:%s/two", dir, dir, dir);
	assert_ok(file_write(path_join(path, dir, "one"), one, strlen(one),
			     0600, &err),
		  err);
	assert_ok(file_write(path_join(path, dir, "two"), two, strlen(two),
			     0600, &err),
		  err);
	assert_ok(file_write(path_join(path, dir, "crt"), "C", 1, 0600, &err),
		  err);
	assert_ok(file_write(path_join(path, dir, "key"), "K", 1, 0600, &err),
		  err);
	setenv("KUBECONFIG", list, 1);
	assert_ok(kubeconfig_load(NULL, NULL, &c, &err), err);
	assert_string_equal(c.context, "b");
	assert_string_equal(c.server, "https://one");
	assert_string_equal(c.cert_pem, "C");
	assert_string_equal(c.key_pem, "K");
	kubeconfig_release(&c);
	setenv("KUBECONFIG", "/no/such", 1);
	assert_error(kubeconfig_load(NULL, NULL, &c, &err), err, "/no/such");
	unsetenv("KUBECONFIG");
	setenv("HOME", "/no/such", 1);
	unsetenv("KUBERNETES_SERVICE_HOST");
	assert_error(kubeconfig_load(NULL, NULL, &c, &err), err,
		     "set KUBECONFIG");
	assert_ok(dir_remove(dir, &err), err);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_contexts),
		cmocka_unit_test(reads_plugins),
		cmocka_unit_test(a_plugin_is_for_who_has_nothing_else),
		cmocka_unit_test(names_mistakes),
		cmocka_unit_test(null_and_empty_mean_absent),
		cmocka_unit_test(a_variable_without_value_is_empty),
		cmocka_unit_test(says_as_whom_one_acts),
		cmocka_unit_test(refuses_to_act_as_nobody_known),
		cmocka_unit_test(reads_what_a_file_shares),
		cmocka_unit_test(refuses_what_cannot_work),
		cmocka_unit_test(refuses_keys_it_does_not_know),
		cmocka_unit_test(merges_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
