/* SPDX-License-Identifier: Apache-2.0 */
/* man.c - manual pages, from the tables of commands, options and keys. */
#include "cli/man.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "cli/cli.h"
#include "cli/roff.h"
#include "run/network_keys.h"

enum { PART_MAX = 65536 };

static const char network_page[] = "network.yaml.5";

/* The command of that number, hidden ones not counted; NULL: there are no
 * more. */
static const struct command *shown_command(unsigned number)
{
	for (unsigned i = 0; i < command_count; i++)
		if (!commands[i]->hidden && !number--)
			return commands[i];
	return NULL;
}

static unsigned count_shown(void)
{
	unsigned n = 0;

	while (shown_command(n))
		n++;
	return n;
}

/* medley.1, the commands, network.yaml.5 */
const char *man_page_name(unsigned number, char room[MAN_NAME])
{
	const struct command *c = number ? shown_command(number - 1) : NULL;

	if (!number)
		snprintf(room, MAN_NAME, "medley.1");
	else if (c)
		snprintf(room, MAN_NAME, "medley-%s.1", c->name);
	else if (number == count_shown() + 1)
		snprintf(room, MAN_NAME, "%s", network_page);
	else
		return NULL;
	return room;
}

/* ---- parts of pages ---- */

static void add_name(struct buf *out, const char *name, const char *brief)
{
	roff_section(out, "NAME");
	roff_text(out, name);
	buf_add_str(out, " \\- ");
	roff_text(out, brief);
	buf_add_u8(out, '\n');
}

static void add_synopsis(struct buf *out, const struct command *c)
{
	buf_add_str(out, ".B medley ");
	roff_text(out, c->name);
	buf_add_u8(out, '\n');
	if (*c->usage)
		roff_line(out, c->usage);
	buf_add_str(out, "[options]\n");
}

static void add_options(struct buf *out, const struct option_list *list)
{
	char form[OPTION_FORM];

	for (unsigned i = 0; i < list->count; i++)
		roff_item(out, option_form(&list->list[i], form),
			  list->list[i].help);
}

static void add_examples(struct buf *out, const struct command *c)
{
	for (const struct usage_example *e = c->examples; e && e->line; e++) {
		cleanup(buf_release) struct buf what = BUF_PART(out, PART_MAX);

		buf_addf(&what, "%s:", e->what);
		buf_add_str(out, ".TP\n");
		roff_line(out, buf_text(&what));
		roff_line(out, e->line);
	}
}

static void add_exit_codes(struct buf *out)
{
	char code[16];

	roff_section(out, "EXIT STATUS");
	for (unsigned i = 0; i < exit_code_count; i++) {
		snprintf(code, sizeof(code), "%d", exit_codes[i].code);
		roff_item(out, code, exit_codes[i].meaning);
	}
}

/* ---- pages ---- */

static void write_overview(struct buf *out)
{
	struct option_list options = { .count = 0 };
	const struct command *c;

	roff_begin(out, "MEDLEY", 1);
	add_name(out, "medley", "do the releases of a node work together?");
	roff_section(out, "SYNOPSIS");
	buf_add_str(out, ".B medley\n[options] command ...\n");
	roff_section(out, "COMMANDS");
	for (unsigned i = 0; i < command_count; i++) {
		c = commands[i];
		if (command_group(i))
			roff_subsection(out, command_group(i));
		if (!c->hidden)
			roff_item(out, c->name, c->brief);
	}
	roff_section(out, "OPTIONS");
	roff_paragraph(out, "Write these options before the command or after "
			    "it, `--version` before it.");
	options_gather(&program_group, 0, &options);
	add_options(out, &options);
	add_exit_codes(out);
	roff_section(out, "EXAMPLES");
	add_examples(out, &command_run);
	roff_section(out, "SEE ALSO");
	for (unsigned i = 0; (c = shown_command(i)); i++) {
		buf_add_str(out, ".BR ");
		buf_addf(out, "medley\\-%s (1),\n", c->name);
	}
	buf_add_str(out, ".BR network.yaml (5)\n");
}

