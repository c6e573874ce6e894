/* SPDX-License-Identifier: Apache-2.0 */
/* pod_command.c - makes a node's container do a job instead of running. */
#include "engine/pod_command.h"

#include <string.h>

#include "base/cleanup.h"

/* Calls yaml_edit_append() for each blank-separated word of `line`. */
static void append_words(struct yaml_edit *t, struct yaml_node *list,
			 const char *line)
{
	while (*line) {
		size_t n = strcspn(line, " ");

		if (n)
			yaml_edit_append(
				t, list,
				yaml_edit_text(t, arena_strndup(t->arena, line,
								n)));
		line += n + strspn(line + n, " ");
	}
}

/* `line` without the word `drop`; the blank before it goes too. */
static const char *without(struct yaml_edit *t, const char *line,
			   const char *drop)
{
	const char *at = drop ? strstr(line, drop) : NULL;

	if (!at)
		return line;
	return arena_printf(t->arena, "%.*s%s", (int)(at - line), line,
			    at + strlen(drop) + (at[strlen(drop)] == ' '));
}

static struct yaml_node *changed_line(struct yaml_edit *t, const char *line,
				      const char *at,
				      const struct pod_order *order)
{
	size_t head = (size_t)(at - line) + strlen(order->after);
	const char *text = arena_printf(t->arena, "%.*s %s%s", (int)head, line,
					order->insert, line + head);

	return yaml_edit_text(t, text ? without(t, text, order->drop) : NULL);
}

/* A list like `words`, changed; *done is set when `after` was met. */
static struct yaml_node *changed_list(struct yaml_edit *t,
				      const struct yaml_node *words,
				      const struct pod_order *order, bool *done)
{
	struct yaml_node *list = yaml_edit_list(t);

	for (size_t i = 0; i < yaml_edit_count(words); i++) {
		struct yaml_node *word = words->items[i];
		const char *at = strstr(word->text, order->after);

		if (order->drop && !strcmp(word->text, order->drop))
			continue;
		if (at && strcmp(word->text, order->after)) {
			word = changed_line(t, word->text, at, order);
			*done = true;
		}
		yaml_edit_append(t, list, word);
		if (at && !strcmp(word->text, order->after)) {
			append_words(t, list, order->insert);
			*done = true;
		}
	}
	return list;
}

int pod_command_change(struct yaml_edit *t, struct yaml_node *container,
		       const struct pod_order *order, struct error *err)
{
	static const char *const parts[] = { "command", "args" };
	bool done = false;

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		struct yaml_node *words = yaml_get(container, parts[i]);

		if (words)
			yaml_edit_set(t, container, parts[i],
				      changed_list(t, words, order, &done));
	}
	if (!done)
		return error_set(err, ERROR_INPUT,
				 "StatefulSet %s: \"%s\" is not in the "
				 "container's command",
				 order->set, order->after);
	return 0;
}
