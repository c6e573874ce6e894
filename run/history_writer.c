/* SPDX-License-Identifier: Apache-2.0 */
/* history_writer.c - the lines of history.jsonl, while a load runs. */
#include <assert.h>
#include <string.h>

#include "run/history.h"
#include "run/lines.h"
#include "sys/appender.h"
#include "sys/file.h"

/* Of ids that one load may take. */
static const uint32_t sequences_of_a_load = 1 << 28;

struct history_writer {
	struct appender *file;
	struct buf line; /* the last one */
	uint32_t number, sequence; /* of this writer, of its last id */
	uint64_t before; /* lines that the file had */
};

static void line_of(const struct operation *op, struct buf *out)
{
	const struct op_kind_info *kind = op_kind_info(op->kind);

	buf_clear(out);
	line_begin(out);
	line_int(out, "id", (int64_t)op->id);
	line_text(out, "kind", kind->word);
	line_text(out, "payer", op->payer);
	line_text(out, "payee", op->payee);
	line_text(out, "notary", op->notary);
	line_int(out, "amount", op->amount);
	line_text(out, "currency", op->currency);
	line_int(out, "intended_us", op->intended_us);
	line_int(out, "sent_us", op->sent_us);
	line_int(out, "done_us", op->done_us);
	line_text(out, "outcome", op_outcome_word(op->outcome));
	line_text(out, "error_class", op->error_class);
	line_text(out, "error_text", op->error_text);
	line_text(out, "flow", op->flow);
	line_text(out, "tx", op->tx);
	line_end(out);
}

/* ---- ids ---- */

static int find_last(struct history_writer *w, const char *run_dir,
		     struct error *err)
{
	cleanup(history_reader_freep) struct history_reader *r = NULL;
	struct operation op;
	int rc = history_reader_open(run_dir, &r, err);

	w->sequence = 0;
	w->before = 0;
	while (rc >= 0 && (rc = history_read(r, &op, err)) > 0) {
		w->before++;
		if (op_id_writer(op.id) == w->number &&
		    op_id_sequence(op.id) > w->sequence)
			w->sequence = op_id_sequence(op.id);
	}
	return rc;
}

static int claim(struct history_writer *w, unsigned first, const char *run_dir,
		 struct error *err)
{
	for (unsigned n = first; n < OP_WRITERS_MAX; n++) {
		if (!appender_claim(w->file, n))
			continue;
		w->number = n;
		if (find_last(w, run_dir, err) < 0)
			return -1;
		if (w->sequence <= UINT32_MAX - sequences_of_a_load)
			return 0;
	}
	return error_set(err, ERROR_LOAD,
			 "%s/" HISTORY_FILE ": more than %d drivers", run_dir,
			 OP_WRITERS_MAX);
}

uint64_t history_before(const struct history_writer *w)
{
	return w->before;
}

uint64_t history_next_id(struct history_writer *w)
{
	assert(w->sequence < UINT32_MAX);
	return op_id(w->number, ++w->sequence);
}

/* ---- the file ---- */

int history_open(const char *run_dir, unsigned first,
		 struct history_writer **ret, struct error *err)
{
	cleanup(history_freep) struct history_writer *w = calloc(1, sizeof(*w));
	char path[PATH_ROOM];

	if (!w)
		return error_nomem(err);
	buf_init(&w->line, LINE_MAX_BYTES);
	path_join(path, run_dir, HISTORY_FILE);
	if (appender_open(path, 0644, &w->file, err) < 0 ||
	    claim(w, first, run_dir, err) < 0)
		return -1;
	*ret = steal(w);
	return 0;
}

void history_free(struct history_writer *w)
{
	if (!w)
		return;
	appender_free(w->file);
	buf_release(&w->line);
	free(w);
}

int history_close(struct history_writer *w, struct error *err)
{
	int rc = w ? history_flush(w, err) : 0;

	history_free(w);
	return rc;
}

int history_write(struct history_writer *w, const struct operation *op,
		  struct error *err)
{
	line_of(op, &w->line);
	if (buf_check(&w->line, err) < 0)
		return -1;
	return appender_add(w->file, w->line.data, w->line.len, err);
}

int history_tick(struct history_writer *w, struct error *err)
{
	return appender_tick(w->file, err);
}

int history_flush(struct history_writer *w, struct error *err)
{
	return appender_flush(w->file, err);
}

int history_append(const char *run_dir, const struct operation *op,
		   struct error *err)
{
	cleanup(buf_release) struct buf line = BUF_INIT(LINE_MAX_BYTES);
	char path[PATH_ROOM];

	line_of(op, &line);
	if (buf_check(&line, err) < 0)
		return -1;
	path_join(path, run_dir, HISTORY_FILE);
	return file_append_line(path, line.data, line.len, 0644, err);
}
