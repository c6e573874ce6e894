/* SPDX-License-Identifier: Apache-2.0 */
/* page_time.c - report.html: payments over time, and the run's phases. */
#include "report/page.h"

#include "report/outputs.h"
#include "report/words.h"
#include "stats/timeline.h"

enum { BINS_MAX = 120, CHART_HEIGHT = 150, BANDS = 4 };

/* What became of a payment, from the floor of a bar upwards. */
static const struct {
	const char *class, *name;
} bands[BANDS] = {
	{ "ok", "ok" },
	{ "unsettled", "ok, not settled" },
	{ "fail", "fail" },
	{ "unknown", "unknown" },
};

/* How many of each band fell into each bin. */
struct flow {
	struct timeline time;
	size_t counts[BINS_MAX][BANDS];
	size_t highest; /* of all bins */
};

static int64_t moment_of(const struct operation *op)
{
	return op->done_us   ? op->done_us
	       : op->sent_us ? op->sent_us
			     : op->intended_us;
}

/* A good answer is believed until a vault says otherwise. */
static unsigned band_of(const struct record *r, const struct operation *op)
{
	const struct settlement *s = record_settlement(r, op->id);

	if (op->outcome == OUTCOME_OK)
		return s && !s->payee_has ? 1 : 0;
	return op->outcome == OUTCOME_FAIL ? 2 : 3;
}

static bool span_of(const struct record *r, int64_t *first, int64_t *last)
{
	bool any = false;

	for (size_t i = 0; i < r->op_count; i++) {
		int64_t at = moment_of(&r->ops[i]);

		if (!op_has_payee(r->ops[i].kind) || at <= 0)
			continue;
		if (!any || at < *first)
			*first = at;
		if (!any || at > *last)
			*last = at;
		any = true;
	}
	return any;
}

static bool flow_of(const struct record *r, struct flow *ret)
{
	int64_t first = 0, last = 0;

	if (!span_of(r, &first, &last))
		return false;
	ret->time = timeline_over(first, last, BINS_MAX, 1000000);
	for (size_t i = 0; i < r->op_count; i++) {
		int64_t at = moment_of(&r->ops[i]);
		size_t *bin, all;

		if (!op_has_payee(r->ops[i].kind) || at <= 0)
			continue;
		bin = ret->counts[timeline_bin(&ret->time, at)];
		bin[band_of(r, &r->ops[i])]++;
		all = bin[0] + bin[1] + bin[2] + bin[3];
		if (all > ret->highest)
			ret->highest = all;
	}
	return true;
}

static void bar(struct buf *out, const struct flow *f, size_t bin, double scale)
{
	double width = 100.0 / (double)f->time.bins, top = CHART_HEIGHT;

	for (int i = 0; i < BANDS; i++) {
		size_t n = f->counts[bin][i];
		double height = (double)n * scale;

		if (!n)
			continue;
		top -= height;
		buf_addf(out,
			 "<rect class=\"%s\" x=\"%.3f%%\" y=\"%.1f\" "
			 "width=\"%.3f%%\" height=\"%.1f\"><title>%zu %s, "
			 "%.1f a second</title></rect>",
			 bands[i].class, (double)bin * width + width * 0.08,
			 top, width * 0.84, height, n, bands[i].name,
			 timeline_rate(&f->time, n));
	}
}

static void time_axis(struct buf *out, const struct flow *f)
{
	int64_t whole = (int64_t)f->time.bins * f->time.width;
	int64_t step = round_step(whole / 6);

	for (int64_t at = 0; at <= whole; at += step)
		page_mark(out, at, step, whole, CHART_HEIGHT + 18);
}

static void rate_axis(struct buf *out, const struct flow *f, double scale)
{
	int64_t step = round_step(((int64_t)f->highest + 2) / 3);

	for (int64_t n = step; n <= (int64_t)f->highest; n += step) {
		double y = CHART_HEIGHT - (double)n * scale;

		buf_addf(out,
			 "<line class=\"base\" x1=\"0\" x2=\"100%%\" "
			 "y1=\"%.1f\" y2=\"%.1f\"/><text class=\"over\" "
			 "x=\"2\" y=\"%.1f\">%.3g a second</text>",
			 y, y, y - 3, timeline_rate(&f->time, (uint64_t)n));
	}
}

