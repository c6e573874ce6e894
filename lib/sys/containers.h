/* SPDX-License-Identifier: Apache-2.0 */
/* containers.h - makes podman and buildah work on the machine as it is. */
#ifndef SYS_CONTAINERS_H
#define SYS_CONTAINERS_H

#include "base/error.h"

/*
 * To be called once before podman or buildah are started. Where the machine
 * needs it (no CAP_SYS_RESOURCE, cgroups that crun cannot use) and the user
 * has not set $CONTAINERS_CONF, writes a containers.conf of our own to the
 * cache and points $CONTAINERS_CONF of this process (and so its children) at
 * it; elsewhere it changes nothing.
 */
int containers_prepare(struct error *err);

#endif
