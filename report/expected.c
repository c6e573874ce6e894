/* SPDX-License-Identifier: Apache-2.0 */
/* expected.c - expected.yaml: which cells do not work, why, and until when. */
#include "report/expected.h"

#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/nearest.h"
#include "data/keys.h"
#include "data/yaml_edit.h"
#include "run/records.h"
#include "sys/clock.h"

enum { FILE_MAX = 16 * 1024 * 1024 };

const char expected_file[] = "expected.yaml";

/* ---- the keys ---- */

/* Forms of an entry: an unsupported pair has no failure to describe. */
enum { OF_UNSUPPORTED = 1, OF_KNOWN = 2 };

#define ENTRY_OF(key, member, about)                                           \
	.name = key, .offset = offsetof(struct expected_entry, member),        \
	.help = about

static const struct key entry_list[] = {
	{ ENTRY_OF("payer", payer, "label of the release that pays"),
	  .type = KEY_TEXT, .required = true },
	{ ENTRY_OF("payee", payee, "label of the release that is paid"),
	  .type = KEY_TEXT, .required = true },
	{ ENTRY_OF("notary", notary, "label of the notary's release"),
	  .type = KEY_TEXT, .otherwise = "any" },
	{ ENTRY_OF("reason", reason, "why the cell does not work"),
	  .type = KEY_TEXT, .required = true },
	{ ENTRY_OF("issue", issue, "link to the issue about it"),
	  .type = KEY_TEXT },
	{ ENTRY_OF("owner", owner, "who takes care of it"), .type = KEY_TEXT },
	{ ENTRY_OF("expires", expires_us,
		   "the last day of the entry, UTC; a run that began later is "
		   "judged without the entry"),
	  .type = KEY_DATE, .otherwise = "never" },
	{ ENTRY_OF("finding", finding,
		   "the kinds of findings that the cell may have, separated "
		   "by commas; any other failure is not excused"),
	  .type = KEY_TEXT, .only = OF_KNOWN, .otherwise = "any" },
	{ ENTRY_OF("message", message,
		   "a part of the cell's reason, of the first error or of a "
		   "finding's summary, in upper or lower case; a failure "
		   "without it is not excused"),
	  .type = KEY_TEXT, .only = OF_KNOWN, .otherwise = "any" },
	{ ENTRY_OF("flaky", flaky,
		   "the cell fails only sometimes, so the report does not warn "
		   "if it passes"),
	  .type = KEY_BOOL, .only = OF_KNOWN, .fallback = "false" },
};

#define ENTRY_KEYS(about, which)                                               \
	{ .what = about,                                                       \
	  .list = entry_list,                                                  \
	  .count = ARRAY_SIZE(entry_list),                                     \
	  .form = which,                                                       \
	  .size = sizeof(struct expected_entry),                               \
	  .at_offset = offsetof(struct expected_entry, at) }

static const struct keys entry_keys[] = {
	[EXPECTED_UNSUPPORTED] =
		ENTRY_KEYS("an unsupported pair", OF_UNSUPPORTED),
	[EXPECTED_KNOWN] = ENTRY_KEYS("a known failure", OF_KNOWN),
};

enum { KINDS = ARRAY_SIZE(entry_keys) };

/* The file as it is read. */
struct lists {
	struct expected_entry *list[KINDS];
	unsigned count[KINDS];
};

#define LIST_OF(key, which, about)                                             \
	{ .name = key,                                                         \
	  .type = KEY_LIST,                                                    \
	  .offset = offsetof(struct lists, list[which]),                       \
	  .count_offset = offsetof(struct lists, count[which]),                \
	  .inner = &entry_keys[which],                                         \
	  .max = ENTRIES_MAX,                                                  \
	  .help = about }

static const struct key list_list[] = {
	[EXPECTED_UNSUPPORTED] =
		LIST_OF("unsupported", EXPECTED_UNSUPPORTED,
			"pairs of releases that are not meant to work"),
	[EXPECTED_KNOWN] = LIST_OF("known_failures", EXPECTED_KNOWN,
				   "cells that fail now and are to work again"),
};

static const struct keys file_keys = KEYS_OF("expected.yaml", list_list);

const char *expected_key(enum expected_kind kind)
{
	return list_list[kind].name;
}

const char *expected_word(enum expected_kind kind)
{
	return kind == EXPECTED_KNOWN ? "known-failure" : "unsupported";
}

void expected_document(struct buf *out)
{
	buf_add_str(out, "# expected.yaml\n\n"
			 "This page is made by `medley help expected.yaml`. "
			 "[Verdicts](verdicts.md#expectedyaml) explains what "
			 "the entries do.\n\n"
			 "| key | value | default | meaning |\n"
			 "| --- | --- | --- | --- |\n");
	keys_document(&file_keys, out);
}

/* ---- reading ---- */

struct reading {
	const struct yaml_file *file;
	struct error *err;
};

static int check_length(const struct reading *r, const struct expected_entry *e,
			const char *name)
{
	const struct yaml_node *at = yaml_get(e->at, name);

	if (!at || at->len <= EXPECTED_TEXT_MAX)
		return 0;
	return yaml_error(r->file, at, r->err,
			  "%s: a text of %zu bytes; at most %d are allowed",
			  name, at->len, EXPECTED_TEXT_MAX);
}

