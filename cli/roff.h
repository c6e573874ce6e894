/* SPDX-License-Identifier: Apache-2.0 */
/* roff.h - text for manual pages, by the macros of man(7). */
#ifndef CLI_ROFF_H
#define CLI_ROFF_H

#include "base/buf.h"

/* The head of a page: "MEDLEY-RUN", 1. */
void roff_begin(struct buf *out, const char *title, int section);
void roff_section(struct buf *out, const char *title);
void roff_subsection(struct buf *out, const char *title);
/* A paragraph; what is in `backquotes` is bold. */
void roff_paragraph(struct buf *out, const char *text);
/* "term", below it and to the right what it means. */
void roff_item(struct buf *out, const char *term, const char *text);
/* Lines as they are, to be typed. */
void roff_begin_lines(struct buf *out);
void roff_line(struct buf *out, const char *text);
void roff_end_lines(struct buf *out);
/* Text within a line, without the meaning that roff gives some characters. */
void roff_text(struct buf *out, const char *text);

#endif
