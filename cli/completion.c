/* SPDX-License-Identifier: Apache-2.0 */
/* completion.c - the words that may come next on a command line. */
#include "cli/completion.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "cli/cli.h"
#include "cli/print.h"
#include "run/cell_name.h"
#include "run/network.h"
#include "run/run_list.h"
#include "sys/file.h"

enum { LITERAL_MAX = 64 };
static const size_t arena_max = (size_t)256 * 1024 * 1024;

struct completing {
	const char *last; /* what is to be completed */
	const struct command *command; /* with its verb; NULL: none yet */
	struct option_list options; /* that may be typed here */
	const char *runs; /* where the runs are */
	unsigned args; /* arguments before the last word */
	const struct option *waits; /* the last word is its value */
	bool only_args; /* "--" was typed */
	const char *from_disk; /* what the shell adds */
	struct buf *out;
};

static void offer(struct completing *c, const char *word, const char *help)
{
	if (!strncmp(word, c->last, strlen(c->last)))
		buf_addf(c->out, "%s\t%s\n", word, help);
}

/* ---- options ---- */

static void offer_options(struct completing *c)
{
	char word[OPTION_FORM];

	for (unsigned i = 0; i < c->options.count; i++) {
		const struct option *o = &c->options.list[i];

		snprintf(word, sizeof(word), "--%s", o->name);
		offer(c, word, o->help);
	}
}

/* With each notary. */
static void offer_pair(struct completing *c, const struct network *net,
		       const char *before, const char *payer, const char *payee)
{
	for (unsigned n = 0; n < net->release_count; n++) {
		cleanup(buf_release) struct buf word = BUF_PART(c->out, 4096);

		if (!network_has_role(net, n, NODE_NOTARY))
			continue;
		buf_add_str(&word, before);
		cell_name_add(&word, payer, payee, net->releases[n].label);
		offer(c, buf_text(&word), "");
	}
}

/* Of the latest run. */
static void offer_cells(struct completing *c, const char *before)
{
	cleanup(arena_release) struct arena arena = ARENA_INIT(arena_max);
	struct network net;
	char latest[PATH_ROOM];

	path_join(latest, c->runs, "latest");
	if (network_load(latest, &arena, &net, NULL) < 0)
		return;
	for (unsigned a = 0; a < net.release_count; a++)
		for (unsigned b = 0; b < net.release_count; b++)
			if (network_has_role(&net, a, NODE_BANK) &&
			    network_has_role(&net, b, NODE_BANK))
				offer_pair(c, &net, before,
					   net.releases[a].label,
					   net.releases[b].label);
}

/* `before`: what of the last word stands in front of the value: "--engine=" */
static void offer_value(struct completing *c, const struct option *o,
			const char *before)
{
	char word[2 * OPTION_FORM];

	for (const char *p = o->choices ?: ""; *p;) {
		size_t len = strcspn(p, " ");

		snprintf(word, sizeof(word), "%s%.*s", before, (int)len, p);
		offer(c, word, "");
		p += len + (p[len] == ' ');
	}
	if (!strcmp(o->value, CELL_NAME))
		offer_cells(c, before);
	else if (!strcmp(o->value, "FILE"))
		c->from_disk = "files";
	else if (!strcmp(o->value, "DIR") || !strcmp(o->value, "PATH"))
		c->from_disk = "directories";
}

/* The option that the word names and that takes a value; *value: the value
 * that the word has as well, or NULL. */
static const struct option *option_of(const struct completing *c,
				      const char *word, const char **value)
{
	const struct option *o;

	if (word[0] != '-' || !word[1])
		return NULL;
	o = options_match(&c->options, word, value);
	return o && o->value ? o : NULL;
}

/* ---- arguments ---- */

static void offer_runs(struct completing *c)
{
	cleanup(arena_release) struct arena arena = ARENA_INIT(arena_max);
	struct run_entry *runs;
	unsigned count;
	char help[64], age[AGE_TEXT];

	if (run_list(c->runs, &arena, &runs, &count, NULL) < 0)
		return;
	for (unsigned i = 0; i < count; i++) {
		snprintf(help, sizeof(help), "run, %s old",
			 age_text(age, runs[i].begun_us));
		offer(c, runs[i].name, help);
	}
}

