/* SPDX-License-Identifier: Apache-2.0 */
/* trial.c - a kept run that is judged anew, by the real check and report. */
#include "test/support/trial.h"

#include "base/cleanup.h"
#include "report/report.h"
#include "test/support/test.h"
#include "vault/vault.h"

enum { ARENA_MAX = 64 * 1024 * 1024, TEXT_MAX = 16 * 1024 * 1024 };

static unsigned trials;

static void copy_file(const struct trial *t, const char *name)
{
	cleanup(buf_release) struct buf text = BUF_INIT(TEXT_MAX);
	char path[PATH_ROOM];
	struct error err = { 0 };

	path_join(path, t->run->dir, name);
	if (!file_exists(path))
		return;
	assert_ok(file_read(path, &text, &err), err);
	path_join(path, t->dir, name);
	assert_ok(file_write(path, text.data, text.len, 0600, &err), err);
}

static void copy_nodes(struct trial *t)
{
	const struct network *net = &t->run->net;
	struct network_node *nodes =
		arena_array(&t->arena, net->node_count, sizeof(*nodes));

	assert_non_null(nodes);
	for (unsigned i = 0; i < net->node_count; i++)
		nodes[i] = net->nodes[i];
	t->net = *net;
	t->net.nodes = nodes;
}

void trial_begin(struct trial *t, const char *run)
{
	struct error err = { 0 };

	*t = (struct trial){ .arena = ARENA_INIT(ARENA_MAX),
			     .text = BUF_INIT(TEXT_MAX) };
	trials++;
	assert_ok(kept_run_find(run, &t->run, &err), err);
	kept_run_restore(t->run);
	kept_run_make_dir(t->dir);
	copy_nodes(t);
	copy_file(t, "history.jsonl");
	copy_file(t, "phases.jsonl");
}

static bool is_copied(const struct trial *t, unsigned node)
{
	return strcmp(t->net.nodes[node].database,
		      t->run->net.nodes[node].database) != 0;
}

void trial_sql(struct trial *t, const struct network_node *node,
	       const char *sql)
{
	unsigned at = (unsigned)(node - t->net.nodes);
	const char *name = t->run->net.nodes[at].database;
	struct error err = { 0 };

	if (!is_copied(t, at)) {
		t->net.nodes[at].database =
			arena_printf(&t->arena, "%s#%u", name, trials);
		assert_non_null(node->database);
		assert_ok(kept_run_copy(name, node->database, &err), err);
	}
	if (kept_run_exec(node->database, sql, &err) < 0)
		fail_msg("%s: %s: %.500s", node->name, err.text, sql);
}

/* As the command "check" leaves it for the report. */
static void record_phase(const struct trial *t)
{
	struct phase phase = { .name = "check",
			       .seconds = 1,
			       .summary = "judged anew",
			       .details = t->details };
	struct error err = { 0 };

	assert_ok(phase_append(t->dir, &phase, &err), err);
}

void trial_judge(struct trial *t)
{
	struct error err = { 0 };
	char path[PATH_ROOM];

	assert_ok(network_save(&t->net, t->dir, &err), err);
	assert_ok(vault_judge(t->dir, NULL, &t->details, &err), err);
	record_phase(t);
	assert_ok(report_write(t->dir, NULL, &t->text, &t->exit_code, &err),
		  err);
	assert_ok(finding_load(t->dir, &t->arena, &t->found, &t->found_count,
			       &err),
		  err);
	path_join(path, t->dir, "results.json");
	assert_ok(js_read_file(path, &t->results, &err), err);
	for (size_t i = 0; i < t->found_count; i++)
		print_message("    %s: %s\n", finding_name(t->found[i].kind),
			      t->found[i].summary);
}

void trial_end(struct trial *t)
{
	for (size_t i = 0; i < t->found_count; i++)
		js_free(t->found[i].evidence);
	for (unsigned i = 0; i < t->net.node_count; i++)
		if (is_copied(t, i))
			kept_run_drop(t->net.nodes[i].database, NULL);
	js_free(t->details);
	js_free(t->results);
	buf_release(&t->text);
	if (t->dir[0])
		dir_remove(t->dir, NULL);
	arena_release(&t->arena);
}
