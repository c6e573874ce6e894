/* SPDX-License-Identifier: Apache-2.0 */
/* report.c - judges a stored run and writes down the answer. */
#include "report/report.h"

#include "report/baseline.h"
#include "report/merge.h"
#include "report/outputs.h"
#include "report/text.h"
#include "sys/file.h"

enum { OUTPUT_MAX = 256 * 1024 * 1024 };
static const size_t arena_max = (size_t)2 * 1024 * 1024 * 1024;

static int markdown_output(const struct judgement *j, struct buf *out,
			   struct error *err)
{
	markdown_write(j, out);
	return buf_check(out, err);
}

static int junit_output(const struct judgement *j, struct buf *out,
			struct error *err)
{
	junit_write(j, out);
	return buf_check(out, err);
}

static int page_output(const struct judgement *j, struct buf *out,
		       struct error *err)
{
	page_write(j, out);
	return buf_check(out, err);
}

static const struct {
	const char *name;
	int (*write)(const struct judgement *j, struct buf *out,
		     struct error *err);
} outputs[] = {
	{ "results.json", results_write },
	{ "junit.xml", junit_output },
	{ "matrix.md", markdown_output },
	{ "report.html", page_output },
};

static int write_outputs(const struct judgement *j, const char *run_dir,
			 struct error *err)
{
	char path[PATH_ROOM];

	for (size_t i = 0; i < ARRAY_SIZE(outputs); i++) {
		cleanup(buf_release) struct buf out = BUF_INIT(OUTPUT_MAX);

		path_join(path, run_dir, outputs[i].name);
		if (outputs[i].write(j, &out, err) < 0)
			return error_wrap(err, "writing %s", path);
		if (file_write(path, out.data, out.len, 0644, err) < 0)
			return -1;
	}
	return 0;
}

static int write_answer(const struct judgement *j, const struct text_look *look,
			struct buf *text, struct error *err)
{
	if (look && look->json)
		return results_write(j, text, err);
	text_write(j, look, text);
	return buf_check(text, err);
}

/* The answer first: it matters also where its files cannot be written. */
static int write_all(const struct judgement *j, const char *dir,
		     const struct text_look *look, struct buf *text,
		     int *ret_exit_code, struct error *err)
{
	if (write_answer(j, look, text, err) < 0) {
		buf_clear(text);
		return -1;
	}
	*ret_exit_code = j->exit_code;
	return write_outputs(j, dir, err);
}

/* The comparison reads the results of this run as it reads those of others:
 * from their text. */
static int compare(struct judgement *j, const struct earlier_runs *earlier,
		   struct arena *arena, struct results *now,
		   struct baseline *room, struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(OUTPUT_MAX);

	if (results_write(j, &text, err) < 0 ||
	    results_parse("results.json", text.data, text.len, arena, now,
			  err) < 0 ||
	    baseline_compare(&earlier->list[0], now, &earlier->list[1],
			     earlier->count - 1, arena, room, err) < 0)
		return -1;
	j->against = room;
	return 0;
}

int report_write_against(const char *run_dir, const struct text_look *look,
			 const struct against *against, struct buf *text,
			 int *ret_exit_code, struct error *err)
{
	cleanup(arena_release) struct arena arena = ARENA_INIT(arena_max);
	cleanup(record_release) struct record record = { 0 };
	cleanup(earlier_runs_release) struct earlier_runs earlier = { 0 };
	cleanup(results_release) struct results now = { 0 };
	struct baseline baseline;
	struct judgement j;

	if (record_load(run_dir, &arena, &record, err) < 0)
		return -1;
	/* Before it takes time to judge: the word may be mistyped. */
	if (against && against->count &&
	    against_load(against, run_dir, record.net.file, &arena, &earlier,
			 err) < 0)
		return -1;
	if (judge(&record, &arena, &j, err) < 0 ||
	    (earlier.count &&
	     compare(&j, &earlier, &arena, &now, &baseline, err) < 0))
		return -1;
	if (write_all(&j, run_dir, look, text, ret_exit_code, err) < 0)
		return -1;
	return record.seal == SEAL_WHOLE ? seal_renew(run_dir, err) : 0;
}

int report_write(const char *run_dir, const struct text_look *look,
		 struct buf *text, int *ret_exit_code, struct error *err)
{
	return report_write_against(run_dir, look, NULL, text, ret_exit_code,
				    err);
}

int report_merge(const char *const *dirs, size_t count, const char *out_dir,
		 const struct text_look *look, struct buf *text,
		 int *ret_exit_code, struct error *err)
{
	cleanup(arena_release) struct arena arena = ARENA_INIT(arena_max);
	cleanup(merge_release) struct merge merge = { 0 };
	struct judgement j;

	if (merge_read(dirs, count, out_dir, &arena, &merge, err) < 0 ||
	    merge_judge(&merge, &j, err) < 0)
		return -1;
	return write_all(&j, out_dir, look, text, ret_exit_code, err);
}
