/* SPDX-License-Identifier: Apache-2.0 */
/* in_cluster.c - the load of a run, driven by a Job in its cluster. */
#include "driver/in_cluster.h"

#include <stdio.h>
#include <string.h>

#include "driver/in_cluster_parts.h"
#include "kube/objects.h"
#include "sys/clock.h"
#include "sys/file.h"
#include "sys/interrupt.h"

enum { PHASES_MAX = 4 * 1024 * 1024, LOAD_MAX = 64 * 1024, SIGNALLED = 128 };

bool in_cluster_has_driver(const char *run_dir)
{
	char path[PATH_ROOM];

	return file_exists(
		path_join(path, run_dir, "config/network/driver.yaml"));
}

static void driving_release(struct driving *d)
{
	engine_closep(&d->engine);
}

static const struct kube_object *find_object(const struct driving *d,
					     const char *kind, const char *name)
{
	for (size_t i = 0; i < d->k->objects.count; i++) {
		const struct kube_object *o = &d->k->objects.objects[i];

		if (!strcmp(o->kind, kind) && !strcmp(o->name, name))
			return o;
	}
	return NULL;
}

static void name_objects(struct driving *d)
{
	network_object(&d->k->net, KUBE_DRIVER, d->name);
	network_object(&d->k->net, KUBE_DRIVER "-load", d->load_name);
	network_object(&d->k->net, KUBE_DRIVER "-reader", d->reader);
}

const char *driving_selector(const char *name, char room[OBJECT_SELECTOR])
{
	snprintf(room, OBJECT_SELECTOR, "metadata.name=%s", name);
	return room;
}

static int driving_open(struct driving *d, struct error *err)
{
	if (kubernetes_open(d->run_dir, &d->engine, err) < 0)
		return -1;
	d->k = (struct kubernetes *)d->engine;
	if (d->other)
		load_file_apply(d->other, &d->k->net);
	if (kubernetes_objects(d->k, err) < 0)
		return -1;
	name_objects(d);
	d->job = find_object(d, "Job", d->name);
	if (d->job)
		return 0;
	return error_set(err, ERROR_INPUT,
			 "%s/config has no Job %s: medley generate writes it "
			 "if there is an image of the driver",
			 d->run_dir, d->name);
}

/* ---- start ---- */

static struct kube_ref job_ref(const struct driving *d)
{
	return (struct kube_ref){ kube_builtin("Job"), d->k->namespace,
				  d->name };
}

static bool has_ended(const struct js *job)
{
	return kube_condition(job, "Complete") || kube_condition(job, "Failed");
}

static bool is_suspended(const struct js *job)
{
	return js_bool(js_get(job, "spec"), "suspend", false);
}

/* One that has ended never runs again: another one takes its name. */
static int remove_job(struct driving *d, struct error *err)
{
	char named[OBJECT_SELECTOR];
	struct kube_ref ref = job_ref(d);
	struct kube_selection which = { NULL,
					driving_selector(d->name, named) };
	const struct kube_deletion how = { .propagation = "Foreground",
					   .grace_s = -1 };
	cleanup(kube_watch_freep) struct kube_watch *jobs = NULL;
	int64_t deadline = kubernetes_deadline(KUBERNETES_SECONDS);

	if (kube_delete(d->k->kube, &ref, &how, deadline, NULL, err) < 0 ||
	    kube_watch_open(d->k->kube, &ref, &which, deadline, &jobs, err) < 0)
		return -1;
	while (kube_watch_view(jobs)->count) {
		if (interrupt_check(err) < 0 || kube_watch_move(jobs, err) < 0)
			return -1;
		if (clock_mono_us() >= deadline)
			return error_set(err, ERROR_LOAD,
					 "Job %s/%s of an earlier drive was "
					 "not removed in time",
					 d->k->namespace, d->name);
		kube_step(d->k->kube, 200);
	}
	return 0;
}

static int apply(struct driving *d, const struct kube_object *o,
		 struct error *err)
{
	int64_t deadline = kubernetes_deadline(KUBERNETES_SECONDS);
	struct kube_ref ref = { NULL, d->k->namespace, o->name };

	if (inventory_add(d->run_dir, o->kind, o->name, err) < 0 ||
	    kinds_find(&d->k->kinds, d->k->kube, o->api_version, o->kind,
		       deadline, &ref.kind, err) < 0)
		return -1;
	return kube_apply(d->k->kube, &ref, o->body, o->len, KUBE_FORCE,
			  deadline, NULL, err);
}

/* The objects of the Job's file: what it reads, and the claim. */
static int make_job(struct driving *d, struct error *err)
{
	for (size_t i = 0; i < d->k->objects.count; i++) {
		const struct kube_object *o = &d->k->objects.objects[i];

		if (!strcmp(o->file, d->job->file) && apply(d, o, err) < 0)
			return -1;
	}
	return 0;
}

/* The object's body with this load in it. */
static int load_body(const struct kube_object *o, const struct load_file *load,
		     struct buf *out, struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(LOAD_MAX);
	cleanup(js_freep) struct js *map = NULL;

	if (load_file_write(load, &text, err) < 0 ||
	    js_parse(o->file, o->body, o->len, &map, err) < 0)
		return -1;
	js_set_str(js_edit(map, "data"), "load.yaml", buf_text(&text));
	return js_print(map, JS_LINE, out, err);
}

