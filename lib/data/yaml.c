/* SPDX-License-Identifier: Apache-2.0 */
/* yaml.c - YAML documents as trees, read through libyaml's events. */
#include "data/yaml.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "base/cleanup.h"
#include "data/yaml_anchors.h"
#include "sys/file.h"

enum { YAML_FILE_MAX = 16 * 1024 * 1024, YAML_DEPTH_MAX = 64 };

/*
 * Events come in the order of the text, so the tree is read by recursion,
 * bounded by YAML_DEPTH_MAX. Children are chained until their number is known.
 */
struct reader {
	yaml_parser_t parser;
	yaml_event_t event; /* the current one; owned */
	const char *name;
	struct arena *arena;
	bool shares; /* anchors, aliases and merge keys are read */
	struct yaml_anchors anchors;
};

struct child {
	struct child *next;
	struct yaml_node *key, *value;
};

struct children {
	struct child *first, **last;
	size_t count;
};

static int refuse(const struct reader *r, const yaml_mark_t *at,
		  struct error *err, const char *what)
{
	return error_set(err, ERROR_INPUT, "%s:%zu:%zu: %s", r->name,
			 at->line + 1, at->column + 1, what);
}

/* The library says "cannot start any token", or "violates indentation". */
static bool stands_at_tab(const yaml_parser_t *p)
{
	return p->error == YAML_SCANNER_ERROR &&
	       p->buffer.pointer < p->buffer.last && *p->buffer.pointer == '\t';
}

static int parser_failed(const struct reader *r, struct error *err)
{
	const yaml_parser_t *p = &r->parser;
	yaml_mark_t at = p->problem_mark;

	if (p->error == YAML_MEMORY_ERROR)
		return error_nomem(err);
	if (p->error == YAML_READER_ERROR)
		at = p->mark;
	if (stands_at_tab(p))
		return refuse(r, &at, err,
			      "a tab; YAML allows only spaces for indentation");
	return refuse(r, &at, err, p->problem ? p->problem : "not valid YAML");
}

static int advance(struct reader *r, struct error *err)
{
	yaml_event_delete(&r->event);
	if (!yaml_parser_parse(&r->parser, &r->event))
		return parser_failed(r, err);
	return 0;
}

static int read_node(struct reader *r, int depth, struct yaml_node **ret,
		     struct error *err);

static int read_scalar(struct reader *r, struct yaml_node *n, struct error *err)
{
	const char *text = (const char *)r->event.data.scalar.value;

	n->len = r->event.data.scalar.length;
	n->plain = r->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	if (memchr(text, 0, n->len))
		return refuse(r, &r->event.start_mark, err,
			      "a NUL character in a text");
	n->text = arena_strndup(r->arena, text, n->len);
	return n->text ? 0 : error_nomem(err);
}

static int children_add(struct reader *r, struct children *all,
			struct yaml_node *key, struct yaml_node *value,
			struct error *err)
{
	struct child *c = arena_new(r->arena, struct child);

	if (!c)
		return error_nomem(err);
	c->key = key;
	c->value = value;
	*all->last = c;
	all->last = &c->next;
	all->count++;
	return 0;
}

/* Moves the chain into the arrays of the node. */
static int children_settle(struct reader *r, const struct children *all,
			   struct yaml_node *n, struct error *err)
{
	size_t i = 0;

	n->count = all->count;
	n->items = arena_array(r->arena, n->count, sizeof(n->items[0]));
	n->keys = arena_array(r->arena, n->count, sizeof(n->keys[0]));
	if (!n->items || !n->keys)
		return error_nomem(err);
	for (struct child *c = all->first; c; c = c->next, i++) {
		n->items[i] = c->value;
		n->keys[i] = c->key;
	}
	if (n->type == YAML_SEQUENCE)
		n->keys = NULL;
	return 0;
}

static int read_sequence(struct reader *r, int depth, struct yaml_node *n,
			 struct error *err)
{
	struct children all = { .last = &all.first };
	struct yaml_node *item;

	for (;;) {
		if (advance(r, err) < 0)
			return -1;
		if (r->event.type == YAML_SEQUENCE_END_EVENT)
			return children_settle(r, &all, n, err);
		if (read_node(r, depth + 1, &item, err) < 0 ||
		    children_add(r, &all, NULL, item, err) < 0)
			return -1;
	}
}

static int by_text_then_place(const void *left, const void *right)
{
	const struct yaml_node *a = *(struct yaml_node *const *)left;
	const struct yaml_node *b = *(struct yaml_node *const *)right;
	int order = strcmp(a->text, b->text);

	if (!order)
		order = a->line - b->line;
	return order ? order : a->column - b->column;
}

