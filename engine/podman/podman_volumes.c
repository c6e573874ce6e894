/* SPDX-License-Identifier: Apache-2.0 */
/* podman_volumes.c - reads what a pod's program wrote, from outside. */
#include <stdio.h>
#include <string.h>

#include "engine/file_ends.h"
#include "engine/podman/podman.h"

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

static bool is_data(const char *volume)
{
	const char *dash = strrchr(volume, '-');

	return dash && !strcmp(dash, "-data");
}

int podman_log_files(struct engine *e, const struct pod *pod, size_t max,
		     const char *path, struct error *err)
{
	struct podman *p = (struct podman *)e;
	const struct podman_pod *own = pod->own;
	char data[PATH_ROOM], logs[PATH_ROOM];

	if (learn_mounts(p, err) < 0)
		return -1;
	for (const char *const *v = own->plan.volumes; *v; v++)
		if (is_data(*v) && find_mount(p, *v, data))
			return file_ends_save(path_join(logs, data, "logs"),
					      ".log", max, path, err);
	return error_set(err, ERROR_INTERNAL, "pod %s has no data volume",
			 pod->name);
}
