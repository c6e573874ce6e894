/* SPDX-License-Identifier: Apache-2.0 */
/* engine.c - the table of engines. */
#include "engine/engine.h"

#include "engine/kubernetes/kubernetes.h"
#include "engine/podman/podman.h"
#include "run/engine_names.h"

static int (*const engines[ENGINE_IDS])(const char *run_dir,
					struct engine **ret,
					struct error *err) = {
	[ENGINE_ID_PODMAN] = podman_open,
	[ENGINE_ID_KUBERNETES] = kubernetes_open,
};

int engine_open(const char *name, const char *run_dir, struct engine **ret,
		struct error *err)
{
	enum engine_id id = engine_id_of(name);

	if (id < ENGINE_IDS)
		return engines[id](run_dir, ret, err);
	return error_set(err, ERROR_INPUT,
			 "there is no engine \"%s\", expected " ENGINE_EXPECTED,
			 name);
}
