/* SPDX-License-Identifier: Apache-2.0 */
/* run_secrets.h - what a run keeps for its pods to mount. */
#ifndef ENGINE_RUN_SECRETS_H
#define ENGINE_RUN_SECRETS_H

#include "base/error.h"

/* Removes <run>/engine/secrets, once no pod is left that mounts it; deploy_up()
 * makes it anew. Nothing happens where it is not there, or where it or engine/
 * is a link: a run of somebody else may have one to any directory. */
int run_secrets_remove(const char *run_dir, struct error *err);

#endif
