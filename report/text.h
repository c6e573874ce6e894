/* SPDX-License-Identifier: Apache-2.0 */
/* text.h - what a person reads on a terminal. */
#ifndef REPORT_TEXT_H
#define REPORT_TEXT_H

#include "base/buf.h"
#include "report/judgement.h"
#include "report/report.h"

/* The matrices, what failed with the evidence of its first finding, and the
 * answer of the run as the last line. */
void text_write(const struct judgement *j, const struct text_look *look,
		struct buf *out);

#endif