static int refuse_double_keys(struct reader *r, const struct yaml_node *n,
			      struct error *err)
{
	cleanup(freep) struct yaml_node **sorted =
		calloc(n->count + 1, sizeof(*sorted));

	if (!sorted)
		return error_nomem(err);
	for (size_t i = 0; i < n->count; i++)
		sorted[i] = n->keys[i];
	qsort(sorted, n->count, sizeof(*sorted), by_text_then_place);
	for (size_t i = 1; i < n->count; i++)
		if (!strcmp(sorted[i - 1]->text, sorted[i]->text))
			return error_set(err, ERROR_INPUT,
					 "%s:%d:%d: key '%s' is given twice, "
					 "first in line %d",
					 r->name, sorted[i]->line,
					 sorted[i]->column, sorted[i]->text,
					 sorted[i - 1]->line);
	return 0;
}

static int settle_map(struct reader *r, const struct children *all,
		      struct yaml_node *n, struct error *err)
{
	const struct yaml_file file = { .name = r->name };

	if (children_settle(r, all, n, err) < 0 ||
	    refuse_double_keys(r, n, err) < 0)
		return -1;
	return r->shares ? yaml_merge(&file, n, r->arena, err) : 0;
}

static int read_map(struct reader *r, int depth, struct yaml_node *n,
		    struct error *err)
{
	struct children all = { .last = &all.first };
	struct yaml_node *key, *value;

	for (;;) {
		if (advance(r, err) < 0)
			return -1;
		if (r->event.type == YAML_MAPPING_END_EVENT)
			break;
		if (r->event.type != YAML_SCALAR_EVENT)
			return refuse(r, &r->event.start_mark, err,
				      "expected a key");
		if (read_node(r, depth + 1, &key, err) < 0 ||
		    advance(r, err) < 0 ||
		    read_node(r, depth + 1, &value, err) < 0 ||
		    children_add(r, &all, key, value, err) < 0)
			return -1;
	}
	return settle_map(r, &all, n, err);
}

static const void *event_tag(const yaml_event_t *e)
{
	switch (e->type) {
	case YAML_SCALAR_EVENT:
		return e->data.scalar.tag;
	case YAML_SEQUENCE_START_EVENT:
		return e->data.sequence_start.tag;
	case YAML_MAPPING_START_EVENT:
		return e->data.mapping_start.tag;
	default:
		return NULL;
	}
}

static const void *event_anchor(const yaml_event_t *e)
{
	switch (e->type) {
	case YAML_SCALAR_EVENT:
		return e->data.scalar.anchor;
	case YAML_SEQUENCE_START_EVENT:
		return e->data.sequence_start.anchor;
	case YAML_MAPPING_START_EVENT:
		return e->data.mapping_start.anchor;
	default:
		return NULL;
	}
}

/* The node that the current event, an alias, names. */
static int read_alias(struct reader *r, struct yaml_node **ret,
		      struct error *err)
{
	const char *name = (const char *)r->event.data.alias.anchor;

	if (!r->shares)
		return refuse(r, &r->event.start_mark, err,
			      "aliases ('*') are not allowed here");
	*ret = yaml_anchors_find(&r->anchors, name);
	if (!*ret)
		return refuse(r, &r->event.start_mark, err,
			      "no anchor ('&') of this name above");
	return 0;
}

/* The node that begins with the current event. */
static int read_whole(struct reader *r, int depth, struct yaml_node *n,
		      struct error *err)
{
	n->line = (int)r->event.start_mark.line + 1;
	n->column = (int)r->event.start_mark.column + 1;
	switch (r->event.type) {
	case YAML_SEQUENCE_START_EVENT:
		n->type = YAML_SEQUENCE;
		return read_sequence(r, depth, n, err);
	case YAML_MAPPING_START_EVENT:
		n->type = YAML_MAP;
		return read_map(r, depth, n, err);
	default:
		n->type = YAML_SCALAR;
		return read_scalar(r, n, err);
	}
}

/* The same, once its anchor is noted: the event goes while it is read. */
static int read_anchored(struct reader *r, int depth, struct yaml_node *n,
			 struct error *err)
{
	cleanup(freep) char *name = NULL;

