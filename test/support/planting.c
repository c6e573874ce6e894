/* SPDX-License-Identifier: Apache-2.0 */
/* planting.c - a plant in a cell: its payment, its places, its words. */
#include "base/cleanup.h"
#include "proto/snappy.h"
#include "test/support/plant.h"
#include "test/support/test.h"

enum { TEXT_MAX = 16 * 1024 * 1024 };

/* ---- places and words ---- */

const struct network_node *planting_node(const struct planting *p,
					 const char *at)
{
	const struct network *net = &p->trial.net;
	const struct network_node *node;

	if (!strcmp(at, "payer"))
		return &net->nodes[p->payer];
	if (!strcmp(at, "payee"))
		return &net->nodes[p->payee];
	if (!strcmp(at, "notary"))
		return &net->nodes[p->notary];
	for (unsigned i = 0; i < net->node_count; i++)
		if (!strcmp(at, "other notary") &&
		    net->nodes[i].role == NODE_NOTARY && i != p->notary)
			return &net->nodes[i];
	node = network_find(net, at);
	if (!node)
		fail_msg("run %s has no '%s'", p->trial.run->name, at);
	return node;
}

static void add_tx(const struct planting *p, struct buf *out)
{
	buf_add_str(out, p->op->tx);
}

static void add_other(const struct planting *p, struct buf *out)
{
	assert_non_null(p->other);
	buf_add_str(out, p->other->tx);
}

/* Of any operation whose id sorts before (-1) or behind (1) the payment's. */
static void add_neighbour(const struct planting *p, int side, struct buf *out)
{
	const struct kept_run *run = p->trial.run;

	for (size_t i = 0; i < run->op_count; i++) {
		const struct operation *op = &run->ops[i];

		if (op->outcome == OUTCOME_OK && op->tx &&
		    strcmp(op->tx, p->op->tx) * side > 0) {
			buf_add_str(out, op->tx);
			return;
		}
	}
	fail_msg("no operation has an id on that side of %s", p->op->tx);
}

static void add_before(const struct planting *p, struct buf *out)
{
	add_neighbour(p, -1, out);
}

static void add_behind(const struct planting *p, struct buf *out)
{
	add_neighbour(p, 1, out);
}

static void add_output(const struct planting *p, struct buf *out)
{
	buf_addf(out, "%lld", (long long)p->output);
}

unsigned planting_change(const struct planting *p)
{
	for (unsigned i = 0; i < p->tx.output_count; i++)
		if (i != p->output)
			return i;
	fail_msg("%s has no change", p->op->tx);
	return 0;
}

static void add_change(const struct planting *p, struct buf *out)
{
	buf_addf(out, "%u", planting_change(p));
}

static void add_input(const struct planting *p, struct buf *out)
{
	char id[TX_ID_TEXT];

	assert_true(p->tx.input_count > 0);
	buf_add_str(out, tx_id_text(id, &p->tx.inputs[0].tx));
}

static void add_index(const struct planting *p, struct buf *out)
{
	assert_true(p->tx.input_count > 0);
	buf_addf(out, "%u", p->tx.inputs[0].index);
}

static void add_inputs(const struct planting *p, struct buf *out)
{
	char id[TX_ID_TEXT];

	assert_true(p->tx.input_count > 0);
	for (size_t i = 0; i < p->tx.input_count; i++)
		buf_addf(out, "%s('%s', %u)", i ? ", " : "",
			 tx_id_text(id, &p->tx.inputs[i].tx),
			 p->tx.inputs[i].index);
}

static const struct {
	const char *text;
	void (*add)(const struct planting *p, struct buf *out);
} words[] = {
	{ "{tx}", add_tx },	    { "{other}", add_other },
	{ "{output}", add_output }, { "{change}", add_change },
	{ "{input}", add_input },   { "{index}", add_index },
	{ "{inputs}", add_inputs }, { "{before}", add_before },
	{ "{behind}", add_behind },
};

/* The length of the word that was replaced, 0: there is none. */
static size_t add_word(const struct planting *p, const char *at,
		       struct buf *out)
{
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		size_t len = strlen(words[i].text);

		if (strncmp(at, words[i].text, len) != 0)
			continue;
		words[i].add(p, out);
		return len;
	}
	return 0;
}

void planting_words(const struct planting *p, const char *text, struct buf *out)
{
	while (*text) {
		size_t plain = strcspn(text, "{"), len;

		buf_add(out, text, plain);
		text += plain;
		len = *text ? add_word(p, text, out) : 0;
		if (*text && !len)
			buf_add(out, text, len = 1);
		text += len;
	}
	assert_false(out->failed);
}

void planting_sql(struct planting *p, const char *at, const char *sql)
{
	cleanup(buf_release) struct buf text = BUF_INIT(TEXT_MAX);

	planting_words(p, sql, &text);
	trial_sql(&p->trial, planting_node(p, at), buf_text(&text));
}

/* ---- the payment ---- */

static bool in_cell(const struct planting *p, const struct operation *op)
{
	const struct network_node *nodes = p->trial.net.nodes;

	return op->kind == OP_PAY && op->outcome == OUTCOME_OK && op->tx &&
	       !strcmp(op->payer, nodes[p->payer].name) &&
	       !strcmp(op->payee, nodes[p->payee].name) &&
	       !strcmp(op->notary, nodes[p->notary].name);
}

static int record_number(const struct pg_row *row, void *ctx)
{
	*(int64_t *)ctx = pg_int(row, 0, -1);
	return 0;
}

/* Of the outputs in the node's vault with this status, the first's index; -1:
 * there is none. */
