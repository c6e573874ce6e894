/* SPDX-License-Identifier: Apache-2.0 */
/* baseline_lines.c - a comparison with an earlier run as lines for people. */
#include "report/baseline_lines.h"

#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/plain.h"
#include "report/words.h"

enum { PART_MAX = 64 * 1024, BRIEF_MAX = 40 };

struct listing {
	const struct baseline *b;
	size_t most;
	baseline_line_fn *fn;
	void *ctx;
	struct buf *out;
	size_t count; /* of all lines */
	size_t of_word; /* of the lines that could be of the present word */
};

/* ---- one line ---- */

static void add_line(struct listing *l, enum line_tone tone, const char *word,
		     const struct buf *subject, const struct buf *detail)
{
	const struct baseline_line line = { tone, word, buf_text(subject),
					    buf_text(detail) };

	if (l->of_word++ >= l->most)
		return;
	l->fn(&line, l->ctx);
	l->count++;
}

static void end_word(struct listing *l, enum line_tone tone, const char *word)
{
	cleanup(buf_release) struct buf subject = BUF_PART(l->out, PART_MAX);
	struct buf none = BUF_INIT(1);
	size_t all = l->of_word;

	l->of_word = 0;
	if (all <= l->most)
		return;
	buf_addf(&subject, "%zu more; results.json has all", all - l->most);
	add_line(l, tone, word, &subject, &none);
	l->of_word = 0;
}

static void write_labels(struct buf *out, const char *payer, const char *payee,
			 const char *notary)
{
	plain_line(out, payer);
	buf_add_str(out, " -> ");
	plain_line(out, payee);
	buf_add_str(out, " (notary ");
	plain_line(out, notary);
	buf_add_u8(out, ')');
}

/* ---- cells ---- */

static void write_verdict(struct buf *out, const struct result_cell *cell)
{
	plain_line(out, cell ? cell->verdict : "not in the run");
}

static void cell_line(struct listing *l, enum line_tone tone, const char *word,
		      const struct compared_cell *cell)
{
	cleanup(buf_release) struct buf subject = BUF_PART(l->out, PART_MAX);
	cleanup(buf_release) struct buf detail = BUF_PART(l->out, PART_MAX);

	write_labels(&subject, cell->payer, cell->payee, cell->notary);
	buf_add_str(&detail, "was ");
	write_verdict(&detail, cell->was);
	buf_add_str(&detail, ", is ");
	write_verdict(&detail, cell->is);
	if (cell->is && cell->is->reason) {
		buf_add_str(&detail, ": ");
		plain_line(&detail, cell->is->reason);
	}
	add_line(l, tone, word, &subject, &detail);
}

static void cell_lines(struct listing *l, enum cell_change change,
		       enum line_tone tone, const char *word)
{
	for (size_t i = 0; i < l->b->cell_count; i++) {
		const struct compared_cell *cell = &l->b->cells[i];

		/* The line of its release stands for it. */
		if (cell->change == change && !cell->release_gone)
			cell_line(l, tone, word, cell);
	}
	end_word(l, tone, word);
}

/* ---- times ---- */

/* "+31 %", "-20 %", "12 times" */
static void write_ratio(struct buf *out, double ratio)
{
	if (ratio >= 10)
		buf_addf(out, "%.3g times", ratio);
	else
		buf_addf(out, "%+.0f %%", (ratio - 1) * 100);
}

static void write_paced(struct buf *out, const struct paced *p)
{
	write_ratio(out, p->ratio);
	buf_add_str(out, " (");
	write_ratio(out, p->low);
	buf_add_str(out, " to ");
	write_ratio(out, p->high);
	buf_add_u8(out, ')');
}

static void pace_line(struct listing *l, enum line_tone tone, const char *word,
		      const struct compared_cell *cell)
{
	cleanup(buf_release) struct buf subject = BUF_PART(l->out, PART_MAX);
	cleanup(buf_release) struct buf detail = BUF_PART(l->out, PART_MAX);

	write_labels(&subject, cell->payer, cell->payee, cell->notary);
	write_paced(&detail, &cell->paced);
	buf_add_str(&detail, ", median ");
	write_duration(&detail, cell->is_p50);
	buf_add_str(&detail, ", was ");
	write_duration(&detail, cell->was_p50);
	add_line(l, tone, word, &subject, &detail);
}

static void whole_line(struct listing *l, enum pace pace, enum line_tone tone,
		       const char *word)
{
	cleanup(buf_release) struct buf subject = BUF_PART(l->out, PART_MAX);
	cleanup(buf_release) struct buf detail = BUF_PART(l->out, PART_MAX);

	if (l->b->whole.pace != pace)
		return;
	buf_add_str(&subject, "the run as a whole");
	write_paced(&detail, &l->b->whole);
	add_line(l, tone, word, &subject, &detail);
}

static void pace_lines(struct listing *l, enum pace pace, enum line_tone tone,
		       const char *word)
{
	whole_line(l, pace, tone, word);
	for (size_t i = 0; i < l->b->cell_count; i++)
		if (l->b->cells[i].paced.pace == pace)
			pace_line(l, tone, word, &l->b->cells[i]);
	end_word(l, tone, word);
}

