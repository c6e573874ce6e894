/* SPDX-License-Identifier: Apache-2.0 */
/* roff.c - text for manual pages, by the macros of man(7). */
#include "cli/roff.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/version.h"
#include "base/wrap.h"

enum { PARAGRAPH_MAX = 65536, SOURCE_WIDTH = 78 };

void roff_begin(struct buf *out, const char *title, int section)
{
	buf_addf(out,
		 ".\\\" Made by medley man from the tables of the program.\n"
		 ".TH %s %d \"%s\" \"medley %s\" \"medley\"\n",
		 title, section, medley_date, medley_version);
}

void roff_section(struct buf *out, const char *title)
{
	buf_addf(out, ".SH %s\n", title);
}

void roff_subsection(struct buf *out, const char *title)
{
	buf_add_str(out, ".SS ");
	roff_text(out, title);
	buf_add_u8(out, '\n');
}

/* A hyphen that is typed, which - alone is not; \& keeps a dot from being a
 * request where a line begins with it. */
void roff_text(struct buf *out, const char *text)
{
	bool bold = false;

	for (const char *p = text; *p; p++) {
		bool begins = p == text || p[-1] == ' ';

		if (begins && (*p == '.' || *p == '\''))
			buf_add_str(out, "\\&");
		if (*p == '`') {
			bold = !bold;
			buf_add_str(out, bold ? "\\fB" : "\\fR");
		} else if (*p == '-') {
			buf_add_str(out, "\\-");
		} else if (*p == '\\') {
			buf_add_str(out, "\\e");
		} else if (*p == '^') {
			buf_add_str(out, "\\(ha");
		} else if (*p == '~') {
			buf_add_str(out, "\\(ti");
		} else {
			buf_add_u8(out, (uint8_t)*p);
		}
	}
}

/* The first paragraph of a section begins without a request. */
static bool behind_heading(const struct buf *out)
{
	size_t at = out->len;

	while (at > 1 && out->data[at - 2] != '\n')
		at--;
	return at > 1 && !strncmp((const char *)out->data + at - 1, ".S", 2);
}

static void add_wrapped(struct buf *out, const char *text)
{
	cleanup(buf_release) struct buf safe = BUF_PART(out, PARAGRAPH_MAX);

	roff_text(&safe, text);
	text_wrap(out, buf_text(&safe), 0, 0, SOURCE_WIDTH);
}

void roff_paragraph(struct buf *out, const char *text)
{
	if (!behind_heading(out))
		buf_add_str(out, ".PP\n");
	add_wrapped(out, text);
}

void roff_item(struct buf *out, const char *term, const char *text)
{
	buf_add_str(out, ".TP\n\\fB");
	roff_text(out, term);
	buf_add_str(out, "\\fR\n");
	add_wrapped(out, text);
}

void roff_begin_lines(struct buf *out)
{
	buf_add_str(out, behind_heading(out) ? ".nf\n" : ".PP\n.nf\n");
}

void roff_line(struct buf *out, const char *text)
{
	roff_text(out, text);
	buf_add_u8(out, '\n');
}

void roff_end_lines(struct buf *out)
{
	buf_add_str(out, ".fi\n");
}