/* Of the latest run. */
static void offer_nodes(struct completing *c)
{
	cleanup(arena_release) struct arena arena = ARENA_INIT(arena_max);
	struct network net;
	char latest[PATH_ROOM];

	path_join(latest, c->runs, "latest");
	if (network_load(latest, &arena, &net, NULL) < 0)
		return;
	for (unsigned i = 0; i < net.node_count; i++)
		offer(c, net.nodes[i].name,
		      net.releases[net.nodes[i].release].word);
}

/* Words of the usage that are typed as they are: those without capitals. */
static void offer_literals(struct completing *c, const char *usage)
{
	static const char ends[] = " []|";
	char word[LITERAL_MAX];

	for (usage += strspn(usage, ends); *usage;) {
		size_t len = strcspn(usage, ends);
		bool literal = islower((unsigned char)usage[0]) != 0;

		for (size_t i = 0; i < len; i++)
			literal &= !isupper((unsigned char)usage[i]);
		snprintf(word, sizeof(word), "%.*s", (int)len, usage);
		if (literal)
			offer(c, word, "");
		usage += len;
		usage += strspn(usage, ends);
	}
}

static void offer_commands(struct completing *c)
{
	for (unsigned i = 0; i < command_count; i++)
		if (!commands[i]->hidden)
			offer(c, commands[i]->name, commands[i]->brief);
}

/* The usage names what a command takes. */
static void offer_arguments(struct completing *c)
{
	const char *usage = c->command->usage;

	if (c->args >= c->command->most)
		return;
	if (!c->args)
		offer_literals(c, usage);
	if (!c->args && strstr(usage, "COMMAND"))
		offer_commands(c);
	if (strstr(usage, "RUN"))
		offer_runs(c);
	if (strstr(usage, "NODE"))
		offer_nodes(c);
	if (strstr(usage, "NETWORK.yaml") || strstr(usage, "FILE") ||
	    strstr(usage, "STORE") || strstr(usage, "RUN"))
		c->from_disk = "files";
}

/* ---- the words before ---- */

static void take_command(struct completing *c, const struct command *command)
{
	c->command = command;
	c->args = 0;
	c->options.count = 0;
	if (command && !command->verb_count)
		command_options(command, &c->options);
	else if (command)
		command_options(command->verbs[0], &c->options);
}

static void pass_word(struct completing *c, const char *word)
{
	if (!c->command)
		take_command(c, command_find(word, NULL));
	else if (c->command->verb_count)
		take_command(c, command_find_verb(c->command, word, NULL));
	else
		c->args++;
}

static void offer_words(struct completing *c)
{
	if (!c->command)
		offer_commands(c);
	else if (!c->command->verb_count)
		offer_arguments(c);
	for (unsigned i = 0; c->command && i < c->command->verb_count; i++)
		offer(c, command_word(c->command->verbs[i]),
		      c->command->verbs[i]->brief);
}

/* A word before the last. */
static void read_before(struct completing *c, const char *word)
{
	const struct option *waits = c->waits, *o;
	const char *value = NULL;

	c->waits = NULL;
	if (waits) {
		if (!strcmp(waits->name, "runs"))
			c->runs = word;
		return;
	}
	if (c->only_args || word[0] != '-') {
		pass_word(c, word);
		return;
	}
	c->only_args = !strcmp(word, "--");
	o = option_of(c, word, &value);
	if (o && !value)
		c->waits = o;
	else if (o && !strcmp(o->name, "runs"))
		c->runs = value;
}

static void offer_last(struct completing *c)
{
	const char *value = NULL;
	const struct option *o;
	char before[OPTION_FORM + 1];

	if (c->waits) {
		offer_value(c, c->waits, "");
	} else if (c->only_args || c->last[0] != '-') {
		offer_words(c);
	} else if ((o = option_of(c, c->last, &value)) && value) {
		snprintf(before, sizeof(before), "%.*s", (int)(value - c->last),
			 c->last);
		offer_value(c, o, before);
	} else {
		offer_options(c);
	}
}

void complete_words(const char *const *words, unsigned count, struct buf *out)
{
	cleanup(buf_release) struct buf offers = BUF_PART(out, out->max);
	struct completing c = { .runs = "runs", .from_disk = "" };

	c.last = count ? words[count - 1] : "";
	c.out = &offers;
	options_gather(&program_group, 0, &c.options);
	for (unsigned i = 0; i + 1 < count; i++)
		read_before(&c, words[i]);
	if (c.options.count) /* else a word named no command */
		offer_last(&c);
	buf_addf(out, ":%s\n%s", c.from_disk, buf_text(&offers));
}