static int bad_kind(const struct reading *r, const struct yaml_node *at,
		    const char *word)
{
	struct nearest n = nearest_to(word);

	for (int i = 0; i < FINDING_KINDS; i++)
		nearest_offer(&n, finding_name((enum finding_kind)i));
	if (n.word)
		return yaml_error(r->file, at, r->err,
				  "finding: unknown kind '%s'; did you mean "
				  "'%s'?",
				  word, n.word);
	return yaml_error(r->file, at, r->err,
			  "finding: unknown kind '%s'; docs/results.md lists "
			  "the kinds of findings",
			  word);
}

/* "lost, doubled" */
static int read_kinds(const struct reading *r, struct expected_entry *e)
{
	static const char between[] = ", ";
	const struct yaml_node *at = yaml_get(e->at, "finding");
	char word[40];

	for (const char *p = e->finding; p && *p;) {
		size_t len = strcspn(p, between);
		int kind;

		snprintf(word, sizeof(word), "%.*s", (int)len, p);
		kind = finding_kind_of(word);
		if (len && kind < 0)
			return bad_kind(r, at, word);
		if (len)
			e->findings |= UINT64_C(1) << kind;
		p += len + (p[len] != 0);
	}
	if (e->finding && !e->findings)
		return bad_kind(r, at, "");
	return 0;
}

static int check_entry(const struct reading *r, struct expected_entry *e)
{
	for (size_t i = 0; i < ARRAY_SIZE(entry_list); i++)
		if (check_length(r, e, entry_list[i].name) < 0)
			return -1;
	return read_kinds(r, e);
}

/* One array of all lists. */
static int gather(const struct reading *r, const struct lists *lists,
		  struct arena *arena, struct expected *ret)
{
	size_t count = 0;

	for (int k = 0; k < KINDS; k++)
		count += lists->count[k];
	ret->entries = arena_array(arena, count + 1, sizeof(*ret->entries));
	if (!ret->entries)
		return error_nomem(r->err);
	for (int k = 0; k < KINDS; k++)
		for (unsigned i = 0; i < lists->count[k]; i++) {
			struct expected_entry *e = &ret->entries[ret->count++];

			*e = lists->list[k][i];
			e->kind = (enum expected_kind)k;
			if (check_entry(r, e) < 0)
				return -1;
		}
	return 0;
}

static int read_root(const struct yaml_file *file, struct arena *arena,
		     struct expected *ret, struct error *err)
{
	const struct reading r = { file, err };
	struct expected e = { 0 };
	struct lists lists = { 0 };

	if (file->count > 1)
		return yaml_error(file, file->documents[1], err,
				  "expected one document, not %zu",
				  file->count);
	/* A file in which everything is commented out declares nothing. */
	if (file->count && !yaml_is_null(file->documents[0]) &&
	    (keys_read(&file_keys, file, file->documents[0], &lists, arena,
		       err) < 0 ||
	     gather(&r, &lists, arena, &e) < 0))
		return -1;
	*ret = e;
	return 0;
}

int expected_parse(const char *name, const void *text, size_t len,
		   struct arena *arena, struct expected *ret, struct error *err)
{
	struct yaml_file file;

	if (yaml_parse(name, text, len, arena, &file, err) < 0)
		return -1;
	return read_root(&file, arena, ret, err);
}

int expected_read(const char *path, struct arena *arena, struct expected *ret,
		  struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(FILE_MAX);
	int rc = file_read_if_there(path, &text, err);

	if (rc <= 0)
		return rc;
	return expected_parse(path, text.data, text.len, arena, ret, err) < 0
		       ? -1
		       : 1;
}

const char *expected_beside(const char *network_file, char room[PATH_ROOM])
{
	const char *slash = strrchr(network_file, '/');

	return path_printf(room, "%.*s%s",
			   slash ? (int)(slash - network_file) + 1 : 0,
			   network_file, expected_file);
}

int expected_load(const char *run_dir, const char *network_file, bool sealed,
		  struct arena *arena, struct expected *ret, struct error *err)
{
	char path[PATH_ROOM];
	int rc = expected_read(path_join(path, run_dir, expected_file), arena,
			       ret, err);

	if (rc || sealed || !network_file)
		return rc < 0 ? -1 : 0;
	rc = expected_read(expected_beside(network_file, path), arena, ret,
			   err);
	return rc < 0 ? -1 : 0;
}

/* ---- entries ---- */

int expected_line(const struct expected_entry *e)
{
	return e->at ? e->at->line : 0;
}

bool expected_covers(const struct expected_entry *e, const char *payer,
		     const char *payee, const char *notary)
{
	return !strcmp(e->payer, payer) && !strcmp(e->payee, payee) &&
	       (!e->notary || !strcmp(e->notary, notary));
}

bool expected_expired(const struct expected_entry *e, int64_t at_us)
{
	return e->expires_us && at_us >= e->expires_us + CLOCK_DAY_US;
}

int expected_item(const struct expected_entry *e, struct arena *arena,
		  struct yaml_node **ret, struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(64 * EXPECTED_TEXT_MAX);
	struct yaml_file file;

	keys_write(&entry_keys[e->kind], e, 0, &text);
	if (buf_check(&text, err) < 0 ||
	    yaml_parse(expected_file, text.data, text.len, arena, &file, err) <
		    0)
		return -1;
	if (!e->flaky)
		yaml_edit_drop(file.documents[0], "flaky");
	*ret = file.documents[0];
	return 0;
}
