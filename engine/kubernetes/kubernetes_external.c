/* SPDX-License-Identifier: Apache-2.0 */
/* kubernetes_external.c - the nodes' databases on a server that is no pod. */
#include <stdio.h>
#include <string.h>

#include "data/base64.h"
#include "data/pg.h"
#include "engine/kubernetes/kubernetes.h"
#include "engine/own_names.h"

enum { SECONDS = 30, VALUE_MAX = 4096 };

/* ---- its login ---- */

static const char *decode(struct kubernetes *k, const struct js *secret,
			  const char *key, struct error *err)
{
	cleanup(buf_release) struct buf value = BUF_INIT(VALUE_MAX);
	const char *text = js_str(js_get(secret, "data"), key);
	const char *copy;

	if (!text) {
		error_set(err, ERROR_INPUT,
			  "Secret %s/%s has no key %s, which external_database "
			  "needs",
			  k->namespace, k->net.external.secret, key);
		return NULL;
	}
	if (base64_decode(text, &value, err) < 0)
		return NULL;
	copy = arena_strdup(&k->arena, buf_text(&value));
	if (!copy)
		error_nomem(err);
	return copy;
}

/* The check reads the databases with it, so it goes to secrets.json. */
static int keep_login(struct kubernetes *k, const char *user,
		      const char *password, struct error *err)
{
	cleanup(js_freep) struct js *root = NULL;
	cleanup(buf_release) struct buf text = BUF_INIT(64 * 1024);
	char path[PATH_ROOM];

	path_join(path, k->run_dir, "secrets.json");
	if (js_read_file(path, &root, err) < 0)
		return -1;
	js_set_str(root, "database_user", user);
	js_set_str(root, "database_password", password);
	if (js_print(root, JS_PRETTY, &text, err) < 0)
		return -1;
	return file_write(path, text.data, text.len, 0600, err);
}

static int learn_login(struct kubernetes *k, struct error *err)
{
	struct kube_ref ref = { kube_builtin("Secret"), k->namespace,
				k->net.external.secret };
	cleanup(js_freep) struct js *secret = NULL;
	const char *user, *password;

	/* Without one, it knows the login that was generated. */
	if (!ref.name)
		return 0;
	if (kube_get(k->kube, &ref, kubernetes_deadline(KUBERNETES_SECONDS),
		     &secret, err) < 0)
		return -1;
	if (!secret)
		return error_set(
			err, ERROR_INPUT,
			"there is no Secret %s/%s, which "
			"external_database names: kubectl -n %s create "
			"secret generic %s --from-literal=database-user"
			"=… --from-literal=database-password=…",
			k->namespace, ref.name, k->namespace, ref.name);
	user = decode(k, secret, "database-user", err);
	password = user ? decode(k, secret, "database-password", err) : NULL;
	return password ? keep_login(k, user, password, err) : -1;
}

/* ---- its databases ---- */

static int open_server(struct kubernetes *k, struct pg **ret, struct error *err)
{
	struct secrets login;
	struct pg_address address = { .host = k->net.external.host,
				      .port = (uint16_t)k->net.external.port,
				      .database = "postgres" };

	if (secrets_load(k->run_dir, &k->arena, &login, err) < 0)
		return -1;
	address.user = login.database_user;
	address.password = login.database_password;
	if (pg_open(&address, SECONDS, ret, err) < 0)
		return error_wrap(err, "external_database");
	return 0;
}

static int see(const struct pg_row *row, void *ctx)
{
	bool *there = ctx;

	(void)row;
	*there = true;
	return 0;
}

/* A database and the role that owns it have one name, and two items in the
 * inventory; in this order they are made, and in the other one dropped. */
static const struct kind {
	const char *name;
	const char *query;
	const char *leave; /* before the drop, or NULL */
	const char *drop;
} kinds[] = {
	{ "role", "SELECT 1 FROM pg_roles WHERE rolname = $1::text", NULL,
	  "DROP ROLE IF EXISTS \"%s\"" },
	/* Not WITH (FORCE): only a superuser may end the server's own worker
	 * that way. A plain drop ends it, and waits for the sessions. */
	{ "database", "SELECT 1 FROM pg_database WHERE datname = $1::text",
	  "DO $$ BEGIN PERFORM pg_terminate_backend(pid) FROM pg_stat_activity "
	  "WHERE datname = '%s' AND backend_type = 'client backend' AND "
	  "pg_has_role(usesysid, 'USAGE'); END $$",
	  "DROP DATABASE IF EXISTS \"%s\"" },
};

static int is_there(struct pg *pg, const struct kind *kind, const char *name,
		    bool *ret, struct error *err)
{
	struct pg_value value = { name, strlen(name) };

	*ret = false;
	return pg_each_with(pg, kind->query, &value, 1, see, ret, err);
}

