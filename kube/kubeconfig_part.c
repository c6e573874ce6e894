/* SPDX-License-Identifier: Apache-2.0 */
/* kubeconfig_part.c - reads one map of a kubeconfig; only for kubeconfig*.c. */
#include "kube/kubeconfig_part.h"

#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/nearest.h"
#include "data/base64.h"

enum { PEM_MAX = 1024 * 1024 };

int part_error(struct part p, const char *key, struct error *err,
	       const char *what)
{
	const struct yaml_node *at = yaml_get(p.node, key);

	return yaml_error(p.file, at ? at : p.node, err, "%s", what);
}

static int unknown(struct part p, const struct yaml_node *key, const char *what,
		   const struct part_key *keys, struct error *err)
{
	struct nearest near = nearest_to(key->text);

	for (; keys->name; keys++)
		nearest_offer(&near, keys->name);
	return yaml_error(
		p.file, key, err,
		"unknown key '%s' of %s; it is refused because it may "
		"change the user or the server%s%s%s",
		key->text, what, near.word ? "; did you mean '" : "",
		near.word ? near.word : "", near.word ? "'?" : "");
}

int part_known(struct part p, const char *what, const struct part_key *keys,
	       struct error *err)
{
	static const char *const types[] = { "a text", "a list", "a map" };

	for (size_t i = 0; p.node && i < p.node->count; i++) {
		const struct yaml_node *key = p.node->keys[i];
		const struct yaml_node *value = p.node->items[i];
		const struct part_key *known = keys;

		while (known->name && strcmp(known->name, key->text))
			known++;
		if (!known->name)
			return unknown(p, key, what, keys, err);
		if (value->type != known->type && !yaml_is_null(value))
			return yaml_error(p.file, value, err, "%s: expected %s",
					  key->text, types[known->type]);
	}
	return 0;
}

const char *part_text(struct part p, const char *key)
{
	const char *text = yaml_str(p.node, key);

	return text && *text ? text : NULL;
}

int part_bool(struct part p, const char *key, bool *ret, struct error *err)
{
	const char *text = part_text(p, key);

	if (!text)
		return 0;
	if (strcmp(text, "true") && strcmp(text, "false"))
		return part_error(p, key, err, "expected true or false");
	*ret = !strcmp(text, "true");
	return 0;
}

const char *part_beside(struct part p, const char *path, char room[PATH_ROOM])
{
	const char *slash = strrchr(p.file->name, '/');

	if (path[0] == '/' || !slash)
		return path_printf(room, "%s", path);
	return path_printf(room, "%.*s/%s", (int)(slash - p.file->name),
			   p.file->name, path);
}

static int decode_pem(struct part p, const char *data, const char *key,
		      const char **ret, struct error *err)
{
	cleanup(buf_release) struct buf pem = BUF_INIT(PEM_MAX);

	if (base64_decode(data, &pem, NULL) < 0 || buf_check(&pem, NULL) < 0)
		return part_error(p, key, err, "expected base64");
	if (!pem.len || strlen(buf_text(&pem)) != pem.len)
		return part_error(p, key, err, "expected base64 of PEM text");
	*ret = arena_strndup(p.arena, buf_text(&pem), pem.len);
	return *ret ? 0 : error_nomem(err);
}

static int read_pem(struct part p, const char *path, const char *key,
		    const char **ret, struct error *err)
{
	cleanup(buf_release) struct buf pem = BUF_INIT(PEM_MAX);
	char room[PATH_ROOM];

	if (file_read(part_beside(p, path, room), &pem, err) < 0) {
		const struct yaml_node *at = yaml_get(p.node, key);

		return error_wrap(err, "%s:%d:%d: '%s'", p.file->name, at->line,
				  at->column, key);
	}
	*ret = arena_strndup(p.arena, buf_text(&pem), pem.len);
	return *ret ? 0 : error_nomem(err);
}

int part_pem(struct part p, const char *key, const char **ret,
	     struct error *err)
{
	char data_key[64];
	const char *data, *path;

	snprintf(data_key, sizeof(data_key), "%s-data", key);
	data = part_text(p, data_key);
	path = part_text(p, key);
	if (data)
		return decode_pem(p, data, data_key, ret, err);
	if (path)
		return read_pem(p, path, key, ret, err);
	return 0;
}
