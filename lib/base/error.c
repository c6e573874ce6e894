/* SPDX-License-Identifier: Apache-2.0 */
/* error.c - why a call failed: a kind and one bounded line of text. */
#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "base/shorten.h"

static const struct {
	enum error_kind kind;
	const char *word;
} kinds[] = {
	{ ERROR_INPUT, "input" },
	{ ERROR_BUILD, "build" },
	{ ERROR_DEPLOY, "deploy" },
	{ ERROR_LOAD, "load" },
	{ ERROR_LEFT, "left" },
	{ ERROR_INTERNAL, "internal" },
	{ ERROR_INTERRUPTED, "interrupted" },
};

const char *error_kind_word(enum error_kind kind)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (kinds[i].kind == kind)
			return kinds[i].word;
	return NULL;
}

enum error_kind error_kind_of_word(const char *word)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (!strcmp(kinds[i].word, word))
			return kinds[i].kind;
	return ERROR_NONE;
}

/* What others said may be in it: it stays one line, and moves no cursor.
 * `end` is for its end. */
static void error_text(struct error *err, enum error_kind kind, size_t end,
		       const char *fmt, va_list args)
{
	err->kind = kind;
	err->memory = err->pipe = false;
	shorten_list(err->text, sizeof(err->text) - end, fmt, args);
	for (char *p = err->text; *p; p++)
		if ((unsigned char)*p < ' ')
			*p = ' ';
}

int error_set(struct error *err, enum error_kind kind, const char *fmt, ...)
{
	va_list args;

	if (!err)
		return -1;
	va_start(args, fmt);
	error_text(err, kind, 0, fmt, args);
	va_end(args);
	return -1;
}

static void errno_text(struct error *err, enum error_kind kind, int errnum,
		       const char *fmt, va_list args)
{
	const char *reason = strerror(errnum);

	/* The user cannot mend it. */
	if (errnum == ENOMEM && kind == ERROR_INPUT)
		kind = ERROR_INTERNAL;
	error_text(err, kind, strlen(": ") + strlen(reason), fmt, args);
	err->memory = errnum == ENOMEM;
	err->pipe = errnum == EPIPE;
	strcat(strcat(err->text, ": "), reason);
}

int error_errno(struct error *err, enum error_kind kind, int errnum,
		const char *fmt, ...)
{
	va_list args;

	if (!err)
		return -1;
	va_start(args, fmt);
	errno_text(err, kind, errnum, fmt, args);
	va_end(args);
	return -1;
}

static enum error_kind kind_of_path(int errnum)
{
	static const int users[] = { EACCES, EPERM,   EROFS,  ENOENT,
				     ELOOP,  ENOTDIR, EISDIR, ENAMETOOLONG };

	for (size_t i = 0; i < sizeof(users) / sizeof(users[0]); i++)
		if (users[i] == errnum)
			return ERROR_INPUT;
	return ERROR_INTERNAL;
}

int error_path(struct error *err, int errnum, const char *fmt, ...)
{
	va_list args;

	if (!err)
		return -1;
	va_start(args, fmt);
	errno_text(err, kind_of_path(errnum), errnum, fmt, args);
	va_end(args);
	return -1;
}

int error_nomem(struct error *err)
{
	error_set(err, ERROR_INTERNAL, "out of memory");
	if (err)
		err->memory = true;
	return -1;
}

bool error_is_memory(const struct error *err)
{
	return err->memory;
}

int error_wrap(struct error *err, const char *fmt, ...)
{
	char context[sizeof(err->text) / 2], text[sizeof(err->text)];
	va_list args;

	if (!err)
		return -1;
	va_start(args, fmt);
	shorten_list(context, sizeof(context), fmt, args);
	va_end(args);
	memcpy(text, err->text, sizeof(text));
	shorten(err->text, sizeof(err->text), "%s: %s", context, text);
	return -1;
}
