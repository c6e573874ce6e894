/* SPDX-License-Identifier: Apache-2.0 */
/* driver.c - lets the nodes issue cash and pay each other. */
#include "driver/driver.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "driver/drive.h"
#include "run/records.h"
#include "run/run.h"

enum { ARENA_MAX = 64 * 1024 * 1024, OPEN_MS = 15000 };

/* The running nodes of a role, one for each notary; an array in the arena. */
static int nodes_of(const struct network *net, enum node_role role,
		    struct arena *arena, const struct network_node ***ret,
		    unsigned *ret_count, struct error *err)
{
	const struct network_node **list =
		arena_array(arena, net->node_count, sizeof(*list));
	unsigned n = 0;

	if (!list)
		return error_nomem(err);
	for (unsigned i = 0; i < net->node_count; i++)
		if (net->nodes[i].role == role &&
		    network_node_runs(net, &net->nodes[i]) &&
		    network_notary(net, &net->nodes[i]) == &net->nodes[i])
			list[n++] = &net->nodes[i];
	*ret = list;
	*ret_count = n;
	return 0;
}

static int lay_out_bank(struct drive *d, unsigned index,
			const struct secrets *secrets, struct error *err)
{
	struct bank *bank = &d->banks[index];
	struct endpoint at;

	bank->node = d->bank_nodes[index];
	bank->index = index;
	bank->peers = &d->peers;
	bank->currency = d->net->load.currency;
	if (endpoint_load(d->run_dir, bank->node->name, d->arena, &at, err) < 0)
		return -1;
	bank->address = (struct rpc_address){ .host = at.host,
					      .port = at.port,
					      .user = secrets->rpc_user,
					      .password = secrets->rpc_password,
					      .open_ms = OPEN_MS };
	return bank_init(bank, d->arena, err);
}

static int lay_out_banks(struct drive *d, struct error *err)
{
	struct secrets secrets;

	if (secrets_load(d->run_dir, d->arena, &secrets, err) < 0)
		return -1;
	d->peers = (struct bank_peers){
		.banks = d->bank_nodes,
		.notaries = d->notary_nodes,
		.bank_count = d->bank_count,
		.notary_count = d->notary_count,
		.flow_ms = d->net->timeouts.flow * 1000,
		/* A node that takes longer to come back than a flow may
		 * take is not waited for. */
		.reconnect_ms = d->net->timeouts.flow * 1000,
	};
	d->banks = arena_array(d->arena, d->bank_count, sizeof(*d->banks));
	if (!d->banks)
		return error_nomem(err);
	d->peers.all = d->banks;
	for (unsigned i = 0; i < d->bank_count; i++)
		if (lay_out_bank(d, i, &secrets, err) < 0)
			return -1;
	return 0;
}

/* Each bank's share of the payments that are left to chance. */
static int share_out(struct drive *d, struct error *err)
{
	uint64_t cover = schedule_cover(&d->schedule) * d->bank_count;
	uint64_t count = d->net->load.count > 0 ? d->net->load.count : 0;
	uint64_t rest = count > cover ? count - cover : 0;

	d->chance_left =
		arena_array(d->arena, d->bank_count, sizeof(*d->chance_left));
	if (!d->chance_left)
		return error_nomem(err);
	for (unsigned i = 0; i < d->bank_count; i++)
		d->chance_left[i] =
			rest / d->bank_count + (i < rest % d->bank_count);
	return 0;
}

/* A load without any weight is one of payments. */
static void set_mix(const struct load *load, unsigned mix[OP_KINDS])
{
	unsigned sum = 0;

	for (int kind = 0; kind < OP_KINDS; kind++)
		sum += mix[kind] = (unsigned)load->mix[kind];
	if (!sum)
		mix[op_kind_of_cover()] = 1;
}

int drive_init(struct drive *d, const char *run_dir, const struct network *net,
	       struct progress *progress, struct arena *arena,
	       struct error *err)
{
	const struct load *load = &net->load;
	struct schedule_spec spec = {
		.gate = net->settled_gate,
		.pay_min = load->pay_min,
		.pay_max = load->pay_max,
		.issue_amount = load->issue_amount,
		.seed = net->seed,
	};

	d->run_dir = run_dir;
	d->net = net;
	d->progress = progress;
	d->arena = arena;
	if (nodes_of(net, NODE_BANK, arena, &d->bank_nodes, &d->bank_count,
		     err) < 0 ||
	    nodes_of(net, NODE_NOTARY, arena, &d->notary_nodes,
		     &d->notary_count, err) < 0)
		return -1;
	set_mix(load, spec.mix);
	spec.banks = d->bank_count;
	spec.notaries = d->notary_count;
	if (tally_init(&d->tally, net, err) < 0 ||
	    schedule_init(&d->schedule, &spec, err) < 0 ||
	    lay_out_banks(d, err) < 0 || share_out(d, err) < 0 ||
	    history_open(run_dir, 0, &d->history, err) < 0)
		return -1;
	return loop_new(&d->loop, err);
}

void drive_release(struct drive *d)
{
	loop_free(d->loop);
	history_free(d->history);
	schedule_release(&d->schedule);
	tally_release(&d->tally);
}

int driver_run(const char *run_dir, const struct load_file *other,
	       struct progress *progress, struct js **ret_details,
	       struct error *err)
{
	cleanup(arena_release) struct arena arena = ARENA_INIT(ARENA_MAX);
	cleanup(drive_release) struct drive d = { 0 };
	struct network net;
	uint64_t before;

	if (network_load(run_dir, &arena, &net, err) < 0)
		return -1;
	if (other)
		load_file_apply(other, &net);
	if (drive_init(&d, run_dir, &net, progress, &arena, err) < 0)
		return -1;
	before = history_before(d.history);
	if (drive_run(&d, err) < 0)
		return -1;
	*ret_details = tally_details(&d.tally);
	/* With the counts: how many lines history.jsonl has to have. */
	js_set_int(*ret_details, "operations_before", (int64_t)before);
	return 0;
}
