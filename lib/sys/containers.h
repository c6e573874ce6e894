/* SPDX-License-Identifier: Apache-2.0 */
/* containers.h - makes podman and buildah work on the machine as it is. */
#ifndef SYS_CONTAINERS_H
#define SYS_CONTAINERS_H

#include <stdbool.h>

#include "base/error.h"

/*
 * To be called once before podman or buildah are started. Where the machine
 * needs it (no CAP_SYS_RESOURCE, cgroups that crun cannot use) and the user
 * has not set $CONTAINERS_CONF, writes a containers.conf of our own to the
 * cache and points $CONTAINERS_CONF of this process (and so its children) at
 * it; elsewhere it changes nothing.
 */
int containers_prepare(struct error *err);

/* What podman can limit for a container on this machine. Without root, it needs
 * controllers that were delegated to the user, which cgroup version 1 cannot
 * do. Setting another limit makes the container fail. */
struct containers_limits {
	bool memory, cpu;
	const char *why; /* not all of them can be set; NULL: all can */
};

/* Asks podman; to be called after containers_prepare(). */
int containers_limits(struct containers_limits *ret, struct error *err);

/* The answer's meaning: "VERSION MANAGER [CONTROLLER…]" as `podman info` has
 * them, such as "v2 systemd [cpu memory pids]". */
struct containers_limits containers_limits_of(const char *answer, bool root);

#endif
