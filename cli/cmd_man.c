/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_man.c - medley man: its manual pages, for `make install`. */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/man.h"

enum { PAGE_MAX = 1024 * 1024 };

static void list_pages(void)
{
	char name[MAN_NAME];

	for (unsigned i = 0; man_page_name(i, name); i++)
		puts(name);
}

/* By "medley-run.1" or "medley-run". */
static bool names_page(const char *word, const char *page)
{
	size_t len = strlen(word);

	return !strncmp(word, page, len) &&
	       (!page[len] || page + len == strrchr(page, '.'));
}

static int man(const struct cli *cli, int *exit_code, struct error *err)
{
	cleanup(buf_release) struct buf out = BUF_INIT(PAGE_MAX);
	const char *word = cli_arg(cli, 0);
	char name[MAN_NAME];

	(void)exit_code;
	if (!word) {
		list_pages();
		return 0;
	}
	for (unsigned i = 0; man_page_name(i, name); i++) {
		if (!names_page(word, name))
			continue;
		man_write(i, &out);
		fputs(buf_text(&out), stdout);
		return buf_check(&out, err);
	}
	return error_set(err, ERROR_INPUT,
			 "no manual page '%s'; 'medley man' lists them", word);
}

const struct command command_man = {
	.name = "man",
	.usage = "[PAGE]",
	.brief = "print a manual page for man(1), or list the pages",
	.text = "`make install` writes the pages where man(1) looks for them.",
	.examples = EXAMPLES({ "medley man medley-run.1", "a page" }),
	.most = 1,
	COMMAND_NO_OPTIONS,
	.run = man,
};
