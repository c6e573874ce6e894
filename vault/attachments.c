/* SPDX-License-Identifier: Apache-2.0 */
/* attachments.c - the files that transactions name, and what nodes have. */
#include "vault/attachments.h"

#include <stdio.h>
#include <string.h>

#include "vault/check.h"
#include "vault/tx_view.h"

enum { SUMMARY_MAX = 512 };

/* ---- what is there ---- */

static void tell(struct check *c, enum fact_type type, uint16_t node,
		 const uint8_t id[FACT_ID], const uint8_t *other)
{
	struct fact f = { .type = (uint8_t)type, .node = node };

	memcpy(f.key, id, FACT_ID);
	if (other)
		memcpy(f.other, other, FACT_ID);
	spool_add(c->attachments, &f);
}

void attachments_named(struct check *c, struct attachments_met *met,
		       uint16_t node, const struct transaction *tx)
{
	for (size_t i = 0; met->wanted && i < tx->attachment_count; i++) {
		const uint8_t *id = tx->attachments[i].bytes;
		size_t at = id[0] % ATTACHMENTS_KEPT;

		if (met->set[at] && memcmp(met->ids[at], id, FACT_ID) == 0)
			continue;
		met->set[at] = true;
		memcpy(met->ids[at], id, FACT_ID);
		tell(c, FACT_ATTACHMENT_NAMED, node, id, tx->id.bytes);
	}
}

struct rows {
	struct check *check;
	uint16_t node;
	struct error *err;
};

/* id, SHA-256 of the content; NULL: there is none */
static int take_attachment(const struct pg_row *row, void *ctx)
{
	struct rows *r = ctx;
	const char *text = pg_text(row, 0);
	const struct odd_place at = { .node = r->node,
				      .table = "node_attachments" };
	size_t len;
	const uint8_t *hash = pg_bytes(row, 1, &len);
	uint8_t id[FACT_ID];

	if (!fact_key(text, id))
		return odd_add(&r->check->odd, &at, text, r->err);
	if (hash && len == FACT_ID)
		tell(r->check, FACT_ATTACHMENT, r->node, id, hash);
	else
		tell(r->check, FACT_ATTACHMENT_EMPTY, r->node, id, NULL);
	return 0;
}

/* As with transactions: lo_get() of an object that is gone fails them all. */
int check_scan_attachments(struct check *c, struct database *db,
			   struct error *err)
{
	struct rows r = { .check = c, .node = db->node, .err = err };

	if (!database_has(db, "node_attachments"))
		return 0;
	return pg_each(db->pg,
		       "select att_id, case when (select m.oid from"
		       " pg_largeobject_metadata m where m.oid=content)"
		       " is not null then sha256(lo_get(content)) end"
		       " from node_attachments",
		       take_attachment, &r, err);
}

/* ---- what is wrong ---- */

/* Transactions of many cells may name the attachment, so the finding names only
 * the node. */
static int report(struct check *c, const struct fact *f, enum finding_kind kind,
		  const char *what, struct error *err)
{
	char id[FACT_TEXT], other[FACT_TEXT], summary[SUMMARY_MAX];
	const struct network_node *node = &c->net.nodes[f->node];
	struct finding found = { .kind = kind,
				 .node = node->name,
				 .summary = summary,
				 .evidence = js_object() };

	fact_text(id, f->key);
	snprintf(summary, sizeof(summary), "%s: attachment %s %s", node->name,
		 id, what);
	js_set_str(found.evidence, "attachment", id);
	js_set_str(found.evidence, "release",
		   c->net.releases[node->release].label);
	if (f->type == FACT_ATTACHMENT_NAMED)
		js_set_str(found.evidence, "named_by",
			   fact_text(other, f->other));
	else if (f->type == FACT_ATTACHMENT)
		js_set_str(found.evidence, "hash", fact_text(other, f->other));
	return check_found(c, &found, err);
}

static bool has(const struct fact *facts, size_t count, unsigned node)
{
	for (size_t i = 0; i < count; i++)
		if (facts[i].node == node &&
		    facts[i].type != FACT_ATTACHMENT_NAMED)
			return true;
	return false;
}

static int check_one(struct check *c, const struct fact *f, bool lacks,
		     struct error *err)
{
	if (f->type == FACT_ATTACHMENT_NAMED)
		return lacks ? report(c, f, FINDING_NOT_RECORDED,
				      "is missing, but a stored transaction "
				      "names it",
				      err)
			     : 0;
	if (f->type == FACT_ATTACHMENT_EMPTY)
		return report(c, f, FINDING_UNDECODABLE, "has no content", err);
	if (memcmp(f->key, f->other, FACT_ID) == 0)
		return 0;
	return report(c, f, FINDING_ID_MISMATCH,
		      "has a wrong content: its SHA-256 is not the id", err);
}

/* All facts of one attachment, by type and node: each node tells a lack once,
 * whatever many of its transactions name it. */
static int join_attachment(const struct fact *facts, size_t count, void *ctx,
			   struct error *err)
{
	for (size_t i = 0; i < count; i++) {
		bool again = i && facts[i].type == facts[i - 1].type &&
			     facts[i].node == facts[i - 1].node;

		if (!again &&
		    check_one(ctx, &facts[i], !has(facts, count, facts[i].node),
			      err) < 0)
			return -1;
	}
	return 0;
}

int check_join_attachments(struct check *c, struct error *err)
{
	return spool_groups(c->attachments, 0, join_attachment, c, err);
}
