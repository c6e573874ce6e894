/* SPDX-License-Identifier: Apache-2.0 */
/* args.c - the arguments of a command, collected one by one. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "build-and-publish/sources.h"

enum { ARG_MAX_TEXT = 8192 };

void args_add(struct args *args, const char *text)
{
	size_t room = args->room ? args->room * 2 : 16;
	const char **items;

	/* One more stays free for the NULL at the end. */
	if (args->count + 1 >= args->room) {
		items = arena_array(args->arena, room, sizeof(*items));
		if (!items) {
			args->failed = true;
			return;
		}
		if (args->count)
			memcpy(items, args->items,
			       args->count * sizeof(*items));
		args->items = items;
		args->room = room;
	}
	args->failed |= !text;
	args->items[args->count++] = text;
}

void args_addf(struct args *args, const char *fmt, ...)
{
	char text[ARG_MAX_TEXT];
	va_list list;
	int n;

	va_start(list, fmt);
	n = vsnprintf(text, sizeof(text), fmt, list);
	va_end(list);
	if (n < 0 || n >= ARG_MAX_TEXT)
		args->failed = true;
	else
		args_add(args, arena_strdup(args->arena, text));
}

void args_add_all(struct args *args, const struct recipe_texts *texts)
{
	for (size_t i = 0; i < texts->count; i++)
		args_add(args, texts->items[i]);
}

/*
 * The user becomes root of a user namespace, and so may still pass through a
 * home directory or a cache that is closed to all others. mmdebstrap's own way
 * without root maps root to a subordinate id, which may not.
 */
const char *args_as_root(struct args *args)
{
	if (geteuid() == 0)
		return NULL;
	args_add(args, "buildah");
	args_add(args, "unshare");
	args_add(args, "--");
	return "CONTAINERS_* STORAGE_*";
}

int args_command(struct args *args, struct build_command *ret,
		 struct error *err)
{
	if (args->failed)
		return error_nomem(err);
	ret->argv = args->items;
	return STEP_COMMAND;
}
