/* SPDX-License-Identifier: Apache-2.0 */
/* credential.c - the current credentials for a cluster. */
#include "kube/credential.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "data/base64.h"
#include "data/json.h"
#include "sys/clock.h"
#include "sys/file.h"
#include "sys/process.h"

enum {
	ANSWER_MAX = 1024 * 1024,
	PLUGIN_SECONDS = 60,
	TOKEN_FILE_SECONDS = 60, /* how long what was read is taken for good */
	EARLY_SECONDS = 10 /* renewed before it expires */
};

static void forget(char **secret)
{
	if (*secret)
		explicit_bzero(*secret, strlen(*secret));
	free(*secret);
	*secret = NULL;
}

void credential_release(struct credential *c)
{
	forget(&c->token);
	forget(&c->cert_pem);
	forget(&c->key_pem);
	*c = (struct credential){ 0 };
}

static int copy(char **ret, const char *text, struct error *err)
{
	*ret = text && *text ? strdup(text) : NULL;
	return *ret || !text || !*text ? 0 : error_nomem(err);
}

/* A token becomes a line of a request's head. */
static int copy_token(const char *from, char **ret, const char *token,
		      struct error *err)
{
	for (const char *p = token; p && *p; p++)
		if (iscntrl((unsigned char)*p))
			return error_set(err, ERROR_INPUT,
					 "%s: the token contains a line break "
					 "or another control character",
					 from);
	return copy(ret, token, err);
}

/* 0: until the server refuses it. */
static int64_t expiry(const char *text)
{
	int64_t us;

	return text && clock_read(text, &us) ? us : 0;
}

int credential_parse(const char *name, const void *text, size_t len,
		     struct credential *ret, struct error *err)
{
	cleanup(js_freep) struct js *root = NULL;
	cleanup(credential_release) struct credential c = { .known = true };
	const struct js *status;
	const char *kind;

	if (js_parse(name, text, len, &root, err) < 0)
		return -1;
	kind = js_str(root, "kind");
	status = js_get(root, "status");
	if (!kind || strcmp(kind, "ExecCredential") || !status)
		return error_set(err, ERROR_INPUT,
				 "%s: expected an ExecCredential with a status",
				 name);
	if (copy_token(name, &c.token, js_str(status, "token"), err) < 0 ||
	    copy(&c.cert_pem, js_str(status, "clientCertificateData"), err) <
		    0 ||
	    copy(&c.key_pem, js_str(status, "clientKeyData"), err) < 0)
		return -1;
	if (!c.token && !c.cert_pem)
		return error_set(
			err, ERROR_INPUT,
			"%s: the status has neither a token nor a certificate",
			name);
	if (!c.cert_pem != !c.key_pem)
		return error_set(err, ERROR_INPUT,
				 "%s: expected both clientCertificateData and "
				 "clientKeyData, or neither",
				 name);
	c.expires_us = expiry(js_str(status, "expirationTimestamp"));
	*ret = c;
	c = (struct credential){ 0 };
	return 0;
}

/* spec.cluster, for a plugin that wants to know. */
static struct js *cluster_info(const struct kubeconfig *config)
{
	cleanup(buf_release) struct buf ca = BUF_INIT(2 * ANSWER_MAX);
	struct js *cluster = js_object();

	js_set_str(cluster, "server", config->server);
	if (config->server_name)
		js_set_str(cluster, "tls-server-name", config->server_name);
	if (config->insecure)
		js_set_bool(cluster, "insecure-skip-tls-verify", true);
	if (config->proxy)
		js_set_str(cluster, "proxy-url", config->proxy);
	if (config->ca_pem) {
		base64_encode(config->ca_pem, strlen(config->ca_pem), &ca);
		js_set_str(cluster, "certificate-authority-data",
			   buf_text(&ca));
	}
	return cluster;
}

/* What a plugin is told in its environment. */
static int exec_info(const struct kubeconfig *config, struct buf *out,
		     struct error *err)
{
	cleanup(js_freep) struct js *root = js_object();
	struct js *spec = js_object();

