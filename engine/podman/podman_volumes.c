/* SPDX-License-Identifier: Apache-2.0 */
/* podman_volumes.c - what a pod's program wrote, read and put back from
 * outside. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "engine/file_ends.h"
#include "engine/podman/podman.h"
#include "engine/volume_file.h"
#include "sys/clock.h"

/*
 * `podman cp` mounts a container for every call and gives whole files only; a
 * volume is a directory of this machine, and stays one when its pod is gone.
 * One call tells where all of them are.
 */
enum { LIST_MAX = 16 * 1024 * 1024 };

static int learn_mounts(struct podman *p, struct error *err)
{
	cleanup(buf_release) struct buf out = BUF_INIT(LIST_MAX);

	if (p->mounts)
		return 0;
	if (podman_call(&out, err, "volume", "ls", "--format",
			"{{.Name}} {{.Mountpoint}}", NULL) < 0)
		return -1;
	p->mounts = arena_strdup(&p->arena, buf_text(&out));
	return p->mounts ? 0 : error_nomem(err);
}

/* The directory of a volume, in `room`; false if it is not there. */
static bool find_mount(const struct podman *p, const char *volume,
		       char room[PATH_ROOM])
{
	size_t n = strlen(volume);
	const char *line = p->mounts;

	while (*line) {
		size_t len = strcspn(line, "\n");

		if (len > n && line[n] == ' ' && !strncmp(line, volume, n)) {
			path_printf(room, "%.*s", (int)(len - n - 1),
				    line + n + 1);
			return true;
		}
		line += len + (line[len] == '\n');
	}
	return false;
}

/* The volume that the manifest names so; NULL, and why, if there is none. */
static const char *own_volume(const struct pod *pod, const char *volume,
			      struct error *err)
{
	const struct podman_pod *own = pod->own;
	size_t n = strlen(own->plan.name);

	for (const char *const *v = own->plan.volumes; *v; v++)
		if (!strncmp(*v, own->plan.name, n) && (*v)[n] == '-' &&
		    !strcmp(*v + n + 1, volume))
			return *v;
	error_set(err, ERROR_INPUT, "pod %s has no volume %s", pod->name,
		  volume);
	return NULL;
}

int podman_log_files(struct engine *e, const struct pod *pod, size_t max,
		     const char *path, struct error *err)
{
	struct podman *p = (struct podman *)e;
	const char *volume = own_volume(pod, "data", err);
	char data[PATH_ROOM], logs[PATH_ROOM];

	if (!volume || learn_mounts(p, err) < 0)
		return -1;
	if (find_mount(p, volume, data))
		return file_ends_save(path_join(logs, data, "logs"), ".log",
				      max, path, err);
	return error_set(err, ERROR_INTERNAL, "pod %s has no data volume",
			 pod->name);
}

int podman_volume_save(struct engine *e, const struct pod *pod,
		       const struct volume_stream *to, struct error *err)
{
	const char *volume = own_volume(pod, to->volume, err);
	const char *argv[] = {
		"podman", "volume", "export", "--", volume, NULL
	};
	const struct process_spec spec = { .argv = argv,
					   .environment = ENVIRONMENT_LOGIN,
					   .output_fd = to->fd,
					   .output_max = to->max,
					   .seconds = to->seconds };

	(void)e;
	if (!volume)
		return -1;
	if (process_run(&spec, NULL, err) < 0)
		return error_wrap(err, "saving volume %s", volume);
	return 0;
}

/* An import leaves what is there already. Without root, files of other users
 * than ours belong to numbers that only podman's user namespace has. */
static int empty_volume(struct podman *p, const char *volume, int seconds,
			struct error *err)
{
	char data[PATH_ROOM];
	const char *const argv[] = { "podman", "unshare", "find",
				     data,     "-xdev",	  "-mindepth",
				     "1",      "-delete", NULL };
	const struct process_spec spec = { .argv = argv + (geteuid() ? 0 : 2),
					   .environment = ENVIRONMENT_LOGIN,
					   .seconds = seconds };

	p->mounts = NULL; /* the volume may be younger than the list */
	if (learn_mounts(p, err) < 0)
		return -1;
	if (!find_mount(p, volume, data))
		return error_set(err, ERROR_DEPLOY,
				 "the volume does not exist");
	return process_run(&spec, NULL, err);
}

/* The volume is what podman already has, by the inventory. */
int podman_volume_load(struct engine *e, const struct pod *pod,
		       const struct volume_stream *from, struct error *err)
{
	const char *volume = own_volume(pod, from->volume, err);
	const char *argv[] = { "podman", "volume", "import", "--",
			       volume,	 "-",	   NULL };
	struct process_spec spec = { .argv = argv,
				     .environment = ENVIRONMENT_LOGIN,
				     .input_fd = from->fd };
	int64_t limit = clock_mono_us() + from->seconds * 1000000LL;

	if (!volume)
		return -1;
	if (volume_file_check(from, err) < 0 ||
	    empty_volume((struct podman *)e, volume, from->seconds, err) < 0)
		return error_wrap(err, "loading volume %s", volume);
	spec.seconds = (int)((limit - clock_mono_us()) / 1000000);
	if (process_run(&spec, NULL, err) < 0)
		return error_wrap(err, "loading volume %s", volume);
	return 0;
}
