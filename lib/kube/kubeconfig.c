/* SPDX-License-Identifier: Apache-2.0 */
/* kubeconfig.c - which cluster, as whom: the files that kubectl reads. */
#include "kube/kubeconfig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/nearest.h"
#include "data/base64.h"
#include "data/yaml.h"
#include "sys/file.h"

enum {
	CONFIG_MAX = 32 * 1024 * 1024, /* of memory */
	FILES_MAX = 16,
	PEM_MAX = 1024 * 1024
};

#define SERVICE_ACCOUNT "/var/run/secrets/kubernetes.io/serviceaccount"

/* The files of one configuration, in their order. */
struct files {
	struct arena *arena;
	struct yaml_file file[FILES_MAX];
	size_t count;
};

/* A part of one of them. */
struct part {
	const struct yaml_file *file;
	const struct yaml_node *node;
};

static int part_error(struct part p, const char *key, struct error *err,
		      const char *what)
{
	const struct yaml_node *at = yaml_get(p.node, key);

	return yaml_error(p.file, at ? at : p.node, err, "%s", what);
}

/* Looks in one file for the item of list `kind` that has this name. */
static const struct yaml_node *find_in(const struct yaml_file *file,
				       const char *kind, const char *name,
				       struct nearest *near)
{
	const struct yaml_node *list =
		file->count ? yaml_get(file->documents[0], kind) : NULL;

	if (!list || list->type != YAML_SEQUENCE)
		return NULL;
	for (size_t i = 0; i < list->count; i++) {
		const char *have = yaml_str(list->items[i], "name");

		if (have && !strcmp(have, name))
			return list->items[i];
		if (have)
			nearest_offer(near, have);
	}
	return NULL;
}

/* The map `inside` of the item of list `kind` named as `by` says. */
static int find(const struct files *all, const char *kind, const char *inside,
		struct part by, const struct yaml_node *by_node,
		const char *name, struct part *ret, struct error *err)
{
	struct nearest near = nearest_to(name);

	for (size_t i = 0; i < all->count; i++) {
		const struct yaml_node *item =
			find_in(&all->file[i], kind, name, &near);

		if (!item)
			continue;
		ret->file = &all->file[i];
		ret->node = yaml_get(item, inside);
		if (ret->node && ret->node->type == YAML_MAP)
			return 0;
		return yaml_error(ret->file, item, err, "%s '%s' has no '%s:'",
				  kind, name, inside);
	}
	if (!by_node)
		return error_set(err, ERROR_INPUT,
				 "%s: %s has no '%s'%s%s; kubectl config "
				 "get-contexts lists them",
				 all->file[0].name, kind, name,
				 near.word ? ", is it meant to be " : "",
				 near.word ? near.word : "");
	return yaml_error(by.file, by_node, err, "there is no '%s' in %s%s%s",
			  name, kind, near.word ? ", is it meant to be " : "",
			  near.word ? near.word : "");
}

static int as_bool(struct part p, const char *key, bool *ret, struct error *err)
{
	const char *text = yaml_str(p.node, key);

	if (!text)
		return 0;
	if (strcmp(text, "true") && strcmp(text, "false"))
		return part_error(p, key, err, "expected true or false");
	*ret = !strcmp(text, "true");
	return 0;
}

/* A path in the file, relative to the file's directory. */
static const char *beside(const struct yaml_file *file, const char *path,
			  char room[PATH_ROOM])
{
	const char *slash = strrchr(file->name, '/');

	if (path[0] == '/' || !slash)
		return path_printf(room, "%s", path);
	return path_printf(room, "%.*s/%s", (int)(slash - file->name),
			   file->name, path);
}

static int decode_pem(struct files *all, struct part p, const char *data,
		      const char *key, const char **ret, struct error *err)
{
	cleanup(buf_release) struct buf pem = BUF_INIT(PEM_MAX);

	if (base64_decode(data, &pem, NULL) < 0 || buf_check(&pem, NULL) < 0)
		return part_error(p, key, err, "expected base64");
	if (!pem.len || strlen(buf_text(&pem)) != pem.len)
		return part_error(p, key, err, "expected base64 of PEM text");
	*ret = arena_strndup(all->arena, buf_text(&pem), pem.len);
	return *ret ? 0 : error_nomem(err);
}

