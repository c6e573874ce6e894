/* SPDX-License-Identifier: Apache-2.0 */
/* watch.h - lists the objects of a kind, then watches their changes. */
#ifndef KUBE_WATCH_H
#define KUBE_WATCH_H

#include "kube/objects.h"
#include "kube/view.h"

/*
 * A list, then a stream of changes from the list's version on. A stream that
 * ends or breaks is continued at the last version; if the server does not know
 * that version any more (410), the objects are listed again. If the server is
 * unreachable, the watch waits until the deadline; a refusal (no such kind, not
 * allowed) is an error at once.
 */
struct kube_watch;

/* `ref` has no name. Lists the objects. Copies its arguments. */
int kube_watch_open(struct kube *k, const struct kube_ref *ref,
		    const struct kube_selection *which, int64_t deadline_us,
		    struct kube_watch **ret, struct error *err);
/* The same without the objects' spec and status. */
int kube_watch_open_metadata(struct kube *k, const struct kube_ref *ref,
			     const struct kube_selection *which,
			     int64_t deadline_us, struct kube_watch **ret,
			     struct error *err);
void kube_watch_free(struct kube_watch *w);
DEFINE_FREEP(struct kube_watch, kube_watch)
/* To be called between two kube_step(). Calls kube_step() itself when it lists
 * again. */
int kube_watch_move(struct kube_watch *w, struct error *err);
const struct view *kube_watch_view(const struct kube_watch *w);

#endif
