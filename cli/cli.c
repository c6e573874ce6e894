/* SPDX-License-Identifier: Apache-2.0 */
/* cli.c - how a command line is read by the tables of its command. */
#include "cli/cli.h"

#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"

enum { NAME_MAX_LEN = 40 };

/* The words that follow the command's name. */
struct reading {
	struct cli *cli;
	const struct command *family; /* the command that has the verbs */
	struct option_list known;
	int argc;
	char **argv;
	int at; /* the next word */
	int verb_at; /* -1: no verb was typed */
	struct error *err;
};

static bool is_option(const char *word)
{
	return word[0] == '-' && word[1];
}

/* ---- before the command ---- */

static int read_program_option(const struct option_list *known,
			       const char *word, struct program_options *ret,
			       struct error *err)
{
	const char *value;
	const struct option *o = options_match(known, word, &value);

	if (o && !value)
		return option_take(o, NULL, ret, err);
	return error_set(err, ERROR_INPUT,
			 "medley has no option '%s'; write an option of a "
			 "command after the command; 'medley help' lists the "
			 "commands",
			 word);
}

int cli_read_program(struct program_options *ret, int argc, char **argv,
		     struct error *err)
{
	struct option_list known = { .count = 0 };
	int at = 1;

	*ret = (struct program_options){ 0 };
	options_gather(&program_group, 0, &known);
	for (; at < argc && is_option(argv[at]); at++)
		if (read_program_option(&known, argv[at], ret, err) < 0)
			return -1;
	if (at < argc) {
		char *command = argv[at];

		memmove(&argv[2], &argv[1], (size_t)(at - 1) * sizeof(*argv));
		argv[1] = command;
	} else if (at > 1 && !ret->version && !ret->common.help) {
		return error_set(err, ERROR_INPUT,
				 "expected a command after '%s'; 'medley "
				 "help' lists them",
				 argv[at - 1]);
	}
	return 0;
}

/* ---- which verb ---- */

/* The next word is the value of this one. Verbs agree on that: options of any
 * of them may stand before the verb. */
static bool next_is_value(const struct command *family, const char *word)
{
	struct option_list known;
	const struct option *o;
	const char *value;

	for (unsigned i = 0; i < family->verb_count; i++) {
		command_options(family->verbs[i], &known);
		o = options_match(&known, word, &value);
		if (o)
			return o->value && !value;
	}
	return false;
}

/* Where the first argument is; -1: there is none. */
static int find_verb(const struct reading *r)
{
	for (int i = 0; i < r->argc; i++) {
		if (!strcmp(r->argv[i], "--"))
			return i + 1 < r->argc ? i + 1 : -1;
		if (!is_option(r->argv[i]))
			return i;
		i += next_is_value(r->family, r->argv[i]);
	}
	return -1;
}

static int choose_command(struct reading *r)
{
	struct cli *cli = r->cli;

	cli->command = cli->typed = r->family;
	r->verb_at = -1;
	if (!r->family->verb_count)
		return 0;
	cli->command = r->family->verbs[0];
	r->verb_at = find_verb(r);
	if (r->verb_at < 0)
		return 0;
	cli->command = cli->typed =
		command_find_verb(r->family, r->argv[r->verb_at], r->err);
	return cli->command ? 0 : -1;
}

/* ---- options ---- */

static bool other_verb_has(const struct reading *r, const char *name)
{
	struct option_list known;

	for (unsigned i = 0; i < r->family->verb_count; i++) {
		command_options(r->family->verbs[i], &known);
		if (options_find(&known, name, strlen(name)))
			return true;
	}
	return false;
}

static int unknown_option(const struct reading *r, const char *typed)
{
	const char *command = r->cli->typed->name;
	char name[NAME_MAX_LEN + 1] = "";
	struct nearest n;

	strncat(name, typed + strspn(typed, "-"), NAME_MAX_LEN);
	name[strcspn(name, "=")] = 0;
	if (other_verb_has(r, name))
		return error_set(r->err, ERROR_INPUT,
				 "medley %s takes no --%s; see 'medley help "
				 "%s'",
				 r->cli->command->name, name, command);
	n = nearest_to(name);
	for (unsigned i = 0; i < r->known.count; i++)
		nearest_offer(&n, r->known.list[i].name);
	if (n.word)
		return error_set(r->err, ERROR_INPUT,
				 "medley %s has no option '%s'; did you mean "
				 "'--%s'?",
				 command, typed, n.word);
	return error_set(r->err, ERROR_INPUT,
			 "medley %s has no option '%s'; see 'medley help %s'",
			 command, typed, command);
}

/* The word at r->at - 1; its value may be the next word. */
static int read_option(struct reading *r, const char *word)
{
	const char *value;
	const struct option *o = options_match(&r->known, word, &value);

	if (!o || (word[1] != '-' && value && !o->value))
		return unknown_option(r, word);
	if (value && !o->value)
		return error_set(r->err, ERROR_INPUT, "--%s takes no value",
				 o->name);
	if (o->value && !value && r->at < r->argc)
		value = r->argv[r->at++];
	if (o->value && !value)
		return error_set(r->err, ERROR_INPUT, "--%s needs a value: %s",
				 o->name, o->value);
	return option_take(o, value, r->cli->options, r->err);
}

/* ---- the line ---- */

static int add_arg(struct reading *r, const char *word)
{
	struct cli *cli = r->cli;

	if (cli->arg_count == CLI_ARGS)
		return error_set(r->err, ERROR_INPUT, "more than %d arguments",
				 CLI_ARGS);
	cli->args[cli->arg_count++] = word;
	return 0;
}

static int read_words(struct reading *r)
{
	bool only_args = false;

	while (r->at < r->argc) {
		int at = r->at++;
		const char *word = r->argv[at];

		if (at == r->verb_at)
			continue;
		if (!only_args && !strcmp(word, "--"))
			only_args = true;
		else if ((!only_args && is_option(word) ? read_option(r, word)
							: add_arg(r, word)) < 0)
			return -1;
	}
	return 0;
}

static int check_count(const struct cli *cli, struct error *err)
{
	const struct command *c = cli->command, *t = cli->typed;

	if (cli_common(cli)->help ||
	    (cli->arg_count >= c->least && cli->arg_count <= c->most))
		return 0;
	return error_set(err, ERROR_INPUT, "usage: medley %s%s%s [options]",
			 t->name, *t->usage ? " " : "", t->usage);
}

int cli_read(struct cli *cli, const struct command *command, int argc,
	     char **argv, struct error *err)
{
	struct reading r = { .cli = cli,
			     .family = command,
			     .argc = argc,
			     .argv = argv,
			     .err = err };

	*cli = (struct cli){ 0 };
	if (choose_command(&r) < 0)
		return -1;
	command_options(cli->command, &r.known);
	cli->options = calloc(1, cli->command->options.size);
	if (!cli->options)
		return error_nomem(err);
	if (options_preset(&r.known, cli->options, err) < 0 ||
	    read_words(&r) < 0)
		return -1;
	return check_count(cli, err);
}

void cli_release(struct cli *cli)
{
	free(cli->options);
	cli->options = NULL;
}

const struct common_options *cli_common(const struct cli *cli)
{
	return (const struct common_options *)((const char *)cli->options +
					       cli->command->common_offset);
}

const char *cli_arg(const struct cli *cli, unsigned number)
{
	return number < cli->arg_count ? cli->args[number] : NULL;
}
