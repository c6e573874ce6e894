/* SPDX-License-Identifier: Apache-2.0 */
/* records.c - the lines of settlements.jsonl. */
#include "run/records.h"

#include <string.h>

#include "run/line_reader.h"
#include "run/lines.h"
#include "sys/appender.h"
#include "sys/file.h"

static const char settlement_file[] = "settlements.jsonl";

enum member { OP, TX, PAYER_HAS, PAYEE_HAS, NOTARY_HAS, IN_FLIGHT, MEMBERS };

static const struct line_key keys[MEMBERS] = {
	[OP] = { "op", JS_INTEGER, true },
	[TX] = { "tx", JS_TEXT, false },
	[PAYER_HAS] = { "payer_has", JS_BOOL, true },
	[PAYEE_HAS] = { "payee_has", JS_BOOL, true },
	[NOTARY_HAS] = { "notary_has", JS_BOOL, true },
	[IN_FLIGHT] = { "in_flight", JS_BOOL, false },
};

static const struct line_form form = LINE_FORM("settlement", keys);

static void line_of(const struct settlement *s, struct buf *out)
{
	buf_clear(out);
	line_begin(out);
	line_int(out, "op", (int64_t)s->op);
	line_text(out, "tx", s->tx);
	line_bool(out, "payer_has", s->payer_has);
	line_bool(out, "payee_has", s->payee_has);
	line_bool(out, "notary_has", s->notary_has);
	if (s->in_flight)
		line_bool(out, "in_flight", true);
	line_end(out);
}

int settlement_open(const char *run_dir, struct appender **ret,
		    struct error *err)
{
	char path[PATH_ROOM];

	path_join(path, run_dir, settlement_file);
	return appender_open(path, 0644, ret, err);
}

int settlement_write(struct appender *to, const struct settlement *s,
		     struct error *err)
{
	cleanup(buf_release) struct buf line = BUF_INIT(LINE_MAX_BYTES);

	line_of(s, &line);
	if (buf_check(&line, err) < 0)
		return -1;
	return appender_add(to, line.data, line.len, err);
}

int settlement_append(const char *run_dir, const struct settlement *s,
		      struct error *err)
{
	cleanup(appender_freep) struct appender *to = NULL;

	if (settlement_open(run_dir, &to, err) < 0 ||
	    settlement_write(to, s, err) < 0)
		return -1;
	return appender_flush(to, err);
}

int settlement_reader_open(const char *run_dir, struct settlement_reader **ret,
			   struct error *err)
{
	struct line_reader *lines;

	if (line_reader_open(run_dir, settlement_file, &lines, err) < 0)
		return -1;
	*ret = (struct settlement_reader *)lines;
	return 0;
}

void settlement_reader_free(struct settlement_reader *r)
{
	line_reader_free((struct line_reader *)r);
}

int settlement_read(struct settlement_reader *r, struct settlement *ret,
		    struct error *err)
{
	struct line_reader *lines = (struct line_reader *)r;
	struct line_value v[MEMBERS];
	int rc = line_read(lines, &form, v, err);

	if (rc <= 0)
		return rc;
	if (!op_id_is_valid(v[OP].number)) {
		error_set(err, ERROR_INPUT,
			  "not a valid settlement: its op is not the id of an "
			  "operation");
		return line_wrap(lines, err);
	}
	*ret = (struct settlement){ .op = (uint64_t)v[OP].number,
				    .tx = v[TX].text,
				    .payer_has = v[PAYER_HAS].truth,
				    .payee_has = v[PAYEE_HAS].truth,
				    .notary_has = v[NOTARY_HAS].truth,
				    .in_flight = v[IN_FLIGHT].truth };
	return 1;
}

unsigned settlement_line(const struct settlement_reader *r)
{
	return line_number((const struct line_reader *)r);
}
