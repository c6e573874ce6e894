/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_validate.c - medley validate: all that is wrong with a network.yaml. */
#include <stdio.h>
#include <string.h>

#include "base/plain.h"
#include "base/counted.h"
#include "cli/cli.h"
#include "cli/job.h"
#include "cli/precheck.h"
#include "cli/print.h"
#include "data/yaml.h"
#include "report/expected.h"

enum { SOURCE_MAX = 16 * 1024 * 1024, LINE_MAX_BYTES = 65536, SHOWN = 76 };
static const size_t arena_max = (size_t)256 * 1024 * 1024;

struct cmd_validate_options {
	struct common_options common;
};

static const struct option validate_options[] = {
	OPTIONS_OF_GROUP(json_group, struct cmd_validate_options, common),
};

/* What was found wrong in one file. */
struct checked_file {
	const char *name;
	struct yaml_faults faults;
	struct buf source;
};

/* ---- for people ---- */

/* The line of that number; NULL: there is none. */
static const char *find_line(const char *source, int number, size_t *ret_len)
{
	for (int at = 1; at < number; at++) {
		source += strcspn(source, "\n");
		if (!*source++)
			return NULL;
	}
	*ret_len = strcspn(source, "\r\n");
	return source;
}

/* The bytes of so many characters. */
static size_t bytes_of(const char *text, size_t len, size_t characters)
{
	size_t i = 0;

	for (; i < len; i++)
		if (((unsigned char)text[i] & 0xC0) != 0x80 && !characters--)
			break;
	return i;
}

/* The source line and a caret; of a long line the part around the place. */
static void print_source(const char *source, const struct yaml_fault *f)
{
	cleanup(buf_release) struct buf plain = BUF_INIT(LINE_MAX_BYTES);
	size_t len = 0, column = (size_t)f->column - 1, from = 0;
	const char *line = f->line ? find_line(source, f->line, &len) : NULL;
	char part[4 * SHOWN + 1];

	if (!line)
		return;
	if (column > SHOWN / 2 && bytes_of(line, len, SHOWN) < len)
		from = column - SHOWN / 2;
	line += bytes_of(line, len, from);
	snprintf(part, sizeof(part), "%.*s",
		 (int)bytes_of(line, strcspn(line, "\r\n"), SHOWN), line);
	plain_line(&plain, part);
	print_line(stdout, "  %s", buf_text(&plain));
	printf("  %*s^\n", (int)(column - from), "");
}

static void print_faults(const struct checked_file *c)
{
	for (unsigned i = 0; i < c->faults.count; i++) {
		const struct yaml_fault *f = &c->faults.list[i];

		if (f->line)
			print_line(stdout, "%s:%d:%d: %s", c->name, f->line,
				   f->column, f->text);
		else
			print_line(stdout, "%s: %s", c->name, f->text);
		print_source(buf_text(&c->source), f);
	}
}

static void print_network(const struct network *net)
{
	cleanup(buf_release) struct buf releases = BUF_INIT(LINE_MAX_BYTES);

	job_name_releases(net, &releases);
	print_line(stdout, "%s is valid: %u nodes, %s", net->file,
		   net->node_count, buf_text(&releases));
}

/* ---- for programs ---- */

static struct js *faults_json(const struct checked_file *c)
{
	struct js *list = js_array();

	for (unsigned i = 0; i < c->faults.count; i++) {
		const struct yaml_fault *f = &c->faults.list[i];
		struct js *one = js_object();

		js_set_str(one, "file", c->name);
		js_set_int(one, "line", f->line);
		js_set_int(one, "column", f->column);
		js_set_str(one, "text", f->text);
		js_append(list, one);
	}
	return list;
}

static int print_json(const struct checked_file *c, struct error *err)
{
	cleanup(js_freep) struct js *root = js_object();

	js_set_str(root, "file", c->name);
	js_set_bool(root, "valid", !c->faults.count);
	js_set(root, "errors", faults_json(c));
	return job_print_json(root, err);
}

/* ---- both ---- */

/* A run reads the file beside the network file, too. */
static void look_beside(struct checked_file *c)
{
	struct expected ignored;
	struct error why = { 0 };
	char path[PATH_ROOM];

	if (expected_read(expected_beside(c->name, path), c->faults.arena,
			  &ignored, &why) < 0)
		yaml_faults_add(&c->faults, c->name, &why);
}

/* 0, also with faults; -1: the file cannot be read. */
static int look(struct checked_file *c, struct network *net, struct error *err)
{
	struct error why = { 0 };

	if (network_check(c->name, c->faults.arena, &c->faults, net, &why) ==
	    0) {
		precheck_all(net, c->faults.arena, &c->faults);
	} else if (!c->faults.count) {
		*err = why;
		return -1;
	}
	look_beside(c);
	yaml_faults_sort(&c->faults);
	return 0;
}

static int check_file(struct checked_file *c, bool json, struct error *err)
{
	struct network net = { 0 };

	if (file_read(c->name, &c->source, err) < 0 || look(c, &net, err) < 0)
		return -1;
	if (json && print_json(c, err) < 0)
		return -1;
	if (!json)
		print_faults(c);
	if (!json && !c->faults.count)
		print_network(&net);
	if (!c->faults.count)
		return 0;
	return error_set(err, ERROR_INPUT, "%s has %lld %s", c->name,
			 COUNTED(c->faults.count, "error"));
}

static int validate(const struct cli *cli, int *exit_code, struct error *err)
{
	cleanup(arena_release) struct arena arena = ARENA_INIT(arena_max);
	struct checked_file c = { .name = cli->args[0],
				  .faults.arena = &arena,
				  .source = BUF_INIT(SOURCE_MAX) };
	int rc;

	(void)exit_code;
	rc = check_file(&c, cli_common(cli)->json, err);
	buf_release(&c.source);
	return rc;
}

const struct command command_validate = {
	.name = "validate",
	.usage = "NETWORK.yaml",
	.brief = "print everything that is wrong with a network.yaml",
	.text = "Checks what can be known without a network: keys, types, "
		"bounds, names, and whether the clone has each commit-ish. "
		"Prints each error with its line and a caret below the place. "
		"A value that depends on other values is checked only if those "
		"are valid. Checks expected.yaml beside the file as well. "
		"Creates nothing. Exit code 0: the file is valid; "
		"64: it is not.",
	.examples = EXAMPLES({ "medley validate network.yaml", "before a run" },
			     { "medley validate network.yaml --json",
			       "for an editor" }),
	.least = 1,
	.most = 1,
	COMMAND_OPTIONS(validate_options, struct cmd_validate_options),
	.run = validate,
};
