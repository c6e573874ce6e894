/* SPDX-License-Identifier: Apache-2.0 */
/* podman_secrets.c - Secrets, in the two shapes that podman can use. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "data/base64.h"
#include "data/json.h"
#include "engine/podman/podman.h"
#include "data/yaml_edit.h"

/*
 * podman 4.3.1 mounts the values of a Secret without decoding them, and
 * cannot read a Secret that it stored itself as variables. So what pods mount
 * becomes files below <run>/engine/secrets, and what they have as variables
 * becomes a secret in the JSON form that podman reads. The files are readable
 * by the node's user in its container; here, the directory above them is
 * closed to everyone else.
 */
enum { SECRET_MAX = 1024 * 1024 };

static int write_value(const char *dir, const char *key, const char *value,
		       struct error *err)
{
	cleanup(buf_release) struct buf bytes = BUF_INIT(SECRET_MAX);
	char path[PATH_ROOM];

	if (strchr(key, '/'))
		return error_set(err, ERROR_INPUT, "a key with '/': %s", key);
	if (base64_decode(value, &bytes, err) < 0)
		return error_wrap(err, "key %s", key);
	return file_write(path_join(path, dir, key), bytes.data, bytes.len,
			  0444, err);
}

static int write_files(struct podman *p, const char *name,
		       const struct yaml_node *data, struct error *err)
{
	char dir[PATH_ROOM];

	if (dir_make(p->scope.secret_dir, 0700, err) < 0 ||
	    dir_make(path_join(dir, p->scope.secret_dir, name), 0755, err) < 0)
		return -1;
	/* The umask may have closed it to the node's user. */
	if (chmod(dir, 0755) < 0)
		return error_errno(err, ERROR_INTERNAL, errno, "%s", dir);
	for (size_t i = 0; i < yaml_edit_count(data); i++)
		if (write_value(dir, data->keys[i]->text, data->items[i]->text,
				err) < 0)
			return -1;
	return 0;
}

static void add_json(struct buf *json, const struct yaml_node *data)
{
	buf_add_str(json, "{");
	for (size_t i = 0; i < yaml_edit_count(data); i++) {
		buf_add_str(json, i ? "," : "");
		js_quote(json, data->keys[i]->text);
		buf_add_str(json, ":");
		js_quote(json, data->items[i]->text);
	}
	buf_add_str(json, "}");
}

static int create_secret(struct podman *p, const char *name,
			 const struct yaml_node *data, struct error *err)
{
	cleanup(buf_release) struct buf json = BUF_INIT(64 * 1024);
	cleanup(buf_release) struct buf out = BUF_INIT(4096);
	char own[PATH_ROOM], label[PATH_ROOM];
	const char *argv[] = { "podman",
			       "secret",
			       "create",
			       "--label",
			       path_printf(label, "medley.run=%s",
					   p->scope.run_id),
			       "--label",
			       "app.kubernetes.io/managed-by=medley",
			       "--",
			       path_printf(own, "%s-%s", p->scope.prefix, name),
			       "-",
			       NULL };
	struct process_spec spec = { .argv = argv,
				     .environment = ENVIRONMENT_LOGIN,
				     .seconds = PODMAN_SECONDS,
				     .finish = true };

	add_json(&json, data);
	if (buf_check(&json, err) < 0 ||
	    inventory_add(p->run_dir, "secret", own, err) < 0)
		return -1;
	spec.input = json.data;
	spec.input_len = json.len;
	return process_run(&spec, &out, err);
}

/* True if any volume of the StatefulSet is the Secret. */
static bool set_mounts(const struct yaml_node *set, const char *name)
{
	const struct yaml_node *volumes =
		yaml_edit_at(set, "spec", "template", "spec", "volumes", NULL);

	for (size_t i = 0; i < yaml_edit_count(volumes); i++) {
		const char *its = yaml_str(
			yaml_get(volumes->items[i], "secret"), "secretName");

		if (its && !strcmp(its, name))
			return true;
	}
	return false;
}

static bool list_reads(const struct yaml_node *containers, const char *name)
{
	for (size_t i = 0; i < yaml_edit_count(containers); i++) {
		const struct yaml_node *env =
			yaml_get(containers->items[i], "env");

		for (size_t j = 0; j < yaml_edit_count(env); j++) {
			const char *its = yaml_str(
				yaml_edit_at(env->items[j], "valueFrom",
					     "secretKeyRef", NULL),
				"name");

			if (its && !strcmp(its, name))
				return true;
		}
	}
	return false;
}

static bool set_reads(const struct yaml_node *set, const char *name)
{
	const struct yaml_node *spec =
		yaml_edit_at(set, "spec", "template", "spec", NULL);

	return list_reads(yaml_get(spec, "initContainers"), name) ||
	       list_reads(yaml_get(spec, "containers"), name);
}

static bool any_set(const struct manifests *m, const char *name,
		    bool (*uses)(const struct yaml_node *set, const char *name))
{
	for (size_t i = 0; i < m->count; i++) {
		const char *kind = yaml_str(m->documents[i], "kind");

		if (kind && !strcmp(kind, "StatefulSet") &&
		    uses(m->documents[i], name))
			return true;
	}
	return false;
}

static int add_secret(struct podman *p, const struct yaml_node *secret,
		      struct error *err)
{
	const struct yaml_node *data = yaml_get(secret, "data");
	const char *name = manifest_name(secret);

	if (!name || strchr(name, '/') || yaml_get(secret, "stringData"))
		return error_set(err, ERROR_INPUT,
				 "expected a name and data, not stringData");
	if (any_set(&p->manifests, name, set_mounts) &&
	    write_files(p, name, data, err) < 0)
		return -1;
	if (any_set(&p->manifests, name, set_reads) &&
	    create_secret(p, name, data, err) < 0)
		return -1;
	return 0;
}

int podman_secrets(struct podman *p, struct error *err)
{
	for (size_t i = 0; i < p->manifests.count; i++) {
		const struct yaml_node *object = p->manifests.documents[i];
		const char *kind = yaml_str(object, "kind");
		const char *name = manifest_name(object);

		if (!kind || strcmp(kind, "Secret"))
			continue;
		if (add_secret(p, object, err) < 0)
			return error_wrap(err, "Secret %s",
					  name ? name : "without a name");
	}
	return 0;
}
