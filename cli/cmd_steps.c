/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_steps.c - the steps of a run, each as a command of its own. */
#include "cli/job.h"

static const char *run_arg(const struct cli *cli)
{
	return cli->arg_count ? cli->args[0] : NULL;
}

static int one_step(struct cli *cli, const struct step *step, struct error *err)
{
	cleanup(job_release) struct job job = { 0 };

	if (job_open(&job, cli, err) < 0 ||
	    job_load(&job, run_arg(cli), err) < 0)
		return -1;
	return job_step(&job, step, err);
}

/* From a network.yaml, from a cluster's configuration, or of a run. */
static int up(struct job *job, const char *arg, struct error *err)
{
	int rc;

	if (job_is_file(arg)) {
		if (job_create(job, arg, err) < 0 ||
		    job_step(job, &step_build, err) < 0 ||
		    job_step(job, &step_generate, err) < 0)
			return -1;
		return job_step(job, &step_deploy, err);
	}
	rc = job_adopt(job, arg, err);
	if (rc < 0 || (!rc && job_load(job, arg, err) < 0) ||
	    job_change(job, err) < 0 ||
	    network_save(&job->net, job->run_dir, err) < 0)
		return -1;
	return job_step(job, &step_deploy, err);
}

int cmd_up(struct cli *cli, int *exit_code, struct error *err)
{
	cleanup(job_release) struct job job = { 0 };

	(void)exit_code;
	if (job_open(&job, cli, err) < 0 || up(&job, run_arg(cli), err) < 0)
		return -1;
	if (job.begun)
		printf("%s\n", job.run_dir);
	return 0;
}

int cmd_drive(struct cli *cli, int *exit_code, struct error *err)
{
	cleanup(job_release) struct job job = { 0 };
	struct load_file other;

	(void)exit_code;
	if (job_open(&job, cli, err) < 0 ||
	    job_load(&job, run_arg(cli), err) < 0)
		return -1;
	if (cli_has(cli, OPT_LOAD)) {
		if (load_file_read(cli->load, &job.net, &job.arena, &other,
				   err) < 0)
			return -1;
		job.other_load = &other;
	}
	return job_step(&job, &step_drive, err);
}

int cmd_down(struct cli *cli, int *exit_code, struct error *err)
{
	(void)exit_code;
	return one_step(cli, &step_down, err);
}

static int print_details(const struct job *job, struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(64 * 1024 * 1024);

	if (js_print(job->details, JS_PRETTY, &text, err) < 0)
		return -1;
	fputs(buf_text(&text), stdout);
	return 0;
}

int cmd_check(struct cli *cli, int *exit_code, struct error *err)
{
	cleanup(job_release) struct job job = { 0 };

	(void)exit_code;
	if (job_open(&job, cli, err) < 0 ||
	    job_load(&job, run_arg(cli), err) < 0 ||
	    job_step(&job, &step_check, err) < 0)
		return -1;
	return cli_has(cli, OPT_JSON) ? print_details(&job, err) : 0;
}

int cmd_report(struct cli *cli, int *exit_code, struct error *err)
{
	cleanup(job_release) struct job job = { 0 };

	if (job_open(&job, cli, err) < 0 ||
	    job_find(&job, run_arg(cli), err) < 0)
		return -1;
	return job_report(&job, exit_code, err);
}
