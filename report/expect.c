/* SPDX-License-Identifier: Apache-2.0 */
/* expect.c - declares a cell of a run in expected.yaml. */
#include "report/expect.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/nearest.h"
#include "data/yaml_edit.h"
#include "data/yaml_insert.h"
#include "report/excuse.h"
#include "report/words.h"
#include "run/cell_name.h"

enum { FILE_MAX = 16 * 1024 * 1024, NAME_MAX_BYTES = 16 * 1024 };
static const size_t arena_max = (size_t)2 * 1024 * 1024 * 1024;

static const char first_lines[] =
	"# Cells that are known not to work. 'medley help expected.yaml' lists "
	"the keys.\n";

struct expecting {
	const struct declaration *what;
	struct arena *arena;
	struct record *record;
	struct judgement j;
	struct expected_entry entry;
	struct error *err;
};

/* ---- the cells ---- */

static const char *label(const struct expecting *x, unsigned release)
{
	return x->record->net.releases[release].label;
}

static bool is_meant(const struct expecting *x, const struct cell *cell)
{
	return cell_name_is(x->what->cell, label(x, cell->payer),
			    label(x, cell->payee), label(x, cell->notary));
}

/* The first that is meant from that of index `from` on, or NULL. */
static const struct cell *next_meant(const struct expecting *x, size_t from)
{
	for (; from < x->j.cell_count; from++)
		if (is_meant(x, &x->j.cells[from]))
			return &x->j.cells[from];
	return NULL;
}

#define EACH_MEANT(x, cell)                                                    \
	for (const struct cell *cell = next_meant(x, 0); cell;                 \
	     cell = next_meant(x, (size_t)(cell - (x)->j.cells) + 1))

/* One part of the name; 0: the run has such a release. */
static int check_part(const struct expecting *x, const char *part,
		      const char *role, const unsigned *list, unsigned count)
{
	cleanup(buf_release) struct buf all = BUF_INIT(NAME_MAX_BYTES);
	struct nearest n = nearest_to(part);

	for (unsigned i = 0; i < count; i++) {
		if (!strcmp(part, label(x, list[i])))
			return 0;
		nearest_offer(&n, label(x, list[i]));
		buf_addf(&all, "%s%s", i ? ", " : "", label(x, list[i]));
	}
	if (n.word)
		return error_set(x->err, ERROR_INPUT,
				 "cell '%s': the run has no %s of release "
				 "'%s'; did you mean '%s'?",
				 x->what->cell, role, part, n.word);
	return error_set(x->err, ERROR_INPUT,
			 "cell '%s': the run has no %s of release '%s'; it has "
			 "%s",
			 x->what->cell, role, part, buf_text(&all));
}

/* Why no cell has this name. */
static int no_cell(const struct expecting *x)
{
	char *rest = arena_strdup(x->arena, x->what->cell);
	const struct judgement *j = &x->j;
	const char *parts[3] = { NULL };
	unsigned count = 0;

	if (!rest)
		return error_nomem(x->err);
	while (rest && count < 3)
		parts[count++] = strsep(&rest, ":");
	if (!rest && count > 1 &&
	    (check_part(x, parts[0], "bank", j->banks, j->bank_count) < 0 ||
	     check_part(x, parts[1], "bank", j->banks, j->bank_count) < 0 ||
	     (parts[2] && check_part(x, parts[2], "notary", j->notaries,
				     j->notary_count) < 0)))
		return -1;
	return error_set(x->err, ERROR_INPUT,
			 "cell '%s': expected PAYER:PAYEE:NOTARY or "
			 "PAYER:PAYEE, such as %s:%s:%s",
			 x->what->cell, label(x, j->banks[0]),
			 label(x, j->banks[j->bank_count - 1]),
			 label(x, j->notaries[0]));
}

static int passed(const struct expecting *x, const struct cell *cell)
{
	return error_set(x->err, ERROR_INPUT,
			 "cell %s:%s:%s passed: there is no failure to declare"
			 "%s",
			 label(x, cell->payer), label(x, cell->payee),
			 label(x, cell->notary),
			 x->entry.notary ? ""
					 : "; name a notary with which it "
					   "failed, as PAYER:PAYEE:NOTARY");
}

