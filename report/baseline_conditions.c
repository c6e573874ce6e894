/* SPDX-License-Identifier: Apache-2.0 */
/* baseline_conditions.c - whether two runs were made under the same conditions:
 * engine, load, number of nodes, options of their JVMs. */
#include <string.h>

#include "base/cleanup.h"
#include "report/baseline.h"

enum { TEXT_MAX = 4096 };

/* What the text of a condition is made into. */
struct condition_text {
	const struct js *root; /* of results.json */
	struct buf out; /* empty: not known */
};

static void add_text(struct condition_text *t, const char *key)
{
	buf_add_str(&t->out, js_str(t->root, key) ?: "");
}

static void add_medley(struct condition_text *t)
{
	add_text(t, "medley");
}

static void add_engine(struct condition_text *t)
{
	add_text(t, "engine");
}

static const struct js *drive_details(const struct js *root)
{
	const struct js *phases = js_get(root, "phases");

	for (size_t i = 0; i < js_count(phases); i++) {
		const struct js *phase = js_at(phases, i);
		const char *name = js_str(phase, "phase");

		if (name && !strcmp(name, "drive"))
			return js_get(phase, "details");
	}
	return NULL;
}

static void add_load(struct condition_text *t)
{
	const struct js *load = js_get(drive_details(t->root), "load");

	if (load)
		js_print(load, JS_LINE, &t->out, NULL);
}

static void add_nodes(struct condition_text *t)
{
	size_t count = js_count(js_get(t->root, "nodes"));

	if (count)
		buf_addf(&t->out, "%zu", count);
}

/* The options of the nodes, each once. */
static void add_jvm(struct condition_text *t)
{
	const struct js *nodes = js_get(t->root, "nodes");
	const char *last = NULL;

	for (size_t i = 0; i < js_count(nodes); i++) {
		const char *jvm = js_str(js_at(nodes, i), "jvm");

		if (!jvm || (last && !strcmp(jvm, last)))
			continue;
		buf_addf(&t->out, "%s%s", last ? ", " : "", jvm);
		last = jvm;
	}
}

static const struct {
	const char *name;
	void (*add)(struct condition_text *t);
	bool times; /* times depend on it */
} conditions[] = {
	{ "medley", add_medley, false },  { "engine", add_engine, true },
	{ "load", add_load, true },	  { "nodes", add_nodes, true },
	{ "JVM options", add_jvm, true },
};

_Static_assert(ARRAY_SIZE(conditions) == CONDITIONS_MAX, "one for each");

static const char *text_of(const struct results *r, size_t i,
			   struct arena *arena, struct error *err)
{
	struct condition_text t = { r->root, BUF_INIT(TEXT_MAX) };
	const char *text;

	conditions[i].add(&t);
	text = arena_strdup(arena, buf_text(&t.out));
	/* A text that is too long is cut: it is for people to read. */
	if (!text || t.out.no_memory) {
		error_nomem(err);
		text = NULL;
	}
	buf_release(&t.out);
	return text;
}

int conditions_compare(const struct results *was, const struct results *is,
		       struct arena *arena,
		       struct compared_condition ret[CONDITIONS_MAX],
		       size_t *ret_count, struct error *err)
{
	size_t count = 0;

	for (size_t i = 0; i < CONDITIONS_MAX; i++) {
		const char *before = text_of(was, i, arena, err);
		const char *now = before ? text_of(is, i, arena, err) : NULL;

		if (!now)
			return -1;
		/* Older results do not have all of them. */
		if (!*before || !*now || !strcmp(before, now))
			continue;
		ret[count++] =
			(struct compared_condition){ conditions[i].name, before,
						     now, conditions[i].times };
	}
	*ret_count = count;
	return 0;
}

int baseline_conditions(struct baseline *b, struct arena *arena,
			struct error *err)
{
	b->conditions =
		arena_array(arena, CONDITIONS_MAX, sizeof(*b->conditions));
	if (!b->conditions)
		return error_nomem(err);
	return conditions_compare(b->was, b->is, arena, b->conditions,
				  &b->condition_count, err);
}
