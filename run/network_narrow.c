/* SPDX-License-Identifier: Apache-2.0 */
/* network_narrow.c - the part of a network that some cells need. */
#include "run/network_narrow.h"

#include <string.h>

#include "base/cleanup.h"
#include "run/cell_name.h"
#include "run/load.h"

enum { NAMES_MAX = 4096 };

/* Which releases stay, and as what. */
struct narrowing {
	struct network *net;
	bool *bank, *notary; /* by release: it is one in the network */
	bool *bank_stays, *notary_stays;
	unsigned *moved; /* the new index of a release */
};

static int find_roles(struct narrowing *n, struct arena *arena,
		      struct error *err)
{
	const struct network *net = n->net;
	const unsigned count = net->release_count;

	n->bank = arena_array(arena, count, sizeof(bool));
	n->notary = arena_array(arena, count, sizeof(bool));
	n->bank_stays = arena_array(arena, count, sizeof(bool));
	n->notary_stays = arena_array(arena, count, sizeof(bool));
	n->moved = arena_array(arena, count, sizeof(unsigned));
	if (!n->bank || !n->notary || !n->bank_stays || !n->notary_stays ||
	    !n->moved)
		return error_nomem(err);
	for (unsigned i = 0; i < net->node_count; i++) {
		const struct network_node *node = &net->nodes[i];

		(node->role == NODE_BANK ? n->bank : n->notary)[node->release] =
			true;
	}
	return 0;
}

static void mark_pair(struct narrowing *n, const char *cell, unsigned payer,
		      unsigned payee)
{
	const struct release *r = n->net->releases;

	for (unsigned i = 0; i < n->net->release_count; i++) {
		if (!n->notary[i] || !cell_name_is(cell, r[payer].label,
						   r[payee].label, r[i].label))
			continue;
		n->bank_stays[payer] = n->bank_stays[payee] = true;
		n->notary_stays[i] = true;
	}
}

static void add_labels(struct buf *out, const struct network *net,
		       const bool *chosen)
{
	const char *separator = "";

	for (unsigned i = 0; i < net->release_count; i++) {
		if (!chosen[i])
			continue;
		buf_addf(out, "%s%s", separator, net->releases[i].label);
		separator = ", ";
	}
}

static int no_cell(const struct narrowing *n, const char *cell,
		   struct error *err)
{
	cleanup(buf_release) struct buf banks = BUF_INIT(NAMES_MAX);
	cleanup(buf_release) struct buf notaries = BUF_INIT(NAMES_MAX);

	add_labels(&banks, n->net, n->bank);
	add_labels(&notaries, n->net, n->notary);
	return error_set(err, ERROR_INPUT,
			 "cell '%s': the network has no such cell; expected "
			 "%s or PAYER:PAYEE, with the banks %s and the "
			 "notaries %s",
			 cell, CELL_NAME, buf_text(&banks),
			 buf_text(&notaries));
}

static int mark(struct narrowing *n, const char *cell, struct error *err)
{
	const unsigned count = n->net->release_count;
	bool found = false;

	for (unsigned a = 0; a < count; a++)
		for (unsigned b = 0; b < count; b++)
			if (n->bank[a] && n->bank[b])
				mark_pair(n, cell, a, b);
	for (unsigned i = 0; i < count; i++)
		found = found || n->bank_stays[i];
	return found ? 0 : no_cell(n, cell, err);
}

static bool stays(const struct narrowing *n, const struct network_node *node)
{
	return (node->role == NODE_BANK ? n->bank_stays
					: n->notary_stays)[node->release];
}

static int copy_parts(struct narrowing *n, struct arena *arena,
		      struct network *ret, struct error *err)
{
	const struct network *net = n->net;

	ret->release_count = ret->node_count = 0;
	ret->releases =
		arena_array(arena, net->release_count, sizeof(*ret->releases));
	ret->nodes = arena_array(arena, net->node_count, sizeof(*ret->nodes));
	if (!ret->releases || !ret->nodes)
		return error_nomem(err);
	for (unsigned i = 0; i < net->release_count; i++) {
		if (!n->bank_stays[i] && !n->notary_stays[i])
			continue;
		n->moved[i] = ret->release_count;
		ret->releases[ret->release_count++] = net->releases[i];
	}
	for (unsigned i = 0; i < net->node_count; i++) {
		if (!stays(n, &net->nodes[i]))
			continue;
		ret->nodes[ret->node_count] = net->nodes[i];
		ret->nodes[ret->node_count].release =
			n->moved[net->nodes[i].release];
		ret->node_count++;
	}
	return 0;
}

static unsigned bank_count(const struct network *net)
{
	unsigned banks = 0;

	for (unsigned i = 0; i < net->node_count; i++)
		banks += net->nodes[i].role == NODE_BANK;
	return banks;
}

void load_narrow(struct load *load, const struct network *before,
		 const struct network *after)
{
	const int64_t were = load_cells(before), are = load_cells(after);

	if (were > 0 && are > 0)
		load->count = (load->count * are + were - 1) / were;
	load->rate *= (double)bank_count(after) / (double)bank_count(before);
}

int network_narrow(struct network *net, const char *cell, struct arena *arena,
		   struct error *err)
{
	struct narrowing n = { .net = net };
	struct network small = *net;

	if (find_roles(&n, arena, err) < 0 || mark(&n, cell, err) < 0 ||
	    copy_parts(&n, arena, &small, err) < 0)
		return -1;
	if (bank_count(&small) < 2)
		return error_set(err, ERROR_INPUT,
				 "cell '%s': its releases have only one bank, "
				 "which has nobody to pay",
				 cell);
	load_narrow(&small.load, net, &small);
	*net = small;
	return 0;
}
