/* SPDX-License-Identifier: Apache-2.0 */
/* holdings.c - what each vault holds of each kind of money, for comparison with
 * what the nodes themselves answer. */
#include <string.h>

#include "vault/check.h"

/* "USD|DL…|01" into its three parts. */
static int name_parts(struct check *c, const struct asset *a, struct balance *b,
		      struct error *err)
{
	const char *hash = a->name + strcspn(a->name, "|") + 1;
	const char *ref = asset_ref(a);

	b->currency =
		arena_strndup(&c->arena, a->name, (size_t)(hash - 1 - a->name));
	b->issuer_key_hash = ref > hash
				     ? arena_strndup(&c->arena, hash,
						     (size_t)(ref - 1 - hash))
				     : "";
	b->ref = ref;
	b->issuer = a->issuer_name;
	return b->currency && b->issuer_key_hash ? 0 : error_nomem(err);
}

/* Each bank that was looked at, also where that is nothing. */
static void name_nodes(const struct check *c, const struct asset *a,
		       struct balance *b)
{
	for (unsigned i = 0; i < c->net.node_count; i++) {
		const struct network_node *node = &c->net.nodes[i];
		MONEY_SUM held = a->shares ? a->shares[i].held : 0;

		if (check_covers(c, i) && (node->role == NODE_BANK || held))
			b->nodes[b->node_count++] =
				(struct holding){ node->name, held };
	}
}

int check_write_balances(struct check *c, struct error *err)
{
	struct holding *nodes =
		arena_array(&c->arena, c->net.node_count, sizeof(*nodes));

	if (!nodes)
		return error_nomem(err);
	for (size_t i = 0; i < c->assets.count; i++) {
		const struct asset *a = &c->assets.list[i];
		struct balance b = { .issued = a->issued,
				     .exited = a->exited,
				     .told_elsewhere = a->explained,
				     .expected = asset_expected(a),
				     .held = a->held,
				     .nodes = nodes };

		if (name_parts(c, a, &b, err) < 0)
			return -1;
		name_nodes(c, a, &b);
		if (balance_append(c->run_dir, &b, err) < 0)
			return -1;
	}
	return 0;
}
