/* SPDX-License-Identifier: Apache-2.0 */
/* network_draft.c - a commented network.yaml for a person to begin with. */
#include "run/network_draft.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/wrap.h"
#include "run/network_keys.h"
#include "run/network_names.h"

enum { WIDTH = 78, HELP_MAX = 4096, WORD_MOST = 24 };

/* Lines that begin with "# ". */
static void comment(struct buf *out, const char *text)
{
	buf_add_str(out, "# ");
	for (; *text; text++) {
		if (*text != '`')
			buf_add_u8(out, (uint8_t)*text);
		if (*text == '\n')
			buf_add_str(out, "# ");
	}
	buf_add_u8(out, '\n');
}

static void comment_wrapped(struct buf *out, const char *text)
{
	cleanup(buf_release) struct buf lines = BUF_PART(out, HELP_MAX);

	text_wrap(&lines, text, 2, 0, WIDTH);
	if (lines.len) /* the newline is comment()'s */
		lines.data[--lines.len] = 0;
	comment(out, buf_text(&lines));
}

/* Without quotes where a person would write none. */
static void add_word(struct buf *out, const char *word)
{
	if (strspn(word, "abcdefghijklmnopqrstuvwxyz0123456789.:-") ==
		    strlen(word) &&
	    (release_is_maven(word) || cordapps_version(word)))
		buf_add_str(out, word);
	else
		yaml_quote(out, word);
}

static void add_bank(struct buf *out, const struct draft_release *r,
		     const char *before)
{
	cleanup(buf_release) struct buf word = BUF_PART(out, HELP_MAX);

	add_word(&word, r->word);
	if (r->built)
		buf_addf(out, "%s  - release: %-*s # its image is built\n",
			 before, WORD_MOST, buf_text(&word));
	else
		buf_addf(out, "%s  - release: %s\n", before, buf_text(&word));
}

static unsigned count_chosen(const struct network_draft *d)
{
	unsigned n = 0;

	for (unsigned i = 0; i < d->count; i++)
		n += d->releases[i].chosen;
	return n;
}

static void add_banks(const struct network_draft *d, struct buf *out)
{
	unsigned chosen = count_chosen(d);

	comment(out,
		"A bank of each release. Each bank pays every other one. The "
		"node of a bank\ntakes 0.6 to 0.8 GB of memory.");
	buf_add_str(out, "banks:\n");
	for (unsigned i = 0; i < d->count; i++)
		if (d->releases[i].chosen)
			add_bank(out, &d->releases[i], "");
	if (chosen == 1)
		buf_add_str(out, "    count: 2 # one bank has nobody to pay\n");
	if (chosen == d->count)
		return;
	comment(out, "Other releases. Remove the # before a line to test "
		     "this release, too.");
	for (unsigned i = 0; i < d->count; i++)
		if (!d->releases[i].chosen)
			add_bank(out, &d->releases[i], "#");
}

static void add_notary(const struct network_draft *d, struct buf *out)
{
	const char *last = NULL;

	for (unsigned i = 0; i < d->count; i++)
		if (d->releases[i].chosen)
			last = d->releases[i].word;
	buf_add_u8(out, '\n');
	comment(out, "The notary, which prevents that money is spent twice. "
		     "Each further entry is\nanother notary, with its own "
		     "matrix.");
	buf_add_str(out, "notaries:\n  - release: ");
	add_word(out, last ? last : "");
	buf_add_str(out, "\n    validating: false\n\n");
	comment(out, "The CorDapps (jars with contracts and flows) of every "
		     "bank. Payments between\nbanks with different CorDapps "
		     "may fail.");
	buf_add_str(out, "cordapps: ");
	add_word(out, d->cordapps);
	buf_add_u8(out, '\n');
	if (!d->repo)
		return;
	buf_add_u8(out, '\n');
	comment(out, "The clone that has the commits, branches and tags.");
	buf_add_str(out, "repo: ");
	add_word(out, d->repo);
	buf_add_u8(out, '\n');
}

/* ---- optional keys ---- */

static void add_key(struct buf *out, const struct key *k, int indent);

static void add_inner(struct buf *out, const struct key *k, int indent)
{
	buf_addf(out, "#%*s%s:\n", indent, "", k->name);
	for (const struct key *i = NULL; (i = keys_next(k->inner, i));)
		add_key(out, i, indent + 2);
}

/* Of a key without a default nothing can be said that means the same. */
static void add_key(struct buf *out, const struct key *k, int indent)
{
	if (k->type == KEY_MAP) {
		add_inner(out, k, indent);
		return;
	}
	if (!k->fallback)
		return;
	comment_wrapped(out, k->help);
	buf_addf(out, "#%*s%s: %s\n", indent, "", k->name, k->fallback);
}

static bool is_offered(const struct key *k)
{
	static const char *const names[] = { "engine", "jvm", "load", "gates",
					     "timeouts" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (!strcmp(names[i], k->name))
			return true;
	return false;
}

void network_draft_write(const struct network_draft *d, struct buf *out)
{
	const struct key *k = NULL;

	comment(out, "The network that `medley run` tests. `medley validate` "
		     "prints every error of this\nfile, `medley help "
		     "network.yaml` every key.");
	buf_add_u8(out, '\n');
	add_banks(d, out);
	add_notary(d, out);
	buf_add_u8(out, '\n');
	comment(out, "Optional keys, each with its default. Remove the # "
		     "before a key, and\nbefore the name of its group, to "
		     "change it.");
	while ((k = keys_next(&network_given_keys, k)))
		if (is_offered(k))
			add_key(out, k, 0);
}