static int note(struct kubernetes *k, struct pg *pg, const char *name,
		struct error *err)
{
	bool there;

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		if (is_there(pg, &kinds[i], name, &there, err) < 0)
			return -1;
		if (there)
			return error_set(
				err, ERROR_INPUT,
				"external_database: %s already has a %s %s, "
				"which belongs to another network or an "
				"earlier run; give this network another prefix "
				"(key kubernetes.prefix of its file), or drop "
				"the %s",
				k->net.external.host, kinds[i].name, name,
				kinds[i].name);
	}
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (inventory_add(k->run_dir, kinds[i].name, name, err) < 0)
			return -1;
	return 0;
}

/* Each node has a role of its own, so the one that is given must make them. */
static int check_server(struct kubernetes *k, struct pg *pg, struct error *err)
{
	int64_t may;

	if (pg_check_version(pg, DATABASE_VERSION, err) < 0)
		return error_wrap(err, "external_database");
	if (pg_one_int(pg,
		       "SELECT rolsuper OR (rolcreaterole AND rolcreatedb) "
		       "FROM pg_roles WHERE rolname = current_user",
		       &may, err) < 0)
		return -1;
	if (may)
		return 0;
	return error_set(
		err, ERROR_INPUT,
		"external_database: the role for %s is not allowed to create "
		"roles and databases, and medley creates one of each for every "
		"node: ALTER ROLE … CREATEROLE CREATEDB",
		k->net.external.host);
}

int kubernetes_external(struct kubernetes *k, struct error *err)
{
	cleanup(pg_closep) struct pg *pg = NULL;
	char room[OBJECT_NAME];

	if (!k->net.external.host)
		return 0;
	if (learn_login(k, err) < 0 || open_server(k, &pg, err) < 0 ||
	    check_server(k, pg, err) < 0)
		return -1;
	for (unsigned i = 0; i < k->net.node_count; i++)
		if (network_node_runs(&k->net, &k->net.nodes[i]) &&
		    note(k, pg, k->net.nodes[i].database, err) < 0)
			return -1;
	return k->net.identity == IDENTITY_DOORMAN
		       ? note(k, pg, network_doorman_database(&k->net, room),
			      err)
		       : 0;
}

/* Calls fn for the items of this kind. The server is opened for the first. */
static int each_item(struct kubernetes *k, const struct kind *kind,
		     const struct inventory_item *items, unsigned count,
		     int (*fn)(struct pg *pg, const struct kind *kind,
			       const char *name, void *ctx, struct error *err),
		     void *ctx, struct error *err)
{
	cleanup(pg_closep) struct pg *pg = NULL;

	for (unsigned i = 0; i < count; i++) {
		if (strcmp(items[i].kind, kind->name) ||
		    !own_database(&k->net, items[i].name))
			continue;
		if ((!pg && open_server(k, &pg, err) < 0) ||
		    fn(pg, kind, items[i].name, ctx, err) < 0)
			return -1;
	}
	return 0;
}

static int drop(struct pg *pg, const struct kind *kind, const char *name,
		void *ctx, struct error *err)
{
	cleanup(buf_release) struct buf leave = BUF_INIT(512);
	cleanup(buf_release) struct buf sql = BUF_INIT(256);

	(void)ctx;
	buf_addf(&sql, kind->drop, name);
	if (kind->leave)
		buf_addf(&leave, kind->leave, name);
	if (buf_check(&sql, err) < 0 || buf_check(&leave, err) < 0 ||
	    (kind->leave && pg_exec(pg, buf_text(&leave), err) < 0))
		return -1;
	return pg_exec(pg, buf_text(&sql), err);
}

int kubernetes_external_remove(struct kubernetes *k,
			       const struct inventory_item *items,
			       unsigned count, struct error *err)
{
	for (size_t i = ARRAY_SIZE(kinds); i--;)
		if (each_item(k, &kinds[i], items, count, drop, NULL, err) < 0)
			return -1;
	return 0;
}

struct remaining {
	struct inventory_item *items;
	unsigned count;
};

static int remains(struct pg *pg, const struct kind *kind, const char *name,
		   void *ctx, struct error *err)
{
	struct remaining *r = ctx;
	bool there;

	if (is_there(pg, kind, name, &there, err) < 0)
		return -1;
	if (there)
		r->items[r->count++] =
			(struct inventory_item){ kind->name, name };
	return 0;
}

int kubernetes_external_left(struct kubernetes *k,
			     const struct inventory_item *items, unsigned count,
			     struct inventory_item *ret, unsigned *ret_count,
			     struct error *err)
{
	struct remaining r = { .items = ret };

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (each_item(k, &kinds[i], items, count, remains, &r, err) < 0)
			return -1;
	*ret_count = r.count;
	return 0;
}
