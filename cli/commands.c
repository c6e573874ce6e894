/* SPDX-License-Identifier: Apache-2.0 */
/* commands.c - the table of commands: dispatch, help and docs follow it. */
#include "cli/cli.h"

#include <string.h>

#include "base/nearest.h"

#define GROUP(title)
#define COMMAND(word) &command_##word,
const struct command *const commands[] = {
#include "cli/commands.def"
};
#undef COMMAND
#undef GROUP

const unsigned command_count = ARRAY_SIZE(commands);

/* The titles among the commands: NULL stands for a command. */
#define GROUP(title) title,
#define COMMAND(word) NULL,
static const char *const titles[] = {
#include "cli/commands.def"
};
#undef COMMAND
#undef GROUP

const char *command_group(unsigned index)
{
	const char *title = NULL;
	unsigned at = 0;

	for (size_t i = 0; i < ARRAY_SIZE(titles); i++) {
		if (titles[i]) {
			title = titles[i];
			continue;
		}
		if (at++ == index)
			return title;
		title = NULL;
	}
	return NULL;
}

const char *command_word(const struct command *command)
{
	const char *space = strrchr(command->name, ' ');

	return space ? space + 1 : command->name;
}

/* The command whose last word this is; NULL: there is none, and `n` has the
 * nearest one. */
static const struct command *find(const struct command *const *list,
				  unsigned count, const char *word,
				  struct nearest *n)
{
	*n = nearest_to(word);
	for (unsigned i = 0; i < count; i++) {
		if (!strcmp(command_word(list[i]), word))
			return list[i];
		if (!list[i]->hidden)
			nearest_offer(n, command_word(list[i]));
	}
	return NULL;
}

const struct command *command_find(const char *name, struct error *err)
{
	struct nearest n;
	const struct command *c = find(commands, command_count, name, &n);

	if (!c && n.word)
		error_set(err, ERROR_INPUT,
			  "no command '%s'; did you mean '%s'?", name, n.word);
	else if (!c)
		error_set(err, ERROR_INPUT,
			  "no command '%s'; 'medley help' lists them", name);
	return c;
}

const struct command *command_find_verb(const struct command *command,
					const char *word, struct error *err)
{
	struct nearest n;
	const struct command *c =
		find(command->verbs, command->verb_count, word, &n);

	if (!c && n.word)
		error_set(err, ERROR_INPUT,
			  "medley %s has no verb '%s'; did you mean '%s'?",
			  command->name, word, n.word);
	else if (!c)
		error_set(err, ERROR_INPUT,
			  "medley %s has no verb '%s'; see 'medley help %s'",
			  command->name, word, command->name);
	return c;
}

void command_options(const struct command *command, struct option_list *ret)
{
	ret->count = 0;
	options_gather(&command->options, 0, ret);
	options_gather(&common_group, command->common_offset, ret);
}
