/* SPDX-License-Identifier: Apache-2.0 */
/* records_fault_test.c - the lines of a run's files, appended and loaded when
 * memory or the disk's space ends.
 */
#include "base/cleanup.h"
#include "run/records.h"
#include "run/run.h"
#include "test/support/fault_loop.h"
#include "test/support/scratch.h"
#include "test/support/run_lines.h"

enum { ROOM = 16 * 1024 * 1024 };

struct lines {
	struct scratch *at;
	struct arena arena;
	const char *file;
	int (*append)(const char *dir, struct error *err);
	int (*load)(struct lines *l, struct buf *out, struct error *err);
	struct buf out;
};

/* ---- of each kind of line, one with everything in it ---- */

static int append_operation(const char *dir, struct error *err)
{
	static const struct operation op = {
		.id = 7,
		.kind = OP_PAY,
		.payer = "bank-4.0-0",
		.payee = "bank-4.10-0",
		.notary = "notary-4.8-0",
		.amount = 12345,
		.currency = "USD",
		.intended_us = 1795247412000000,
		.sent_us = 1795247412000100,
		.done_us = 1795247413000000,
		.outcome = OUTCOME_UNKNOWN,
		.error_class = "net.corda.core.flows.FlowException",
		.error_text = "a \"text\"\nof lines, longer than a buffer is "
			      "at first, with a byte that is not UTF-8: \xff",
		.flow = "660fdde5-198c-4137-8349-aaab44c09af6",
		.tx = "19234D3C",
	};

	return history_append(dir, &op, err);
}

