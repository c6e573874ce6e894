/* SPDX-License-Identifier: Apache-2.0 */
/* corpus: test/vectors/report/red test/vectors/report/green */
/* run_files_fuzz.c - a run's directory may come from anybody: whatever its
 * files hold, a report comes of them or an error. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "report/report.h"
#include "run/network.h"
#include "run/records.h"
#include "run/run.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ROOM = 16 * 1024 * 1024 };

static char dir[PATH_ROOM]; /* of all inputs */

static void remove_dir(void)
{
	dir_remove(dir, NULL);
}

static void must(int rc)
{
	if (rc < 0)
		abort();
}

static const char *in_dir(const char *name, char room[PATH_ROOM])
{
	return path_join(room, dir, name);
}

/* What a report needs and the input is not. */
static void restore(const char *name)
{
	char from[PATH_ROOM], to[PATH_ROOM];

	path_join(from, "test/vectors/report/red", name);
	must(file_copy(from, in_dir(name, to), 0600, NULL));
}

static bool loads_network(struct arena *a)
{
	struct network net;

	return network_load(dir, a, &net, NULL) == 0;
}

static bool loads_history(struct arena *a)
{
	struct operation *ops;
	size_t count;
	uint64_t last;

	(void)history_last(dir, &last, NULL);
	return history_load(dir, a, &ops, &count, NULL) == 0;
}

static bool loads_settlements(struct arena *a)
{
	struct settlement *settled;
	size_t count;

	return settlement_load(dir, a, &settled, &count, NULL) == 0;
}

static bool loads_findings(struct arena *a)
{
	struct finding *findings;
	size_t count;

	if (finding_load(dir, a, &findings, &count, NULL) < 0)
		return false;
	for (size_t i = 0; i < count; i++)
		js_free(findings[i].evidence);
	return true;
}

static bool loads_balances(struct arena *a)
{
	struct balance *balances;
	size_t count;

	return balance_load(dir, a, &balances, &count, NULL) == 0;
}

static bool loads_phases(struct arena *a)
{
	struct phase *phases;
	const char **files;
	size_t count;

	(void)phase_load_files(dir, a, &files, &count, NULL);
	if (phase_load(dir, a, &phases, &count, NULL) < 0)
		return false;
	for (size_t i = 0; i < count; i++)
		js_free(phases[i].details);
	return true;
}

static bool loads_inventory(struct arena *a)
{
	struct inventory_item *items;
	unsigned count;

	(void)inventory_load(dir, a, &items, &count, NULL);
	return false;
}

static bool loads_endpoints(struct arena *a)
{
	struct endpoint at;

	(void)endpoint_load(dir, NULL, a, &at, NULL);
	(void)endpoint_load(dir, "bank-4.0-0", a, &at, NULL);
	return false;
}

static bool loads_secrets(struct arena *a)
{
	struct secrets secrets;

	(void)secrets_load(dir, a, &secrets, NULL);
	return false;
}

/* Each file of a run, and its reader: true where a report may come of it. */
static const struct {
	const char *name;
	bool (*loads)(struct arena *a);
	bool of_report; /* a report needs it */
} files[] = {
	{ "network.resolved.yaml", loads_network, true },
	{ "history.jsonl", loads_history, true },
	{ "settlements.jsonl", loads_settlements, true },
	{ "findings.jsonl", loads_findings, true },
	{ "balances.jsonl", loads_balances, true },
	{ "phases.jsonl", loads_phases, true },
	{ "inventory.jsonl", loads_inventory, false },
	{ "endpoints.json", loads_endpoints, false },
	{ "secrets.json", loads_secrets, false },
};

static void begin(void)
{
	/* In memory where there is room: each input is nine files. */
	if (dir_make_temporary("/dev/shm/medley-fuzz-", dir, NULL) < 0)
		must(dir_make_temporary("/tmp/medley-fuzz-", dir, NULL));
	atexit(remove_dir);
	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		if (files[i].of_report)
			restore(files[i].name);
}

static void report(void)
{
	cleanup(buf_release) struct buf text = BUF_INIT(ROOM);
	int exit_code;

	(void)report_write(dir, 0, &text, &exit_code, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char path[PATH_ROOM];

	if (!*dir)
		begin();
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		cleanup(arena_release) struct arena a = ARENA_INIT(ROOM);

		in_dir(files[i].name, path);
		must(file_write(path, data, size, 0600, NULL));
		if (files[i].loads(&a))
			report();
		unlink(path);
		if (files[i].of_report)
			restore(files[i].name);
	}
	return 0;
}
