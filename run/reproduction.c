/* SPDX-License-Identifier: Apache-2.0 */
/* reproduction.c - what it takes to repeat a run. */
#include "run/reproduction.h"

#include <string.h>

#include "base/cleanup.h"
#include "run/network_narrow.h"
#include "run/records.h"
#include "sys/file.h"

enum {
	RESULTS_MAX = 256 * 1024 * 1024,
	NETWORK_MAX = 8 * 1024 * 1024,
	LOAD_MAX = 64 * 1024,
	DRIVES_MAX = 1000
};

/* Steps after which the network is not the one that was begun with. */
static const char *const changing[] = { "scale", "upgrade" };

static const char *changing_step(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(changing); i++)
		if (name && !strcmp(changing[i], name))
			return changing[i];
	return NULL;
}

/* ---- one load ---- */

/* What a step that drove recorded: {"load":…,"timeouts":…,"load_file":…}. An
 * older medley recorded nothing; then the network's own load was driven. */
static int read_drive(const char *name, const struct js *from,
		      const struct network *net, struct arena *arena,
		      struct load_file *ret, struct error *err)
{
	cleanup(js_freep) struct js *load = js_object();
	cleanup(buf_release) struct buf text = BUF_INIT(LOAD_MAX);
	const char *file = js_str(from, "load_file");

	*ret = load_file_own(net);
	if (!file)
		return 0;
	if (!js_get(from, "load"))
		return error_set(err, ERROR_INPUT,
				 "%s: the load of %s, which was driven, is "
				 "missing",
				 name, file);
	js_set(load, "load", js_copy(js_get(from, "load")));
	if (js_get(from, "timeouts"))
		js_set(load, "timeouts", js_copy(js_get(from, "timeouts")));
	if (js_print(load, JS_LINE, &text, err) < 0 ||
	    load_file_parse(name, text.data, text.len, net, arena, ret, err) <
		    0)
		return -1;
	ret->name = arena_strdup(arena, file);
	return ret->name ? 0 : error_nomem(err);
}

static struct js *drive_json(const struct load_file *drive)
{
	struct js *o = load_file_json(drive);

	if (o)
		js_set_str(o, "load_file", drive->name);
	return o;
}

/* ---- from a run ---- */

static int read_phases(const char *run_dir, const struct phase *phases,
		       size_t count, struct arena *arena,
		       struct reproduction *r, struct error *err)
{
	r->drives = arena_array(arena, count + 1, sizeof(*r->drives));
	if (!r->drives)
		return error_nomem(err);
	for (size_t i = 0; i < count; i++) {
		const struct phase *p = &phases[i];

		if (changing_step(p->name))
			r->changed = changing_step(p->name);
		if (!strcmp(p->name, "check"))
			r->ask_nodes = js_get(p->details, "asked") != NULL;
		if (strcmp(p->name, "drive"))
			continue;
		if (read_drive(run_dir, p->details, &r->net, arena,
			       &r->drives[r->drive_count], err) < 0)
			return -1;
		r->drive_count++;
	}
	return 0;
}

int reproduction_of(const char *run_dir, const struct network *net,
		    struct arena *arena, struct reproduction *ret,
		    struct error *err)
{
	struct reproduction r = { .net = *net };
	struct error why = { 0 };
	struct phase *phases;
	size_t count;
	int rc;

	if (phase_load_all(run_dir, arena, &phases, &count, err) < 0)
		return -1;
	rc = read_phases(run_dir, phases, count, arena, &r, &why);
	for (size_t i = 0; i < count; i++)
		js_free(phases[i].details);
	if (rc < 0 && why.kind == ERROR_INPUT)
		r.unknown = arena_strdup(arena, why.text);
	if (rc < 0 && !r.unknown)
		return error_nomem(err);
	*ret = r;
	return 0;
}

int reproduction_load(const char *run_dir, struct arena *arena,
		      struct reproduction *ret, struct error *err)
{
	struct reproduction r;
	struct network net;

	if (network_load(run_dir, arena, &net, err) < 0)
		return -1;
	if (reproduction_of(run_dir, &net, arena, &r, err) < 0)
		return -1;
	if (r.unknown)
		return error_set(err, ERROR_INPUT, "%s", r.unknown);
	*ret = r;
	return 0;
}

/* ---- in results.json ---- */

struct js *reproduction_json(const struct reproduction *r)
{
	cleanup(buf_release) struct buf text = BUF_INIT(NETWORK_MAX);
	struct js *o, *drives;

	if (network_write(&r->net, &text, NULL) < 0)
		return NULL;
	o = js_object();
	drives = js_array();
	js_set_str(o, "network", buf_text(&text));
	js_set_bool(o, "ask_nodes", r->ask_nodes);
	js_set_str(o, "changed", r->changed);
	for (size_t i = 0; i < r->drive_count; i++)
		js_append(drives, drive_json(&r->drives[i]));
	js_set(o, "drives", drives);
	return o;
}

static int parse_drives(const char *name, const struct js *list,
			struct arena *arena, struct reproduction *r,
			struct error *err)
{
	const size_t count = js_count(list);

	if (count > DRIVES_MAX)
		return error_set(err, ERROR_INPUT,
				 "%s: reproduce: more than %d loads", name,
				 DRIVES_MAX);
	r->drives = arena_array(arena, count + 1, sizeof(*r->drives));
	if (!r->drives)
		return error_nomem(err);
	for (; r->drive_count < count; r->drive_count++)
		if (read_drive(name, js_at(list, r->drive_count), &r->net,
			       arena, &r->drives[r->drive_count], err) < 0)
			return -1;
	return 0;
}

int reproduction_parse(const char *name, const struct js *results,
		       struct arena *arena, struct reproduction *ret,
		       struct error *err)
{
	const struct js *from = js_get(results, "reproduce");
	const char *network = js_str(from, "network");
	struct reproduction r = {
		.ask_nodes = js_bool(from, "ask_nodes", false),
		.changed = changing_step(js_str(from, "changed"))
	};

	if (!network)
		return error_set(err, ERROR_INPUT,
				 "%s has no member reproduce, which has the "
				 "network of the run: an older medley wrote "
				 "it, or it is joined from several runs; "
				 "expected the directory of one run",
				 name);
	if (network_load_text(name, network, strlen(network), arena, &r.net,
			      err) < 0 ||
	    parse_drives(name, js_get(from, "drives"), arena, &r, err) < 0)
		return -1;
	*ret = r;
	return 0;
}

int reproduction_read(const char *path, struct arena *arena,
		      struct reproduction *ret, struct error *err)
{
	static const struct js_part parts[] = { { .key = "reproduce" },
						{ NULL } };
	cleanup(buf_release) struct buf text = BUF_INIT(RESULTS_MAX);
	cleanup(js_freep) struct js *root = NULL;

	if (file_read(path, &text, err) < 0 ||
	    js_parse_parts(path, text.data, text.len, parts, &root, err) < 0)
		return -1;
	return reproduction_parse(path, root, arena, ret, err);
}

/* ---- a part of it ---- */

int reproduction_narrow(struct reproduction *r, const char *cell,
			struct arena *arena, struct error *err)
{
	const struct network before = r->net;

	if (network_narrow(&r->net, cell, arena, err) < 0)
		return -1;
	for (size_t i = 0; i < r->drive_count; i++)
		load_narrow(&r->drives[i].load, &before, &r->net);
	return 0;
}
