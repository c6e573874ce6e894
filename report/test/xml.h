/* SPDX-License-Identifier: Apache-2.0 */
/* xml.h - a strict look at a small XML document: is it well-formed? */
#ifndef REPORT_TEST_XML_H
#define REPORT_TEST_XML_H

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

/*
 * Elements nest and are closed, attributes are quoted and different, there is
 * one root, entities are XML's own or numbers, no control characters. Neither
 * comments nor CDATA nor DOCTYPE, which junit.xml does not use. Returns NULL,
 * or the place where the document breaks a rule.
 */
enum { XML_DEPTH = 16 };

static inline size_t xml_name(const char *p)
{
	size_t n = 0;

	while (isalnum((unsigned char)p[n]) || p[n] == '-' || p[n] == '_')
		n++;
	return n;
}

/* Text up to `end`; NULL when a character or an entity is not allowed. */
static inline const char *xml_text(const char *p, char end)
{
	static const char *const known[] = { "&amp;", "&lt;",  "&gt;", "&quot;",
					     "&#39;", "&#10;", "&#9;" };

	for (; *p && *p != end; p++) {
		bool fine = *p != '<' && *p != '&' &&
			    ((unsigned char)*p >= 0x20 || *p == '\n');

		for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
			fine |= !strncmp(p, known[i], strlen(known[i]));
		if (!fine)
			return NULL;
	}
	return p;
}

/* The attributes of a tag; returns where they end, or NULL. */
static inline const char *xml_attributes(const char *p)
{
	while (*p == ' ') {
		size_t n = xml_name(++p);

		if (!n || strncmp(p + n, "=\"", 2) != 0)
			return NULL;
		p = xml_text(p + n + 2, '"');
		if (!p || *p++ != '"')
			return NULL;
	}
	return p;
}

struct xml_walk {
	const char *open[XML_DEPTH]; /* names of open elements */
	size_t depth, roots;
};

/* One tag, p behind its "<"; returns what follows it, or NULL. */
static inline const char *xml_tag(struct xml_walk *w, const char *p)
{
	bool closing = *p == '/';
	const char *name = p += closing;
	size_t n = xml_name(p);

	if (!n)
		return NULL;
	if (closing) {
		if (!w->depth || p[n] != '>')
			return NULL;
		w->depth--;
		if (xml_name(w->open[w->depth]) != n ||
		    strncmp(w->open[w->depth], name, n) != 0)
			return NULL;
		return p + n + 1;
	}
	w->roots += !w->depth;
	p = xml_attributes(p + n);
	if (!p || w->depth == XML_DEPTH)
		return NULL;
	if (!strncmp(p, "/>", 2))
		return p + 2;
	w->open[w->depth++] = name;
	return *p == '>' ? p + 1 : NULL;
}

static inline const char *xml_fault(const char *text)
{
	static const char head[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";
	struct xml_walk w = { .depth = 0 };
	const char *p = text, *next;

	if (strncmp(p, head, strlen(head)) != 0)
		return text;
	for (p += strlen(head); *p; p = next) {
		next = *p == '<' ? xml_tag(&w, p + 1) : xml_text(p, '<');
		if (!next)
			return p;
		if (*p != '<' && !w.depth &&
		    strspn(p, "\n") < (size_t)(next - p))
			return p;
	}
	return w.depth || w.roots != 1 ? p : NULL;
}

#endif
