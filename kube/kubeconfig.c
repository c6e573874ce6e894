/* SPDX-License-Identifier: Apache-2.0 */
/* kubeconfig.c - reads kubeconfig files, as kubectl does. */
#include "kube/kubeconfig.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/nearest.h"
#include "kube/kubeconfig_part.h"

enum {
	CONFIG_MAX = 32 * 1024 * 1024, /* of memory */
	TEXT_MAX = 16 * 1024 * 1024,
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
		*ret = (struct part){ all->arena, &all->file[i],
				      yaml_get(item, inside) };
		if (ret->node && ret->node->type == YAML_MAP)
			return 0;
		return yaml_error(ret->file, item, err, "%s '%s' has no '%s:'",
				  kind, name, inside);
	}
	if (!by_node)
		return error_set(err, ERROR_INPUT,
				 "%s: %s has no '%s'%s%s%s; 'kubectl config "
				 "get-contexts' lists them",
				 all->file[0].name, kind, name,
				 near.word ? ", did you mean '" : "",
				 near.word ? near.word : "",
				 near.word ? "'?" : "");
	return yaml_error(by.file, by_node, err, "there is no '%s' in %s%s%s%s",
			  name, kind, near.word ? "; did you mean '" : "",
			  near.word ? near.word : "", near.word ? "'?" : "");
}

static int take_proxy(struct part p, struct kubeconfig *c, struct error *err)
{
	static const char *const schemes[] = { "http://", "https://",
					       "socks5://" };
	const char *proxy = part_text(p, "proxy-url");
	bool fits = !proxy;

	for (size_t i = 0; !fits && i < ARRAY_SIZE(schemes); i++)
		fits = !strncmp(proxy, schemes[i], strlen(schemes[i]));
	if (!fits)
		return part_error(p, "proxy-url", err,
				  "expected 'proxy-url:' with http://, "
				  "https:// or socks5://");
	c->proxy = proxy;
	return 0;
}

static int take_cluster(struct part p, struct kubeconfig *c, struct error *err)
{
	static const struct part_key keys[] = {
		{ "server", YAML_SCALAR },
		{ "tls-server-name", YAML_SCALAR },
		{ "insecure-skip-tls-verify", YAML_SCALAR },
		{ "certificate-authority", YAML_SCALAR },
		{ "certificate-authority-data", YAML_SCALAR },
		{ "proxy-url", YAML_SCALAR },
		{ "disable-compression", YAML_SCALAR },
		{ "api-version", YAML_SCALAR },
		{ "extensions", YAML_SEQUENCE },
		{ 0 },
	};
	const char *server = part_text(p, "server");
	size_t len;

	if (part_known(p, "a cluster", keys, err) < 0)
		return -1;
	if (!server ||
	    (strncmp(server, "https://", 8) && strncmp(server, "http://", 7)))
		return part_error(p, "server", err,
				  "expected 'server: https://host:port'");
	len = strlen(server);
	while (server[len - 1] == '/')
		len--;
	c->server = arena_strndup(p.arena, server, len);
	if (!c->server)
		return error_nomem(err);
	c->server_name = part_text(p, "tls-server-name");
	if (take_proxy(p, c, err) < 0 ||
	    part_bool(p, "insecure-skip-tls-verify", &c->insecure, err) < 0)
		return -1;
	return part_pem(p, "certificate-authority", &c->ca_pem, err);
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
		*by = (struct part){ all->arena, f, at };
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
	static const struct part_key keys[] = {
		{ "cluster", YAML_SCALAR },
		{ "user", YAML_SCALAR },
		{ "namespace", YAML_SCALAR },
		{ "extensions", YAML_SEQUENCE },
		{ 0 },
	};
	struct part by = { 0 }, context, cluster, user;
	const char *cluster_name, *user_name, *namespace;

	if (choose(all, asked, &by, &c->context, err) < 0 ||
	    find(all, "contexts", "context", by, by.node, c->context, &context,
		 err) < 0 ||
	    part_known(context, "a context", keys, err) < 0)
		return -1;
	cluster_name = part_text(context, "cluster");
	user_name = part_text(context, "user");
	namespace = part_text(context, "namespace");
	c->namespace = namespace ? namespace : "default";
	if (!cluster_name)
		return part_error(context, "cluster", err,
				  "the context names no 'cluster:'");
	if (find(all, "clusters", "cluster", context,
		 yaml_get(context.node, "cluster"), cluster_name, &cluster,
		 err) < 0 ||
	    take_cluster(cluster, c, err) < 0)
		return -1;
	if (!user_name)
		return 0;
	if (find(all, "users", "user", context, yaml_get(context.node, "user"),
		 user_name, &user, err) < 0)
		return -1;
	return kubeconfig_take_user(user, c, err);
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
	    yaml_parse_shared(kept, text, len, &c.arena, &all.file[0], err) >=
		    0 &&
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
	cleanup(buf_release) struct buf text = BUF_INIT(TEXT_MAX);
	const char *kept;

	if (!*path || (!must && !file_exists(path)))
		return 0;
	if (all->count == FILES_MAX)
		return error_set(err, ERROR_INPUT,
				 "$KUBECONFIG: more than %d files", FILES_MAX);
	kept = arena_strdup(all->arena, path);
	if (!kept)
		return error_nomem(err);
	if (file_read(kept, &text, err) < 0)
		return -1;
	return yaml_parse_shared(kept, buf_text(&text), text.len, all->arena,
				 &all->file[all->count++], err);
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
				 "$KUBECONFIG: none of the files exists: %s",
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
				 "no kubeconfig was found; set KUBECONFIG, or "
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