static void write_verb(struct buf *out, const struct command *verb)
{
	struct option_list own = { .count = 0 };

	roff_subsection(out, verb->name);
	add_synopsis(out, verb);
	roff_paragraph(out, verb->brief);
	if (verb->text)
		roff_paragraph(out, verb->text);
	options_gather(&verb->options, 0, &own);
	add_options(out, &own);
	add_examples(out, verb);
}

static void add_upper(struct buf *out, const char *text)
{
	for (; *text; text++)
		buf_add_u8(out, (uint8_t)toupper((unsigned char)*text));
}

static void write_command(struct buf *out, const struct command *c)
{
	cleanup(buf_release) struct buf title = BUF_PART(out, PART_MAX);
	cleanup(buf_release) struct buf name = BUF_PART(out, PART_MAX);
	struct option_list options;

	buf_addf(&name, "medley-%s", c->name);
	add_upper(&title, buf_text(&name));
	roff_begin(out, buf_text(&title), 1);
	add_name(out, buf_text(&name), c->brief);
	roff_section(out, "SYNOPSIS");
	add_synopsis(out, c);
	roff_section(out, "DESCRIPTION");
	roff_paragraph(out, c->text ? c->text : c->brief);
	if (c->verb_count)
		roff_section(out, "VERBS");
	for (unsigned i = 0; i < c->verb_count; i++)
		write_verb(out, c->verbs[i]);
	roff_section(out, "OPTIONS");
	if (c->verb_count)
		roff_paragraph(out, "These are the options of the first verb, "
				    "which is the default. Each verb takes the "
				    "last three.");
	command_options(c->verb_count ? c->verbs[0] : c, &options);
	add_options(out, &options);
	add_exit_codes(out);
	roff_section(out, "EXAMPLES");
	add_examples(out, c);
	roff_section(out, "SEE ALSO");
	buf_add_str(out, ".BR medley (1),\n.BR network.yaml (5)\n");
}

static void write_key(const char *place, const struct key *k, bool variant,
		      void *ctx)
{
	struct buf *out = ctx;
	cleanup(buf_release) struct buf text = BUF_PART(out, PART_MAX);

	buf_addf(&text, "%s (", k->help);
	key_describe(k, &text);
	if (variant)
		buf_add_str(&text, "; one of these keys an item)");
	else if (k->required)
		buf_add_str(&text, "; required)");
	else
		buf_addf(&text, "; default: %s)",
			 k->fallback	? k->fallback
			 : k->otherwise ? k->otherwise
					: "none");
	roff_item(out, place, buf_text(&text));
}

static void write_network(struct buf *out)
{
	roff_begin(out, "NETWORK.YAML", 5);
	add_name(out, "network.yaml", "the network that medley tests");
	roff_section(out, "DESCRIPTION");
	roff_paragraph(out,
		       "The network that `medley run` and `medley generate` "
		       "read. At least two bank nodes and one notary are "
		       "needed. A key that is not in this list, a value of "
		       "another type or out of its bounds, or a key given "
		       "twice is an error.");
	roff_section(out, "KEYS");
	keys_walk(&network_given_keys, write_key, out);
	roff_section(out, "EXAMPLES");
	roff_begin_lines(out);
	roff_line(out, "banks:");
	roff_line(out, "  - release: maven:4.0");
	roff_line(out, "  - release: maven:4.8");
	roff_line(out, "notaries:");
	roff_line(out, "  - release: maven:4.8");
	roff_line(out, "cordapps: finance-4.0");
	roff_end_lines(out);
	roff_section(out, "SEE ALSO");
	buf_add_str(out, ".BR medley (1)\n");
}

void man_write(unsigned number, struct buf *out)
{
	const struct command *c = number ? shown_command(number - 1) : NULL;

	if (!number)
		write_overview(out);
	else if (c)
		write_command(out, c);
	else
		write_network(out);
}