/* Returns how many cells were compared. */
static size_t write_smallest(struct buf *out, const struct baseline *b)
{
	double least = 0, most = 0;
	size_t compared = 0;

	for (size_t i = 0; i < b->cell_count; i++) {
		const struct paced *p = &b->cells[i].paced;

		if (p->pace == PACE_UNKNOWN)
			continue;
		least = !compared || p->seen < least ? p->seen : least;
		most = p->seen > most ? p->seen : most;
		compared++;
	}
	if (!compared)
		return 0;
	buf_add_str(out, "; smallest change that is found: about ");
	write_ratio(out, least);
	if (most > least * 1.01) {
		buf_add_str(out, " to ");
		write_ratio(out, most);
	}
	return compared;
}

void baseline_times_line(const struct baseline *b, struct buf *out)
{
	cleanup(buf_release) struct buf smallest = BUF_PART(out, PART_MAX);

	if (b->untimed) {
		buf_addf(out, "Times are not compared: %s.", b->untimed);
		return;
	}
	buf_addf(out, "Service times of %zu cells were compared with ",
		 write_smallest(&smallest, b));
	if (b->run_count > 1)
		buf_addf(out, "%zu runs", b->run_count);
	else
		buf_add_str(out, "one run, and a supposed spread of runs");
	if (b->history_left_out)
		buf_addf(out, " (%zu left out: other conditions or cells)",
			 b->history_left_out);
	buf_addf(out, "%s.", buf_text(&smallest));
	if (b->paces[PACE_UNKNOWN])
		buf_addf(out, " Cells with too few payments: %zu.",
			 b->paces[PACE_UNKNOWN]);
}

/* ---- findings ---- */

static void finding_line(struct listing *l, enum line_tone tone,
			 const char *word, const struct compared_finding *f)
{
	cleanup(buf_release) struct buf subject = BUF_PART(l->out, PART_MAX);
	cleanup(buf_release) struct buf detail = BUF_PART(l->out, PART_MAX);

	buf_addf(&subject, "%s ", finding_name(f->first->kind));
	if (f->place->payer) {
		write_labels(&subject, f->place->payer, f->place->payee,
			     f->place->notary);
	} else {
		buf_add_str(&subject, "the network");
		if (f->first->node) {
			buf_add_str(&subject, ", ");
			plain_line(&subject, f->first->node);
		}
	}
	buf_addf(&detail, "%zu, was %zu", f->is, f->was);
	if (f->is && f->first->summary) {
		buf_add_str(&detail, ": ");
		plain_line(&detail, f->first->summary);
	}
	add_line(l, tone, word, &subject, &detail);
}

static void finding_lines(struct listing *l, enum list_change change,
			  enum line_tone tone, const char *word)
{
	for (size_t i = 0; i < l->b->finding_count; i++)
		if (l->b->findings[i].change == change)
			finding_line(l, tone, word, &l->b->findings[i]);
	end_word(l, tone, word);
}

/* ---- releases and conditions ---- */

/* "sha256:0123456789abcdef…" and commits: as much as tells them apart. */
static void write_brief(struct buf *out, const char *text)
{
	char brief[BRIEF_MAX];

	if (!text) {
		buf_add_str(out, "none");
		return;
	}
	if (!strncmp(text, "sha256:", 7))
		text += 7;
	snprintf(brief, sizeof(brief), "%.12s", text);
	plain_line(out, brief);
}

static void write_change(struct buf *out, const char *what, const char *was,
			 const char *is, bool brief)
{
	if (was == is || (was && is && !strcmp(was, is)))
		return;
	buf_addf(out, "%s%s ", out->len ? ", " : "", what);
	if (brief)
		write_brief(out, was);
	else
		plain_line(out, was ? was : "none");
	buf_add_str(out, " -> ");
	if (brief)
		write_brief(out, is);
	else
		plain_line(out, is ? is : "none");
}

static const char *digest_in(const char *image)
{
	const char *at = image ? strchr(image, '@') : NULL;

	return at ? at + 1 : image;
}

static void write_changes(struct buf *out, const struct result_release *was,
			  const struct result_release *is)
{
	write_change(out, "commit", was->commit, is->commit,
		     was->commit && strlen(was->commit) >= BRIEF_MAX);
	write_change(out, "image", was->digest, is->digest, true);
	write_change(out, "CorDapps", was->cordapps, is->cordapps, false);
	write_change(out, "CorDapps image", digest_in(was->cordapps_image),
		     digest_in(is->cordapps_image), true);
	write_change(out, "contracts", was->contracts, is->contracts, true);
	if (was->platform != is->platform)
		buf_addf(out, "%splatform %lld -> %lld", out->len ? ", " : "",
			 (long long)was->platform, (long long)is->platform);
	if (!was->failure != !is->failure)
		buf_addf(out, "%s%s", out->len ? ", " : "",
			 is->failure ? "build failed" : "built again");
}

