/* SPDX-License-Identifier: Apache-2.0 */
/* manifest.h - reads the objects of YAML or JSON manifests. */
#ifndef KUBE_MANIFEST_H
#define KUBE_MANIFEST_H

#include "base/arena.h"
#include "base/error.h"

struct kube_object {
	const char *file; /* file and line of the object, for errors */
	int line;
	const char *api_version, *kind, *name;
	const char *namespace; /* NULL: none is said */
	const char *body; /* its JSON */
	size_t len;
	const void *protobuf; /* the same as protocol buffer, for a create;
			       * NULL: use the JSON */
	size_t protobuf_len;
	unsigned stage; /* objects of a smaller stage are applied first */
};

struct manifest {
	struct arena arena;
	struct kube_object *objects; /* in the order of the text */
	size_t count, room;
};

enum { KUBE_STAGES = 6 };

void manifest_init(struct manifest *m);
void manifest_release(struct manifest *m);
/* Adds the objects of a text; empty documents are skipped. Errors name file,
 * line and column. */
int manifest_parse(struct manifest *m, const char *file, const void *text,
		   size_t len, struct error *err);
int manifest_read(struct manifest *m, const char *path, struct error *err);

#endif
