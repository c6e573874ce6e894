/* SPDX-License-Identifier: Apache-2.0 */
/* template.h - fills the holes of a text. */
#ifndef GENERATE_TEMPLATE_H
#define GENERATE_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/error.h"

/*
 * A hole is {{name}}. One that stands alone in its line, behind blanks, takes
 * a text of several lines: each is indented by those blanks, and the line
 * goes when there is no text. Values are put in as they are: whoever makes
 * them quotes them for the language around the hole.
 *
 * But for a text: where its hole is a whole value of YAML, from "key: " or "- "
 * to the end of the line, it is written in quotes. So it stays a text, also
 * where it reads as a number, a truth, null or a comment.
 */
struct hole {
	const char *name;
	const char *value;
	bool is_text;
};

/* Adds the filled text. ERROR_INTERNAL naming `file` and line for a hole that
 * has no value, and for an open brace pair that is not closed. */
int template_fill(const char *file, const char *text, const struct hole *holes,
		  size_t count, struct buf *out, struct error *err);
/* The same with the text of a file below medley's home. */
int template_fill_file(const char *relative, const struct hole *holes,
		       size_t count, struct buf *out, struct error *err);

#endif