static int64_t find_output(const struct planting *p, unsigned node,
			   const struct operation *op, bool spent)
{
	cleanup(buf_release) struct buf sql = BUF_INIT(TEXT_MAX);
	struct error err = { 0 };
	int64_t index = -1;

	buf_addf(&sql,
		 "select output_index from vault_states"
		 " where transaction_id = '%s' and state_status = %d limit 1",
		 op->tx, spent);
	assert_ok(kept_run_each(p->trial.run->net.nodes[node].database,
				buf_text(&sql), record_number, &index, &err),
		  err);
	return index;
}

/* The index of its output in the payee's vault, -1: not as it was wanted. */
static int64_t output_of(const struct planting *p, const struct operation *op)
{
	enum plant_pick pick = p->plant->pick;

	if (pick == PICK_LEAF && find_output(p, p->payer, op, true) >= 0)
		return -1;
	return find_output(p, p->payee, op, pick == PICK_SPENT);
}

static void pick(struct planting *p)
{
	const struct kept_run *run = p->trial.run;

	for (size_t i = run->op_count; i-- > 0;) {
		const struct operation *op = &run->ops[i];

		if (!in_cell(p, op))
			continue;
		if (!p->op && (p->output = output_of(p, op)) >= 0)
			p->op = op;
		else if (!p->other)
			p->other = op;
	}
	if (!p->op)
		fail_msg("the cell has no such payment");
}

static int take_blob(const struct pg_row *row, void *ctx)
{
	cleanup(buf_release) struct buf room = BUF_INIT(TEXT_MAX);
	const uint8_t *stored, *plain;
	size_t len;

	stored = pg_bytes(row, 0, &len);
	if (storage_unpack(stored, len, &room, &plain, &len, NULL) == 0)
		buf_add(ctx, plain, len);
	return 0;
}

static void read_payment(struct planting *p)
{
	cleanup(buf_release) struct buf sql = BUF_INIT(TEXT_MAX);
	cleanup(buf_release) struct buf none = BUF_INIT(1);
	struct error err = { 0 };

	planting_words(p,
		       "select lo_get(transaction_value) from node_transactions"
		       " where tx_id = '{tx}'",
		       &sql);
	assert_ok(kept_run_each(p->trial.run->net.nodes[p->payer].database,
				buf_text(&sql), take_blob, &p->blob, &err),
		  err);
	assert_ok(transaction_read(p->blob.data, p->blob.len, &none,
				   &p->trial.arena, &p->tx, &err),
		  err);
}

void planting_begin(struct planting *p)
{
	trial_begin(&p->trial, p->run);
	buf_init(&p->blob, TEXT_MAX);
	pick(p);
	read_payment(p);
}

void planting_end(struct planting *p)
{
	trial_end(&p->trial);
	buf_release(&p->blob);
}

void planting_store(struct planting *p, const char *at)
{
	cleanup(buf_release) struct buf sql = BUF_INIT(TEXT_MAX);

	buf_add_str(&sql, "update node_transactions set transaction_value ="
			  " lo_from_bytea(0, '\\x");
	buf_add_hex(&sql, p->blob.data, p->blob.len);
	buf_add_str(&sql, "') where tx_id = '{tx}'");
	planting_sql(p, at, buf_text(&sql));
}

/* ---- forgery ---- */

/* In all tables, whatever refers to what. */
static const char rename_sql[] =
	"set session_replication_role = replica;"
	"do $$ declare c record; begin"
	" for c in select table_name, column_name"
	" from information_schema.columns join information_schema.tables"
	" using (table_schema, table_name) where table_schema = 'public' and"
	" table_type = 'BASE TABLE' and column_name in ('tx_id',"
	" 'transaction_id', 'consuming_transaction_id') loop"
	" execute format('update %%I set %%I = %%L where %%I = %%L',"
	" c.table_name, c.column_name, '%s', c.column_name, '%s');"
	" end loop; end $$";

static void rename_everywhere(struct planting *p, const char *id)
{
	static const char *const places[] = { "payer", "payee", "notary" };
	cleanup(buf_release) struct buf sql = BUF_INIT(TEXT_MAX);

	buf_addf(&sql, rename_sql, id, p->op->tx);
	for (size_t i = 0; i < ARRAY_SIZE(places); i++)
		planting_sql(p, places[i], buf_text(&sql));
}

static void rename_in_history(const struct planting *p, const char *id)
{
	cleanup(buf_release) struct buf text = BUF_INIT(TEXT_MAX);
	struct error err = { 0 };
	char path[PATH_ROOM], *at;

	path_join(path, p->trial.dir, "history.jsonl");
	assert_ok(file_read(path, &text, &err), err);
	at = strstr((char *)text.data, p->op->tx);
	assert_non_null(at);
	memcpy(at, id, strlen(id));
	assert_ok(file_write(path, text.data, text.len, 0600, &err), err);
}

void planting_forge(struct planting *p)
{
	cleanup(buf_release) struct buf none = BUF_INIT(1);
	struct operation *op = arena_new(&p->trial.arena, struct operation);
	struct error err = { 0 };
	char id[TX_ID_TEXT];

	assert_non_null(op);
	planting_store(p, "payer");
	planting_store(p, "payee");
	assert_ok(transaction_read(p->blob.data, p->blob.len, &none,
				   &p->trial.arena, &p->tx, &err),
		  err);
	tx_id_text(id, &p->tx.id);
	rename_everywhere(p, id);
	rename_in_history(p, id);
	*op = *p->op;
	op->tx = arena_strdup(&p->trial.arena, id);
	p->op = op;
}
