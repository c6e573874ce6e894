/* SPDX-License-Identifier: Apache-2.0 */
/* trusted_kubeconfig.c - whether the kubeconfig that a run names may be read.
 */
#include "engine/kubernetes/trusted_kubeconfig.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "sys/file.h"

/* Any of these makes a directory one of a run. */
static bool is_run(const char *dir)
{
	static const char *const names[] = { "inventory.jsonl",
					     "network.resolved.yaml",
					     "engine/cluster.json" };
	char path[PATH_ROOM];

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (file_exists(path_join(path, dir, names[i])))
			return true;
	return false;
}

static bool is_inside_run(const char *real)
{
	char dir[PATH_MAX];
	char *slash;

	snprintf(dir, sizeof(dir), "%s", real);
	while ((slash = strrchr(dir, '/')) && slash > dir) {
		*slash = 0;
		if (is_run(dir))
			return true;
	}
	return false;
}

/* Whoever may write a directory replaces what is in it, unless it is sticky. */
static bool may_be_replaced(const char *real)
{
	char dir[PATH_MAX];
	struct stat st;
	char *slash;

	snprintf(dir, sizeof(dir), "%s", real);
	while ((slash = strrchr(dir, '/')) && slash > dir) {
		*slash = 0;
		if (stat(dir, &st) < 0 ||
		    (st.st_uid != geteuid() && st.st_uid != 0) ||
		    ((st.st_mode & S_IWOTH) && !(st.st_mode & S_ISVTX)))
			return true;
	}
	return false;
}

/* What is wrong with it, or NULL. */
static const char *distrust(const char *real)
{
	struct stat st;

	if (stat(real, &st) < 0 || !S_ISREG(st.st_mode))
		return "is not a file";
	if (st.st_uid != geteuid() && st.st_uid != 0)
		return "belongs to another user";
	if (st.st_mode & (S_IWGRP | S_IWOTH))
		return "can be written by other users";
	if (may_be_replaced(real))
		return "is in a directory that other users can write";
	if (is_inside_run(real))
		return "is inside the directory of a run";
	return NULL;
}

static int add_path(const char *path, struct buf *out, struct error *err)
{
	const char *why = "is not an absolute path";
	char real[PATH_MAX];

	/* $KUBECONFIG may list files that are not there. */
	if (path[0] == '/' && !realpath(path, real))
		return 0;
	if (path[0] == '/')
		why = distrust(real);
	if (!why) {
		buf_addf(out, "%s%s", out->len ? ":" : "", real);
		return 0;
	}
	return error_set(err, ERROR_INPUT,
			 "the run names the kubeconfig %s, which %s; if that "
			 "file is yours, name it with --kubeconfig or "
			 "$KUBECONFIG",
			 path, why);
}

int trusted_kubeconfig(const char *list, struct buf *out, struct error *err)
{
	cleanup(freep) char *copy = strdup(list);
	char *at = copy, *path;

	if (!copy)
		return error_nomem(err);
	while ((path = strsep(&at, ":")))
		if (*path && add_path(path, out, err) < 0)
			return -1;
	if (!out->len)
		return error_set(err, ERROR_INPUT,
				 "the kubeconfig with which the run began does "
				 "not exist: %s; name a kubeconfig with "
				 "--kubeconfig or $KUBECONFIG",
				 list);
	return buf_check(out, err);
}
