/* SPDX-License-Identifier: Apache-2.0 */
/* kubeconfig_part.h - reads one map of a kubeconfig; only for kubeconfig*.c. */
#ifndef KUBE_KUBECONFIG_PART_H
#define KUBE_KUBECONFIG_PART_H

#include "data/yaml.h"
#include "kube/kubeconfig.h"
#include "sys/file.h"

/* New texts go into the arena, which lives longer than the file. */
struct part {
	struct arena *arena;
	const struct yaml_file *file;
	const struct yaml_node *node; /* the map; NULL: as an empty one */
};

/* ERROR_INPUT at the place of `key`, or of the map where it lacks the key. */
int part_error(struct part p, const char *key, struct error *err,
	       const char *what);
/* A key that a map may have, and what its value must be, unless null. */
struct part_key {
	const char *name;
	enum yaml_type type;
};

/* Checks that each key of the map is one of `keys`, which end with an entry
 * without a name. Unknown keys are errors, because they may change the user or
 * the server. `what` names the map: "a user". */
int part_known(struct part p, const char *what, const struct part_key *keys,
	       struct error *err);
/* NULL if the key is absent, null or empty, which all mean the same. */
const char *part_text(struct part p, const char *key);
/* Does not change *ret if the key is absent. */
int part_bool(struct part p, const char *key, bool *ret, struct error *err);
/* A path in the file is relative to the file's directory. Returns room. */
const char *part_beside(struct part p, const char *path, char room[PATH_ROOM]);
/* PEM text: `key`-data holds it in base64; else `key` names its file. */
int part_pem(struct part p, const char *key, const char **ret,
	     struct error *err);

/* Fills in the credentials from the map of a user (kubeconfig_user.c). */
int kubeconfig_take_user(struct part p, struct kubeconfig *c,
			 struct error *err);
/* Fills in the impersonation of a user (kubeconfig_as.c). */
int kubeconfig_take_as(struct part p, struct kubeconfig *c, struct error *err);
/* Fills in the members of a plugin from the map `exec`
 * (kubeconfig_plugin.c). */
int kubeconfig_take_plugin(struct part p, struct kube_plugin *g,
			   struct error *err);

#endif
