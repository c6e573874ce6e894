/* SPDX-License-Identifier: Apache-2.0 */
/* background.h - one thread that waits, beside the thread that works. */
#ifndef NET_BACKGROUND_H
#define NET_BACKGROUND_H

#include "net/loop.h"

/*
 * A loop of the whole process, for what must go on while the main thread works
 * or blocks: probes, forwards. There is one thread, however many share it: it
 * starts with the first share and ends after the last. Whatever blocks is kept
 * away from it: it would hold all the others up.
 *
 * Who has a share posts to the loop (loop_post()) to open and to close objects
 * there. All of them are closed by posts from before background_leave(); what
 * they still have to do until they are gone, the thread waits for alone.
 */
struct background;

int background_join(struct background **ret, struct error *err);
/* Valid until background_leave(). */
struct loop *background_loop(struct background *b);
/* Has the thread call fn, and waits until it has returned. Not from a call of
 * that loop. */
void background_call(struct background *b, void (*fn)(void *ctx), void *ctx);
/* Gives the share back; waits for nothing. NULL is fine. */
void background_leave(struct background *b);

#endif