	js_set_str(root, "apiVersion", config->plugin.api_version);
	js_set_str(root, "kind", "ExecCredential");
	js_set_bool(spec, "interactive", false);
	if (config->plugin.cluster_info)
		js_set(spec, "cluster", cluster_info(config));
	js_set(root, "spec", spec);
	buf_add_str(out, "KUBERNETES_EXEC_INFO=");
	return js_print(root, JS_LINE, out, err);
}

static int ask_plugin(const struct kubeconfig *config, struct credential *ret,
		      struct error *err)
{
	const struct kube_plugin *g = &config->plugin;
	cleanup(buf_release) struct buf answer = BUF_INIT(ANSWER_MAX);
	cleanup(buf_release) struct buf info = BUF_INIT(2 * ANSWER_MAX);
	cleanup(freep) const char **env = NULL;
	struct process_spec spec = { .argv = g->argv,
				     .environment = ENVIRONMENT_LOGIN,
				     .seconds = PLUGIN_SECONDS };
	size_t count = 0;

	while (g->env[count])
		count++;
	env = calloc(count + 2, sizeof(*env));
	if (!env)
		return error_nomem(err);
	memcpy(env, g->env, count * sizeof(*env));
	if (exec_info(config, &info, err) < 0)
		return -1;
	env[count] = buf_text(&info);
	spec.env_add = env;
	if (process_run(&spec, &answer, err) < 0) {
		error_wrap(err, "credential plugin %s", g->argv[0]);
		return g->hint ? error_wrap(err, "%s", g->hint) : -1;
	}
	return credential_parse(g->argv[0], buf_text(&answer), answer.len, ret,
				err);
}

/* The file's token; while the file cannot be read, the one beside it. */
static int read_token(const struct kubeconfig *config, struct buf *text,
		      struct error *err)
{
	const char *path = config->token_file;

	if (file_read(path, text, config->token ? NULL : err) < 0) {
		buf_clear(text);
		buf_add_str(text, config->token ? config->token : "");
		return config->token ? 0 : -1;
	}
	while (text->len && strchr(" \r\n\t", buf_text(text)[text->len - 1]))
		text->data[--text->len] = 0;
	if (text->len)
		return 0;
	return error_set(err, ERROR_INPUT, "%s: the file has no token", path);
}

static int take_token(const struct kubeconfig *config, struct credential *c,
		      struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(ANSWER_MAX);

	if (!config->token_file)
		return copy_token(config->context, &c->token, config->token,
				  err);
	c->expires_us = clock_wall_us() +
			(TOKEN_FILE_SECONDS + EARLY_SECONDS) * 1000000LL;
	if (read_token(config, &text, err) < 0)
		return -1;
	return copy_token(config->token_file, &c->token, buf_text(&text), err);
}

/* A certificate and a token may stand side by side: the server chooses. */
static int take_given(const struct kubeconfig *config, struct credential *ret,
		      struct error *err)
{
	cleanup(credential_release) struct credential c = { .known = true };

	if (take_token(config, &c, err) < 0 ||
	    copy(&c.cert_pem, config->cert_pem, err) < 0 ||
	    copy(&c.key_pem, config->key_pem, err) < 0)
		return -1;
	*ret = c;
	c = (struct credential){ 0 };
	return 0;
}

static bool is_current(const struct credential *c)
{
	return c->known &&
	       (!c->expires_us ||
		clock_wall_us() < c->expires_us - EARLY_SECONDS * 1000000LL);
}

static bool differ(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) != 0 : a != b;
}

int credential_renew(struct credential *c, const struct kubeconfig *config,
		     bool again, bool *ret_changed, struct error *err)
{
	struct credential new;
	int rc;

	*ret_changed = false;
	if (!again && is_current(c))
		return 0;
	if (config->plugin.argv)
		rc = ask_plugin(config, &new, err);
	else if (c->known && !config->token_file)
		return 0;
	else
		rc = take_given(config, &new, err);
	if (rc < 0)
		return -1;
	*ret_changed = differ(c->token, new.token) ||
		       differ(c->cert_pem, new.cert_pem) ||
		       differ(c->key_pem, new.key_pem);
	credential_release(c);
	*c = new;
	return 0;
}