static int read_pem(struct files *all, struct part p, const char *path,
		    const char *key, const char **ret, struct error *err)
{
	cleanup(buf_release) struct buf pem = BUF_INIT(PEM_MAX);
	char room[PATH_ROOM];

	if (file_read(beside(p.file, path, room), &pem, err) < 0) {
		const struct yaml_node *at = yaml_get(p.node, key);

		return error_wrap(err, "%s:%d:%d: '%s'", p.file->name, at->line,
				  at->column, key);
	}
	*ret = arena_strndup(all->arena, buf_text(&pem), pem.len);
	return *ret ? 0 : error_nomem(err);
}

/* `key`-data holds the PEM in base64; else `key` names its file. */
static int pem_of(struct files *all, struct part p, const char *key,
		  const char **ret, struct error *err)
{
	char data_key[64];
	const char *data, *path;

	snprintf(data_key, sizeof(data_key), "%s-data", key);
	data = yaml_str(p.node, data_key);
	path = yaml_str(p.node, key);
	if (data && *data)
		return decode_pem(all, p, data, data_key, ret, err);
	if (path && *path)
		return read_pem(all, p, path, key, ret, err);
	return 0;
}

static int take_cluster(struct files *all, struct part p, struct kubeconfig *c,
			struct error *err)
{
	const char *server = yaml_str(p.node, "server");
	size_t len;

	if (!server ||
	    (strncmp(server, "https://", 8) && strncmp(server, "http://", 7)))
		return part_error(p, "server", err,
				  "expected 'server: https://host:port'");
	len = strlen(server);
	while (server[len - 1] == '/')
		len--;
	c->server = arena_strndup(all->arena, server, len);
	if (!c->server)
		return error_nomem(err);
	c->server_name = yaml_str(p.node, "tls-server-name");
	c->proxy = yaml_str(p.node, "proxy-url");
	if (as_bool(p, "insecure-skip-tls-verify", &c->insecure, err) < 0)
		return -1;
	return pem_of(all, p, "certificate-authority", &c->ca_pem, err);
}

static int take_argv(struct files *all, struct part p, struct kube_plugin *g,
		     struct error *err)
{
	const struct yaml_node *args = yaml_get(p.node, "args");
	const char *command = yaml_str(p.node, "command");
	size_t count = args && args->type == YAML_SEQUENCE ? args->count : 0;
	const char **argv = arena_array(all->arena, count + 2, sizeof(*argv));
	char room[PATH_ROOM];

	if (!command || !*command)
		return part_error(p, "command", err, "exec needs a 'command:'");
	if (!argv)
		return error_nomem(err);
	/* A bare name is looked up on $PATH, a path is beside the file. */
	argv[0] = strchr(command, '/')
			  ? arena_strdup(all->arena,
					 beside(p.file, command, room))
			  : command;
	for (size_t i = 0; i < count; i++) {
		if (args->items[i]->type != YAML_SCALAR)
			return yaml_error(p.file, args->items[i], err,
					  "expected a word");
		argv[i + 1] = args->items[i]->text;
	}
	g->argv = argv;
	return argv[0] ? 0 : error_nomem(err);
}

static int take_env(struct files *all, struct part p, struct kube_plugin *g,
		    struct error *err)
{
	const struct yaml_node *list = yaml_get(p.node, "env");
	size_t count = list && list->type == YAML_SEQUENCE ? list->count : 0;
	const char **env = arena_array(all->arena, count + 1, sizeof(*env));

	if (!env)
		return error_nomem(err);
	for (size_t i = 0; i < count; i++) {
		const char *name = yaml_str(list->items[i], "name");
		const char *value = yaml_str(list->items[i], "value");

		if (!name || !value)
			return yaml_error(p.file, list->items[i], err,
					  "expected 'name:' and 'value:'");
		env[i] = arena_printf(all->arena, "%s=%s", name, value);
		if (!env[i])
			return error_nomem(err);
	}
	g->env = env;
	return 0;
}

