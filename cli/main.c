/* SPDX-License-Identifier: Apache-2.0 */
/* main.c - medley: do the releases of a node work together? */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "cli/cli.h"
#include "cli/print.h"
#include "sys/core.h"
#include "sys/home.h"
#include "sys/interrupt.h"
#include "sys/wait.h"

enum { MAIN_HELP_MAX = 1024 * 1024 };

/* A link named medley-check is the command check; medley-4.10 is a copy with a
 * name of the user's. */
static const char *name_of_link(const char *argv0)
{
	static const char prefix[] = "medley-";
	const char *slash = strrchr(argv0, '/');
	const char *name = slash ? slash + 1 : argv0;

	if (strncmp(name, prefix, strlen(prefix)))
		return NULL;
	name += strlen(prefix);
	return command_find(name, NULL) ? name : NULL;
}

static int print_help(const struct command *command, struct error *err)
{
	cleanup(buf_release) struct buf out = BUF_INIT(MAIN_HELP_MAX);

	help_command(command, help_width(), &out);
	fputs(buf_text(&out), stdout);
	return buf_check(&out, err);
}

/* `argv` begins with the word after the command. */
static int do_command(const char *name, int argc, char **argv, int *exit_code,
		      struct error *err)
{
	cleanup(cli_release) struct cli cli = { 0 };
	const struct command *command = command_find(name, err);

	if (!command || cli_read(&cli, command, argc, argv, err) < 0)
		return -1;
	if (cli_common(&cli)->help)
		return print_help(cli.typed, err);
	if (command->needs_data && home_check(err) < 0)
		return -1;
	return cli.command->run(&cli, exit_code, err);
}

static int dispatch(int argc, char **argv, int *exit_code, struct error *err)
{
	const char *name = name_of_link(argv[0]);
	struct program_options program;

	if (name)
		return do_command(name, argc > 1 ? argc - 1 : 0, argv + 1,
				  exit_code, err);
	if (cli_read_program(&program, argc, argv, err) < 0)
		return -1;
	if (program.version)
		return do_command("version", 0, argv, exit_code, err);
	/* Without a command, or with --help alone. */
	if (argc < 2 || argv[1][0] == '-')
		return do_command("help", 0, argv, exit_code, err);
	return do_command(argv[1], argc - 2, argv + 2, exit_code, err);
}

/* Keys and passwords are in memory. A sanitizer reads it from another process.
 */
static int forbid_core(struct error *err)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
	(void)err;
	return 0;
#else
	return core_forbid(err);
#endif
}

/* With one of the three closed, the next file that is opened would take its
 * number, and what is printed would go into that file. */
static void fill_standard_files(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

/* As in `medley logs NODE | head`: whoever read the results has ended. */
static bool nobody_reads_results(void)
{
	return wait_fd(STDOUT_FILENO, 0, 0) & POLLERR;
}

/* As a program ends that SIGPIPE is not kept from. */
static void end_by_pipe(void)
{
	signal(SIGPIPE, SIG_DFL);
	raise(SIGPIPE);
}

int main(int argc, char **argv)
{
	struct error err = { 0 };
	int exit_code = 0;

	fill_standard_files();
	interrupt_install();
	if (forbid_core(&err) < 0 ||
	    dispatch(argc, argv, &exit_code, &err) < 0) {
		if (err.pipe && nobody_reads_results())
			end_by_pipe();
		print_failure(&err);
		exit_code = err.kind;
	}
	/* The command was done: its exit code counts. */
	if ((fflush(stdout) || ferror(stdout)) && !nobody_reads_results()) {
		fprintf(stderr, "medley: standard output was cut off\n");
		return ERROR_INTERNAL;
	}
	return exit_code;
}
