/* SPDX-License-Identifier: Apache-2.0 */
/* junit.c - junit.xml: the cells as test cases, for CI servers. */
#include <inttypes.h>
#include <stdio.h>

#include "base/version.h"
#include "report/excuse.h"
#include "report/outputs.h"
#include "report/words.h"
#include "sys/clock.h"

/* How much is said of entries of expected.yaml. */
enum { REMARKS_SHOWN = 4096, REMARKS_BYTES = 65536 };

struct suite {
	size_t tests, failures, errors, skipped;
	double seconds;
	int64_t first_us; /* when its first payment was sent; 0: never */
};

/* How a verdict is said in JUnit's words. A required cell that was never run
 * is an error: the question was asked and not answered. */
static const char *element_of(const struct cell *cell)
{
	switch (cell->verdict) {
	case VERDICT_PASS:
		return NULL;
	case VERDICT_UNSUPPORTED:
	case VERDICT_KNOWN:
		return "skipped";
	case VERDICT_NOT_RUN:
		return cell->required ? "error" : "skipped";
	default:
		return "failure";
	}
}

static double seconds_of(const struct cell *cell)
{
	return cell->service.mean * (double)cell->service.count / 1e6;
}

static void count_cell(struct suite *s, const struct cell *cell)
{
	const char *element = element_of(cell);

	s->tests++;
	s->seconds += seconds_of(cell);
	if (cell->score.first_us &&
	    (!s->first_us || cell->score.first_us < s->first_us))
		s->first_us = cell->score.first_us;
	if (element) {
		s->failures += element[0] == 'f';
		s->errors += element[0] == 'e';
		s->skipped += element[0] == 's';
	}
}

static void attribute(struct buf *out, const char *name, const char *value)
{
	buf_addf(out, " %s=\"", name);
	write_xml(out, value);
	buf_add_u8(out, '"');
}

/* Jenkins allows it of suites alone. */
static void timestamp(struct buf *out, const struct suite *s)
{
	char room[CLOCK_TEXT];

	if (s->first_us)
		attribute(out, "timestamp", clock_text(room, s->first_us));
}

/* The body of a failure: every finding of the cell, a line each. */
static void findings_of(struct buf *out, const struct cell *cell)
{
	for (size_t i = 0; i < cell->finding_count; i++) {
		const struct finding *f = cell->findings[i]->finding;

		buf_addf(out, "%s ", finding_name(f->kind));
		write_xml(out, f->tx ? f->tx : "");
		buf_add_u8(out, ' ');
		write_xml(out, f->summary ? f->summary : "");
		buf_add_u8(out, '\n');
	}
}

static void case_of(struct buf *out, const struct judgement *j,
		    const struct cell *cell)
{
	const char *element = element_of(cell);
	cleanup(buf_release) struct buf way = BUF_PART(out, 4096);

	write_way(&way, j, cell);
	buf_add_str(out, "    <testcase name=\"");
	write_junit_name(out, buf_text(&way));
	buf_add_str(out, "\" classname=\"medley.notary ");
	write_junit_name(out, j->record->net.releases[cell->notary].label);
	buf_addf(out, "\" time=\"%.3f\"", seconds_of(cell));
	if (!element) {
		buf_add_str(out, "/>\n");
		return;
	}
	buf_addf(out, ">\n      <%s", element);
	attribute(out, "message", cell->reason ? cell->reason : "");
	if (element[0] == 's') {
		buf_add_str(out, "/>\n");
	} else {
		attribute(out, "type", verdict_name(cell->verdict));
		buf_add_u8(out, '>');
		findings_of(out, cell);
		buf_addf(out, "</%s>\n", element);
	}
	buf_add_str(out, "    </testcase>\n");
}

static void property(struct buf *out, const char *name, const char *value)
{
	buf_addf(out, "      <property name=\"%s\"", name);
	attribute(out, "value", value);
	buf_add_str(out, "/>\n");
}

/* What was tested, in each suite: consumers show a suite alone. */
static void properties_of(struct buf *out, const struct judgement *j)
{
	const struct network *net = &j->record->net;
	char seed[24];

	snprintf(seed, sizeof(seed), "%" PRIu64, net->seed);
	buf_add_str(out, "    <properties>\n");
	property(out, "run", j->record->run_id);
	property(out, "answer", j->word);
	property(out, "medley", medley_version);
	if (net->engine)
		property(out, "engine", net->engine);
	if (!j->record->seeds_differ)
		property(out, "seed", seed);
	buf_add_str(out, "    </properties>\n");
}