static int take_plugin(struct files *all, struct part user,
		       struct kube_plugin *g, struct error *err)
{
	struct part p = { user.file, yaml_get(user.node, "exec") };
	const char *version = yaml_str(p.node, "apiVersion");
	const char *mode = yaml_str(p.node, "interactiveMode");

	if (!p.node)
		return 0;
	if (!version ||
	    (strcmp(version, "client.authentication.k8s.io/v1") &&
	     strcmp(version, "client.authentication.k8s.io/v1beta1")))
		return part_error(p, "apiVersion", err,
				  "expected 'apiVersion: "
				  "client.authentication.k8s.io/v1' or "
				  "…/v1beta1");
	if (mode && !strcmp(mode, "Always"))
		return part_error(p, "interactiveMode", err,
				  "a plugin that always asks on the terminal "
				  "cannot be used here; take a token instead");
	g->api_version = version;
	g->hint = yaml_str(p.node, "installHint");
	if (as_bool(p, "provideClusterInfo", &g->cluster_info, err) < 0 ||
	    take_argv(all, p, g, err) < 0)
		return -1;
	return take_env(all, p, g, err);
}

static int take_user(struct files *all, struct part p, struct kubeconfig *c,
		     struct error *err)
{
	const char *token_file = yaml_str(p.node, "tokenFile");
	char room[PATH_ROOM];

	if (yaml_get(p.node, "auth-provider"))
		return part_error(p, "auth-provider", err,
				  "auth-provider is gone since Kubernetes "
				  "1.26: use an 'exec:' plugin");
	if (yaml_get(p.node, "username"))
		return part_error(p, "username", err,
				  "passwords are gone since Kubernetes 1.19: "
				  "use a token or a client certificate");
	c->token = yaml_str(p.node, "token");
	if (token_file && *token_file) {
		c->token_file = arena_strdup(all->arena,
					     beside(p.file, token_file, room));
		if (!c->token_file)
			return error_nomem(err);
	}
	if (pem_of(all, p, "client-certificate", &c->cert_pem, err) < 0 ||
	    pem_of(all, p, "client-key", &c->key_pem, err) < 0)
		return -1;
	if (!c->cert_pem != !c->key_pem)
		return part_error(p, "client-certificate", err,
				  "client-certificate and client-key belong "
				  "together: one is missing");
	return take_plugin(all, p, &c->plugin, err);
}

/* The name of the context: as asked, or the first current one. */
static int choose(const struct files *all, const char *asked, struct part *by,
		  const char **ret, struct error *err)
{
	*ret = asked;
	for (size_t i = 0; !*ret && i < all->count; i++) {
		const struct yaml_file *f = &all->file[i];
		const struct yaml_node *at =
			f->count ? yaml_get(f->documents[0], "current-context")
				 : NULL;

		if (!at || at->type != YAML_SCALAR || !at->len)
			continue;
		*by = (struct part){ f, at };
		*ret = at->text;
	}
	if (*ret)
		return 0;
	return error_set(err, ERROR_INPUT,
			 "%s: no current-context: kubectl config use-context "
			 "NAME sets it",
			 all->file[0].name);
}

static int resolve(struct files *all, const char *asked, struct kubeconfig *c,
		   struct error *err)
{
	struct part by = { 0 }, context, cluster, user;
	const char *cluster_name, *user_name, *namespace;

	if (choose(all, asked, &by, &c->context, err) < 0 ||
	    find(all, "contexts", "context", by, by.node, c->context, &context,
		 err) < 0)
		return -1;
	cluster_name = yaml_str(context.node, "cluster");
	user_name = yaml_str(context.node, "user");
	namespace = yaml_str(context.node, "namespace");
	c->namespace = namespace && *namespace ? namespace : "default";
	if (!cluster_name)
		return part_error(context, "cluster", err,
				  "the context names no 'cluster:'");
	if (find(all, "clusters", "cluster", context,
		 yaml_get(context.node, "cluster"), cluster_name, &cluster,
		 err) < 0 ||
	    take_cluster(all, cluster, c, err) < 0)
		return -1;
	if (!user_name || !*user_name)
		return 0;
	if (find(all, "users", "user", context, yaml_get(context.node, "user"),
		 user_name, &user, err) < 0)
		return -1;
	return take_user(all, user, c, err);
}

