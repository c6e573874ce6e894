/* SPDX-License-Identifier: Apache-2.0 */
/* job.c - a run that a command works on, and how a step of it is done. */
#include "cli/job.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/placement.h"
#include "cli/precheck.h"
#include "cli/print.h"
#include "report/expected.h"
#include "report/report.h"
#include "run/records.h"
#include "run/run.h"
#include "run/run_list.h"
#include "sys/clock.h"
#include "sys/pressure.h"
#include "sys/terminal.h"

enum {
	TEXT_MAX = 16 * 1024 * 1024,
	JSON_MAX = 64 * 1024 * 1024,
	REPORT_MAX = 256 * 1024 * 1024
};
static const size_t job_arena_max = (size_t)256 * 1024 * 1024;

int job_open(struct job *job, const struct common_options *common,
	     const struct run_options *run, struct error *err)
{
	static const struct run_options none = { 0 };

	*job = (struct job){ .common = common, .run = run ? run : &none };
	arena_init(&job->arena, job_arena_max);
	if (placement_use_kubeconfig(&job->run->place, err) < 0)
		return -1;
	return screen_open(common, &job->screen, err);
}

void job_release(struct job *job)
{
	screen_close(job->screen);
	js_free(job->details);
	arena_release(&job->arena);
	if (job->lock > 0)
		close(job->lock);
}

/* Others see that the run is alive. It may be held already: several commands
 * may look after one run. */
static void hold(struct job *job)
{
	int fd;

	if (job->lock > 0)
		return;
	if ((job->begun ? run_hold(job->run_dir, &fd, NULL)
			: run_hold_old(job->run_dir, &fd, NULL)) == 1)
		job->lock = fd;
}

/* runs/latest -> runs/<id>, one step, as a relative path. */
static void follow_link(char room[PATH_ROOM])
{
	char target[PATH_ROOM], *slash;
	size_t len = strlen(room);
	ssize_t n;

	while (len > 1 && room[len - 1] == '/')
		room[--len] = 0;
	n = readlink(room, target, sizeof(target) - 1);
	if (n <= 0)
		return;
	target[n] = 0;
	slash = strrchr(room, '/');
	if (target[0] == '/' || !slash)
		path_printf(room, "%s", target);
	else if ((size_t)(slash + 1 - room) + (size_t)n < PATH_ROOM)
		memcpy(slash + 1, target, (size_t)n + 1);
}

int job_print_json(const struct js *root, struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(JSON_MAX);

	if (js_print(root, JS_PRETTY, &text, err) < 0)
		return -1;
	fputs(buf_text(&text), stdout);
	return 0;
}

static int find_directory(struct job *job, const char *arg, struct error *err)
{
	struct stat st;

	if (!arg)
		path_join(job->run_dir, job->run->runs, "latest");
	else if (run_find(job->run->runs, arg, job->run_dir, err) < 0)
		return -1;
	follow_link(job->run_dir);
	if (stat(job->run_dir, &st) < 0)
		return error_set(err, ERROR_INPUT,
				 "there is no run '%s'; 'medley run' makes one",
				 arg ? arg : job->run_dir);
	if (!S_ISDIR(st.st_mode))
		return error_set(err, ERROR_INPUT,
				 "%s is a file; expected the directory of a "
				 "run, such as runs/latest",
				 job->run_dir);
	return 0;
}

int job_find_directory(struct job *job, const char *arg, struct error *err)
{
	if (find_directory(job, arg, err) < 0)
		return -1;
	return run_refuse_links(job->run_dir, err);
}

int job_find(struct job *job, const char *arg, struct error *err)
{
	if (find_directory(job, arg, err) < 0 ||
	    network_check_saved(job->run_dir, err) < 0)
		return -1;
	return run_refuse_links(job->run_dir, err);
}

int job_load(struct job *job, const char *arg, struct error *err)
{
	if (placement_check(&job->run->place, err) < 0 ||
	    job_find(job, arg, err) < 0 ||
	    network_load(job->run_dir, &job->arena, &job->net, err) < 0)
		return -1;
	return placement_settle(&job->run->place, &job->net, job->run_dir, err);
}

bool job_is_file(const char *arg)
{
	struct stat st;

	return arg && (stat(arg, &st) < 0 ? strstr(arg, ".yaml") != NULL
					  : S_ISREG(st.st_mode));
}

static void print_begin(struct job *job)
{
	cleanup(buf_release) struct buf releases = BUF_INIT(TEXT_MAX);
	char left[512], id[PATH_ROOM];

	job_name_releases(&job->net, &releases);
	snprintf(left, sizeof(left), "run %.64s  seed %llu  %s  ",
		 run_id(job->run_dir, id), (unsigned long long)job->net.seed,
		 job->net.engine);
	screen_line(job->screen, left, buf_text(&releases));
}

