/* SPDX-License-Identifier: Apache-2.0 */
/* kind_removal.h - deletes the objects of one kind that a selector finds. */
#ifndef KUBE_KIND_REMOVAL_H
#define KUBE_KIND_REMOVAL_H

#include "kube/objects.h"

/*
 * A removal watches its kind. First it deletes all objects with one call. Then,
 * once a second, it looks at the objects that the watch still reports. It
 * deletes those that are not being deleted one by one: the server refused the
 * first call, or a controller created them later. It removes foreign finalizers
 * that have held an object for 10 s.
 *
 *	WAITS -> COLLECTING	kind_removal_begin()
 *	COLLECTING -> ROUNDS	the one call was answered, whatever it said
 *
 * kind_removal_move() is called between two kube_step(). The server may be
 * unreachable for some time.
 */
struct kind_removal;

struct kind_removal_plan {
	struct kube *kube;
	const struct kube_kind *kind;
	const char *namespace, *selector; /* borrowed */
	int64_t deadline_us;
	/* Controllers delete these objects too, so missing rights are no
	 * failure. */
	bool derived;
	/* Called with obstacles and removed finalizers, one line each; or
	 * NULL. */
	void (*note)(const char *text, void *ctx);
	void *ctx;
};

/* Lists; nothing is deleted yet. */
int kind_removal_open(const struct kind_removal_plan *plan,
		      struct kind_removal **ret, struct error *err);
/* Calls under way are dropped. NULL is fine. */
void kind_removal_free(struct kind_removal *b);
DEFINE_FREEP(struct kind_removal, kind_removal)

int kind_removal_begin(struct kind_removal *b, struct error *err);
bool kind_removal_begun(const struct kind_removal *b);
int kind_removal_move(struct kind_removal *b, struct error *err);

/* The number of objects that the watch still reports. */
size_t kind_removal_left(const struct kind_removal *b);
/* True if the first call was answered and all other objects are being deleted,
 * so that no controller creates pods for them any more. Also true if the
 * removal is stuck. */
bool kind_removal_asked(const struct kind_removal *b);
/* True if no object is left. Also true if the kind may not be watched and all
 * deletions were requested; then only a list shows what is left. */
bool kind_removal_done(const struct kind_removal *b);
/* True if objects are left and the server has refused every attempt several
 * times. */
bool kind_removal_stuck(const struct kind_removal *b);
/* The last refusal, or NULL. */
const struct error *kind_removal_why(const struct kind_removal *b);

#endif
