/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kubeconfig_as.c - impersonation: the key "as" and related keys.
 *
 * The API server takes Impersonate-User, -Uid, one Impersonate-Group for each
 * group and one Impersonate-Extra-KEY for each value of a key; what a header's
 * name cannot hold of a key is written as %XX.
 */
#include "kube/kubeconfig_part.h"

#include <ctype.h>
#include <string.h>

#include "base/cleanup.h"

enum { KEY_MAX = 1024 };

struct headers {
	struct part user;
	const char **lines; /* room for KUBE_AS_MAX and the end */
	size_t count;
	struct error *err;
};

static int add(struct headers *h, const char *name, const struct yaml_node *at)
{
	const char *line;

	if (at->type != YAML_SCALAR || !at->len || yaml_is_null(at))
		return yaml_error(h->user.file, at, h->err, "expected a word");
	for (const char *p = at->text; *p; p++)
		if (iscntrl((unsigned char)*p))
			return yaml_error(h->user.file, at, h->err,
					  "the text contains a line break or "
					  "another control character");
	if (h->count == KUBE_AS_MAX)
		return yaml_error(h->user.file, at, h->err,
				  "more than %d groups and extra values",
				  KUBE_AS_MAX);
	line = arena_printf(h->user.arena, "Impersonate-%s: %s", name,
			    at->text);
	if (!line)
		return error_nomem(h->err);
	h->lines[h->count++] = line;
	return 0;
}

static int add_text(struct headers *h, const char *key, const char *name)
{
	const struct yaml_node *at = yaml_get(h->user.node, key);

	/* An empty text says nothing, here as elsewhere. */
	if (!at || (at->type == YAML_SCALAR && !at->len))
		return 0;
	return add(h, name, at);
}

static int add_list(struct headers *h, const char *name,
		    const struct yaml_node *list)
{
	if (list->type != YAML_SEQUENCE)
		return yaml_error(h->user.file, list, h->err,
				  "expected a list of words");
	for (size_t i = 0; i < list->count; i++)
		if (add(h, name, list->items[i]) < 0)
			return -1;
	return 0;
}

static bool fits_a_name(char c)
{
	return isalnum((unsigned char)c) || strchr("!#$&'*+-.^_`|~", c);
}

static int add_extra(struct headers *h, const char *key,
		     const struct yaml_node *values)
{
	cleanup(buf_release) struct buf name = BUF_INIT(KEY_MAX);

	buf_add_str(&name, "Extra-");
	for (const char *p = key; *p; p++)
		if (fits_a_name(*p))
			buf_add(&name, p, 1);
		else
			buf_addf(&name, "%%%02X", (unsigned char)*p);
	if (buf_check(&name, h->err) < 0)
		return -1;
	return add_list(h, buf_text(&name), values);
}

static int add_extras(struct headers *h)
{
	const struct yaml_node *map = yaml_get(h->user.node, "as-user-extra");

	for (size_t i = 0; map && i < map->count; i++)
		if (!yaml_is_null(map->items[i]) &&
		    add_extra(h, map->keys[i]->text, map->items[i]) < 0)
			return -1;
	return 0;
}

int kubeconfig_take_as(struct part p, struct kubeconfig *c, struct error *err)
{
	const struct yaml_node *groups = yaml_get(p.node, "as-groups");
	struct headers h = { .user = p, .err = err };

	h.lines = arena_array(p.arena, KUBE_AS_MAX + 1, sizeof(h.lines[0]));
	if (!h.lines)
		return error_nomem(err);
	if (add_text(&h, "as", "User") < 0 ||
	    add_text(&h, "as-uid", "Uid") < 0 ||
	    (groups && add_list(&h, "Group", groups) < 0) || add_extras(&h) < 0)
		return -1;
	if (h.count && !part_text(p, "as"))
		return part_error(p, groups ? "as-groups" : "as-uid", err,
				  "as-uid, as-groups and as-user-extra need "
				  "the key 'as:', too");
	c->as = h.count ? h.lines : NULL;
	return 0;
}
