/* SPDX-License-Identifier: Apache-2.0 */
/* kinds.h - the kinds of a cluster's API, and their paths. */
#ifndef KUBE_KINDS_H
#define KUBE_KINDS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "kube/client.h"

struct kube_kind {
	const char *api_version; /* "apps/v1" */
	const char *kind; /* "StatefulSet" */
	const char *resource; /* "statefulsets" */
	bool namespaced;
	struct kube_kind *next;
};

/* A kind that every cluster has: "Pod", "StatefulSet" …; NULL for other
 * kinds. */
const struct kube_kind *kube_builtin(const char *kind);

/* The cluster's answers about the API versions that were asked for. */
struct kinds {
	struct arena arena;
	struct kube_kind *first;
};

void kinds_init(struct kinds *kinds);
void kinds_release(struct kinds *kinds);

/* Finds a kind. Asks the cluster once for each API version, but not for kinds
 * that every cluster has. *ret lives as long as `kinds`. Errors name the most
 * similar kind, or what to install. */
int kinds_find(struct kinds *kinds, struct kube *k, const char *api_version,
	       const char *kind, int64_t deadline_us,
	       const struct kube_kind **ret, struct error *err);
/* Adds the kinds of the APIResourceList of a version. */
int kinds_parse(struct kinds *kinds, const char *api_version, const void *text,
		size_t len, struct error *err);

/* Adds "/apis/apps/v1/namespaces/<namespace>/statefulsets[/<name>]"; without
 * namespace those of all namespaces. */
void kube_path(struct buf *path, const struct kube_kind *kind,
	       const char *namespace, const char *name);
/* Adds "?key=value" or "&key=value" to a path, escaped. */
void kube_query(struct buf *path, const char *key, const char *value);
/* "StatefulSet net/bank-0", for people. */
enum { KUBE_WHAT = 600 };
const char *kube_what(char room[KUBE_WHAT], const struct kube_kind *kind,
		      const char *namespace, const char *name);

#endif
