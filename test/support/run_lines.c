/* SPDX-License-Identifier: Apache-2.0 */
/* run_lines.c - all operations or settlements of a run, in memory. */
#include "test/support/run_lines.h"

#include "run/lines.h"

struct copying {
	struct arena *arena;
	bool failed;
};

static const char *copy(struct copying *c, const char *text)
{
	const char *own = text ? arena_strdup(c->arena, text) : NULL;

	c->failed |= text && !own;
	return own;
}

static int keep_operation(const struct operation *read, struct line_list *list,
			  struct error *err)
{
	struct operation *op = line_list_add(list);
	struct copying c = { list->arena, !op };

	if (!op)
		return error_nomem(err);
	*op = *read;
	op->payer = copy(&c, read->payer);
	op->payee = copy(&c, read->payee);
	op->notary = copy(&c, read->notary);
	op->currency = copy(&c, read->currency);
	op->error_class = copy(&c, read->error_class);
	op->error_text = copy(&c, read->error_text);
	op->flow = copy(&c, read->flow);
	op->tx = copy(&c, read->tx);
	return c.failed ? error_nomem(err) : 0;
}

int all_operations(const char *run_dir, struct arena *arena,
		   struct operation **ret, size_t *ret_count, struct error *err)
{
	cleanup(history_reader_freep) struct history_reader *r = NULL;
	struct line_list list = { .size = sizeof(struct operation),
				  .arena = arena };
	struct operation op;
	int rc = history_reader_open(run_dir, &r, err);

	while (rc >= 0 && (rc = history_read(r, &op, err)) > 0)
		rc = keep_operation(&op, &list, err);
	if (rc < 0)
		return -1;
	*ret = list.items;
	*ret_count = list.count;
	return 0;
}

static int keep_settlement(const struct settlement *read,
			   struct line_list *list, struct error *err)
{
	struct settlement *s = line_list_add(list);
	struct copying c = { list->arena, !s };

	if (!s)
		return error_nomem(err);
	*s = *read;
	s->tx = copy(&c, read->tx);
	return c.failed ? error_nomem(err) : 0;
}

int all_settlements(const char *run_dir, struct arena *arena,
		    struct settlement **ret, size_t *ret_count,
		    struct error *err)
{
	cleanup(settlement_reader_freep) struct settlement_reader *r = NULL;
	struct line_list list = { .size = sizeof(struct settlement),
				  .arena = arena };
	struct settlement s;
	int rc = settlement_reader_open(run_dir, &r, err);

	while (rc >= 0 && (rc = settlement_read(r, &s, err)) > 0)
		rc = keep_settlement(&s, &list, err);
	if (rc < 0)
		return -1;
	*ret = list.items;
	*ret_count = list.count;
	return 0;
}
