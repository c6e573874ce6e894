/* SPDX-License-Identifier: Apache-2.0 */
/* objects.h - applies, reads, changes or deletes one object. */
#ifndef KUBE_OBJECTS_H
#define KUBE_OBJECTS_H

#include "kube/kinds.h"

/*
 * Each call waits for its end, with retries as in client.h. Errors name the
 * object. The caller frees returned objects with js_free().
 */

/* Which object. */
struct kube_ref {
	const struct kube_kind *kind;
	const char *namespace; /* NULL where the kind has none */
	const char *name;
};

enum kube_flags {
	KUBE_FORCE = 1, /* take over fields that other managers own */
	KUBE_DRY_RUN = 2 /* the server only checks the object */
};

/* The paths of an apply and a create, with their query: for apply.c, too. */
void kube_apply_path(struct buf *path, const struct kube_ref *ref,
		     unsigned flags);
void kube_create_path(struct buf *path, const struct kube_ref *ref,
		      const char *manager, unsigned flags);
#define KUBE_APPLY_TYPE "application/apply-patch+yaml"

/* Server-side apply as field manager "medley". ret may be NULL. */
int kube_apply(struct kube *k, const struct kube_ref *ref, const void *body,
	       size_t len, unsigned flags, int64_t deadline_us, struct js **ret,
	       struct error *err);
/* *ret is NULL if the object does not exist. */
int kube_get(struct kube *k, const struct kube_ref *ref, int64_t deadline_us,
	     struct js **ret, struct error *err);
/* JSON merge patch. */
int kube_merge(struct kube *k, const struct kube_ref *ref, const void *body,
	       size_t len, int64_t deadline_us, struct js **ret,
	       struct error *err);
/* Through the subresource: StatefulSets, Deployments. */
int kube_scale(struct kube *k, const struct kube_ref *ref, int replicas,
	       int64_t deadline_us, struct error *err);

struct kube_deletion {
	const char *propagation; /* "Foreground", "Background", "Orphan"; NULL:
				  * Background */
	int grace_s; /* -1: the object's own */
	const char *uid; /* only this very object; or NULL */
};

/* The body of a deletion, also of a collection's. */
int kube_write_deletion(const struct kube_deletion *how, struct buf *out,
			struct error *err);
/* An object that does not exist is no error; *ret_found (or NULL) tells whether
 * it existed. */
int kube_delete(struct kube *k, const struct kube_ref *ref,
		const struct kube_deletion *how, int64_t deadline_us,
		bool *ret_found, struct error *err);

/* Selects by labels ("a=b,c"), fields; NULL: all. */
struct kube_selection {
	const char *labels, *fields;
};
/* Adds the selection to a collection's path. */
void kube_select(struct buf *path, const struct kube_selection *which);

/* Calls fn for each object, in pages; stops and returns its value on
 * non-zero. `ref` without name; without namespace: in all of them. */
int kube_list(struct kube *k, const struct kube_ref *ref,
	      const struct kube_selection *which, int64_t deadline_us,
	      int (*fn)(const struct js *object, void *ctx), void *ctx,
	      struct error *err);

struct kube_page {
	const char *path; /* of the collection, with its selection */
	const char *what; /* for errors */
	const char *next; /* metadata.continue of the page before, or NULL */
	bool metadata_only; /* objects come without spec and status */
	const struct js_part *parts; /* the parts of each object that are
				      * read; NULL: all */
};

/* *ret is the List; ret_status may be NULL. */
int kube_list_page(struct kube *k, const struct kube_page *page,
		   int64_t deadline_us, struct js **ret, int *ret_status,
		   struct error *err);

/* Values of Accept to get only the metadata of objects, and of lists and
 * watches of objects. */
#define KUBE_METADATA                                                          \
	"application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,"        \
	"application/json"
#define KUBE_METADATA_LIST                                                     \
	"application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,"    \
	"application/json"

#endif
