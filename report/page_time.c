/* SPDX-License-Identifier: Apache-2.0 */
/* page_time.c - report.html: payments over time, and the run's phases. */
#include "report/page.h"

#include <assert.h>
#include <inttypes.h>

#include "report/outputs.h"
#include "report/words.h"
#include "stats/timeline.h"

enum { CHART_HEIGHT = 150 };

/* Ends of payments, from the floor of a bar upwards. */
static const struct {
	const char *class, *name;
} bands[PAYMENT_ENDS] = {
	[PAYMENT_OK] = { "ok", "ok" },
	[PAYMENT_UNSETTLED] = { "unsettled", "ok, not settled" },
	[PAYMENT_FAILED] = { "fail", "fail" },
	[PAYMENT_UNKNOWN] = { "unknown", "unknown" },
};

/* How many of each end fell into each bin. */
struct flow {
	struct timeline time;
	uint64_t counts[TIMELINE_BINS][TIMELINE_KINDS];
	uint64_t highest; /* of all bins */
};

static bool flow_of(const struct judgement *j, struct flow *ret)
{
	static_assert((int)PAYMENT_ENDS <= (int)TIMELINE_KINDS,
		      "a chart has no room for an end of payments");

	if (!timeline_chart(j->payments, &ret->time, ret->counts))
		return false;
	for (size_t b = 0; b < ret->time.bins; b++) {
		uint64_t all = 0;

		for (int i = 0; i < PAYMENT_ENDS; i++)
			all += ret->counts[b][i];
		if (all > ret->highest)
			ret->highest = all;
	}
	return true;
}

static void bar(struct buf *out, const struct flow *f, size_t bin, double scale)
{
	double width = 100.0 / (double)f->time.bins, top = CHART_HEIGHT;

	for (int i = 0; i < PAYMENT_ENDS; i++) {
		uint64_t n = f->counts[bin][i];
		double height = (double)n * scale;

		if (!n)
			continue;
		top -= height;
		buf_addf(out,
			 "<rect class=\"%s\" x=\"%.3f%%\" y=\"%.1f\" "
			 "width=\"%.3f%%\" height=\"%.1f\"><title>%" PRIu64
			 " %s, "
			 "%.1f per second</title></rect>",
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
			 "x=\"2\" y=\"%.1f\">%.3g per second</text>",
			 y, y, y - 3, timeline_rate(&f->time, (uint64_t)n));
	}
}

static void legend(struct buf *out, const struct flow *f)
{
	uint64_t sums[PAYMENT_ENDS] = { 0 };

	for (size_t b = 0; b < f->time.bins; b++)
		for (int i = 0; i < PAYMENT_ENDS; i++)
			sums[i] += f->counts[b][i];
	buf_add_str(out, "<p class=\"legend\">");
	for (int i = 0; i < PAYMENT_ENDS; i++)
		buf_addf(out,
			 "<span><svg width=\"14\" height=\"14\" "
			 "aria-hidden=\"true\"><rect class=\"%s\" width=\"14\" "
			 "height=\"14\"/></svg> %s %" PRIu64 "</span>",
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

	if (!flow_of(j, &f))
		return;
	scale = (CHART_HEIGHT - 16) / (double)f.highest;
	buf_add_str(out, "<section id=\"time\"><h2>Payments over time</h2>\n<p "
			 "class=\"lead\">The answers of the payers' nodes, and "
			 "whether payments with the answer ok settled. Each "
			 "bar is ");
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
	buf_add_str(out, "<section id=\"phases\"><h2>Phases</h2>\n<div "
			 "class=\"phases\">\n");
	for (size_t i = 0; i < j->record->phase_count; i++) {
		phase_row(out, &j->record->phases[i], before, j->seconds);
		before += j->record->phases[i].seconds;
	}
	buf_add_str(out, "</div></section>\n");
}
