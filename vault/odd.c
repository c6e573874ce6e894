/* SPDX-License-Identifier: Apache-2.0 */
/* odd.c - what stands in a database in place of an id. */
#include "vault/odd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vault/check.h"
#include "vault/tx_view.h"

enum { ODD_MAX = 1000, ODD_TEXT = 144, SUMMARY_MAX = 512 };

struct odd {
	struct odd *next;
	uint16_t node;
	uint32_t index;
	const char *table;
	bool known; /* what it is about */
	uint8_t key[FACT_ID];
	char text[ODD_TEXT + 1];
};

void odd_init(struct odd_list *l)
{
	*l = (struct odd_list){ .count = 0 };
	pthread_mutex_init(&l->lock, NULL);
}

void odd_release(struct odd_list *l)
{
	while (l->first) {
		struct odd *o = l->first;

		l->first = o->next;
		free(o);
	}
	pthread_mutex_destroy(&l->lock);
}

int odd_add(struct odd_list *l, const struct odd_place *at, const char *text,
	    struct error *err)
{
	struct odd *o;
	bool full;

	pthread_mutex_lock(&l->lock);
	full = l->count++ >= ODD_MAX;
	pthread_mutex_unlock(&l->lock);
	if (full)
		return 0;
	o = calloc(1, sizeof(*o));
	if (!o)
		return error_nomem(err);
	o->node = at->node;
	o->index = at->index;
	o->table = at->table;
	o->known = at->key != NULL;
	if (at->key)
		memcpy(o->key, at->key, FACT_ID);
	snprintf(o->text, sizeof(o->text), "%s", text ? text : "(null)");
	pthread_mutex_lock(&l->lock);
	o->next = l->first;
	l->first = o;
	pthread_mutex_unlock(&l->lock);
	return 0;
}

const char *odd_text(const struct odd_list *l, unsigned node,
		     const uint8_t key[FACT_ID], uint32_t index)
{
	for (const struct odd *o = l->first; o; o = o->next)
		if (o->known && o->node == node && o->index == index &&
		    memcmp(o->key, key, FACT_ID) == 0)
			return o->text;
	return NULL;
}

static int report(struct check *c, const struct odd *o, struct error *err)
{
	char summary[SUMMARY_MAX];
	struct finding f = { .kind = FINDING_UNDECODABLE,
			     .node = c->net.nodes[o->node].name,
			     .summary = summary,
			     .evidence = js_object() };

	snprintf(summary, sizeof(summary),
		 "%s: a row of %s has '%s' instead of an id", f.node, o->table,
		 o->text);
	js_set_str(f.evidence, "table", o->table);
	js_set_str(f.evidence, "text", o->text);
	return check_found(c, &f, err);
}

static int report_rest(struct check *c, struct error *err)
{
	char summary[SUMMARY_MAX];
	struct finding f = { .kind = FINDING_UNDECODABLE,
			     .summary = summary,
			     .evidence = js_object() };

	snprintf(summary, sizeof(summary),
		 "%zu more rows have a text that is not an id",
		 c->odd.count - ODD_MAX);
	return check_found(c, &f, err);
}

int check_report_odd(struct check *c, struct error *err)
{
	for (const struct odd *o = c->odd.first; o; o = o->next)
		if (!o->known && report(c, o, err) < 0)
			return -1;
	return c->odd.count > ODD_MAX ? report_rest(c, err) : 0;
}
