/* SPDX-License-Identifier: Apache-2.0 */
/* history_reader.c - the operations of history.jsonl, one by one. */
#include "run/history.h"
#include "run/line_reader.h"
#include "run/lines.h"

/* In the order in which they are written, which is read the fastest. */
enum member {
	ID,
	KIND,
	PAYER,
	PAYEE,
	NOTARY,
	AMOUNT,
	CURRENCY,
	INTENDED,
	SENT,
	DONE,
	OUTCOME,
	ERROR_CLASS,
	ERROR_TEXT,
	FLOW,
	TX,
	MEMBERS
};

static const struct line_key keys[MEMBERS] = {
	[ID] = { "id", JS_INTEGER, true },
	[KIND] = { "kind", JS_TEXT, true },
	[PAYER] = { "payer", JS_TEXT, true },
	[PAYEE] = { "payee", JS_TEXT, true },
	[NOTARY] = { "notary", JS_TEXT, false },
	[AMOUNT] = { "amount", JS_INTEGER, false },
	[CURRENCY] = { "currency", JS_TEXT, true },
	[INTENDED] = { "intended_us", JS_INTEGER, false },
	[SENT] = { "sent_us", JS_INTEGER, false },
	[DONE] = { "done_us", JS_INTEGER, false },
	[OUTCOME] = { "outcome", JS_TEXT, true },
	[ERROR_CLASS] = { "error_class", JS_TEXT, false },
	[ERROR_TEXT] = { "error_text", JS_TEXT, false },
	[FLOW] = { "flow", JS_TEXT, false },
	[TX] = { "tx", JS_TEXT, false },
};

static const struct line_form form = LINE_FORM("operation", keys);

/* Microseconds of a wall clock up to the year 2255: differences of two, and
 * their sums, stay far from overflow, and a double has them exactly. */
static const int64_t time_max = INT64_C(1) << 53;

static bool is_time(int64_t us)
{
	return us >= 0 && us <= time_max;
}

static const char *fault_of(const struct line_value v[MEMBERS])
{
	if (op_kind_of_word(v[KIND].text) < 0 ||
	    op_outcome_of_word(v[OUTCOME].text) < 0)
		return "kind or outcome is unknown";
	if (!is_time(v[INTENDED].number) || !is_time(v[SENT].number) ||
	    !is_time(v[DONE].number))
		return "a time is out of range";
	if (!op_id_is_valid(v[ID].number))
		return "its id is out of range";
	return NULL;
}

int history_reader_open(const char *run_dir, struct history_reader **ret,
			struct error *err)
{
	struct line_reader *lines;

	if (line_reader_open(run_dir, HISTORY_FILE, &lines, err) < 0)
		return -1;
	*ret = (struct history_reader *)lines;
	return 0;
}

void history_reader_free(struct history_reader *r)
{
	line_reader_free((struct line_reader *)r);
}

int history_read(struct history_reader *r, struct operation *ret,
		 struct error *err)
{
	struct line_reader *lines = (struct line_reader *)r;
	struct line_value v[MEMBERS];
	int rc = line_read(lines, &form, v, err);
	const char *fault;

	if (rc <= 0)
		return rc;
	fault = fault_of(v);
	if (fault) {
		error_set(err, ERROR_INPUT, "not a valid operation: %s", fault);
		return line_wrap(lines, err);
	}
	*ret = (struct operation){
		.id = (uint64_t)v[ID].number,
		.kind = (enum op_kind)op_kind_of_word(v[KIND].text),
		.payer = v[PAYER].text,
		.payee = v[PAYEE].text,
		.notary = v[NOTARY].text,
		.amount = v[AMOUNT].number,
		.currency = v[CURRENCY].text,
		.intended_us = v[INTENDED].number,
		.sent_us = v[SENT].number,
		.done_us = v[DONE].number,
		.outcome = (enum op_outcome)op_outcome_of_word(v[OUTCOME].text),
		.error_class = v[ERROR_CLASS].text,
		.error_text = v[ERROR_TEXT].text,
		.flow = v[FLOW].text,
		.tx = v[TX].text,
	};
	return 1;
}

unsigned history_line(const struct history_reader *r)
{
	return line_number((const struct line_reader *)r);
}
