/* SPDX-License-Identifier: Apache-2.0 */
/* network_entries.c - the lines of banks and notaries, checked one by one. */
#include "run/network_layout.h"

#include <string.h>

#include "run/jvm.h"
#include "run/network_names.h"
#include "run/release_word.h"

/* Nodes of a cluster, if the file does not say. */
enum { RAFT_NODES = 3, BFT_SMART_NODES = 4 };

static int check_release(struct layout *l, const struct plan_entry *e)
{
	const struct yaml_node *at = layout_place(l, e->at, "release");
	struct error why = { 0 };

	if (release_word_check(e->release, &why) < 0)
		return COMPLAIN(l, at, "release: %s", why.text);
	if (!release_is_maven(e->release) && !l->net->repo)
		return COMPLAIN(l, at,
				"release '%s' is a commit-ish; name its clone "
				"with 'repo:', or write maven:%s",
				e->release, e->release);
	return 0;
}

/* "release" stands for the finance jars of the node's own version. */
static int settle_cordapps(struct layout *l, struct plan_entry *e,
			   const char *inherited)
{
	const struct yaml_node *at = layout_place(l, e->at, "cordapps");
	const char *word = e->cordapps ? e->cordapps : inherited;
	struct error why = { 0 };

	if (!word && (yaml_faulty(&l->file, at) ||
		      yaml_faulty(&l->file, layout_place(l, NULL, "cordapps"))))
		return -1; /* there is one, and its error is known */
	if (!word)
		return COMPLAIN(l, e->at,
				"release %s has no CorDapps; add 'cordapps: "
				"finance-4.0' here or for the whole network",
				e->release);
	if (!strcmp(word, "release")) {
		if (!release_is_maven(e->release))
			return COMPLAIN(l, at,
					"cordapps: 'release' needs a release "
					"maven:VERSION, '%s' is a commit-ish; "
					"expected finance-VERSION",
					e->release);
		e->cordapps = arena_printf(l->arena, "finance-%s",
					   release_version(e->release));
		return e->cordapps ? 0 : error_nomem(l->err);
	}
	if (cordapps_word_check(word, &why) < 0)
		return COMPLAIN(
			l, e->cordapps ? at : layout_place(l, NULL, "cordapps"),
			"cordapps: %s", why.text);
	e->cordapps = word;
	return 0;
}

/* An entry without options has those of the network. */
static int settle_jvm(struct layout *l, struct plan_entry *e)
{
	const char *word = e->jvm ? e->jvm : l->plan.jvm;

	if (!jvm_valid(word))
		return COMPLAIN(l,
				layout_place(l, e->jvm ? e->at : NULL, "jvm"),
				"jvm: expected fast, stock, or options for the "
				"java command that begin with '-' and have no "
				"'$', '{' or '}', not '%s'",
				word);
	e->jvm = word;
	return 0;
}

/* Of n nodes, f of which may be wrong, a node takes the first (n + f) / 2 + 1
 * answers that are alike: of 6 and 9 nodes one too few. */
static bool too_few_sign(unsigned nodes)
{
	const unsigned signers = network_bft_signers(nodes);

	return (2 * nodes - signers) / 2 + 1 < signers;
}

/* None of the nodes validates. */
static int check_bft_smart(struct layout *l, const struct plan_entry *e)
{
	if (e->count &&
	    (e->count < BFT_SMART_NODES || too_few_sign((unsigned)e->count)))
		return COMPLAIN(l, layout_place(l, e->at, "count"),
				"count: expected 4, 5, 7 or 8 nodes with "
				"bft-smart; with 6 or 9, too few nodes sign");
	if (e->validating)
		return COMPLAIN(l, layout_place(l, e->at, "validating"),
				"validating: a bft-smart notary cannot "
				"validate; expected false");
	if (l->plan.net.identity == IDENTITY_DOORMAN)
		return COMPLAIN(l, layout_place(l, e->at, "cluster"),
				"cluster: a bft-smart notary cannot register "
				"itself; with 'identity: doorman', expected "
				"raft");
	return 0;
}

/* How many nodes a notary is. */
static int settle_cluster(struct layout *l, struct plan_entry *e)
{
	const bool bft = e->cluster && !strcmp(e->cluster, CLUSTER_BFT_SMART);

	if (!e->cluster && e->count)
		return COMPLAIN(l, layout_place(l, e->at, "count"),
				"count: a notary of several nodes needs "
				"'cluster: raft' or 'cluster: bft-smart'; to "
				"have several notaries, write an entry for "
				"each");
	if (bft && check_bft_smart(l, e) < 0)
		return -1;
	if (!e->count)
		e->count = !e->cluster ? 1 : bft ? BFT_SMART_NODES : RAFT_NODES;
	return 0;
}

/* A line without a release has been complained of. */
static int check_entry(struct layout *l, struct plan_entry *e,
		       const char *cordapps)
{
	int rc = 0;

	if (!e->release)
		return -1;
	if (layout_stops(l, check_release(l, e), &rc) ||
	    layout_stops(l, settle_cordapps(l, e, cordapps), &rc) ||
	    layout_stops(l, settle_jvm(l, e), &rc))
		return -1;
	return rc;
}

static int check_notary(struct layout *l, struct plan_entry *e,
			const char *cordapps)
{
	int rc = 0;

	if (layout_stops(l, settle_cluster(l, e), &rc) ||
	    layout_stops(l, check_entry(l, e, cordapps), &rc))
		return -1;
	return rc;
}

static bool jars_differ(const struct network_file *p)
{
	for (unsigned i = 1; i < p->bank_count; i++)
		if (strcmp(p->banks[0].cordapps, p->banks[i].cordapps))
			return true;
	return false;
}

int layout_check_entries(struct layout *l)
{
	struct network_file *p = &l->plan;
	const char *others;
	int rc = 0;

	for (unsigned i = 0; i < p->bank_count; i++)
		if (layout_stops(l, check_entry(l, &p->banks[i], p->cordapps),
				 &rc))
			return -1;
	l->jars_differ = rc == 0 && jars_differ(p);
	others = p->cordapps || !p->bank_count ? p->cordapps
					       : p->banks[0].cordapps;
	for (unsigned i = 0; i < p->notary_count; i++)
		if (layout_stops(l, check_notary(l, &p->notaries[i], others),
				 &rc))
			return -1;
	return rc;
}
