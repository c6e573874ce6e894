/* SPDX-License-Identifier: Apache-2.0 */
/* trusted_kubeconfig.h - whether the kubeconfig that a run names may be read.
 */
#ifndef ENGINE_KUBERNETES_TRUSTED_KUBECONFIG_H
#define ENGINE_KUBERNETES_TRUSTED_KUBECONFIG_H

#include "base/buf.h"
#include "base/error.h"

/*
 * A kubeconfig may name a program that gives credentials, and a run's directory
 * may come from somebody else. So what a run names is read only where it is the
 * user's (or root's) own, others can neither write nor replace it, and it is
 * not inside a run.
 *
 * `list` is a path, or several with ':' between them, as $KUBECONFIG has them;
 * they must be absolute. Adds the same as real paths to `out`. ERROR_INPUT says
 * what is wrong, and how else to name the file.
 */
int trusted_kubeconfig(const char *list, struct buf *out, struct error *err);

#endif
