/* SPDX-License-Identifier: Apache-2.0 */
/* words.c - how verdicts, money, times and evidence are said, everywhere. */
#include "report/words.h"

#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/money.h"
#include "base/plain.h"
#include "base/shell.h"
#include "run/jvm.h"
#include "sys/clock.h"

enum { SHELL_WORD_MAX = 16 * 1024 };
enum { DRIVES_MAX = 4 }; /* that are named to do a run again */
enum { MERGED_MAX = 20 }; /* runs that are named to join them again */

static const struct {
	const char *name, *brief, *glyph, *ascii;
} verdicts[VERDICTS] = {
	[VERDICT_PASS] = { "pass", "pass", "✓", "+" },
	[VERDICT_FAIL] = { "fail", "FAIL", "✗", "x" },
	[VERDICT_FLAKY] = { "flaky", "flaky", "≈", "~" },
	[VERDICT_UNDECIDED] = { "undecided", "undec", "?", "?" },
	[VERDICT_UNSUPPORTED] = { "unsupported", "unsup", "⊘", "/" },
	[VERDICT_NOT_RUN] = { "not-run", "-", "–", "-" },
	[VERDICT_KNOWN] = { "known-failure", "known", "⊗", "k" },
};

const char *verdict_name(enum verdict v)
{
	return verdicts[v].name;
}

bool verdict_of_word(const char *word, enum verdict *ret)
{
	for (int v = 0; word && v < VERDICTS; v++)
		if (!strcmp(verdicts[v].name, word)) {
			*ret = (enum verdict)v;
			return true;
		}
	return false;
}

const char *verdict_short(enum verdict v)
{
	return verdicts[v].brief;
}

const char *verdict_glyph(enum verdict v)
{
	return verdicts[v].glyph;
}

const char *verdict_sign(const char *name, bool utf8)
{
	for (size_t i = 0; i < ARRAY_SIZE(verdicts); i++)
		if (!strcmp(verdicts[i].name, name))
			return utf8 ? verdicts[i].glyph : verdicts[i].ascii;
	return ".";
}

const char *absence_name(enum absence a)
{
	static const char *const names[] = {
		[ABSENT_NOT] = NULL,	  [ABSENT_ONE_BANK] = "one-bank",
		[ABSENT_BUILD] = "build", [ABSENT_BOOT] = "boot",
		[ABSENT_LOAD] = "load",	  [ABSENT_APART] = "apart",
	};

	return names[a];
}

enum absence absence_of_word(const char *word)
{
	for (int a = ABSENT_NOT + 1; word && a <= ABSENT_APART; a++)
		if (!strcmp(absence_name((enum absence)a), word))
			return (enum absence)a;
	return ABSENT_NOT;
}

const char *seal_word(enum seal_state seal)
{
	static const char *const names[] = {
		[SEAL_NONE] = "none",
		[SEAL_WHOLE] = "whole",
		[SEAL_BROKEN] = "broken",
	};

	return names[seal];
}

void write_money(struct buf *out, MONEY_SUM amount, const char *currency)
{
	cleanup(buf_release) struct buf plain = BUF_PART(out, 64 * 1024);

	plain_line(&plain, currency ? currency : "");
	money_add(out, amount, buf_text(&plain));
}

void write_duration(struct buf *out, int64_t us)
{
	if (us < 999500)
		buf_addf(out, "%lld ms", (long long)(us + 500) / 1000);
	else if (us < 9950000)
		buf_addf(out, "%.1f s", (double)us / 1e6);
	else if (us < 120000000)
		buf_addf(out, "%lld s", (long long)(us + 500000) / 1000000);
	else
		buf_addf(out, "%lld min %lld s", (long long)us / 60000000,
			 (long long)us / 1000000 % 60);
}