static int load_operations(struct lines *l, struct buf *out, struct error *err)
{
	struct operation *ops;
	size_t count;

	if (all_operations(l->at->dir, &l->arena, &ops, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		const struct operation *o = &ops[i];

		buf_addf(out, "%llu %d %s %s %s %lld %s %lld %lld %lld %d ",
			 (unsigned long long)o->id, o->kind, o->payer, o->payee,
			 o->notary, (long long)o->amount, o->currency,
			 (long long)o->intended_us, (long long)o->sent_us,
			 (long long)o->done_us, o->outcome);
		buf_addf(out, "%s %s %s %s\n",
			 o->error_class ? o->error_class : "-",
			 o->error_text ? o->error_text : "-",
			 o->flow ? o->flow : "-", o->tx ? o->tx : "-");
	}
	return buf_check(out, err);
}

static int append_settlement(const char *dir, struct error *err)
{
	static const struct settlement s = {
		.op = 7, .tx = "19234D3C", .payer_has = true, .payee_has = true
	};

	return settlement_append(dir, &s, err);
}

static int load_settlements(struct lines *l, struct buf *out, struct error *err)
{
	struct settlement *s;
	size_t count;

	if (all_settlements(l->at->dir, &l->arena, &s, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		buf_addf(out, "%llu %s %d %d %d\n", (unsigned long long)s[i].op,
			 s[i].tx ? s[i].tx : "-", s[i].payer_has,
			 s[i].payee_has, s[i].notary_has);
	return buf_check(out, err);
}

/* What a finding or a phase has beside its texts. */
static struct js *new_details(void)
{
	struct js *details = js_object(), *list = js_array();

	js_append_str(list, "one");
	js_append_str(list, "two");
	js_set(details, "list", list);
	return details;
}

static int append_finding(const char *dir, struct error *err)
{
	cleanup(js_freep) struct js *evidence = new_details();
	const struct finding f = { .kind = FINDING_ROW_MISMATCH,
				   .note = true,
				   .tx = "19234D3C",
				   .op = 7,
				   .node = "bank-4.0-0",
				   .payer = "bank-4.0-0",
				   .payee = "bank-4.10-0",
				   .notary = "notary-4.8-0",
				   .summary = "they differ",
				   .evidence = evidence };

	if (!evidence)
		return error_nomem(err);
	return finding_append(dir, &f, err);
}

static int add_details(struct js *details, struct buf *out, struct error *err)
{
	int rc = details ? js_print(details, JS_LINE, out, err) : 0;

	js_free(details);
	return rc;
}

static int load_findings(struct lines *l, struct buf *out, struct error *err)
{
	struct finding *f;
	size_t count;
	int rc = 0;

	if (finding_load(l->at->dir, &l->arena, &f, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		buf_addf(out, "%s %d %s %llu %s %s %s %s %s\n",
			 finding_name(f[i].kind), f[i].note, f[i].tx,
			 (unsigned long long)f[i].op, f[i].node, f[i].payer,
			 f[i].payee, f[i].notary, f[i].summary);
		if (add_details(f[i].evidence, out, err) < 0)
			rc = -1;
	}
	return rc < 0 ? -1 : buf_check(out, err);
}

static int append_balance(const char *dir, struct error *err)
{
	static struct holding nodes[] = { { "bank-4.0-0", 995 },
					  { "bank-4.10-0", 0 } };
	static const struct balance b = { .currency = "USD",
					  .issuer = "O=Bank",
					  .issuer_key_hash = "DLx",
					  .ref = "01",
					  .issued = 2 * (MONEY_SUM)INT64_MAX,
					  .held = 995,
					  .nodes = nodes,
					  .node_count = 2 };

	return balance_append(dir, &b, err);
}

static int load_balances(struct lines *l, struct buf *out, struct error *err)
{
	struct balance *b;
	size_t count;
	int rc = 0;

	if (balance_load(l->at->dir, &l->arena, &b, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (add_details(balance_js(&b[i]), out, err) < 0)
			rc = -1;
	return rc < 0 ? -1 : buf_check(out, err);
}

static int append_phase(const char *dir, struct error *err)
{
	cleanup(js_freep) struct js *details = new_details();
	const struct phase p = { .name = "deploy",
				 .seconds = 41.2,
				 .summary = "5 nodes ready",
				 .error = "one is not",
				 .details = details };

	if (!details)
		return error_nomem(err);
	return phase_append(dir, &p, err);
}

static int load_phases(struct lines *l, struct buf *out, struct error *err)
{
	struct phase *p;
	size_t count;
	int rc = 0;

	if (phase_load(l->at->dir, &l->arena, &p, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		buf_addf(out, "%s %g %s %s\n", p[i].name, p[i].seconds,
			 p[i].summary, p[i].error ? p[i].error : "-");
		if (add_details(p[i].details, out, err) < 0)
			rc = -1;
	}
	return rc < 0 ? -1 : buf_check(out, err);
}

static int append_item(const char *dir, struct error *err)
{
	return inventory_add(dir, "pod", "bank-4-10-0", err);
}

static int load_items(struct lines *l, struct buf *out, struct error *err)
{
	struct inventory_item *items;
	unsigned count;

	if (inventory_load(l->at->dir, &l->arena, &items, &count, err) < 0)
		return -1;
	for (unsigned i = 0; i < count; i++)
		buf_addf(out, "%s %s\n", items[i].kind, items[i].name);
	return buf_check(out, err);
}

static const struct kind {
	const char *name, *file;
	int (*append)(const char *dir, struct error *err);
	int (*load)(struct lines *l, struct buf *out, struct error *err);
	/* Jansson's own allocations: not where a word is of 16 characters or
	 * more, since its lexer writes beyond its room when that cannot
	 * grow. */
	uint64_t loading;
} kinds[] = {
	{ "history", "history.jsonl", append_operation, load_operations, 0 },
	{ "settlements", "settlements.jsonl", append_settlement,
	  load_settlements, FAULTS_LIBRARY_ALL },
	{ "findings", "findings.jsonl", append_finding, load_findings,
	  FAULTS_LIBRARY_ALL },
	{ "balances", "balances.jsonl", append_balance, load_balances, 0 },
	{ "phases", "phases.jsonl", append_phase, load_phases,
	  FAULTS_LIBRARY_ALL },
	{ "inventory", "inventory.jsonl", append_item, load_items, 0 },
};

/* ---- appending ---- */

/* One line stands there already. */
static void one_line(void *ctx)
{
	struct lines *l = ctx;
	char path[PATH_ROOM];

	remove(path_join(path, l->at->dir, l->file));
	assert_ok(l->append(l->at->dir, &l->at->err), l->at->err);
}

static int append(void *ctx, struct error *err)
{
	struct lines *l = ctx;

	return l->append(l->at->dir, err);
}

/* An item's time is another each time. */
static void show_lines(void *ctx, struct buf *out)
{
	struct lines *l = ctx;
	struct buf text = BUF_INIT(ROOM);
	char path[PATH_ROOM];

	assert_ok(file_read(path_join(path, l->at->dir, l->file), &text,
			    &l->at->err),
		  l->at->err);
	for (const char *p = buf_text(&text), *time; *p;) {
		time = strstr(p, "\"time\":\"");
		buf_add(out, p, time ? (size_t)(time - p) : strlen(p));
		p = time ? time + strcspn(time, "}") : p + strlen(p);
	}
	buf_release(&text);
}

static void a_line_is_appended_whole_or_not(void **state)
{
	struct fault_story story = {
		.kinds = FAULTS_MEMORY | FAULTS_LIBRARY_ALL | FAULTS_WRITE |
			 FAULTS_FULL,
		.prepare = one_line,
		.run = append,
		.show = show_lines,
		.trace = TRACE_DONE, /* a failed close() comes too late */
	};

	scratch_in_memory(*state);
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		struct lines l = { .at = *state,
				   .file = kinds[i].file,
				   .append = kinds[i].append };

		story.name = kinds[i].name;
		fault_loop(&story, &l);
	}
}

/* ---- loading ---- */

static int load(void *ctx, struct error *err)
{
	struct lines *l = ctx;
	struct buf out = BUF_INIT(ROOM);

	if (l->load(l, &out, err) < 0) {
		buf_release(&out);
		return -1;
	}
	buf_release(&l->out);
	l->out = out;
	return 0;
}

static void show_loaded(void *ctx, struct buf *out)
{
	struct lines *l = ctx;

	buf_add(out, l->out.data, l->out.len);
}

static void release(void *ctx)
{
	struct lines *l = ctx;

	arena_release(&l->arena);
	buf_release(&l->out);
}

static void lines_are_loaded_or_not(void **state)
{
	struct fault_story story = {
		.run = load,
		.show = show_loaded,
		.release = release,
	};

	scratch_in_memory(*state);
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		struct lines l = { .at = *state,
				   .arena = ARENA_INIT(ROOM),
				   .load = kinds[i].load };

		for (int n = 0; n < 20; n++)
			assert_ok(kinds[i].append(l.at->dir, &l.at->err),
				  l.at->err);
		story.name = kinds[i].name;
		story.kinds = FAULTS_MEMORY | FAULTS_READ | kinds[i].loading;
		fault_loop(&story, &l);
	}
}

/* ---- a half line ---- */

static void add_half_a_line(struct lines *l)
{
	char path[PATH_ROOM];

	path_join(path, l->at->dir, l->file);
	assert_ok(file_append(path, "{\"id\":1,\"ki", 11, 0644, &l->at->err),
		  l->at->err);
}

/* What a killed process left is not read, and the next line does not become
 * part of it. */
static void half_a_line_is_no_record(void **state)
{
	struct scratch *at = *state;

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		struct lines l = { .at = at,
				   .arena = ARENA_INIT(ROOM),
				   .file = kinds[i].file,
				   .append = kinds[i].append };
		struct buf one = BUF_INIT(ROOM), now = BUF_INIT(ROOM);
		struct buf two = BUF_INIT(ROOM);

		one_line(&l);
		assert_ok(kinds[i].load(&l, &one, &at->err), at->err);
		add_half_a_line(&l);
		assert_ok(kinds[i].load(&l, &now, &at->err), at->err);
		assert_string_equal(buf_text(&now), buf_text(&one));
		assert_ok(kinds[i].append(at->dir, &at->err), at->err);
		show_lines(&l, &now);
		one_line(&l);
		assert_ok(kinds[i].append(at->dir, &at->err), at->err);
		show_lines(&l, &two);
		assert_string_equal(strstr(buf_text(&now), buf_text(&two)),
				    buf_text(&two));
		buf_release(&one);
		buf_release(&now);
		buf_release(&two);
		arena_release(&l.arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH_TEST(a_line_is_appended_whole_or_not),
		SCRATCH_TEST(lines_are_loaded_or_not),
		SCRATCH_TEST(half_a_line_is_no_record),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
