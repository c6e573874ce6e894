/* SPDX-License-Identifier: Apache-2.0 */
/* yaml_insert.c - adds an item to a list of a YAML file that people write.
 *
 * A tree has no comments, so the text is not written again from its tree: the
 * tree says where the list ends, and the new lines are put there. Where a
 * scalar ends is not known, but the next key begins behind it. Between both
 * stand blank lines and comments. Those that are indented less than the list
 * belong to the next key.
 */
#include "data/yaml_insert.h"

#include <stdbool.h>
#include <string.h>

#include "base/cleanup.h"
#include "data/yaml_edit.h"

enum { INDENT = 2 };

struct insertion {
	const char *name, *text;
	size_t len;
	const char *key;
	struct yaml_node *item;
	struct arena *arena;
	struct error *err;
	struct yaml_file file;
	const struct yaml_node *root; /* NULL: the file has no document */
	size_t at; /* where the new lines stand */
	int indent; /* of the item's "-" */
	bool with_key; /* the key is added as well */
};

/* ---- the place ---- */

static int refuse(const struct insertion *s, const struct yaml_node *at)
{
	return yaml_error(&s->file, at, s->err,
			  "medley cannot add an item to '%s' in this form; "
			  "write one item a line, each with '- ', or add the "
			  "item by hand",
			  s->key);
}

/* The offset of a line, from 1; the end where there is none. */
static size_t line_at(const struct insertion *s, int line)
{
	size_t at = 0;

	for (int i = 1; i < line && at < s->len; i++) {
		const char *end = memchr(s->text + at, '\n', s->len - at);

		at = end ? (size_t)(end - s->text) + 1 : s->len;
	}
	return at;
}

/* The line before that at `at` is blank, or a comment of the next key. */
static bool is_between(const struct insertion *s, size_t at, size_t begin)
{
	size_t first = begin;

	while (first < at && strchr(" \t\r\n", s->text[first]))
		first++;
	if (first == at)
		return true;
	return s->text[first] == '#' &&
	       (first == begin || first - begin < (size_t)s->indent);
}

static size_t line_before(const struct insertion *s, size_t at)
{
	size_t begin = at - 1;

	while (begin && s->text[begin - 1] != '\n')
		begin--;
	return begin;
}

/* From the next key, or the end of the file, back to the end of the list. */
static size_t end_of_list(const struct insertion *s, size_t next, size_t least)
{
	while (next > least) {
		size_t begin = line_before(s, next);

		if (begin < least || !is_between(s, next, begin))
			break;
		next = begin;
	}
	return next;
}

static void find_end(struct insertion *s, size_t number)
{
	const struct yaml_node *key = s->root->keys[number];
	const struct yaml_node *list = s->root->items[number];
	size_t least = line_at(s, key->line + 1);
	size_t next = number + 1 < s->root->count
			      ? line_at(s, s->root->keys[number + 1]->line)
			      : s->len;

	if (list->type == YAML_SEQUENCE && list->count)
		s->indent = list->column - 1;
	s->at = end_of_list(s, next, least);
}

static int find_place(struct insertion *s)
{
	size_t number = 0;

	s->indent = INDENT;
	s->at = s->len;
	s->with_key = true;
	if (!s->root)
		return 0;
	if (s->root->type != YAML_MAP)
		return refuse(s, s->root);
	while (number < s->root->count &&
	       strcmp(s->root->keys[number]->text, s->key) != 0)
		number++;
	if (number == s->root->count)
		return 0;
	s->with_key = false;
	if (s->root->items[number]->type != YAML_SEQUENCE &&
	    !yaml_is_null(s->root->items[number]))
		return refuse(s, s->root->items[number]);
	find_end(s, number);
	return 0;
}

/* ---- the lines ---- */

static void add_line_end(struct buf *out)
{
	if (out->len && out->data[out->len - 1] != '\n')
		buf_add_u8(out, '\n');
}

static int write_item(struct insertion *s, struct buf *out)
{
	struct yaml_edit t = { .arena = s->arena };
	struct yaml_node *list = yaml_edit_list(&t);

	yaml_edit_append(&t, list, s->item);
	if (yaml_edit_check(&t, s->err) < 0)
		return -1;
	yaml_write(out, list, s->indent);
	return 0;
}

