/* SPDX-License-Identifier: Apache-2.0 */
/* containers.h - makes podman and buildah work on the machine as it is. */
#ifndef SYS_CONTAINERS_H
#define SYS_CONTAINERS_H

#include <stdbool.h>

#include "base/error.h"

/*
 * To be called once before podman or buildah are started. If the machine needs
 * it (no CAP_SYS_RESOURCE, or cgroups that crun cannot use) and the user has
 * not set $CONTAINERS_CONF, writes a containers.conf to medley's cache and sets
 * $CONTAINERS_CONF of this process and its children to it. Otherwise changes
 * nothing.
 */
int containers_prepare(struct error *err);

/* The limits that podman can set for a container on this machine. Without root,
 * podman needs controllers that are delegated to the user, which cgroup version
 * 1 does not support. A container with a limit that podman cannot set fails. */
struct containers_limits {
	bool memory, cpu;
	const char *why; /* the reason if a limit cannot be set; NULL: all
			  * can */
};

/* Asks podman; to be called after containers_prepare(). */
int containers_limits(struct containers_limits *ret, struct error *err);

/* Reads podman's answer: "VERSION MANAGER [CONTROLLER…]" from `podman info`,
 * such as "v2 systemd [cpu memory pids]". */
struct containers_limits containers_limits_of(const char *answer, bool root);

#endif