/* A mistake in it is found before the run, not by its report. */
static int check_expected(struct job *job, const char *file, struct error *err)
{
	struct expected ignored;
	char path[PATH_ROOM];

	if (!file)
		return 0;
	return expected_read(expected_beside(file, path), &job->arena, &ignored,
			     err) < 0
		       ? -1
		       : 0;
}

/* What a person declared beside the file belongs to the run as well. */
static int copy_expected(struct job *job, const char *file, struct error *err)
{
	char from[PATH_ROOM], to[PATH_ROOM];

	if (!file || !file_exists(expected_beside(file, from)))
		return 0;
	return file_copy(from, path_join(to, job->run_dir, expected_file), 0644,
			 err);
}

/* The run of a configuration that somebody else may apply as well: what it
 * needs of it is copied, the manifests stay where they are. */
static int take_config(struct job *job, const char *real, struct error *err)
{
	static const char *const copied[][2] = {
		{ "passwords", "secrets.json" },
		{ "identities.jks", "identities.jks" },
	};
	char from[PATH_ROOM], to[PATH_ROOM];

	for (size_t i = 0; i < ARRAY_SIZE(copied); i++) {
		path_printf(from, "%s/.medley/%s", real, copied[i][0]);
		path_join(to, job->run_dir, copied[i][1]);
		if (file_exists(from) && file_copy(from, to, 0600, err) < 0)
			return -1;
	}
	path_join(to, job->run_dir, "config");
	if (rmdir(to) < 0 || symlink(real, to) < 0)
		return error_errno(err, ERROR_INTERNAL, errno, "%s", to);
	return network_save(&job->net, job->run_dir, err);
}

/* The latest run is of this configuration already: 1, and it is loaded. */
static int adopted_before(struct job *job, const char *real, struct error *err)
{
	char config[PATH_ROOM], link[PATH_ROOM];

	if (job_find(job, NULL, NULL) < 0 ||
	    !realpath(path_join(link, job->run_dir, "config"), config) ||
	    strcmp(config, real))
		return 0;
	return job_load(job, NULL, err) < 0 ? -1 : 1;
}

int job_adopt(struct job *job, const char *dir, struct error *err)
{
	char real[PATH_ROOM], resolved[PATH_ROOM];
	int rc;

	if (!dir || !realpath(dir, real) ||
	    !file_exists(path_printf(resolved, "%s/.medley/resolved", real)))
		return 0;
	rc = adopted_before(job, real, err);
	if (rc)
		return rc;
	if (placement_check(&job->run->place, err) < 0 ||
	    network_load_file(resolved, &job->arena, &job->net, err) < 0 ||
	    placement_settle(&job->run->place, &job->net, NULL, err) < 0 ||
	    check_expected(job, job->net.file, err) < 0 ||
	    run_create(job->run->runs, job->run_dir, err) < 0 ||
	    take_config(job, real, err) < 0 ||
	    copy_expected(job, job->net.file, err) < 0 ||
	    job_keep_stable_runs(job, err) < 0)
		return -1;
	job->begun = true;
	print_begin(job);
	return 1;
}

int job_create(struct job *job, const char *file, struct error *err)
{
	if (!file_exists(file))
		return error_set(err, ERROR_INPUT,
				 "%s: No such file; expected a network, such "
				 "as examples/quickstart/network.yaml",
				 file);
	if (placement_check(&job->run->place, err) < 0 ||
	    network_read(file, &job->arena, &job->net, err) < 0 ||
	    check_expected(job, file, err) < 0 ||
	    placement_apply(&job->run->place, &job->net, &job->arena, err) <
		    0 ||
	    network_check_engine(&job->net, err) < 0 ||
	    precheck_words(&job->net, &job->arena, err) < 0 ||
	    precheck_engine(&job->net, err) < 0 ||
	    (job->boots && precheck_cluster(&job->net, err) < 0) ||
	    precheck_released(&job->net, &job->arena, err) < 0)
		return -1;
	if (job->run->seed.given)
		job->net.seed = job->run->seed.value;
	return job_begin(job, file, err);
}

int job_begin(struct job *job, const char *beside, struct error *err)
{
	if (run_create(job->run->runs, job->run_dir, err) < 0 ||
	    network_save(&job->net, job->run_dir, err) < 0 ||
	    (beside && copy_expected(job, beside, err) < 0) ||
	    job_keep_stable_runs(job, err) < 0)
		return -1;
	job->begun = true;
	print_begin(job);
	return 0;
}

static int keep_phase(struct job *job, const struct step *step,
		      const struct step_result *result, double seconds,
		      const struct error *why, struct error *err)
{
	struct phase phase = {
		.name = step->name,
		.seconds = seconds,
		.cpu_pressure = result->cpu_pressure,
		.summary = result->summary,
		.error = why ? why->text : NULL,
		.kind = why ? why->kind : ERROR_NONE,
		.details = result->details,
	};

	return phase_append(job->run_dir, &phase, err);
}

/* The descriptor of the claim, to be closed; -1: there is nothing to claim. */
static int claim(const struct job *job, const struct step *step, int *ret_fd,
		 struct error *err)
{
	int rc;