static int check_cell(const struct expecting *x, const struct cell *cell)
{
	if (cell->judged == VERDICT_PASS)
		return passed(x, cell);
	if (x->what->kind == EXPECTED_UNSUPPORTED ||
	    cell->judged == VERDICT_FAIL || cell->judged == VERDICT_FLAKY)
		return 0;
	return error_set(x->err, ERROR_INPUT,
			 "cell %s:%s:%s is %s (%s): there is no failure to "
			 "declare; --unsupported declares a pair that is not "
			 "meant to work",
			 label(x, cell->payer), label(x, cell->payee),
			 label(x, cell->notary), verdict_name(cell->judged),
			 cell->judged_reason ?: "no reason");
}

/* ---- the entry ---- */

static int name_cell(struct expecting *x)
{
	const struct cell *cell = next_meant(x, 0);

	if (!cell)
		return no_cell(x);
	x->entry = (struct expected_entry){
		.kind = x->what->kind,
		.payer = label(x, cell->payer),
		.payee = label(x, cell->payee),
		.reason = x->what->reason,
		.issue = x->what->issue,
		.owner = x->what->owner,
		.expires_us = x->what->expires_us,
		.message = x->what->message,
		.flaky = x->what->flaky,
	};
	if (!cell_name_is_any(x->what->cell, x->entry.payer, x->entry.payee))
		x->entry.notary = label(x, cell->notary);
	return 0;
}

/* The kinds of the cells' findings; none if a cell failed without findings. */
static int name_findings(struct expecting *x)
{
	cleanup(buf_release) struct buf names = BUF_INIT(NAME_MAX_BYTES);
	uint64_t kinds = 0;

	EACH_MEANT(x, cell)
	{
		if (!cell->finding_count)
			return 0;
		for (size_t i = 0; i < cell->finding_count; i++)
			kinds |= UINT64_C(1)
				 << cell->findings[i]->finding->kind;
	}
	for (int k = 0; k < FINDING_KINDS; k++)
		if (kinds >> k & 1)
			buf_addf(&names, "%s%s", names.len ? ", " : "",
				 finding_name((enum finding_kind)k));
	x->entry.findings = kinds;
	x->entry.finding = arena_strdup(x->arena, buf_text(&names));
	return x->entry.finding ? 0 : error_nomem(x->err);
}

static int check_excuse(const struct expecting *x)
{
	EACH_MEANT(x, cell)
	{
		if (excuse_of(&x->entry, cell, 0) == EXCUSE_HOLDS)
			continue;
		return error_set(
			x->err, ERROR_INPUT,
			"the failure of cell %s:%s:%s does not contain "
			"'%s'; it is: %s",
			label(x, cell->payer), label(x, cell->payee),
			label(x, cell->notary), x->entry.message ?: "",
			cell->judged_reason ?: "");
	}
	return 0;
}

static int make_entry(struct expecting *x)
{
	if (name_cell(x) < 0)
		return -1;
	EACH_MEANT(x, cell)
	if (check_cell(x, cell) < 0)
		return -1;
	if (x->entry.kind == EXPECTED_KNOWN && name_findings(x) < 0)
		return -1;
	return check_excuse(x);
}

/* ---- the file ---- */

/* Reading a pipe, such as /dev/stdout of a shell's pipeline, might never end.
 */
static int check_file(const char *file, struct error *err)
{
	struct stat st;

	if (stat(file, &st) < 0 || S_ISREG(st.st_mode) || S_ISDIR(st.st_mode))
		return 0;
	return error_set(err, ERROR_INPUT,
			 "%s: not a regular file; medley writes files only",
			 file);
}

static int find_file(const struct expecting *x, const char *file,
		     char room[PATH_ROOM])
{
	const char *network = x->record->net.file;

	if (!file && !file_exists(network))
		return error_set(x->err, ERROR_INPUT,
				 "%s, the network file of the run, does not "
				 "exist; start medley in the directory where "
				 "the run was started, or name the file that "
				 "gets the entry with --output FILE",
				 network);
	if (file)
		path_printf(room, "%s", file);
	else
		expected_beside(network, room);
	return check_file(room, x->err);
}

