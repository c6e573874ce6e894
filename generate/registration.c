/* SPDX-License-Identifier: Apache-2.0 */
/* registration.c - what nodes that register themselves are told. */
#include "generate/registration.h"

#include <string.h>

#include "base/cleanup.h"

enum { ARENA_MAX = 64 * 1024 };

/*
 * The text with a variable for the node's number, which ends `name` within it:
 * "O=bank-4.10-0, L=London" with "bank-4.10-0" is "O=bank-4.10-$(ORDINAL),
 * L=London". A text without the name is the same for all nodes.
 */
static const char *for_all(const char *text, const char *name,
			   struct arena *arena)
{
	const char *at = strstr(text, name);
	size_t stem = strlen(name);

	if (!at)
		return text;
	while (stem && strchr("0123456789", name[stem - 1]))
		stem--;
	return arena_printf(arena, "%.*s$(ORDINAL)%s",
			    (int)(at - text + (ptrdiff_t)stem), text,
			    at + strlen(name));
}

int registration_write(const struct node_conf_rules *rules,
		       const struct network *net,
		       const struct node_identity *one, struct buf *out,
		       struct error *err)
{
	cleanup(arena_release) struct arena arena = ARENA_INIT(ARENA_MAX);
	const struct network_node *n = one->node;
	struct network_node each = *n;

	each.legal_name = for_all(n->legal_name, n->name, &arena);
	each.host = for_all(n->host, n->pod, &arena);
	each.database = for_all(n->database, n->database, &arena);
	if (!each.legal_name || !each.host || !each.database)
		return error_nomem(err);
	return node_conf_write(rules, net, &each, one->platform, out, err);
}
