/* SPDX-License-Identifier: Apache-2.0 */
/* outputs.h - the files of a report, each written from one judgement. */
#ifndef REPORT_OUTPUTS_H
#define REPORT_OUTPUTS_H

#include "base/buf.h"
#include "base/error.h"
#include "report/judgement.h"
#include "run/results.h"

/* How times were measured, in one sentence each, for every output. They are the
 * names of the driver's details (phases.jsonl), too. */
extern const char latency_measured[];
extern const char service_measured[];
extern const char settled_measured[];

/* Milliseconds to the microsecond, without the noise of binary fractions. */
double milliseconds(double us);

/* matrix.md: GitHub's tables, for pull requests. */
void markdown_write(const struct judgement *j, struct buf *out);
/* results.json: docs/results.md has the schema. */
int results_write(const struct judgement *j, struct buf *out,
		  struct error *err);
/* junit.xml: a suite a notary release, a case a cell. */
void junit_write(const struct judgement *j, struct buf *out);
/* report.html: one file that needs nothing else. */
void page_write(const struct judgement *j, struct buf *out);

/* Text for XML and HTML, also inside double quotes: what either would read as
 * markup becomes an entity, what is not plain (base/plain.h) U+FFFD. */
void write_xml(struct buf *out, const char *text);
/* The same of a name in junit.xml: consumers split names at dots, to find
 * packages and classes, so "4.10" becomes "4_10". */
void write_junit_name(struct buf *out, const char *text);
/* Text for GitHub's Markdown, also in a table: what would be markup, a mention
 * or a reference is not, what is not plain becomes U+FFFD. One line. */
void write_md(struct buf *out, const char *text);

#endif
