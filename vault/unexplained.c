/* SPDX-License-Identifier: Apache-2.0 */
/* unexplained.c - what no transaction explains: flows that are left, sums, and
 * nodes of a notary that are behind. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/money.h"
#include "vault/motion.h"
#include "vault/tx_view.h"

enum { SUMMARY_MAX = 2048, ASSET_TEXT_MAX = 16 * 1024 };

static size_t flows_before(const struct check *c, size_t at)
{
	size_t n = 0;

	for (size_t i = 0; i < at; i++)
		n += c->flows[i].node == c->flows[at].node && !c->flows[i].told;
	return n;
}

static int report_flow(struct check *c, size_t at, struct error *err)
{
	const struct flow_left *flow = &c->flows[at];
	const struct network_node *node = &c->net.nodes[flow->node];
	bool failed = flows_before(c, at) < ops_failed_to(c->ops, flow->node);
	const char *known =
		conduct_reason(&c->conduct, finding_name(FINDING_STUCK_FLOW),
			       c->net.releases[node->release].platform, failed);
	char summary[SUMMARY_MAX];
	struct finding f = { .kind = FINDING_STUCK_FLOW,
			     .note = known != NULL,
			     .node = node->name,
			     .summary = summary,
			     .evidence = js_object() };

	snprintf(summary, sizeof(summary),
		 "%s: flow %s has not ended%s%s%s%s%s", node->name,
		 flow->name ? flow->name : flow->id,
		 flow->status ? " (status: " : "",
		 flow->status ? flow->status : "", flow->status ? ")" : "",
		 known || flow->error ? ": " : "",
		 known ? known : (flow->error ? flow->error : ""));
	js_set(f.evidence, "flow", evidence_flow(c, flow));
	js_set_str(f.evidence, "release", c->net.releases[node->release].label);
	js_set_str(f.evidence, "known", known);
	return check_found(c, &f, err);
}

static void write_sum(const struct asset *a, struct buf *out)
{
	const MONEY_SUM more = a->held - asset_expected(a);
	char room[CURRENCY_ROOM];
	const char *currency = asset_currency(a, room);

	if (a->issuer_name)
		buf_addf(out, "%s of %s, ref %s", currency, a->issuer_name,
			 asset_ref(a));
	else
		buf_add_str(out, a->name);
	buf_add_str(out, ": the vaults hold ");
	money_add(out, a->held, currency);
	buf_add_str(out, ", expected ");
	money_add(out, asset_expected(a), currency);
	buf_add_str(out, " (issued ");
	money_add(out, a->issued, currency);
	buf_add_str(out, ", exited ");
	money_add(out, a->exited, currency);
	if (a->explained) {
		buf_add_str(out, ", explained by other findings ");
		money_add(out, a->explained, currency);
	}
	buf_add_str(out, "): ");
	money_add(out, more < 0 ? -more : more, currency);
	buf_add_str(out, more < 0 ? " too little" : " too much");
}

static int report_sum(struct check *c, const struct asset *asset,
		      struct error *err)
{
	cleanup(buf_release) struct buf summary = BUF_INIT(ASSET_TEXT_MAX);
	struct finding f = { .kind = FINDING_UNBALANCED,
			     .evidence = js_object() };

	write_sum(asset, &summary);
	f.summary = buf_text(&summary);
	js_set_str(f.evidence, "asset", asset->name);
	sum_set(f.evidence, "held", asset->held);
	sum_set(f.evidence, "expected", asset_expected(asset));
	sum_set(f.evidence, "issued", asset->issued);
	sum_set(f.evidence, "exited", asset->exited);
	sum_set(f.evidence, "told_elsewhere", asset->explained);
	return check_found(c, &f, err);
}

/* What the node of this notary lists that lists the most. */
static int64_t most_listed(const struct check *c, unsigned notary)
{
	int64_t most = 0;

	for (unsigned i = 0; i < c->net.node_count; i++)
		if (check_notary(c, i) == notary && c->listed[i] > most)
			most = c->listed[i];
	return most;
}

/* A note: one that is down looks the same, and harms nothing while it is. */
static int report_behind(struct check *c, unsigned node, int64_t most,
			 struct error *err)
{
	const int64_t has = c->listed[node];
	char summary[SUMMARY_MAX];
	struct finding f = { .kind = FINDING_BEHIND,
			     .note = true,
			     .node = c->net.nodes[node].name,
			     .summary = summary,
			     .evidence = js_object() };

	snprintf(summary, sizeof(summary),
		 "%s has %" PRId64 " of the %" PRId64 " commits that another "
		 "node of its notary has: it is down, or cannot reach the "
		 "others, or has not caught up",
		 f.node, has, most);
	js_set_int(f.evidence, "listed", has);
	js_set_int(f.evidence, "most", most);
	return check_found(c, &f, err);
}

static int report_all_behind(struct check *c, struct error *err)
{
	for (unsigned i = 0; i < c->net.node_count; i++) {
		const unsigned notary = check_notary(c, i);
		int64_t most;

		if (notary == NODE_NONE)
			continue;
		most = most_listed(c, notary);
		if (c->listed[i] < most && report_behind(c, i, most, err) < 0)
			return -1;
	}
	return 0;
}

int check_rest(struct check *c, struct error *err)
{
	for (size_t i = 0; i < c->flow_count; i++) {
		bool stuck = !c->motion || !motion_runs(&c->flows[i]);

		if (stuck && !c->flows[i].told && report_flow(c, i, err) < 0)
			return -1;
	}
	for (size_t i = 0; i < c->assets.count; i++) {
		const struct asset *a = &c->assets.list[i];

		if (a->held != asset_expected(a) && report_sum(c, a, err) < 0)
			return -1;
	}
	return report_all_behind(c, err);
}
