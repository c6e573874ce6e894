/* SPDX-License-Identifier: Apache-2.0 */
/* broom.h - takes away what a selector finds of one kind in a namespace. */
#ifndef KUBE_BROOM_H
#define KUBE_BROOM_H

#include "kube/objects.h"

/*
 * A broom watches its kind. Once begun it asks for the deletion of all in one
 * call. Then it goes round over what the watch still shows, once a second:
 * what is not being deleted (the server refused that call, or a controller
 * made it since) is deleted one by one; what a finalizer of somebody else's
 * has held for 10 s loses that finalizer.
 *
 *	WAITS -> COLLECTING	broom_begin()
 *	COLLECTING -> ROUNDS	the one call was answered, whatever it said
 *
 * It moves between two kube_step(); the server may be away meanwhile.
 */
struct broom;

struct broom_plan {
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
int broom_open(const struct broom_plan *plan, struct broom **ret,
	       struct error *err);
/* Calls under way are dropped. NULL is fine. */
void broom_free(struct broom *b);
DEFINE_FREEP(struct broom, broom)

int broom_begin(struct broom *b, struct error *err);
bool broom_begun(const struct broom *b);
int broom_move(struct broom *b, struct error *err);

/* Objects that are there, as far as the watch has shown. */
size_t broom_left(const struct broom *b);
/* The one call was answered, and what is left is on its way out: no
 * controller makes pods for it any more. Or the broom is stuck. */
bool broom_asked(const struct broom *b);
/* Nothing is left; or it may not be watched, and all was asked for: then only
 * a list tells. */
bool broom_done(const struct broom *b);
/* Something is left, and whatever it tried was refused, again and again. */
bool broom_stuck(const struct broom *b);
/* The last refusal, or NULL. */
const struct error *broom_why(const struct broom *b);

#endif
