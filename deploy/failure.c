/* SPDX-License-Identifier: Apache-2.0 */
/* failure.c - why a node did not start, from what it wrote. */
#include "deploy/failure.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "data/yaml.h"

enum { TABLE_MAX = 1024 * 1024, LINE_MAX_SHOWN = 300 };

struct line {
	const char *text; /* borrowed from the log */
	size_t len;
};

static struct line line_around(const char *log, const char *at)
{
	const char *begin = at;

	while (begin > log && begin[-1] != '\n')
		begin--;
	return (struct line){ begin, strcspn(begin, "\n") };
}

/* Without blanks around it and terminals' colours. */
static void show(struct line line, char *out, size_t room)
{
	size_t n = 0;

	for (size_t i = 0; i < line.len && n + 1 < room; i++) {
		unsigned char c = (unsigned char)line.text[i];

		if (c == 0x1b)
			i += strcspn(line.text + i, "m");
		else if (c >= ' ' && (n || c != ' '))
			out[n++] = (char)c;
	}
	while (n && out[n - 1] == ' ')
		n--;
	out[n] = 0;
}

static struct line last_line(const char *log)
{
	size_t end = strlen(log);

	while (end && strchr("\n\r ", log[end - 1]))
		end--;
	if (!end)
		return (struct line){ "no output", 9 };
	return line_around(log, log + end - 1);
}

/* The line that tells, when no entry of the table names one. */
static struct line telling_line(const char *log)
{
	static const char *const marks[] = { "Exception during node startup",
					     "[ERROR]", "Exception" };

	for (size_t i = 0; i < ARRAY_SIZE(marks); i++) {
		const char *at = strstr(log, marks[i]);

		if (at)
			return line_around(log, at);
	}
	return last_line(log);
}

/* The first entry whose text stands in the log, or NULL. */
static const struct yaml_node *find_entry(const struct yaml_node *list,
					  const char *log, const char **ret_at)
{
	for (size_t i = 0; list && i < list->count; i++) {
		const char *text = yaml_str(list->items[i], "text");
		const char *at = text ? strstr(log, text) : NULL;

		if (at) {
			*ret_at = at;
			return list->items[i];
		}
	}
	return NULL;
}

/* `line` tells where the table has nothing. */
static void explain(const char *table, const char *prefix, struct line line,
		    const char *log, char *why, size_t room)
{
	cleanup(arena_release) struct arena arena = ARENA_INIT(TABLE_MAX);
	const struct yaml_node *entry = NULL;
	char shown[LINE_MAX_SHOWN];
	struct yaml_file file;
	const char *at = NULL, *means;

	if (yaml_read(table, &arena, &file, NULL) == 0 && file.count)
		entry = find_entry(yaml_get(file.documents[0], "failures"), log,
				   &at);
	if (entry)
		line = line_around(log, at);
	means = yaml_str(entry, "means");
	show(line, shown, sizeof(shown));
	snprintf(why, room, "%s: %s%s%s", prefix, shown, means ? ": " : "",
		 means ? means : "");
}

void failure_explain(const char *table, int exit_code, const char *log,
		     char *why, size_t room)
{
	char prefix[32];

	snprintf(prefix, sizeof(prefix), "exit %d", exit_code);
	explain(table, prefix, telling_line(log), log, why, room);
}

bool failure_of_main(const char *table, const char *log, char *why, size_t room)
{
	const char *at = strstr(log, "Exception in thread \"main\"");

	if (at)
		explain(table, "its main thread ended", line_around(log, at),
			at, why, room);
	return at != NULL;
}
