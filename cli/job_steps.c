/* SPDX-License-Identifier: Apache-2.0 */
/* job_steps.c - each step as its room does it, and one line said of it. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli/job.h"
#include "base/counted.h"
#include "build-and-publish/kept_images.h"
#include "build-and-publish/network_images.h"
#include "deploy/deploy.h"
#include "driver/in_cluster.h"
#include "driver/driver.h"
#include "generate/generate.h"
#include "run/engine_names.h"
#include "sys/interrupt.h"
#include "vault/vault.h"

enum { NAMES_MAX = 4 };

#define SAY(ret, ...)                                                          \
	snprintf((ret)->summary, sizeof((ret)->summary), __VA_ARGS__)

static void add(struct step_result *ret, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static void add(struct step_result *ret, const char *fmt, ...)
{
	size_t len = strlen(ret->summary);
	va_list args;

	va_start(args, fmt);
	vsnprintf(ret->summary + len, sizeof(ret->summary) - len, fmt, args);
	va_end(args);
}

/* What the network has learnt is kept even when not all could be built. */
static int work_build(struct job *job, struct progress *progress,
		      struct step_result *ret, struct error *err)
{
	struct network_images images = { 0 };

	if (network_images_build(&job->net, &job->arena, progress, &images,
				 err) < 0)
		return -1;
	ret->details = images.details;
	if (images.failed)
		SAY(ret, "%lld %s, %u FAILED: %s",
		    COUNTED(images.count, "image"), images.failed,
		    images.failed_names);
	else
		SAY(ret, "%lld %s, %s", COUNTED(images.count, "image"),
		    images.cached == images.count ? "all cached"
		    : images.cached		  ? "some cached"
						  : "all built");
	if (network_save(&job->net, job->run_dir, err) < 0)
		return -1;
	return network_images_suffice(&job->net, err);
}

static int work_images(struct job *job, struct progress *progress,
		       struct step_result *ret, struct error *err)
{
	unsigned count;

	(void)progress;
	if (kept_images_check(&job->net, &job->arena, &count, err) < 0)
		return -1;
	SAY(ret, "%lld %s, by digest", COUNTED(count, "image"));
	ret->details = js_object();
	return network_images_suffice(&job->net, err);
}

static int work_generate(struct job *job, struct progress *progress,
			 struct step_result *ret, struct error *err)
{
	struct generate_summary made;

	(void)progress;
	if (generate_config(job->run_dir, &made, err) < 0)
		return -1;
	SAY(ret, "%lld %s, %lld %s",
	    COUNTED_AS(made.identities, "identity", "identities"),
	    COUNTED(made.files, "file"));
	return 0;
}

/* What each of the `key` array says in `member`, counted. */
static size_t count_with(const struct js *list, const char *member)
{
	size_t n = 0;

	for (size_t i = 0; i < js_count(list); i++)
		n += js_str(js_at(list, i), member) != NULL;
	return n;
}

/* What the first of them says. */
static const char *first_with(const struct js *list, const char *member)
{
	for (size_t i = 0; i < js_count(list); i++)
		if (js_str(js_at(list, i), member))
			return js_str(js_at(list, i), member);
	return "";
}

static int work_deploy(struct job *job, struct progress *progress,
		       struct step_result *ret, struct error *err)
{
	const struct js *nodes;
	size_t failed;

	if (deploy_up(job->run_dir, progress, &ret->details, err) < 0)
		return -1;
	nodes = js_get(ret->details, "nodes");
	failed = count_with(nodes, "failed");
	SAY(ret, "%lld %s ready", COUNTED(js_count(nodes) - failed, "node"));
	if (failed)
		add(ret, ", %zu FAILED", failed);
	if (count_with(js_get(ret->details, "migrations"), "not_kept"))
		add(ret, "; schemas are not in the cache: %s",
		    first_with(js_get(ret->details, "migrations"), "not_kept"));
	return 0;
}

