/* SPDX-License-Identifier: Apache-2.0 */
/* absence.c - why a cell without payments has none. */
#include <string.h>

#include "report/judgement.h"

struct search {
	const struct record *record;
	struct arena *arena;
	struct error *err;
	struct cell *cell;
};

static int absent(struct search *s, enum absence absence, const char *reason)
{
	if (!reason)
		return error_nomem(s->err);
	s->cell->absence = absence;
	s->cell->reason = reason;
	return 1;
}

/* Why deploy gave a node up, or NULL: {"nodes":[{"name":…,"failed":…}]} */
static const char *boot_failure(const struct record *r, const char *name)
{
	const struct phase *deploy = record_phase(r, "deploy");
	const struct js *nodes =
		js_get(deploy ? deploy->details : NULL, "nodes");

	for (size_t i = 0; i < js_count(nodes); i++) {
		const struct js *node = js_at(nodes, i);
		const char *its_name = js_str(node, "name");

		if (its_name && !strcmp(its_name, name))
			return js_str(node, "failed");
	}
	return NULL;
}

/* 1 when the release has no image, 0 when it has one. */
static int build_failed(struct search *s, unsigned release)
{
	const struct release *r = &s->record->net.releases[release];

	if (!r->failure)
		return 0;
	return absent(s, ABSENT_BUILD,
		      arena_printf(s->arena, "%s: build failed: %s", r->label,
				   r->failure));
}

/* Nodes of a role and release: all, and those that came up; and the last
 * that did not. */
struct census {
	unsigned all, up;
	const struct network_node *dead;
	const struct network_node *member; /* they are one notary, or NULL */
};

static struct census take_census(const struct record *r, unsigned release,
				 enum node_role role)
{
	struct census c = { 0 };

	for (unsigned i = 0; i < r->net.node_count; i++) {
		const struct network_node *node = &r->net.nodes[i];

		if (node->release != release || node->role != role)
			continue;
		c.all++;
		if (node->cluster)
			c.member = node;
		if (boot_failure(r, node->name))
			c.dead = node;
		else
			c.up++;
	}
	return c;
}

/* 1 when fewer than `needed` nodes of the release came up; of a notary of
 * several nodes, fewer than that needs. */
static int boot_failed(struct search *s, unsigned release, enum node_role role,
		       unsigned needed)
{
	struct census c = take_census(s->record, release, role);

	if (c.member)
		needed = network_notary_needs(c.member, c.all);
	if (!c.dead || c.up >= needed)
		return 0;
	return absent(s, ABSENT_BOOT,
		      arena_printf(s->arena, "%s did not come up: %s",
				   c.dead->name,
				   boot_failure(s->record, c.dead->name)));
}

static int no_node_came_up(struct search *s)
{
	const struct cell *cell = s->cell;
	unsigned banks = cell->payer == cell->payee ? 2 : 1;
	int found = boot_failed(s, cell->payer, NODE_BANK, banks);

	if (!found)
		found = boot_failed(s, cell->payee, NODE_BANK, banks);
	if (!found)
		found = boot_failed(s, cell->notary, NODE_NOTARY, 1);
	return found;
}

static int no_load(struct search *s)
{
	const struct phase *drive = record_phase(s->record, "drive");
	const struct phase *deploy = record_phase(s->record, "deploy");

	if (drive && drive->error)
		return absent(
			s, ABSENT_LOAD,
			arena_printf(s->arena,
				     "the load ended before this cell: %s",
				     drive->error));
	if (drive)
		return absent(s, ABSENT_LOAD,
			      "the load ended before this cell");
	if (deploy && deploy->error)
		return absent(s, ABSENT_LOAD,
			      arena_printf(s->arena, "deploy failed: %s",
					   deploy->error));
	return absent(s, ABSENT_LOAD, "no load was driven");
}

int cell_absence(struct cell *cell, const struct record *record,
		 struct arena *arena, struct error *err)
{
	struct search s = { record, arena, err, cell };
	int found;

	if (cell->score.counts.payments)
		return 0;
	if (cell->payer == cell->payee &&
	    take_census(record, cell->payer, NODE_BANK).all < 2) {
		found = absent(&s, ABSENT_ONE_BANK, "the release has one bank");
		return found < 0 ? -1 : 0;
	}
	found = build_failed(&s, cell->payer);
	if (!found)
		found = build_failed(&s, cell->payee);
	if (!found)
		found = build_failed(&s, cell->notary);
	if (!found)
		found = no_node_came_up(&s);
	if (!found)
		found = no_load(&s);
	return found < 0 ? -1 : 0;
}