void write_tx(struct buf *out, const char *tx)
{
	char brief[32];
	size_t len = strlen(tx);

	if (len > 16)
		snprintf(brief, sizeof(brief), "%.8s…%s", tx, tx + len - 5);
	plain_line(out, len > 16 ? brief : tx);
}

void write_time(struct buf *out, int64_t wall_us)
{
	char room[CLOCK_TEXT];

	clock_text(room, wall_us);
	buf_addf(out, "%.8s", strlen(room) > 11 ? room + 11 : room);
}

void write_jars(struct buf *out, const struct release *r)
{
	char brief[32];

	if (!r->cordapps)
		return;
	plain_line(out, r->cordapps);
	if (r->contracts) {
		snprintf(brief, sizeof(brief), " (%.8s…)", r->contracts);
		plain_line(out, brief);
	}
}

void write_jvm(struct buf *out, const struct network *net)
{
	const char *first = jvm_word(net->node_count ? net->nodes->jvm : NULL);

	plain_line(out, first);
	for (unsigned i = 1; i < net->node_count; i++) {
		const struct network_node *n = &net->nodes[i];

		if (!strcmp(jvm_word(n->jvm), first))
			continue;
		buf_add_str(out, ", ");
		plain_line(out, n->name);
		buf_add_str(out, ": ");
		plain_line(out, jvm_word(n->jvm));
	}
}

void write_way(struct buf *out, const struct judgement *j,
	       const struct cell *cell)
{
	const struct release *releases = j->record->net.releases;

	plain_line(out, releases[cell->payer].label);
	buf_add_str(out, " -> ");
	plain_line(out, releases[cell->payee].label);
}

void write_shell(struct buf *out, const char *text)
{
	cleanup(buf_release) struct buf word = BUF_PART(out, SHELL_WORD_MAX);

	shell_add_word(&word, text);
	plain_line(out, buf_text(&word));
}

void write_look(struct buf *out, const struct judgement *j,
		const struct source *source, const char *tx, const char *node)
{
	const char *run_dir = source ? source->dir : j->record->run_dir;
	char brief[9];

	snprintf(brief, sizeof(brief), "%s", tx ? tx : "");
	buf_add_str(out, tx ? "medley show tx " : "medley logs ");
	write_shell(out, tx ? brief : run_dir);
	buf_add_u8(out, ' ');
	write_shell(out, tx ? run_dir : node);
}

/* The runs are there already. */
static void write_merge_again(struct buf *out, const struct record *r)
{
	const size_t named =
		r->source_count < MERGED_MAX ? r->source_count : MERGED_MAX;

	buf_add_str(out, "medley report --merge");
	for (size_t i = 0; i < named; i++) {
		buf_add_u8(out, ' ');
		write_shell(out, r->sources[i].dir);
	}
	buf_addf(out, "%s -o ", named < r->source_count ? " ..." : "");
	write_shell(out, r->run_dir);
}

/* Its images have digests, and it went through no change of its network. */
static bool can_be_reproduced(const struct record *r)
{
	return r->again.net.database_image && !r->again.changed &&
	       !r->again.unknown;
}

void write_again(struct buf *out, const struct record *r)
{
	const size_t drives = r->load_file_count < DRIVES_MAX
				      ? r->load_file_count
				      : DRIVES_MAX;

	if (r->source_count) {
		write_merge_again(out, r);
		return;
	}
	if (can_be_reproduced(r)) {
		buf_add_str(out, "medley reproduce ");
		write_shell(out, r->run_dir);
		return;
	}
	buf_add_str(out, "medley run ");
	write_shell(out, r->net.file ? r->net.file : "");
	buf_addf(out, " --seed %llu%s", (unsigned long long)r->net.seed,
		 drives ? " --keep" : "");
	for (size_t i = 0; i < drives; i++) {
		buf_add_str(out, " && medley drive --load ");
		write_shell(out, r->load_files[i]);
	}
	if (drives < r->load_file_count)
		buf_add_str(out, " && ...");
}
