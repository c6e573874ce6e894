/* SPDX-License-Identifier: Apache-2.0 */
/* record.c - what a run left on disk, in memory, but for its operations. */
#include "report/record.h"

#include <string.h>

#include "run/run.h"
#include "sys/file.h"
#include "sys/home.h"

const struct phase *record_phase(const struct record *r, const char *name)
{
	for (size_t i = 0; i < r->phase_count; i++)
		if (!strcmp(r->phases[i].name, name))
			return &r->phases[i];
	return NULL;
}

static int load_lines(const char *run_dir, struct arena *arena,
		      struct record *r, struct error *err)
{
	if (balance_load(run_dir, arena, &r->balances, &r->balance_count, err) <
		    0 ||
	    finding_load(run_dir, arena, &r->findings, &r->finding_count, err) <
		    0 ||
	    phase_load_files(run_dir, arena, &r->load_files,
			     &r->load_file_count, err) < 0 ||
	    phase_driven(run_dir, &r->driven, err) < 0)
		return -1;
	return phase_load(run_dir, arena, &r->phases, &r->phase_count, err);
}

int record_load(const char *run_dir, struct arena *arena, struct record *ret,
		struct error *err)
{
	struct record r = { 0 };
	char room[PATH_ROOM];

	r.run_dir = arena_strdup(arena, run_dir);
	r.run_id = arena_strdup(arena, run_id(run_dir, room));
	if (!r.run_dir || !r.run_id)
		return error_nomem(err);
	if (network_load(run_dir, arena, &r.net, err) < 0 ||
	    expected_load(run_dir, r.net.file, seal_exists(run_dir), arena,
			  &r.expected, err) < 0 ||
	    known_refusals_read(home_path(room, "report/known-refusals.yaml"),
				arena, &r.refusals, err) < 0 ||
	    stable_runs_load(run_dir, arena, &r.stable, err) < 0)
		return -1;
	/* Before the files are read: one that breaks the seal may be one that
	 * cannot be read, and both are worth telling. */
	if (seal_check(run_dir, &r.seal, r.seal_why, err) < 0)
		return -1;
	if (load_lines(run_dir, arena, &r, err) < 0 ||
	    reproduction_of(run_dir, &r.net, arena, &r.again, err) < 0) {
		record_release(&r);
		return -1;
	}
	*ret = r;
	return 0;
}

void record_release(struct record *r)
{
	for (size_t i = 0; i < r->finding_count; i++)
		js_free(r->findings[i].evidence);
	for (size_t i = 0; i < r->phase_count; i++)
		js_free(r->phases[i].details);
	r->finding_count = r->phase_count = 0;
}