/* Of all kinds that have a payee. */
static long long count_paid(const struct js *d, enum op_outcome outcome)
{
	long long n = 0;

	for (int k = 0; k < OP_KINDS; k++)
		if (op_has_payee((enum op_kind)k))
			n += js_int(
				js_get(d, op_kind_info((enum op_kind)k)->nouns),
				op_outcome_word(outcome), 0);
	return n;
}

/* "36/36 payments  6/6 cells  1.8/s  p50 0.9 s  p99 2.1 s": ok of all. */
static void print_drive(const struct js *d, struct step_result *ret)
{
	const struct js *ms = js_get(d, "latency_ms");
	long long ok = count_paid(d, OUTCOME_OK);
	long long all = ok + count_paid(d, OUTCOME_FAIL) +
			count_paid(d, OUTCOME_UNKNOWN);

	SAY(ret,
	    "%lld/%lld payments  %lld/%lld cells  %.1f/s  p50 %.1f s  p99 "
	    "%.1f s",
	    ok, all, (long long)js_int(d, "cells_covered", 0),
	    (long long)js_int(d, "cells", 0), js_num(d, "per_second", 0),
	    js_num(ms, "p50", 0) / 1000, js_num(ms, "p99", 0) / 1000);
}

/* Which load was driven, also of a drive that failed. A driver in the cluster
 * has written what it drove. */
static int add_load(const struct load_file *other, const struct network *net,
		    struct step_result *ret, struct error *err)
{
	struct load_file own = load_file_own(net);
	cleanup(js_freep) struct js *driven =
		load_file_json(other ? other : &own);
	static const char *const keys[] = { "load", "timeouts" };

	if (!ret->details)
		ret->details = js_object();
	if (!driven || !ret->details)
		return error_nomem(err);
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (!js_get(ret->details, keys[i]))
			js_set(ret->details, keys[i],
			       js_copy(js_get(driven, keys[i])));
	js_set_str(ret->details, "load_file", other ? other->name : NULL);
	return 0;
}

static int work_drive(struct job *job, struct progress *progress,
		      struct step_result *ret, struct error *err)
{
	cleanup(attachment_freep) struct attachment *at = NULL;
	int rc;

	/* A cluster that has a driver of its own drives the load itself. */
	if (engine_is_cluster(job->net.engine) &&
	    in_cluster_has_driver(job->run_dir))
		rc = in_cluster_drive(job->run_dir, job->other_load, progress,
				      &ret->details, err);
	else if (deploy_attach(job->run_dir, &at, err) < 0)
		return -1;
	else
		rc = driver_run(job->run_dir, job->other_load, progress,
				&ret->details, err);
	if (add_load(job->other_load, &job->net, ret, rc < 0 ? NULL : err) < 0)
		return -1;
	if (rc >= 0)
		print_drive(ret->details, ret);
	return rc;
}

/* "; 5 of 6 banks answered, 4 agree" */
static void add_asked(const struct js *asked, struct step_result *ret)
{
	const int64_t banks = js_int(asked, "banks", 0);
	const int64_t answered = js_int(asked, "answered", 0);
	const int64_t agree = js_int(asked, "agree", 0);

	if (!asked)
		return;
	if (answered == banks && agree == banks)
		add(ret, "; %lld %s agree%s", COUNTED(banks, "bank"),
		    banks == 1 ? "s" : "");
	else
		add(ret, "; %lld of %lld banks answered, %lld agree%s",
		    (long long)answered, (long long)banks, (long long)agree,
		    agree == 1 ? "s" : "");
}

static int work_check(struct job *job, struct progress *progress,
		      struct step_result *ret, struct error *err)
{
	cleanup(attachment_freep) struct attachment *at = NULL;
	const bool ask = job->ask_nodes;
	const struct js *d;