static void legend(struct buf *out, const struct flow *f)
{
	size_t sums[BANDS] = { 0 };

	for (size_t b = 0; b < f->time.bins; b++)
		for (int i = 0; i < BANDS; i++)
			sums[i] += f->counts[b][i];
	buf_add_str(out, "<p class=\"legend\">");
	for (int i = 0; i < BANDS; i++)
		buf_addf(out,
			 "<span><svg width=\"14\" height=\"14\" "
			 "aria-hidden=\"true\"><rect class=\"%s\" width=\"14\" "
			 "height=\"14\"/></svg> %s %zu</span>",
			 bands[i].class, bands[i].name, sums[i]);
	buf_add_str(out, "</p>\n");
}

/* All but ok are hatched or dotted: told apart without colour. */
static const char patterns[] =
	"<defs><pattern id=\"bars\" width=\"8\" height=\"8\" "
	"patternUnits=\"userSpaceOnUse\"><rect class=\"pb\" width=\"8\" "
	"height=\"8\"/><line class=\"pg\" x1=\"0\" y1=\"2\" x2=\"8\" "
	"y2=\"2\"/></pattern><pattern id=\"hatch\" width=\"6\" height=\"6\" "
	"patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">"
	"<rect class=\"pf\" width=\"6\" height=\"6\"/><line class=\"pl\" "
	"x1=\"0\" y1=\"0\" x2=\"0\" y2=\"6\"/></pattern><pattern id=\"dots\" "
	"width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\"><rect "
	"class=\"pu\" width=\"6\" height=\"6\"/><circle class=\"pd\" cx=\"3\" "
	"cy=\"3\" r=\"1.3\"/></pattern></defs>";

void page_time(struct buf *out, const struct judgement *j)
{
	struct flow f = { 0 };
	double scale;

	if (!flow_of(j->record, &f))
		return;
	scale = (CHART_HEIGHT - 16) / (double)f.highest;
	buf_add_str(out, "<section><h2>Payments over time</h2>\n<p "
			 "class=\"lead\">What the payers' nodes answered, and "
			 "whether it was true; a bar "
			 "is ");
	write_duration(out, f.time.width);
	buf_addf(out,
		 ".</p>\n<svg class=\"flow\" width=\"100%%\" height=\"%d\" "
		 "role=\"img\" aria-label=\"payments over time\">%s",
		 CHART_HEIGHT + 24, patterns);
	rate_axis(out, &f, scale);
	for (size_t i = 0; i < f.time.bins; i++)
		bar(out, &f, i, scale);
	buf_addf(out,
		 "<line class=\"floor\" x1=\"0\" x2=\"100%%\" y1=\"%d\" "
		 "y2=\"%d\"/>",
		 CHART_HEIGHT, CHART_HEIGHT);
	time_axis(out, &f);
	buf_add_str(out, "</svg>\n");
	legend(out, &f);
	buf_add_str(out, "</section>\n");
}

static void phase_row(struct buf *out, const struct phase *p, double before,
		      double whole)
{
	double width = whole > 0 ? 100 * p->seconds / whole : 0;

	buf_addf(out, "<div class=\"phase%s\"><div class=\"what\"><b>",
		 p->error ? " bad" : "");
	write_xml(out, p->name);
	buf_addf(out,
		 "</b></div><div class=\"track\"><span style=\"margin-left:"
		 "%.2f%%;width:%.2f%%\"></span></div><div class=\"value\">",
		 whole > 0 ? 100 * before / whole : 0, width);
	write_duration(out, (int64_t)(p->seconds * 1e6));
	buf_addf(out, "</div><div class=\"said\">%s", p->error ? "✗ " : "");
	write_xml(out, p->error ? p->error : p->summary ? p->summary : "");
	buf_add_str(out, "</div></div>\n");
}

void page_phases(struct buf *out, const struct judgement *j)
{
	double before = 0;

	if (!j->record->phase_count)
		return;
	buf_add_str(out, "<section><h2>Phases</h2>\n<div class=\"phases\">\n");
	for (size_t i = 0; i < j->record->phase_count; i++) {
		phase_row(out, &j->record->phases[i], before, j->seconds);
		before += j->record->phases[i].seconds;
	}
	buf_add_str(out, "</div></section>\n");
}
