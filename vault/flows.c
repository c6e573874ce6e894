/* SPDX-License-Identifier: Apache-2.0 */
/* flows.c - the flows that a node has not ended. */
#include <stdio.h>

#include "vault/check.h"
#include "vault/flow_name.h"

/*
 * What can be told depends on the tables: older nodes keep a checkpoint's id
 * and its bytes, newer ones its status, the flow's name and what it failed of.
 */
enum { FLOWS_MAX = 10000, SQL_MAX = 1024 };

struct listing {
	struct check *check;
	uint16_t node;
};

static const char *copy(struct check *c, const char *text)
{
	return text ? arena_strdup(&c->arena, text) : NULL;
}

/* Room doubles at each power of two; the arena keeps the old ones. */
static struct flow_left *next_flow(struct check *c)
{
	size_t n = c->flow_count;

	if (n >= FLOWS_MAX)
		return NULL;
	if ((n & (n - 1)) == 0) {
		size_t room = n ? 2 * n : 1;
		struct flow_left *more =
			arena_array(&c->arena, room, sizeof(*more));

		if (!more)
			return NULL;
		for (size_t i = 0; i < n; i++)
			more[i] = c->flows[i];
		c->flows = more;
	}
	return &c->flows[c->flow_count++];
}

static const char *status_text(int64_t status)
{
	static const char *const names[] = { "runnable",  "failed",
					     "completed", "hospitalized",
					     "killed",	  "paused" };

	return status >= 0 && status < (int64_t)ARRAY_SIZE(names)
		       ? names[status]
		       : NULL;
}

/* Of the node's own table, or else of the checkpoint. */
static const char *name_of(const struct pg_row *row, char room[FLOW_NAME_ROOM])
{
	const char *told = pg_text(row, 2);
	const uint8_t *bytes;
	size_t len;

	if (told)
		return told;
	bytes = pg_bytes(row, 4, &len);
	return flow_name(bytes, len, room);
}

/* id, status, name, exception, checkpoint */
static int take_flow(const struct pg_row *row, void *ctx)
{
	struct listing *l = ctx;
	struct flow_left *f = next_flow(l->check);
	char room[FLOW_NAME_ROOM];

	if (!f)
		return 1;
	*f = (struct flow_left){ .node = l->node,
				 .id = copy(l->check, pg_text(row, 0)),
				 .status = status_text(pg_int(row, 1, -1)),
				 .name = copy(l->check, name_of(row, room)),
				 .error = copy(l->check, pg_text(row, 3)) };
	return 0;
}

/* An exception's text may go on for pages, with those that caused it. */
#define FIRST_LINE                                                             \
	"left(split_part(e.type || ': ' || coalesce(e.exception_message, '')," \
	" E'\\n', 1), 300)"
#define CHECKPOINT "substring(c.checkpoint_value from 1 for 4194304)"

int check_scan_flows(struct check *c, struct database *db, struct error *err)
{
	struct listing l = { .check = c, .node = db->node };
	bool by_flow = database_has(db, "node_checkpoints.flow_id");
	bool names = by_flow && database_has(db, "node_flow_metadata");
	bool errors = by_flow && database_has(db, "node_flow_exceptions");
	bool bytes = database_has(db, "node_checkpoints.checkpoint_value");
	char sql[SQL_MAX];

	if (!database_has(db, "node_checkpoints"))
		return 0;
	snprintf(sql, sizeof(sql),
		 "select c.%s, %s, %s, %s, %s from node_checkpoints c %s %s",
		 by_flow ? "flow_id" : "checkpoint_id",
		 database_has(db, "node_checkpoints.status") ? "c.status"
							     : "-1",
		 names ? "m.flow_name" : "null::text",
		 errors ? FIRST_LINE : "null::text",
		 bytes ? CHECKPOINT : "null::bytea",
		 names ? "left join node_flow_metadata m using (flow_id)" : "",
		 errors ? "left join node_flow_exceptions e using (flow_id)"
			: "");
	return pg_each(db->pg, sql, take_flow, &l, err) < 0 ? -1 : 0;
}