static void release_line(struct listing *l, enum line_tone tone,
			 const char *word, const struct compared_release *r)
{
	cleanup(buf_release) struct buf subject = BUF_PART(l->out, PART_MAX);
	cleanup(buf_release) struct buf detail = BUF_PART(l->out, PART_MAX);

	plain_line(&subject, r->label);
	if (r->change == LIST_CHANGED)
		write_changes(&detail, r->was, r->is);
	if (r->change == LIST_GONE)
		buf_addf(&detail, "%zu cells had been judged", r->cells_lost);
	if (r->change == LIST_NEW)
		plain_line(&detail, r->is->commit ? r->is->commit : "");
	add_line(l, tone, word, &subject, &detail);
}

static void release_lines(struct listing *l, enum list_change change,
			  enum line_tone tone, const char *word)
{
	for (size_t i = 0; i < l->b->release_count; i++)
		if (l->b->releases[i].change == change)
			release_line(l, tone, word, &l->b->releases[i]);
	end_word(l, tone, word);
}

static void condition_lines(struct listing *l, const char *word)
{
	for (size_t i = 0; i < l->b->condition_count; i++) {
		const struct compared_condition *c = &l->b->conditions[i];
		cleanup(buf_release) struct buf subject =
			BUF_PART(l->out, PART_MAX);
		cleanup(buf_release) struct buf detail =
			BUF_PART(l->out, PART_MAX);

		plain_line(&subject, c->name);
		buf_add_str(&detail, "was ");
		plain_line(&detail, c->was);
		buf_add_str(&detail, ", is ");
		plain_line(&detail, c->is);
		add_line(l, TONE_PLAIN, word, &subject, &detail);
	}
	end_word(l, TONE_PLAIN, word);
}

size_t baseline_lines(const struct baseline *b, size_t most,
		      baseline_line_fn *fn, void *ctx, struct buf *out)
{
	struct listing l = {
		.b = b, .most = most, .fn = fn, .ctx = ctx, .out = out
	};

	cell_lines(&l, CELL_NEW_FAILURE, TONE_BAD, "new failure");
	cell_lines(&l, CELL_NEWLY_FLAKY, TONE_DOUBT, "newly flaky");
	cell_lines(&l, CELL_STILL_FAILING, TONE_BAD, "still failing");
	finding_lines(&l, LIST_NEW, TONE_BAD, "new finding");
	finding_lines(&l, LIST_CHANGED, TONE_BAD, "more findings");
	release_lines(&l, LIST_GONE, TONE_DOUBT, "release gone");
	cell_lines(&l, CELL_LOST, TONE_DOUBT, "coverage lost");
	pace_lines(&l, PACE_SLOWER, TONE_DOUBT, "slower");
	pace_lines(&l, PACE_FASTER, TONE_GOOD, "faster");
	cell_lines(&l, CELL_FIXED, TONE_GOOD, "fixed");
	finding_lines(&l, LIST_GONE, TONE_GOOD, "finding gone");
	cell_lines(&l, CELL_GAINED, TONE_GOOD, "newly judged");
	release_lines(&l, LIST_NEW, TONE_PLAIN, "new release");
	release_lines(&l, LIST_CHANGED, TONE_PLAIN, "release");
	condition_lines(&l, "condition");
	return l.count;
}

/* ---- in one line ---- */

static size_t more_findings(const struct baseline *b)
{
	size_t count = 0;

	for (size_t i = 0; i < b->finding_count; i++)
		if (b->findings[i].is > b->findings[i].was)
			count += b->findings[i].is - b->findings[i].was;
	return count;
}

static size_t changed_releases(const struct baseline *b)
{
	size_t count = 0;

	for (size_t i = 0; i < b->release_count; i++)
		count += b->releases[i].change != LIST_SAME;
	return count;
}

/* The run as a whole counts as one more. */
static size_t count_pace(const struct baseline *b, enum pace pace)
{
	return b->paces[pace] + (b->whole.pace == pace);
}

void baseline_summary(const struct baseline *b, struct buf *out)
{
	const struct {
		size_t count;
		const char *one, *several; /* NULL: as one */
	} numbers[] = {
		{ b->counts[CELL_NEW_FAILURE], "new failure", "new failures" },
		{ b->counts[CELL_NEWLY_FLAKY], "newly flaky", NULL },
		{ b->counts[CELL_STILL_FAILING], "still failing", NULL },
		{ more_findings(b), "new finding", "new findings" },
		{ b->counts[CELL_LOST], "no longer judged", NULL },
		{ count_pace(b, PACE_SLOWER), "slower", NULL },
		{ count_pace(b, PACE_FASTER), "faster", NULL },
		{ b->counts[CELL_FIXED], "fixed", NULL },
		{ b->counts[CELL_GAINED], "newly judged", NULL },
		{ changed_releases(b), "release changed", "releases changed" },
		{ b->condition_count, "condition changed",
		  "conditions changed" },
	};
	bool any = false;

	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		size_t n = numbers[i].count;

		if (!n)
			continue;
		buf_addf(out, "%s%zu %s", any ? ", " : "", n,
			 n > 1 && numbers[i].several ? numbers[i].several
						     : numbers[i].one);
		any = true;
	}
	if (!any)
		buf_add_str(out, "no differences");
}
