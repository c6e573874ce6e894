/* SPDX-License-Identifier: Apache-2.0 */
/* job.h - a run that a command works on, and the steps it is made of. */
#ifndef CLI_JOB_H
#define CLI_JOB_H

#include "base/arena.h"
#include "base/cleanup.h"
#include "cli/groups.h"
#include "cli/screen.h"
#include "data/json.h"
#include "run/load.h"
#include "run/network.h"
#include "run/seal.h"
#include "sys/file.h"

struct job {
	const struct common_options *common;
	const struct run_options *run;
	struct screen *screen;
	struct arena arena;
	struct network net;
	char run_dir[PATH_ROOM]; /* as a person would write it */
	int lock; /* what holds the run (run/run.h); 0: nothing */
	bool begun; /* by this command; else the run was there before */
	bool changing; /* job_change() was called */
	enum seal_state seal; /* before the first change (run/seal.h) */
	struct js *details; /* of the last step; owned */
	bool boots; /* the command boots the network of a run that it begins */
	bool ask_nodes; /* of check */
	const struct option_texts *against; /* of report; NULL: nothing */
	const struct load_file *other_load; /* of drive; NULL: the run's own */
	/* What scale and upgrade are about. */
	const char *set;
	const struct network_node *node; /* the only one; NULL: all */
	unsigned replicas;
};

/* What a step says of itself; also what is set on failure counts. */
struct step_result {
	char summary[256];
	struct js *details; /* goes to the caller */
	double cpu_pressure; /* set by job_step() */
};

struct step {
	const char *name; /* as in phases.jsonl */
	/* Steps with the same claim are never done at the same time on one
	 * run, by whatever processes; NULL: at any time. */
	const char *claim;
	int (*work)(struct job *job, struct progress *progress,
		    struct step_result *ret, struct error *err);
	/* It writes nothing that a seal covers: a run that is sealed stays as
	 * it is, and gets no line in phases.jsonl. */
	bool keeps_seal;
};

extern const struct step step_build, step_generate, step_deploy, step_drive,
	step_check, step_down;
/* In the place of step_build: the network has its images already, and they have
 * to exist still. */
extern const struct step step_images;

/* `run` NULL: of a command that works on no run. Both are borrowed. */
int job_open(struct job *job, const struct common_options *common,
	     const struct run_options *run, struct error *err);
void job_release(struct job *job);
/* Finds the run: `arg`, a path or a name (run/run_list.h), or <runs>/latest
 * when NULL, whose link is resolved so that a run begun meanwhile does not take
 * its place. */
int job_find(struct job *job, const char *arg, struct error *err);
/* The same of a directory that needs no network: results of a run, which may
 * come from another machine. */
int job_find_directory(struct job *job, const char *arg, struct error *err);
/* Finds the run and loads its network. */
int job_load(struct job *job, const char *arg, struct error *err);
/* A file begins a run; a directory is one. */
bool job_is_file(const char *arg);
/* The first node that the word names: by its own name, its StatefulSet's, or
 * the name that its StatefulSet's nodes begin with ("bank-4.0"). NULL:
 * ERROR_INPUT. */
const struct network_node *job_find_node(const struct job *job,
					 const char *word, struct error *err);
/* ERROR_INPUT if the node is one of a notary of several nodes, which does not
 * survive a restart of its nodes. */
int job_refuse_cluster(const struct network_node *node, struct error *err);
/* Adds the releases, each once: "4.0 4.5 around notary 4.8". */
void job_name_releases(const struct network *net, struct buf *out);
/* Makes a run of what `medley generate` wrote for a cluster into `dir`, when
 * `dir` is such a directory: 1; 0: it is none. */
int job_adopt(struct job *job, const char *dir, struct error *err);
/* Reads a network.yaml and makes a run of it. */
int job_create(struct job *job, const char *file, struct error *err);
/* Makes a run of job->net. An expected.yaml in the directory of `beside`, a
 * path, belongs to the run; NULL: there is none. */
int job_begin(struct job *job, const char *beside, struct error *err);

/* Of a new run whose network has gates.stable_runs: writes stable-runs.json
 * (run/stable_runs.h). */
int job_keep_stable_runs(struct job *job, struct error *err);

/* Prints a document of --json. */
int job_print_json(const struct js *root, struct error *err);

/* The command is about to change the run: opens its seal. Says on standard
 * error that a seal is broken, and goes on. Once is enough. */
int job_change(struct job *job, struct error *err);
/* The command has changed the run. Seals a run that was sealed, and one that
 * has ended if `ended`; never one whose seal was broken. */
int job_seal(struct job *job, bool ended, struct error *err);

/* Does one step: times it, shows it, keeps its line in phases.jsonl (not when
 * an old run lacks what the step needs, nor of a sealed run that stays so). */
int job_step(struct job *job, const struct step *step, struct error *err);
/* Judges what is on disk and prints it (with --json, results.json). */
int job_report(struct job *job, int *exit_code, struct error *err);
/* The same, and prints nothing. */
int job_report_silently(struct job *job, int *exit_code, struct error *err);
/* Joins the results of runs into a directory that is there, and prints them
 * likewise. */
int job_merge(struct job *job, const char *const *dirs, size_t count,
	      const char *out_dir, int *exit_code, struct error *err);

#endif