	if (r->shares && event_anchor(&r->event)) {
		name = strdup(event_anchor(&r->event));
		if (!name)
			return error_nomem(err);
	}
	if (read_whole(r, depth, n, err) < 0)
		return -1;
	if (!name || yaml_anchors_add(&r->anchors, r->arena, name, n, err) == 0)
		return 0;
	return error_wrap(err, "%s:%d:%d", r->name, n->line, n->column);
}

static int read_node(struct reader *r, int depth, struct yaml_node **ret,
		     struct error *err)
{
	const yaml_mark_t *at = &r->event.start_mark;

	if (depth > YAML_DEPTH_MAX)
		return refuse(r, at, err, "nested more than 64 deep");
	if (r->event.type == YAML_ALIAS_EVENT)
		return read_alias(r, ret, err);
	if (event_tag(&r->event))
		return refuse(r, at, err, "tags ('!') are not allowed here");
	*ret = arena_new(r->arena, struct yaml_node);
	return *ret ? read_anchored(r, depth, *ret, err) : error_nomem(err);
}

/* Documents are chained as the items of a sequence. */
static int read_stream(struct reader *r, struct yaml_node *documents,
		       struct error *err)
{
	struct children all = { .last = &all.first };
	struct yaml_node *root;

	documents->type = YAML_SEQUENCE;
	while (r->event.type != YAML_STREAM_END_EVENT) {
		if (advance(r, err) < 0)
			return -1;
		if (r->event.type != YAML_DOCUMENT_START_EVENT)
			continue;
		if (advance(r, err) < 0 || read_node(r, 1, &root, err) < 0 ||
		    children_add(r, &all, NULL, root, err) < 0)
			return -1;
	}
	return children_settle(r, &all, documents, err);
}

static int parse(struct reader *r, const void *text, size_t len,
		 struct yaml_file *ret, struct error *err)
{
	struct yaml_node documents = { 0 };
	const char *name;
	int rc;

	if (!yaml_parser_initialize(&r->parser))
		return error_nomem(err);
	yaml_parser_set_input_string(&r->parser, text, len);
	rc = read_stream(r, &documents, err);
	yaml_event_delete(&r->event);
	yaml_parser_delete(&r->parser);
	if (rc < 0)
		return -1;
	name = arena_strdup(r->arena, r->name);
	if (!name)
		return error_nomem(err);
	*ret = (struct yaml_file){ .name = name,
				   .count = documents.count,
				   .documents = documents.items };
	return 0;
}

int yaml_parse(const char *name, const void *text, size_t len,
	       struct arena *arena, struct yaml_file *ret, struct error *err)
{
	struct reader r = { .name = name, .arena = arena };

	return parse(&r, text, len, ret, err);
}

int yaml_parse_shared(const char *name, const void *text, size_t len,
		      struct arena *arena, struct yaml_file *ret,
		      struct error *err)
{
	struct reader r = { .name = name, .arena = arena, .shares = true };

	return parse(&r, text, len, ret, err);
}

int yaml_read(const char *path, struct arena *arena, struct yaml_file *ret,
	      struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(YAML_FILE_MAX);

	if (file_read(path, &text, err) < 0)
		return -1;
	return yaml_parse(path, buf_text(&text), text.len, arena, ret, err);
}

bool yaml_is_null(const struct yaml_node *node)
{
	static const char *const words[] = { "", "~", "null", "Null", "NULL" };

	if (node->type != YAML_SCALAR || !node->plain)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (!strcmp(node->text, words[i]))
			return true;
	return false;
}

struct yaml_node *yaml_get(const struct yaml_node *node, const char *key)
{
	if (!node || node->type != YAML_MAP)
		return NULL;
	for (size_t i = 0; i < node->count; i++)
		if (!strcmp(node->keys[i]->text, key))
			return yaml_is_null(node->items[i]) ? NULL
							    : node->items[i];
	return NULL;
}

const char *yaml_str(const struct yaml_node *node, const char *key)
{
	const struct yaml_node *value = yaml_get(node, key);

	return value && value->type == YAML_SCALAR ? value->text : NULL;
}

int yaml_error(const struct yaml_file *file, const struct yaml_node *at,
	       struct error *err, const char *fmt, ...)
{
	struct error one = { 0 };
	char what[768];
	va_list args;

	va_start(args, fmt);
	vsnprintf(what, sizeof(what), fmt, args);
	va_end(args);
	error_set(&one, ERROR_INPUT, "%s:%d:%d: %s", file->name,
		  at ? at->line : 1, at ? at->column : 1, what);
	if (file->faults)
		yaml_faults_add(file->faults, file->name, &one);
	if (err)
		*err = one;
	return -1;
}
