/* SPDX-License-Identifier: Apache-2.0 */
/* load.c - checks a load, and reads the file of another load. */
#include "run/load.h"

#include <inttypes.h>

#include "base/cleanup.h"
#include "run/network_keys.h"

int64_t load_cells(const struct network *net)
{
	int64_t banks = 0, notaries = 0;

	for (unsigned i = 0; i < net->node_count; i++) {
		const struct network_node *n = &net->nodes[i];

		if (!network_node_runs(net, n))
			continue;
		if (n->role == NODE_BANK)
			banks++;
		else
			notaries += network_notary(net, n) == n;
	}
	return banks * (banks - 1) * notaries;
}

/* Enough that chance has a say beyond what the gates demand. */
static void settle_count(struct load *load, const struct network *net)
{
	if (load->count != COUNT_BY_GATES)
		return;
	load->count = 0;
	if (!load->seconds)
		load->count = (load_cells(net) * net->settled_gate * 3 + 1) / 2;
}

int load_settle(struct load *load, const struct network *net,
		const struct yaml_file *file, const struct yaml_node *at,
		struct error *err)
{
	settle_count(load, net);
	if (!load->count && !load->seconds)
		return yaml_error(file, at, err,
				  "load: no limit is set; expected count or "
				  "seconds above 0");
	if (load->issue_amount < load->pay_max)
		return yaml_error(file, at, err,
				  "load: an issue is smaller than the largest "
				  "payment; expected issue of at least "
				  "%" PRId64 ".%02" PRId64,
				  load->pay_max / 100, load->pay_max % 100);
	return 0;
}

#define LOAD_FILE(member) offsetof(struct load_file, member)

static const struct key load_file_list[] = {
	{ .name = "load",
	  .type = KEY_MAP,
	  .offset = LOAD_FILE(load),
	  .inner = &load_keys,
	  .required = true,
	  .help = "the operations that the driver sends" },
	{ .name = "timeouts",
	  .type = KEY_MAP,
	  .offset = LOAD_FILE(timeouts),
	  .inner = &load_timeouts_keys },
};

static const struct keys load_file_keys =
	KEYS_OF("a file of a load", load_file_list);

static int read_load_file(const struct yaml_file *file,
			  const struct network *net, struct arena *arena,
			  struct load_file *ret, struct error *err)
{
	struct load_file f = { .load.count = COUNT_BY_GATES };
	const struct yaml_node *root;

	if (file->count != 1)
		return yaml_error(file, NULL, err,
				  "expected one document with the key load, "
				  "found %zu",
				  file->count);
	root = file->documents[0];
	if (keys_read(&load_file_keys, file, root, &f, arena, err) < 0 ||
	    load_settle(&f.load, net, file, yaml_get(root, "load"), err) < 0)
		return -1;
	if (!yaml_get(yaml_get(root, "timeouts"), "flow"))
		f.timeouts.flow = net->timeouts.flow;
	f.name = arena_strdup(arena, file->name);
	if (!f.name)
		return error_nomem(err);
	*ret = f;
	return 0;
}

int load_file_read(const char *path, const struct network *net,
		   struct arena *arena, struct load_file *ret,
		   struct error *err)
{
	struct yaml_file file;

	if (yaml_read(path, arena, &file, err) < 0)
		return -1;
	return read_load_file(&file, net, arena, ret, err);
}

int load_file_parse(const char *name, const void *text, size_t len,
		    const struct network *net, struct arena *arena,
		    struct load_file *ret, struct error *err)
{
	struct yaml_file file;

	if (yaml_parse(name, text, len, arena, &file, err) < 0)
		return -1;
	return read_load_file(&file, net, arena, ret, err);
}

struct load_file load_file_own(const struct network *net)
{
	return (struct load_file){ .load = net->load,
				   .timeouts = net->timeouts };
}

void load_file_apply(const struct load_file *f, struct network *net)
{
	net->load = f->load;
	net->timeouts.flow = f->timeouts.flow;
}

int load_file_write(const struct load_file *f, struct buf *out,
		    struct error *err)
{
	keys_write(&load_file_keys, f, 0, out);
	return buf_check(out, err);
}

struct js *load_file_json(const struct load_file *f)
{
	return keys_json(&load_file_keys, f);
}
