/* SPDX-License-Identifier: Apache-2.0 */
/* engine.c - the table of engines. */
#include "engine/engine.h"

#include <string.h>

#include "engine/kubernetes/kubernetes.h"
#include "engine/podman/podman.h"

static const struct {
	const char *name;
	int (*open)(const char *run_dir, struct engine **ret,
		    struct error *err);
} engines[] = {
	{ "podman", podman_open },
	{ "kubernetes", kubernetes_open },
};

int engine_open(const char *name, const char *run_dir, struct engine **ret,
		struct error *err)
{
	for (size_t i = 0; i < ARRAY_SIZE(engines); i++)
		if (!strcmp(engines[i].name, name))
			return engines[i].open(run_dir, ret, err);
	return error_set(
		err, ERROR_INPUT,
		"there is no engine \"%s\", expected podman or kubernetes",
		name);
}
