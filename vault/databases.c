/* SPDX-License-Identifier: Apache-2.0 */
/* databases.c - a node's database: reached, frozen, and its tables known. */
#include "vault/check.h"

#include <stdio.h>
#include <string.h>

#include "corda/transaction.h"

enum { COLUMNS_MAX = 256 * 1024, STATEMENT_SECONDS = 60 };

static int record_column(const struct pg_row *row, void *ctx)
{
	buf_addf(ctx, "%s\n", pg_text(row, 0));
	return 0;
}

int database_open(struct check *c, uint16_t node, struct database *ret,
		  struct error *err)
{
	struct database db = { .node = node, .columns = BUF_INIT(COLUMNS_MAX) };
	struct pg_address address = { .host = c->database.host,
				      .port = c->database.port,
				      .database = c->net.nodes[node].database,
				      .user = c->secrets.database_user,
				      .password =
					      c->secrets.database_password };

	if (pg_open(&address, STATEMENT_SECONDS, &db.pg, err) < 0)
		return -1;
	buf_add_str(&db.columns, "\n");
	/* Rows are taken as they are judged, so that a long table may take
	 * longer than any one wait: those are bounded by pg_each(). */
	if (pg_check_version(db.pg, DATABASE_VERSION, err) < 0 ||
	    pg_exec(db.pg, "set statement_timeout=0", err) < 0 ||
	    pg_each(db.pg,
		    "select relname from pg_class"
		    " where relnamespace='public'::regnamespace union all"
		    " select relname || '.' || attname from pg_class"
		    " join pg_attribute on attrelid=pg_class.oid"
		    " where relnamespace='public'::regnamespace"
		    " and attnum > 0 and not attisdropped",
		    record_column, &db.columns, err) < 0 ||
	    buf_check(&db.columns, err) < 0) {
		database_close(&db);
		return error_wrap(err, "%s", c->net.nodes[node].name);
	}
	*ret = db;
	return 0;
}

void database_close(struct database *db)
{
	pg_close(db->pg);
	db->pg = NULL;
	buf_release(&db->columns);
}

bool database_has(const struct database *db, const char *name)
{
	char line[160];

	snprintf(line, sizeof(line), "\n%s\n", name);
	return strstr(buf_text(&db->columns), line) != NULL;
}

#define FROZEN "begin isolation level repeatable read read only"

static int record_snapshot(const struct pg_row *row, void *ctx)
{
	snprintf(ctx, SNAPSHOT_ROOM, "%s", pg_text(row, 0));
	return 1;
}

int database_freeze(struct database *db, char room[SNAPSHOT_ROOM],
		    struct error *err)
{
	int rc;

	if (pg_exec(db->pg, FROZEN, err) < 0)
		return -1;
	rc = pg_each(db->pg, "select pg_export_snapshot()", record_snapshot,
		     room, err);
	return rc < 0 ? -1 : 0;
}

int database_join(struct database *db, const char *snapshot, struct error *err)
{
	char sql[2 * SNAPSHOT_ROOM];

	if (pg_exec(db->pg, FROZEN, err) < 0)
		return -1;
	snprintf(sql, sizeof(sql), "set transaction snapshot '%s'", snapshot);
	return pg_exec(db->pg, sql, err);
}

uint16_t check_node_by_name(const struct check *c, const char *legal_name)
{
	for (unsigned i = 0; legal_name && i < c->net.node_count; i++)
		if (!strcmp(c->net.nodes[i].legal_name, legal_name) ||
		    !strcmp(network_party(&c->net.nodes[i]), legal_name))
			return (uint16_t)i;
	return NODE_NONE;
}

uint16_t check_notary(const struct check *c, unsigned node)
{
	if (node >= c->net.node_count)
		return NODE_NONE;
	return (uint16_t)(network_notary(&c->net, &c->net.nodes[node]) -
			  c->net.nodes);
}

unsigned check_notary_nodes(const struct check *c, unsigned node)
{
	uint16_t notary = check_notary(c, node);
	unsigned n = 0;

	if (notary == NODE_NONE || !c->net.nodes[notary].service)
		return 1;
	for (unsigned i = notary; i < c->net.node_count; i++)
		n += check_notary(c, i) == notary;
	return n;
}

const char *check_node_name(const struct check *c, unsigned node)
{
	return node < c->net.node_count ? c->net.nodes[node].name
					: "an unknown node";
}

static uint32_t hash_text(uint32_t h, const char *text)
{
	for (const char *p = text ? text : "";; p++) {
		h = (h ^ (uint8_t)*p) * 16777619u;
		if (!*p)
			return h;
	}
}

uint32_t check_notary_hash(const char *notary)
{
	return hash_text(2166136261u, notary);
}

uint32_t check_row_hash(const char *class_name, const char *notary,
			int constraint_type, const void *constraint, size_t len)
{
	const uint8_t *bytes = constraint;
	uint32_t h = hash_text(2166136261u, class_name);

	h = (h ^ (uint32_t)constraint_type) * 16777619u;
	for (size_t i = 0; i < len; i++)
		h = (h ^ bytes[i]) * 16777619u;
	return h ^ check_notary_hash(notary);
}

const char *fact_text(char room[FACT_TEXT], const uint8_t id[FACT_ID])
{
	for (size_t i = 0; i < FACT_ID; i++)
		snprintf(room + 2 * i, 3, "%02X", id[i]);
	return room;
}

bool fact_key(const char *text, uint8_t ret[FACT_ID])
{
	struct tx_id id;

	if (!text || !tx_id_parse(text, &id))
		return false;
	memcpy(ret, id.bytes, FACT_ID);
	return true;
}