	if ((ask && vault_can_ask(job->run_dir, err) < 0) ||
	    deploy_attach(job->run_dir, &at, err) < 0 ||
	    vault_check(job->run_dir, ask, progress, &ret->details, err) < 0)
		return -1;
	d = ret->details;
	SAY(ret, "%lld %s, %lld %s, %lld %s: %lld %s",
	    COUNTED(js_int(d, "databases", 0), "database"),
	    COUNTED(js_int(d, "transactions", 0), "transaction"),
	    COUNTED(js_int(d, "signatures", 0), "signature"),
	    COUNTED(js_int(d, "findings", 0), "finding"));
	if (js_int(d, "notes", 0))
		add(ret, ", %lld %s", COUNTED(js_int(d, "notes", 0), "note"));
	add_asked(js_get(d, "asked"), ret);
	if (!js_bool(d, "quiet", true))
		add(ret, "; not quiet after %.0f s, %lld %s in flight",
		    js_num(d, "quiet_seconds", 0),
		    COUNTED(js_int(d, "in_flight", 0), "payment"));
	return 0;
}

/* The signal that brought us here is not to stop this step, nor is a first
 * one that comes now; a second one quits. */
static int take_down(struct job *job, struct progress *progress,
		     struct js **ret_details, struct error *err)
{
	struct error why = { 0 };

	for (int tries = 0; tries < 2; tries++) {
		interrupt_clear();
		js_free(*ret_details);
		*ret_details = NULL;
		if (!deploy_down(job->run_dir, job->net.timeouts.down, progress,
				 ret_details, &why))
			return 0;
		if (why.kind != ERROR_INTERRUPTED)
			break;
	}
	return error_set(err, why.kind, "%s", why.text);
}

/* As many as the line has room for; the run's phases.jsonl has all. */
static void add_lost_logs(struct step_result *ret)
{
	const struct js *lost = js_get(ret->details, "logs_lost");
	size_t n = js_count(lost);

	if (!n)
		return;
	add(ret, "; no log of");
	for (size_t i = 0; i < n && i < NAMES_MAX; i++)
		add(ret, "%s %s", i ? "," : "", js_text(js_at(lost, i)));
	if (n > NAMES_MAX)
		add(ret, " and %zu more", n - NAMES_MAX);
	add(ret, ": %s", js_str(ret->details, "logs_lost_why"));
}

static int work_down(struct job *job, struct progress *progress,
		     struct step_result *ret, struct error *err)
{
	int64_t strangers;
	int rc;

	rc = take_down(job, progress, &ret->details, err);
	if (ret->details)
		SAY(ret, "%lld made, %lld removed, %zu left",
		    (long long)js_int(ret->details, "made", 0),
		    (long long)js_int(ret->details, "removed", 0),
		    js_count(js_get(ret->details, "left")));
	strangers = js_int(ret->details, "strangers", 0);
	if (js_str(ret->details, "stays"))
		add(ret, "; %s", js_str(ret->details, "stays"));
	if (js_get(ret->details, "not_of_this_run"))
		add(ret,
		    "; %lld %s in inventory.jsonl %s not belong to this run "
		    "and "
		    "%s not removed; phases.jsonl lists %zu of them",
		    COUNTED(strangers, "object"),
		    strangers == 1 ? "does" : "do",
		    strangers == 1 ? "was" : "were",
		    js_count(js_get(ret->details, "not_of_this_run")));
	add_lost_logs(ret);
	return rc;
}

const struct step step_build = { .name = "build",
				 .claim = "build",
				 .work = work_build };
const struct step step_images = { .name = "build",
				  .claim = "build",
				  .work = work_images };
const struct step step_generate = { .name = "generate",
				    .claim = "generate",
				    .work = work_generate,
				    .keeps_seal = true };
const struct step step_deploy = { .name = "deploy",
				  .claim = "network",
				  .work = work_deploy };
/* What one pays the other would find half done. */
const struct step step_drive = { .name = "drive",
				 .claim = "vaults",
				 .work = work_drive };
const struct step step_check = { .name = "check",
				 .claim = "vaults",
				 .work = work_check };
/* Also while another command hangs, to end what it works on. */
const struct step step_down = { .name = "down", .work = work_down };
