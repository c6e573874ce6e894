/* SPDX-License-Identifier: Apache-2.0 */
/* saved_log.c - the logs of a run's pods, kept in <run>/logs. */
#include "deploy/saved_log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "deploy/network_pods.h"
#include "sys/clock.h"

enum {
	LOG_BYTES = 64 * 1024 * 1024,
	FILES_US = 1000 * 1000,
};

const char *saved_log_path(char room[PATH_ROOM], const char *run_dir,
			   const struct network_node *node)
{
	return path_printf(room, "%s/logs/%s.log", run_dir,
			   node ? node->name : "database");
}

int file_keep_end(const char *path, size_t max, struct error *err)
{
	cleanup(buf_release) struct buf end = BUF_INIT(max + 1);
	cleanup(closep) int fd = open(path, O_RDONLY | O_CLOEXEC);
	const char *line;
	struct stat st;
	void *at;
	ssize_t n;

	if (fd < 0 || fstat(fd, &st) < 0)
		return error_errno(err, ERROR_INTERNAL, errno, "%s", path);
	if ((size_t)st.st_size <= max)
		return 0;
	at = buf_reserve(&end, max);
	if (!at)
		return buf_check(&end, err);
	n = pread(fd, at, max, st.st_size - (off_t)max);
	if (n < 0)
		return error_errno(err, ERROR_INTERNAL, errno, "%s", path);
	line = memchr(at, '\n', (size_t)n);
	line = line ? line + 1 : at;
	return file_write(path, line,
			  (size_t)n - (size_t)(line - (const char *)at), 0600,
			  err);
}

/* Written beside, then renamed: a log of an earlier try stays whole. */
static void save(struct engine *e, const struct pod *pod, const char *path)
{
	char tmp[PATH_ROOM];

	if (pod->phase == POD_MISSING)
		return;
	path_printf(tmp, "%s.new", path);
	unlink(tmp);
	if (e->ops->logs(e, pod, tmp, NULL) < 0 ||
	    file_keep_end(tmp, LOG_BYTES, NULL) < 0 || rename(tmp, path) < 0)
		unlink(tmp);
}

static void save_files(struct engine *e, const struct pod *pod,
		       const char *run_dir, const struct network_node *node)
{
	char path[PATH_ROOM], tmp[PATH_ROOM];

	path_printf(path, "%s/logs/%s.node.log", run_dir, node->name);
	path_printf(tmp, "%s.new", path);
	unlink(tmp);
	if (e->ops->log_files(e, pod, LOG_BYTES, tmp, NULL) < 0 ||
	    rename(tmp, path) < 0)
		unlink(tmp);
}

static void save_all_files(struct engine *e, struct pod *const *pods,
			   const struct network *net, const char *run_dir)
{
	int64_t until = clock_mono_us() + FILES_US;

	for (unsigned i = 0; i < net->node_count; i++)
		if (pods[i] && clock_mono_us() < until)
			save_files(e, pods[i], run_dir, &net->nodes[i]);
}

void saved_logs_write(struct engine *e, const struct network *net,
		      const char *run_dir, int seconds)
{
	int64_t until = clock_mono_us() + seconds * 1000000LL;
	cleanup(freep) struct pod **pods = NULL;
	char path[PATH_ROOM];

	if (dir_make(path_join(path, run_dir, "logs"), 0700, NULL) < 0)
		return;
	pods = calloc(net->node_count + 1, sizeof(*pods));
	for (unsigned i = 0; pods && i <= net->node_count; i++)
		if (pod_of(e, network_pod(net, i), false, &pods[i], NULL) < 0)
			pods[i] = NULL;
	if (!pods)
		return;
	save_all_files(e, pods, net, run_dir);
	if (e->ops->observe(e, NULL) == 0)
		for (unsigned i = 0; i <= net->node_count; i++)
			if (pods[i] && clock_mono_us() < until)
				save(e, pods[i],
				     saved_log_path(path, run_dir,
						    network_pod(net, i)));
}