	*ret_fd = -1;
	if (!step->claim)
		return 0;
	rc = run_claim(job->run_dir, step->claim, ret_fd, err);
	if (rc)
		return rc < 0 ? -1 : 0;
	return error_set(err, ERROR_INPUT,
			 "another medley process works on the %s of %s; wait "
			 "until it has ended, or stop it",
			 step->claim, job->run_dir);
}

static void print_failed(struct step_result *result, const struct error *err)
{
	snprintf(result->summary, sizeof(result->summary), "%s",
		 err->kind == ERROR_INTERRUPTED ? "interrupted" : "FAILED");
}

int job_change(struct job *job, struct error *err)
{
	char why[SEAL_WHY];

	if (job->changing || job->begun)
		return 0;
	hold(job);
	if (seal_open(job->run_dir, &job->seal, why, err) < 0)
		return -1;
	job->changing = true;
	if (job->seal == SEAL_BROKEN)
		print_line(
			stderr,
			"medley: warning: %s was changed after it had ended: "
			"%s; its seal stays broken",
			job->run_dir, why);
	return 0;
}

int job_seal(struct job *job, bool ended, struct error *err)
{
	if (job->seal == SEAL_BROKEN)
		return 0;
	/* Another command that is still at work will seal the run. */
	if (!job->lock)
		return seal_remove(job->run_dir, err);
	if (job->seal == SEAL_NONE && !ended)
		return 0;
	return seal_write(job->run_dir, err);
}

/* Keeps the step's line, and seals the run again, if it was sealed. */
static int settle_step(struct job *job, const struct step *step,
		       const struct step_result *result, double seconds,
		       const struct error *why, struct error *err)
{
	/* Before anything was done: the run stays as it was. */
	const bool refused = why && why->kind == ERROR_INPUT && !job->begun;

	if (!refused && keep_phase(job, step, result, seconds, why, err) < 0)
		return -1;
	return job->begun ? 0
			  : job_seal(job, step == &step_down && !refused, err);
}

int job_step(struct job *job, const struct step *step, struct error *err)
{
	struct step_result result = { 0 };
	int64_t began = clock_mono_us();
	cleanup(closep) int claimed = -1;
	struct progress *progress;
	const bool changes = !step->keeps_seal || !seal_exists(job->run_dir);
	struct pressure pressure;
	double seconds;
	int rc;

	hold(job);
	if (claim(job, step, &claimed, err) < 0 ||
	    (changes && job_change(job, err) < 0))
		return -1;
	progress = screen_begin(job->screen, step->name);
	pressure_begin(&pressure);
	rc = step->work(job, progress, &result, err);
	result.cpu_pressure = pressure_share(&pressure);
	seconds = (double)(clock_mono_us() - began) / 1e6;
	js_free(job->details);
	job->details = result.details;
	if (rc < 0 && !result.summary[0])
		print_failed(&result, err);
	screen_end(job->screen, result.summary, seconds, rc < 0);
	if (changes &&
	    settle_step(job, step, &result, seconds, rc < 0 ? err : NULL,
			rc < 0 ? NULL : err) < 0)
		return -1;
	return rc;
}

/* NULL: text for what is not a terminal. */
static const struct text_look *look_of(const struct job *job,
				       struct text_look *room)
{
	room->json = job->common->json;
	if (!room->json && !isatty(STDOUT_FILENO))
		return NULL;
	room->colour = screen_colour(job->screen);
	room->width = terminal_columns(STDOUT_FILENO);
	return room;
}

static void print_answer(const struct job *job, struct buf *text)
{
	if (job->common->json)
		fputs(buf_text(text), stdout);
	else
		print_lines(stdout, buf_text(text));
	fflush(stdout);
}

int job_report(struct job *job, int *exit_code, struct error *err)
{
	struct text_look look;
	cleanup(buf_release) struct buf text = BUF_INIT(REPORT_MAX);
	struct against against = { .runs_dir = job->run->runs };
	int rc;

	if (job->against) {
		against.words = job->against->list;
		against.count = job->against->count;
	}
	rc = report_write_against(job->run_dir, look_of(job, &look), &against,
				  &text, exit_code, err);

	/* The answer comes first, also when its files cannot be written. */
	print_answer(job, &text);
	return rc;
}

int job_report_silently(struct job *job, int *exit_code, struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(REPORT_MAX);

	return report_write_against(job->run_dir, NULL, NULL, &text, exit_code,
				    err);
}

int job_merge(struct job *job, const char *const *dirs, size_t count,
	      const char *out_dir, int *exit_code, struct error *err)
{
	struct text_look look;
	cleanup(buf_release) struct buf text = BUF_INIT(REPORT_MAX);
	int rc = report_merge(dirs, count, out_dir, look_of(job, &look), &text,
			      exit_code, err);

	print_answer(job, &text);
	return rc;
}