int kubeconfig_parse(const char *name, const void *text, size_t len,
		     const char *context, struct kubeconfig *ret,
		     struct error *err)
{
	struct kubeconfig c = { .arena = ARENA_INIT(CONFIG_MAX) };
	struct files all = { .arena = &c.arena, .count = 1 };
	const char *kept = arena_strdup(&c.arena, name);
	const char *asked = context ? arena_strdup(&c.arena, context) : NULL;

	if (kept &&
	    yaml_parse(kept, text, len, &c.arena, &all.file[0], err) >= 0 &&
	    resolve(&all, asked, &c, err) >= 0) {
		*ret = c;
		return 0;
	}
	kubeconfig_release(&c);
	return kept ? -1 : error_nomem(err);
}

/* Adds the file; one that is not there counts only if it `must`. */
static int add_file(struct files *all, const char *path, bool must,
		    struct error *err)
{
	const char *kept;

	if (!*path || (!must && !file_exists(path)))
		return 0;
	if (all->count == FILES_MAX)
		return error_set(err, ERROR_INPUT,
				 "$KUBECONFIG: more than %d files", FILES_MAX);
	kept = arena_strdup(all->arena, path);
	if (!kept)
		return error_nomem(err);
	return yaml_read(kept, all->arena, &all->file[all->count++], err);
}

static int add_listed(struct files *all, const char *list, struct error *err)
{
	cleanup(freep) char *copy = strdup(list);
	char *at = copy, *path;

	if (!copy)
		return error_nomem(err);
	while ((path = strsep(&at, ":")))
		if (add_file(all, path, false, err) < 0)
			return -1;
	if (!all->count)
		return error_set(err, ERROR_INPUT,
				 "$KUBECONFIG: none of its files is there: %s",
				 list);
	return 0;
}

static int in_cluster(struct kubeconfig *c, struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(PEM_MAX);
	const char *host = getenv("KUBERNETES_SERVICE_HOST");
	const char *port = getenv("KUBERNETES_SERVICE_PORT");

	if (!host || !port || !file_exists(SERVICE_ACCOUNT "/token"))
		return error_set(err, ERROR_INPUT,
				 "no cluster is named: set KUBECONFIG, or "
				 "write ~/.kube/config");
	if (file_read(SERVICE_ACCOUNT "/ca.crt", &text, err) < 0)
		return -1;
	c->context = "in-cluster";
	c->server = arena_printf(&c->arena,
				 strchr(host, ':') ? "https://[%s]:%s"
						   : "https://%s:%s",
				 host, port);
	c->ca_pem = arena_strdup(&c->arena, buf_text(&text));
	c->token_file = SERVICE_ACCOUNT "/token";
	c->namespace = "default";
	buf_clear(&text);
	if (file_read(SERVICE_ACCOUNT "/namespace", &text, NULL) >= 0)
		c->namespace = arena_strdup(&c->arena, buf_text(&text));
	return c->server && c->ca_pem && c->namespace ? 0 : error_nomem(err);
}

static int load(const char *path, const char *context, struct kubeconfig *c,
		struct error *err)
{
	struct files all = { .arena = &c->arena };
	const char *list = getenv("KUBECONFIG"), *home = getenv("HOME");
	const char *asked = context ? arena_strdup(&c->arena, context) : NULL;
	char room[PATH_ROOM];
	int rc;

	if (path)
		rc = add_file(&all, path, true, err);
	else if (list && *list)
		rc = add_listed(&all, list, err);
	else
		rc = add_file(&all,
			      path_join(room, home ? home : "", ".kube/config"),
			      false, err);
	if (rc < 0)
		return -1;
	return all.count ? resolve(&all, asked, c, err) : in_cluster(c, err);
}

int kubeconfig_load(const char *path, const char *context,
		    struct kubeconfig *ret, struct error *err)
{
	struct kubeconfig c = { .arena = ARENA_INIT(CONFIG_MAX) };

	if (load(path, context, &c, err) < 0) {
		kubeconfig_release(&c);
		return -1;
	}
	*ret = c;
	return 0;
}

void kubeconfig_release(struct kubeconfig *c)
{
	arena_release(&c->arena);
}
