/* SPDX-License-Identifier: Apache-2.0 */
/* expected.c - expected.yaml: what is declared not to work, and why. */
#include "report/expected.h"

#include <string.h>

#include "data/yaml.h"
#include "sys/file.h"

struct reader {
	struct yaml_file file;
	struct arena *arena;
	struct error *err;
};

static int one_field(struct reader *r, const struct yaml_node *key,
		     const struct yaml_node *value, struct expected_cell *cell)
{
	const char **field = !strcmp(key->text, "payer")    ? &cell->payer
			     : !strcmp(key->text, "payee")  ? &cell->payee
			     : !strcmp(key->text, "notary") ? &cell->notary
			     : !strcmp(key->text, "reason") ? &cell->reason
							    : NULL;

	if (!field)
		return yaml_error(&r->file, key, r->err,
				  "unknown key \"%s\", expected payer, payee, "
				  "notary or reason",
				  key->text);
	if (value->type != YAML_SCALAR || !value->len)
		return yaml_error(&r->file, value, r->err,
				  "%s: expected a text", key->text);
	*field = value->text;
	return 0;
}

static int one_cell(struct reader *r, const struct yaml_node *node,
		    struct expected_cell *cell)
{
	if (node->type != YAML_MAP)
		return yaml_error(&r->file, node, r->err,
				  "expected payer, payee and reason");
	for (size_t i = 0; i < node->count; i++)
		if (one_field(r, node->keys[i], node->items[i], cell) < 0)
			return -1;
	if (!cell->payer || !cell->payee || !cell->reason)
		return yaml_error(&r->file, node, r->err, "%s is missing",
				  !cell->payer	 ? "payer"
				  : !cell->payee ? "payee"
						 : "reason");
	return 0;
}

static int all_cells(struct reader *r, const struct yaml_node *list,
		     struct expected *ret)
{
	if (list->type != YAML_SEQUENCE)
		return yaml_error(&r->file, list, r->err,
				  "unsupported: expected a list of cells");
	ret->cells = arena_array(r->arena, list->count, sizeof(*ret->cells));
	if (list->count && !ret->cells)
		return error_nomem(r->err);
	for (; ret->count < list->count; ret->count++)
		if (one_cell(r, list->items[ret->count],
			     &ret->cells[ret->count]) < 0)
			return -1;
	return 0;
}

int expected_read(const char *path, struct arena *arena, struct expected *ret,
		  struct error *err)
{
	struct reader r = { .arena = arena, .err = err };
	struct expected e = { 0 };
	const struct yaml_node *root;

	if (yaml_read(path, arena, &r.file, err) < 0)
		return -1;
	root = r.file.count ? r.file.documents[0] : NULL;
	if (!root || root->type != YAML_MAP)
		return error_set(err, ERROR_INPUT,
				 "%s: expected the key unsupported", path);
	for (size_t i = 0; i < root->count; i++) {
		if (strcmp(root->keys[i]->text, "unsupported") != 0)
			return yaml_error(
				&r.file, root->keys[i], err,
				"unknown key \"%s\", expected unsupported",
				root->keys[i]->text);
		if (all_cells(&r, root->items[i], &e) < 0)
			return -1;
	}
	*ret = e;
	return 0;
}

int expected_load(const char *run_dir, const char *network_file,
		  struct arena *arena, struct expected *ret, struct error *err)
{
	const char *slash = network_file ? strrchr(network_file, '/') : NULL;
	char path[PATH_ROOM];

	if (file_exists(path_join(path, run_dir, "expected.yaml")))
		return expected_read(path, arena, ret, err);
	if (!network_file)
		return 0;
	path_printf(path, "%.*sexpected.yaml",
		    slash ? (int)(slash - network_file) + 1 : 0, network_file);
	if (file_exists(path))
		return expected_read(path, arena, ret, err);
	return 0;
}

const struct expected_cell *expected_find(const struct expected *e,
					  const char *payer, const char *payee,
					  const char *notary)
{
	for (size_t i = 0; i < e->count; i++) {
		const struct expected_cell *c = &e->cells[i];

		if (!strcmp(c->payer, payer) && !strcmp(c->payee, payee) &&
		    (!c->notary || !strcmp(c->notary, notary)))
			return c;
	}
	return NULL;
}