static void suite_of(struct buf *out, const struct judgement *j,
		     unsigned notary)
{
	struct suite s = { 0 };

	for (size_t i = 0; i < j->cell_count; i++)
		if (j->cells[i].notary == notary)
			count_cell(&s, &j->cells[i]);
	buf_add_str(out, "  <testsuite name=\"notary ");
	write_junit_name(out, j->record->net.releases[notary].label);
	buf_addf(out,
		 "\" tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" "
		 "skipped=\"%zu\" time=\"%.3f\"",
		 s.tests, s.failures, s.errors, s.skipped, s.seconds);
	timestamp(out, &s);
	buf_add_str(out, ">\n");
	properties_of(out, j);
	for (size_t i = 0; i < j->cell_count; i++)
		if (j->cells[i].notary == notary)
			case_of(out, j, &j->cells[i]);
	buf_add_str(out, "  </testsuite>\n");
}

static void network_findings(struct buf *out, const struct judgement *j)
{
	buf_addf(out, "      <failure message=\"%zu findings\" type=\"fail\">",
		 j->network_findings);
	for (size_t i = 0; i < j->record->finding_count; i++) {
		const struct finding *f = j->findings[i].finding;

		if (f->note || j->findings[i].cell)
			continue;
		buf_addf(out, "%s ", finding_name(f->kind));
		write_xml(out, f->node ? f->node : "");
		buf_add_u8(out, ' ');
		write_xml(out, f->summary ? f->summary : "");
		buf_add_u8(out, '\n');
	}
	buf_add_str(out, "</failure>\n");
}

static bool is_error(const struct judgement *j)
{
	return !j->network_findings && j->unproved;
}

/* Its time is that of the check. */
static double check_seconds(const struct judgement *j)
{
	const struct phase *check = record_phase(j->record, "check");

	return check ? check->seconds : 0;
}

static void network_case(struct buf *out, const struct judgement *j)
{
	buf_addf(out,
		 "    <testcase name=\"every vault\" "
		 "classname=\"medley.network\" time=\"%.3f\"",
		 check_seconds(j));
	if (!j->network_findings && !is_error(j)) {
		buf_add_str(out, "/>\n");
		return;
	}
	buf_add_str(out, ">\n");
	if (j->network_findings) {
		network_findings(out, j);
	} else {
		buf_add_str(out, "      <error");
		attribute(out, "message", j->unproved);
		buf_add_str(out, " type=\"undecided\"/>\n");
	}
	buf_add_str(out, "    </testcase>\n");
}

static bool has_entries(const struct judgement *j)
{
	return j->record->expected.count > 0;
}

/* Skipped is what CI servers show and no job fails of. */
static void entries_case(struct buf *out, const struct judgement *j)
{
	cleanup(buf_release) struct buf text = BUF_PART(out, REMARKS_BYTES);

	for (size_t i = 0; i < j->remark_count; i++)
		if (remark_warns(&j->remarks[i]) && text.len < REMARKS_SHOWN)
			buf_addf(&text, "%s%s", text.len ? "; " : "",
				 j->remarks[i].text);
	buf_add_str(out, "    <testcase name=\"");
	write_junit_name(out, "entries of expected.yaml");
	buf_add_str(out, "\" classname=\"medley.network\" time=\"0.000\"");
	if (!text.len) {
		buf_add_str(out, "/>\n");
		return;
	}
	buf_add_str(out, ">\n      <skipped");
	attribute(out, "message", buf_text(&text));
	buf_add_str(out, "/>\n    </testcase>\n");
}

/* What no cell answers for: findings of the network at large, a record of which
 * a part is missing, and entries of expected.yaml that are out of date. `all`:
 * of the run. */
static void network_suite(struct buf *out, const struct judgement *j,
			  const struct suite *all)
{
	buf_addf(out,
		 "  <testsuite name=\"network\" tests=\"%d\" failures=\"%d\" "
		 "errors=\"%d\" skipped=\"%d\" time=\"%.3f\"",
		 1 + has_entries(j), j->network_findings > 0, is_error(j),
		 remark_warnings(j) > 0, check_seconds(j));
	timestamp(out, all);
	buf_add_str(out, ">\n");
	properties_of(out, j);
	network_case(out, j);
	if (has_entries(j))
		entries_case(out, j);
	buf_add_str(out, "  </testsuite>\n");
}

void junit_write(const struct judgement *j, struct buf *out)
{
	struct suite all = { .tests = 1u + has_entries(j),
			     .failures = j->network_findings > 0,
			     .errors = is_error(j) };

	for (size_t i = 0; i < j->cell_count; i++)
		count_cell(&all, &j->cells[i]);
	buf_add_str(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
			 "<testsuites");
	attribute(out, "name", j->record->run_id);
	buf_addf(out,
		 " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" "
		 "time=\"%.3f\">\n",
		 all.tests, all.failures, all.errors, j->seconds);
	for (unsigned i = 0; i < j->notary_count; i++)
		suite_of(out, j, j->notaries[i]);
	network_suite(out, j, &all);
	buf_add_str(out, "</testsuites>\n");
}
