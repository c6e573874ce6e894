/* SPDX-License-Identifier: Apache-2.0 */
/* kind_removal.h - deletes the objects of one kind that a selector finds. */
#ifndef KUBE_KIND_REMOVAL_H
#define KUBE_KIND_REMOVAL_H

#include "kube/objects.h"

/*
 * A removal watches its kind. Once begun it asks for the deletion of all in one
 * call. Then it goes round over what the watch still shows, once a second:
 * what is not being deleted (the server refused that call, or a controller
 * made it since) is deleted one by one; what a finalizer of somebody else's
 * has held for 10 s loses that finalizer.
 *
 *	WAITS -> COLLECTING	kind_removal_begin()
 *	COLLECTING -> ROUNDS	the one call was answered, whatever it said
 *
 * It moves between two kube_step(); the server may be away meanwhile.
 */
struct kind_removal;

struct kind_removal_plan {
	struct kube *kube;
	const struct kube_kind *kind;
	const char *namespace, *selector; /* borrowed */
	int64_t deadline_us;
	/* Others take it away, too: it matters not whether we may. */
	bool derived;
	/* What hinders, and which finalizers were taken off; or NULL. */
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

/* Objects that are there, as far as the watch has shown. */
size_t kind_removal_left(const struct kind_removal *b);
/* The one call was answered, and what is left is on its way out: no
 * controller makes pods for it any more. Or the removal is stuck. */
bool kind_removal_asked(const struct kind_removal *b);
/* Nothing is left; or it may not be watched, and all was asked for: then only
 * a list tells. */
bool kind_removal_done(const struct kind_removal *b);
/* Something is left, and whatever it tried was refused, again and again. */
bool kind_removal_stuck(const struct kind_removal *b);
/* The last refusal, or NULL. */
const struct error *kind_removal_why(const struct kind_removal *b);

#endif