/* An earlier drive may have left another load there: without `other`, it is
 * emptied. */
static int put_load(struct driving *d, struct error *err)
{
	const struct kube_object *generated =
		find_object(d, "ConfigMap", d->load_name);
	cleanup(buf_release) struct buf body = BUF_INIT(2 * LOAD_MAX);
	struct kube_object o;

	if (!generated && !d->other)
		return 0;
	if (!generated)
		return error_set(err, ERROR_INPUT,
				 "%s/config has no ConfigMap %s for the load "
				 "of %s: an older version of medley generated "
				 "it",
				 d->run_dir, d->load_name, d->other->name);
	o = *generated;
	if (d->other) {
		if (load_body(generated, d->other, &body, err) < 0)
			return -1;
		o.body = buf_text(&body);
		o.len = body.len;
	}
	return apply(d, &o, err);
}

static int refuse_other_load(const struct driving *d, struct error *err)
{
	return error_set(err, ERROR_INPUT,
			 "Job %s/%s already drives another load than %s: wait "
			 "until it has ended; 'medley drive' follows it",
			 d->k->namespace, d->name, d->other->name);
}

int driving_start(struct driving *d, struct error *err)
{
	static const char go[] = "{\"spec\":{\"suspend\":false}}";
	cleanup(js_freep) struct js *job = NULL;
	struct kube_ref ref = job_ref(d);
	int64_t deadline = kubernetes_deadline(KUBERNETES_SECONDS);
	bool ended;

	if (kube_get(d->k->kube, &ref, deadline, &job, err) < 0)
		return -1;
	ended = job && has_ended(job);
	if (job && !ended && !is_suspended(job))
		return d->other ? refuse_other_load(d, err) : 0;
	if ((ended && remove_job(d, err) < 0) ||
	    ((ended || !job) && make_job(d, err) < 0) || put_load(d, err) < 0)
		return -1;
	return kube_merge(d->k->kube, &ref, go, sizeof(go) - 1, deadline, NULL,
			  err);
}

/* ---- end ---- */

/* One that was killed wrote no line: what is there is an earlier one's. */
static bool had_a_say(const struct driving *d)
{
	return d->end != DRIVING_FAILED ||
	       (d->exit_code >= 0 && d->exit_code < SIGNALLED) ||
	       d->exit_code == ERROR_INTERRUPTED;
}

/* The line that the driver wrote of its step, or NULL. */
static struct js *phase_of(const struct driving *d,
			   const struct fetched_run *driven)
{
	const char *line = buf_text(&driven->phases);
	struct js *phase = NULL;

	if (!had_a_say(d))
		return NULL;
	while (*line) {
		size_t len = strcspn(line, "\n");
		struct js *one = NULL;

		if (js_parse("phases.jsonl", line, len, &one, NULL) >= 0) {
			js_free(phase);
			phase = one;
		}
		line += len + (line[len] == '\n');
	}
	return phase;
}

/* What it came to, also of a driver that said nothing any more. */
static struct js *details_of(const struct driving *d,
			     const struct fetched_run *driven,
			     const struct js *phase)
{
	struct js *details = js_copy(js_get(phase, "details"));
	struct js *driver = js_object();

	if (!details)
		details = js_object();
	js_set_str(driver, "pod", d->pod);
	js_set_str(driver, "ended", d->why);
	js_set_int(driver, "operations", (int64_t)driven->operations);
	js_set(details, "driver", driver);
	return details;
}

static int judge(const struct driving *d, const struct fetched_run *driven,
		 const struct js *phase, struct error *err)
{
	const char *said = js_str(phase, "error");

	if (d->end == DRIVING_STOPPED)
		return error_set(err, ERROR_INTERRUPTED, "interrupted");
	if (d->end == DRIVING_COMPLETE && js_get(phase, "details"))
		return 0;
	return error_set(err, ERROR_LOAD,
			 "the driver in Pod %s/%s %s (%s)%s%s; it has written "
			 "%llu operations, they are in %s/history.jsonl",
			 d->k->namespace, d->pod[0] ? d->pod : d->name,
			 said ? "has failed" : "ended without a result",
			 d->why[0] ? d->why : "the cause is not known",
			 said ? ": " : "", said ? said : "",
			 (unsigned long long)driven->operations, d->run_dir);
}

int in_cluster_drive(const char *run_dir, const struct load_file *other,
		     struct progress *progress, struct js **ret_details,
		     struct error *err)
{
	cleanup(driving_release) struct driving d = { .run_dir = run_dir,
						      .other = other,
						      .progress = progress,
						      .exit_code = -1 };
	struct fetched_run driven = { .phases = BUF_INIT(PHASES_MAX) };
	struct js *phase;
	int rc;

	if (driving_open(&d, err) < 0 || driving_start(&d, err) < 0)
		return -1;
	if (driving_follow(&d, err) < 0) {
		driving_suspend(&d, NULL);
		return -1;
	}
	progress_say(progress, 0, 0, 0, "fetching what the driver wrote");
	rc = driving_fetch(&d, &driven, err);
	if (rc >= 0) {
		phase = phase_of(&d, &driven);
		*ret_details = details_of(&d, &driven, phase);
		rc = judge(&d, &driven, phase, err);
		js_free(phase);
	}
	buf_release(&driven.phases);
	return rc;
}
