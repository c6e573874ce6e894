/* SPDX-License-Identifier: Apache-2.0 */
/* corpus: test/vectors/report/red test/vectors/report/green */
/* run_files_fuzz.c - a run's directory may come from anybody: whatever its
 * files hold, a report comes of them or an error. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "report/expected.h"
#include "report/report.h"
#include "run/network.h"
#include "run/records.h"
#include "run/run.h"
#include "test/support/fuzz_dir.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ROOM = 16 * 1024 * 1024 };

static const char *in_dir(const char *name, char room[PATH_ROOM])
{
	return path_join(room, fuzz_dir, name);
}

/* What a report needs and the input is not. */
static void restore(const char *name)
{
	char from[PATH_ROOM], to[PATH_ROOM];

	path_join(from, "test/vectors/report/red", name);
	fuzz_must(file_copy(from, in_dir(name, to), 0600, NULL));
}

static bool loads_network(struct arena *a)
{
	struct network net;

	return network_load(fuzz_dir, a, &net, NULL) == 0;
}

static bool loads_history(struct arena *a)
{
	cleanup(history_reader_freep) struct history_reader *r = NULL;
	struct operation op;
	int rc = history_reader_open(fuzz_dir, &r, NULL);

	(void)a;
	while (rc >= 0 && (rc = history_read(r, &op, NULL)) > 0)
		;
	return rc == 0;
}

static bool loads_settlements(struct arena *a)
{
	cleanup(settlement_reader_freep) struct settlement_reader *r = NULL;
	struct settlement s;
	int rc = settlement_reader_open(fuzz_dir, &r, NULL);

	(void)a;
	while (rc >= 0 && (rc = settlement_read(r, &s, NULL)) > 0)
		;
	return rc == 0;
}

static bool loads_findings(struct arena *a)
{
	struct finding *findings;
	size_t count;

	if (finding_load(fuzz_dir, a, &findings, &count, NULL) < 0)
		return false;
	for (size_t i = 0; i < count; i++)
		js_free(findings[i].evidence);
	return true;
}

static bool loads_balances(struct arena *a)
{
	struct balance *balances;
	size_t count;

	return balance_load(fuzz_dir, a, &balances, &count, NULL) == 0;
}

static bool loads_phases(struct arena *a)
{
	struct phase *phases;
	const char **files;
	size_t count;

	(void)phase_load_files(fuzz_dir, a, &files, &count, NULL);
	if (phase_load(fuzz_dir, a, &phases, &count, NULL) < 0)
		return false;
	for (size_t i = 0; i < count; i++)
		js_free(phases[i].details);
	return true;
}

static bool loads_inventory(struct arena *a)
{
	struct inventory_item *items;
	unsigned count;

	(void)inventory_load(fuzz_dir, a, &items, &count, NULL);
	return false;
}

static bool loads_endpoints(struct arena *a)
{
	struct endpoint at;

	(void)endpoint_load(fuzz_dir, NULL, a, &at, NULL);
	(void)endpoint_load(fuzz_dir, "bank-4.0-0", a, &at, NULL);
	return false;
}

static bool loads_secrets(struct arena *a)
{
	struct secrets secrets;

	(void)secrets_load(fuzz_dir, a, &secrets, NULL);
	return false;
}

static bool loads_expected(struct arena *a)
{
	struct expected e = { 0 };

	return expected_load(fuzz_dir, NULL, true, a, &e, NULL) == 0;
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
	{ "expected.yaml", loads_expected, false },
	{ "inventory.jsonl", loads_inventory, false },
	{ "endpoints.json", loads_endpoints, false },
	{ "secrets.json", loads_secrets, false },
};

static void begin(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		if (files[i].of_report)
			restore(files[i].name);
}

static void report(void)
{
	cleanup(buf_release) struct buf text = BUF_INIT(ROOM);
	int exit_code;

	(void)report_write(fuzz_dir, NULL, &text, &exit_code, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char path[PATH_ROOM];

	if (fuzz_dir_begin())
		begin();
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		cleanup(arena_release) struct arena a = ARENA_INIT(ROOM);

		in_dir(files[i].name, path);
		fuzz_must(file_write(path, data, size, 0600, NULL));
		if (files[i].loads(&a))
			report();
		unlink(path);
		if (files[i].of_report)
			restore(files[i].name);
	}
	return 0;
}
