/* SPDX-License-Identifier: Apache-2.0 */
/* engine_thread.h - blocking calls of an engine, beside a loop that goes on. */
#ifndef ENGINE_ENGINE_THREAD_H
#define ENGINE_ENGINE_THREAD_H

#include "base/error.h"
#include "net/loop.h"

/*
 * One thread runs jobs one after the other, in the order in which they were
 * added, and hands each back to the thread that owns it all, the one with the
 * event loop. An engine is not made for two threads: from the first job that
 * calls it until engine_thread_close(), only jobs call it, look at its pods,
 *and take steps of its loop.
 *
 * It is for faults and upgrades in the middle of a load, whose loop must not
 * wait for an engine. No command has that yet: up, scale and upgrade do one
 * thing after the other, and what goes on beside them, probes and forwards, has
 * the shared loop (net/background.h).
 *
 *	static int stop_it(struct engine_job *job, struct error *err)
 *	{
 *		struct fault *f = (struct fault *)job;
 *
 *		return f->engine->ops->signal(f->engine, f->pod, ENGINE_STOP,
 *					      err);
 *	}
 *
 * What can fail: a queue that is full refuses the job. A job that is not begun
 * when the thread is closed is done with ERROR_INTERRUPTED. A call that blocks
 * has its own bound, and a first ^C ends it (sys/interrupt.h). Child processes
 * of a job end with the thread, unless they are to finish (sys/process.h).
 */
struct engine_thread;

/* Embedded in what a job works on; the caller's, untouched by it and not freed
 * from engine_thread_add() to done(). Zeroed but for the two calls. */
struct engine_job {
	/* On the engine thread; may block. */
	int (*run)(struct engine_job *job, struct error *err);
	/* On the owner's thread: `err` is NULL if run() returned 0. May add
	 * further jobs, this one, too, and free this one; not close. */
	void (*done)(struct engine_job *job, const struct error *err);
	struct error err; /* the thread's, as all below */
	int rc;
	struct engine_job *next;
};

enum { ENGINE_JOBS = 64 /* that are added and not done */ };

/* `loop`: the owner's, where done() is called. It must outlive the thread, and
 * goes on by itself only while it has something else to wait for
 * (loop_keep()). */
int engine_thread_start(struct loop *loop, struct engine_thread **ret,
			struct error *err);
/* -1 where ENGINE_JOBS are under way, or from within a close; done() is not
 * called then, and never before this returns. */
int engine_thread_add(struct engine_thread *t, struct engine_job *job,
		      struct error *err);
/* Waits for the job that runs, and calls done() of all. NULL is fine. */
void engine_thread_close(struct engine_thread *t);

#endif
