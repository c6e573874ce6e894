/* SPDX-License-Identifier: Apache-2.0 */
/* options.c - tables of options: flattened, searched, read and described. */
#include "cli/options.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/wrap.h"

enum { FORM_WIDEST = 26 };

void options_gather(const struct option_group *group, size_t offset,
		    struct option_list *list)
{
	for (unsigned i = 0; i < group->count; i++) {
		const struct option *o = &group->list[i];

		if (o->group) {
			options_gather(o->group, offset + o->offset, list);
			continue;
		}
		assert(list->count < OPTIONS_MAX);
		list->list[list->count] = *o;
		list->list[list->count++].offset += offset;
	}
}

const struct option *options_find(const struct option_list *list,
				  const char *name, size_t len)
{
	for (unsigned i = 0; i < list->count; i++)
		if (strlen(list->list[i].name) == len &&
		    !memcmp(list->list[i].name, name, len))
			return &list->list[i];
	return NULL;
}

const struct option *options_find_letter(const struct option_list *list,
					 char letter)
{
	for (unsigned i = 0; i < list->count; i++)
		if (letter && list->list[i].letter == letter)
			return &list->list[i];
	return NULL;
}

const struct option *options_match(const struct option_list *list,
				   const char *word, const char **value)
{
	size_t len;

	if (word[1] != '-') {
		*value = word[2] ? word + 2 : NULL;
		return options_find_letter(list, word[1]);
	}
	len = strcspn(word + 2, "=");
	*value = word[2 + len] ? word + 2 + len + 1 : NULL;
	return options_find(list, word + 2, len);
}

int options_preset(const struct option_list *list, void *base,
		   struct error *err)
{
	for (unsigned i = 0; i < list->count; i++) {
		const struct option *o = &list->list[i];
		struct option_number *n;

		if (!o->fallback)
			continue;
		if (option_take(o, o->fallback, base, err) < 0)
			return -1;
		n = (struct option_number *)((char *)base + o->offset);
		if (o->type == OPTION_NUMBER)
			n->given = false;
	}
	return 0;
}

static int take_number(const struct option *o, const char *text,
		       struct option_number *ret, struct error *err)
{
	errno = 0;
	ret->value = strtoull(text, NULL, 10);
	ret->given = true;
	if (!*text || text[strspn(text, "0123456789")] || errno)
		return error_set(err, ERROR_INPUT,
				 "--%s: expected a whole number, not '%s'",
				 o->name, text);
	if (o->most && (ret->value < 1 || ret->value > o->most))
		return error_set(err, ERROR_INPUT,
				 "--%s: expected 1 to %llu, not %s", o->name,
				 (unsigned long long)o->most, text);
	return 0;
}

/* "plain, helm or kustomize" of "plain helm kustomize" */
static void name_choices(const char *choices, struct buf *out)
{
	for (const char *p = choices; *p;) {
		size_t len = strcspn(p, " ");
		const char *next = p + len + (p[len] == ' ');

		buf_add(out, p, len);
		if (*next)
			buf_add_str(out, strchr(next, ' ') ? ", " : " or ");
		p = next;
	}
}

static int check_choice(const struct option *o, const char *text,
			struct error *err)
{
	cleanup(buf_release) struct buf all = BUF_INIT(1024);
	size_t len = strlen(text);

	for (const char *p = o->choices; *p;) {
		size_t n = strcspn(p, " ");

		if (n == len && !memcmp(p, text, n))
			return 0;
		p += n + (p[n] == ' ');
	}
	name_choices(o->choices, &all);
	return error_set(err, ERROR_INPUT, "--%s: expected %s, not '%s'",
			 o->name, buf_text(&all), text);
}

/* Refuses an empty text: a script passes one if its variable is not set. */
static int take_text(const struct option *o, const char *text, const char **ret,
		     struct error *err)
{
	if (o->choices && check_choice(o, text, err) < 0)
		return -1;
	if (!*text)
		return error_set(err, ERROR_INPUT,
				 "--%s: expected %s, not an empty value",
				 o->name, o->value);
	*ret = text;
	return 0;
}

static int take_next(const struct option *o, const char *text,
		     struct option_texts *ret, struct error *err)
{
	if (ret->count == OPTION_TEXTS_MAX)
		return error_set(err, ERROR_INPUT, "--%s: more than %d values",
				 o->name, OPTION_TEXTS_MAX);
	if (take_text(o, text, &ret->list[ret->count], err) < 0)
		return -1;
	ret->count++;
	return 0;
}

int option_take(const struct option *o, const char *value, void *base,
		struct error *err)
{
	char *member = (char *)base + o->offset;

	switch (o->type) {
	case OPTION_FLAG:
		*(bool *)member = true;
		break;
	case OPTION_NUMBER:
		return take_number(o, value, (struct option_number *)member,
				   err);
	case OPTION_TEXT:
		return take_text(o, value, (const char **)member, err);
	case OPTION_TEXTS:
		return take_next(o, value, (struct option_texts *)member, err);
	}
	return 0;
}

const char *option_form(const struct option *o, char room[OPTION_FORM])
{
	char letter[8] = "";

	if (o->letter)
		snprintf(letter, sizeof(letter), "-%c, ", o->letter);
	snprintf(room, OPTION_FORM, "%s--%s%s%s", letter, o->name,
		 o->value ? " " : "", o->value ? o->value : "");
	return room;
}

/* Columns of the longest form that shares its line with its help. */
static size_t measure_forms(const struct option_list *list)
{
	char form[OPTION_FORM];
	size_t widest = 0;

	for (unsigned i = 0; i < list->count; i++) {
		size_t n = text_columns(option_form(&list->list[i], form));

		if (n > widest && n <= FORM_WIDEST)
			widest = n;
	}
	return widest;
}

void options_describe(const struct option_list *list, unsigned width,
		      struct buf *out)
{
	size_t widest = measure_forms(list);
	size_t indent = 2 + widest + 2;
	char form[OPTION_FORM];

	for (unsigned i = 0; i < list->count; i++) {
		option_form(&list->list[i], form);
		if (text_columns(form) > widest)
			buf_addf(out, "  %s\n%*s", form, (int)indent, "");
		else
			buf_addf(out, "  %-*s  ", (int)widest, form);
		text_wrap(out, list->list[i].help, indent, indent, width);
	}
}

void options_document(const struct option_list *list, struct buf *out)
{
	char form[OPTION_FORM];

	for (unsigned i = 0; i < list->count; i++)
		buf_addf(out, "- `%s`: %s\n", option_form(&list->list[i], form),
			 list->list[i].help);
}
