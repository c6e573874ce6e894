/* SPDX-License-Identifier: Apache-2.0 */
/* yaml_write.c - writes trees back as block YAML. */
#include "data/yaml.h"

#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/utf8.h"

static void add_spaces(struct buf *out, int n)
{
	buf_addf(out, "%*s", n, "");
}

/* What a YAML reader refuses or takes for a line's end. */
static bool unprintable(unsigned c)
{
	return (c >= 0x7f && c <= 0x9f) || c == 0x2028 || c == 0x2029 ||
	       c == 0xfeff || c == 0xfffe || c == 0xffff;
}

/* Without quotes; a byte that is not UTF-8 becomes '?'. */
static void add_escaped(struct buf *out, const char *text)
{
	unsigned c;
	size_t len;

	for (const char *p = text; *p; p += len ? len : 1) {
		len = utf8_next(p, &c);
		if (!len)
			buf_add_str(out, "?");
		else if (c == '"' || c == '\\')
			buf_addf(out, "\\%c", *p);
		else if (c == '\n')
			buf_add_str(out, "\\n");
		else if (c == '\t')
			buf_add_str(out, "\\t");
		else if (c < 0x20 || unprintable(c))
			buf_addf(out, "\\u%04x", c);
		else
			buf_add(out, p, len);
	}
}

void yaml_quote(struct buf *out, const char *text)
{
	buf_add_str(out, "\"");
	add_escaped(out, text);
	buf_add_str(out, "\"");
}

static bool looks_typed(const char *text)
{
	static const char *const words[] = { "null", "true", "false",
					     "yes",  "no",   "on",
					     "off",  "y",    "n" };

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (!strcasecmp(text, words[i]))
			return true;
	return strspn(text, "0123456789+-.") > 0;
}

/* Text that stays itself without quotes, whatever stands around it. */
static bool reads_plain(const struct yaml_node *n)
{
	static const char safe[] = "abcdefghijklmnopqrstuvwxyz"
				   "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "0123456789._/+-$()";

	if (!n->len)
		return n->plain;
	if (strspn(n->text, safe) < n->len || !strcmp(n->text, "-") ||
	    !strncmp(n->text, "---", 3) || !strcmp(n->text, "..."))
		return false;
	return n->plain || !looks_typed(n->text);
}

static bool reads_literal(const struct yaml_node *n)
{
	unsigned c;
	size_t len;

	if (!memchr(n->text, '\n', n->len) || n->text[0] == '\n')
		return false;
	for (const char *p = n->text; *p; p += len) {
		len = utf8_next(p, &c);
		if (!len || (c < 0x20 && c != '\n') || unprintable(c))
			return false;
	}
	return true;
}

/* The header's digit says how deep the lines stand, so that a first line may
 * begin with spaces; the sign keeps line ends at the end as they are. */
static void write_literal(struct buf *out, const struct yaml_node *n,
			  int indent, int parent)
{
	const char *p = n->text;
	const char *keep = "";

	if (p[n->len - 1] != '\n')
		keep = "-";
	else if (n->len > 1 && p[n->len - 2] == '\n')
		keep = "+";
	buf_addf(out, "|%d%s\n", indent - parent, keep);
	while (*p) {
		size_t len = strcspn(p, "\n");

		if (len)
			add_spaces(out, indent);
		buf_add(out, p, len);
		buf_add_str(out, "\n");
		p += len + (p[len] == '\n');
	}
}

/* `indent`: where lines of its own would stand; `parent`: of its owner. */
static void write_scalar(struct buf *out, const struct yaml_node *n, int indent,
			 int parent)
{
	if (reads_literal(n)) {
		write_literal(out, n, indent, parent);
		return;
	}
	if (reads_plain(n))
		buf_add(out, n->text, n->len);
	else
		yaml_quote(out, n->text);
	buf_add_str(out, "\n");
}

static bool is_empty(const struct yaml_node *n)
{
	return n->type != YAML_SCALAR && !n->count;
}

static void write_lines(struct buf *out, const struct yaml_node *n, int indent,
			bool indented);

/* What follows "key:" */
static void write_value(struct buf *out, const struct yaml_node *n, int indent)
{
	if (n->type == YAML_SCALAR || is_empty(n)) {
		if (n->type != YAML_SCALAR || n->len || !n->plain)
			buf_add_str(out, " ");
		if (n->type == YAML_SCALAR)
			write_scalar(out, n, indent + 2, indent);
		else
			buf_add_str(out, n->type == YAML_MAP ? "{}\n" : "[]\n");
		return;
	}
	buf_add_str(out, "\n");
	write_lines(out, n, indent + 2, false);
}

static void write_item(struct buf *out, const struct yaml_node *n, int indent)
{
	buf_add_str(out, "- ");
	if (n->type == YAML_SCALAR)
		write_scalar(out, n, indent + 2, indent);
	else if (is_empty(n))
		buf_add_str(out, n->type == YAML_MAP ? "{}\n" : "[]\n");
	else
		write_lines(out, n, indent + 2, true);
}

/* A collection, one part a line; `indented`: the first line stands already. */
static void write_lines(struct buf *out, const struct yaml_node *n, int indent,
			bool indented)
{
	for (size_t i = 0; i < n->count; i++) {
		if (i || !indented)
			add_spaces(out, indent);
		if (n->type == YAML_SEQUENCE) {
			write_item(out, n->items[i], indent);
			continue;
		}
		if (reads_plain(n->keys[i]) && n->keys[i]->len)
			buf_add_str(out, n->keys[i]->text);
		else
			yaml_quote(out, n->keys[i]->text);
		buf_add_str(out, ":");
		write_value(out, n->items[i], indent);
	}
}

void yaml_write(struct buf *out, const struct yaml_node *node, int indent)
{
	if (node->type != YAML_SCALAR && !is_empty(node)) {
		write_lines(out, node, indent, false);
		return;
	}
	add_spaces(out, indent);
	if (is_empty(node))
		buf_add_str(out, node->type == YAML_MAP ? "{}\n" : "[]\n");
	else if (reads_plain(node))
		buf_addf(out, "%s\n", node->text);
	else {
		yaml_quote(out, node->text);
		buf_add_str(out, "\n");
	}
}
