/* SPDX-License-Identifier: Apache-2.0 */
/* facts.c - a check that is given facts in place of databases. */
#include "test/support/facts.h"

#include "test/support/test.h"

enum { ROOM = 1 << 24, NO_LOOK_UPS = 1000 };

static struct release release = { .label = "4.0" };
static struct network_node nodes[FACTS_NODES] = {
	[FACTS_BANK] = { .name = "bank" },
	[FACTS_OTHER] = { .name = "other" },
	[FACTS_A] = { .name = "a", .role = NODE_NOTARY },
	[FACTS_B] = { .name = "b", .role = NODE_NOTARY },
};

int facts_begin(void **state)
{
	static struct facts s;
	struct error err = { 0 };

	s = (struct facts){ .arena = ARENA_INIT(ROOM),
			    .check = { .run_dir = s.dir,
				       .net = { .releases = &release,
						.release_count = 1,
						.nodes = nodes,
						.node_count = FACTS_NODES },
				       .arena = ARENA_INIT(ROOM),
				       .log_ends = s.ends,
				       .listed = s.listed,
				       .lineage = lineage_new(),
				       .looked_up = NO_LOOK_UPS } };
	*state = &s;
	assert_non_null(s.check.lineage);
	assert_ok(dir_make_temporary("/tmp/medley-facts-", s.dir, &err), err);
	assets_init(&s.check.assets);
	assert_ok(spool_open(s.dir, 1, &s.check.keys, &err), err);
	assert_ok(spool_open(s.dir, 1, &s.check.states, &err), err);
	assert_ok(spool_open(s.dir, 1, &s.check.claims, &err), err);
	assert_ok(spool_open(s.dir, 1, &s.check.transactions, &err), err);
	return 0;
}

int facts_end(void **state)
{
	struct facts *s = *state;

	for (size_t i = 0; i < s->count; i++)
		js_free(s->found[i].evidence);
	spool_free(s->check.keys);
	spool_free(s->check.states);
	spool_free(s->check.claims);
	spool_free(s->check.transactions);
	lineage_free(s->check.lineage);
	assets_release(&s->check.assets);
	arena_release(&s->check.arena);
	arena_release(&s->arena);
	return dir_remove(s->dir, NULL);
}

void facts_add(struct spool *to, uint8_t key, struct fact f)
{
	f.key[0] = key;
	spool_add(to, &f);
}

int32_t facts_asset(struct facts *s, const char *currency, const char *issuer)
{
	int32_t asset = assets_find(&s->check.assets, currency, issuer,
				    (const uint8_t *)"", 1, issuer);

	assert_true(asset >= 0);
	return asset;
}

void facts_judge(struct facts *s)
{
	struct error err = { 0 };

	assert_ok(check_join_keys(&s->check, &err), err);
	assert_ok(check_join_states(&s->check, &err), err);
	assert_ok(check_join_claims(&s->check, &err), err);
	assert_ok(check_join_transactions(&s->check, &err), err);
	assert_ok(check_rest(&s->check, &err), err);
	assert_ok(finding_load(s->dir, &s->arena, &s->found, &s->count, &err),
		  err);
	for (size_t i = 0; i < s->count; i++)
		print_message("    %s: %s\n", finding_name(s->found[i].kind),
			      s->found[i].summary);
}

void facts_find(struct facts *s, enum finding_kind kind, uint8_t tx,
		const char *part)
{
	const uint8_t id[FACT_ID] = { tx };
	char text[FACT_TEXT];

	facts_judge(s);
	assert_int_equal(s->count, 1);
	assert_int_equal(s->found[0].kind, kind);
	if (tx)
		assert_string_equal(s->found[0].tx, fact_text(text, id));
	else
		assert_null(s->found[0].tx);
	if (!strstr(s->found[0].summary, part))
		fail_msg("\"%s\" is not in \"%s\"", part, s->found[0].summary);
}