/* The file has an entry about all that the new one is about. */
static int check_new(const struct expecting *x, const char *file,
		     const struct expected *before)
{
	for (size_t i = 0; i < before->count; i++) {
		const struct expected_entry *e = &before->entries[i];

		if (strcmp(e->payer, x->entry.payer) != 0 ||
		    strcmp(e->payee, x->entry.payee) != 0 ||
		    (e->notary && (!x->entry.notary ||
				   strcmp(e->notary, x->entry.notary) != 0)))
			continue;
		return error_set(x->err, ERROR_INPUT,
				 "%s:%d: there is an entry about %s already; "
				 "change this entry, or remove it first",
				 file, expected_line(e), x->what->cell);
	}
	return 0;
}

/* As it stands in the file. */
static int show_item(const struct expecting *x, struct yaml_node *item,
		     struct buf *text)
{
	struct yaml_edit t = { .arena = x->arena };
	struct yaml_node *list = yaml_edit_list(&t);

	yaml_edit_append(&t, list, item);
	if (yaml_edit_check(&t, x->err) < 0)
		return -1;
	yaml_write(text, list, 2);
	return buf_check(text, x->err);
}

static mode_t mode_of(const char *file)
{
	struct stat st;

	return stat(file, &st) == 0 ? st.st_mode & 0777 : 0644;
}

/* A link stays one: the file that it leads to is replaced. */
static int replace(const char *file, const struct buf *text, struct error *err)
{
	char real[PATH_MAX];

	if (realpath(file, real))
		file = real;
	return file_write(file, text->data, text->len, mode_of(file), err);
}

/* The text of the file with the entry in it. */
static int add_entry(const struct expecting *x, const char *file,
		     const struct buf *old, struct yaml_node *item,
		     struct buf *out, int *ret_line)
{
	struct expected before, after;

	if (expected_parse(file, old->data, old->len, x->arena, &before,
			   x->err) < 0 ||
	    check_new(x, file, &before) < 0 ||
	    yaml_insert_item(file, buf_text(old), old->len,
			     expected_key(x->entry.kind), item, x->arena, out,
			     ret_line, x->err) < 0)
		return -1;
	/* What the file would not be read with, such as a text that is too
	 * long, is not written. */
	return expected_parse(file, out->data, out->len, x->arena, &after,
			      x->err);
}

static int write_entry(const struct expecting *x, const char *file,
		       struct declared *ret, struct buf *text)
{
	cleanup(buf_release) struct buf old = BUF_INIT(FILE_MAX);
	cleanup(buf_release) struct buf out = BUF_INIT(FILE_MAX);
	struct yaml_node *item;
	int rc;

	if (find_file(x, file, ret->file) < 0)
		return -1;
	rc = file_read_if_there(ret->file, &old, x->err);
	if (rc < 0)
		return -1;
	if (rc == 0)
		buf_add_str(&old, first_lines);
	if (buf_check(&old, x->err) < 0 ||
	    expected_item(&x->entry, x->arena, &item, x->err) < 0 ||
	    add_entry(x, ret->file, &old, item, &out, &ret->line) < 0)
		return -1;
	if (show_item(x, item, text) < 0)
		return -1;
	return replace(ret->file, &out, x->err);
}

int expect_write(const char *run_dir, const struct declaration *what,
		 const char *file, struct declared *ret, struct buf *text,
		 struct error *err)
{
	cleanup(arena_release) struct arena arena = ARENA_INIT(arena_max);
	cleanup(record_release) struct record record = { 0 };
	struct expecting x = {
		.what = what, .arena = &arena, .record = &record, .err = err
	};
	char own[PATH_ROOM];

	if (record_load(run_dir, &arena, &record, err) < 0 ||
	    judge(&record, &arena, &x.j, err) < 0 || make_entry(&x) < 0)
		return -1;
	ret->of_next_run = seal_exists(run_dir) ||
			   file_exists(path_join(own, run_dir, expected_file));
	return write_entry(&x, file, ret, text);
}