static int write_text(struct insertion *s, struct buf *out, int *ret_line)
{
	buf_add(out, s->text, s->at);
	add_line_end(out);
	if (s->with_key)
		buf_addf(out, "%s%s:\n", out->len ? "\n" : "", s->key);
	*ret_line = 1;
	for (size_t i = 0; i < out->len; i++)
		*ret_line += out->data[i] == '\n';
	if (write_item(s, out) < 0)
		return -1;
	buf_add(out, s->text + s->at, s->len - s->at);
	return buf_check(out, s->err);
}

/* ---- the proof ---- */

/* The scalar is the same text, written in the same way. */
static bool same_scalar(const struct yaml_node *a, const struct yaml_node *b)
{
	return a->plain == b->plain && a->len == b->len &&
	       !memcmp(a->text, b->text, a->len);
}

static bool same(const struct yaml_node *a, const struct yaml_node *b);

/* The first `count` parts of both. */
static bool same_parts(const struct yaml_node *a, const struct yaml_node *b,
		       size_t count)
{
	for (size_t i = 0; i < count; i++)
		if ((a->type == YAML_MAP && !same(a->keys[i], b->keys[i])) ||
		    !same(a->items[i], b->items[i]))
			return false;
	return true;
}

static bool same(const struct yaml_node *a, const struct yaml_node *b)
{
	if (a->type != b->type)
		return false;
	if (a->type == YAML_SCALAR)
		return same_scalar(a, b);
	return a->count == b->count && same_parts(a, b, a->count);
}

static bool has_one_more(const struct yaml_node *before,
			 const struct yaml_node *after)
{
	size_t count = yaml_edit_count(before);

	return after && after->type == YAML_SEQUENCE &&
	       after->count == count + 1 &&
	       (!count || same_parts(before, after, count));
}

/* All that was there is there, in its order, and the item behind its list. */
static bool is_right(const struct insertion *s, const struct yaml_file *file)
{
	size_t count = yaml_edit_count(s->root);
	const struct yaml_node *root;

	if (file->count != 1 || file->documents[0]->type != YAML_MAP)
		return false;
	root = file->documents[0];
	if (root->count != count + s->with_key)
		return false;
	for (size_t i = 0; i < count; i++)
		if (!same(root->keys[i], s->root->keys[i]) ||
		    (strcmp(root->keys[i]->text, s->key) != 0 &&
		     !same(root->items[i], s->root->items[i])))
			return false;
	return has_one_more(yaml_get(s->root, s->key), yaml_get(root, s->key));
}

static int prove(const struct insertion *s, const struct buf *out)
{
	struct error why = { 0 };
	struct yaml_file after;
	int rc = yaml_parse(s->name, out->data, out->len, s->arena, &after,
			    &why);

	if (rc == 0 && is_right(s, &after))
		return 0;
	if (rc < 0 && error_is_memory(&why)) {
		*s->err = why;
		return -1;
	}
	if (s->root)
		return refuse(s, yaml_get(s->root, s->key) ?: s->root);
	return error_set(s->err, ERROR_INPUT,
			 "%s: cannot add the key '%s' to this file; add it by "
			 "hand",
			 s->name, s->key);
}

int yaml_insert_item(const char *name, const char *text, size_t len,
		     const char *key, struct yaml_node *item,
		     struct arena *arena, struct buf *out, int *ret_line,
		     struct error *err)
{
	struct insertion s = { .name = name,
			       .text = text,
			       .len = len,
			       .key = key,
			       .item = item,
			       .arena = arena,
			       .err = err };

	if (yaml_parse(name, text, len, arena, &s.file, err) < 0)
		return -1;
	if (s.file.count > 1)
		return refuse(&s, s.file.documents[1]);
	s.root = s.file.count && !yaml_is_null(s.file.documents[0])
			 ? s.file.documents[0]
			 : NULL;
	if (find_place(&s) < 0 || write_text(&s, out, ret_line) < 0)
		return -1;
	return prove(&s, out);
}
