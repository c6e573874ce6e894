/* SPDX-License-Identifier: Apache-2.0 */
/* engine_thread.c - blocking calls of an engine, beside a loop that goes on. */
#include "engine/engine_thread.h"

#include <assert.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

/*
 * The happy path: add() puts a job into `waiting`; the thread takes it, runs
 * it, puts it into `ended` and posts hand_back(), which calls done() of all
 * that have ended by then.
 *
 * The post is what outlives a close: there is no way to take it back. So the
 * memory is freed by whoever is last, close() or the post that is under way.
 */
struct queue {
	struct engine_job *first, **end;
};

struct engine_thread {
	struct loop *loop;
	struct post post; /* of hand_back() */
	pthread_t thread;
	pthread_mutex_t lock; /* over all below */
	pthread_cond_t added;
	struct queue waiting, ended;
	bool posted; /* hand_back() is to be called */
	bool closed;
	/* The owner's. */
	unsigned under_way; /* jobs that were added and are not done */
};

static void queue_init(struct queue *q)
{
	*q = (struct queue){ NULL, &q->first };
}

static void queue_add(struct queue *q, struct engine_job *job)
{
	job->next = NULL;
	*q->end = job;
	q->end = &job->next;
}

static struct engine_job *queue_take(struct queue *q)
{
	struct engine_job *job = q->first;

	if (job)
		q->first = job->next;
	if (!q->first)
		q->end = &q->first;
	return job;
}

/* ---- the owner's thread ---- */

/* Those of now: what done() adds comes back by a post of its own. */
static struct queue take_ended(struct engine_thread *t)
{
	struct queue all = { NULL, NULL };

	pthread_mutex_lock(&t->lock);
	all.first = t->ended.first;
	queue_init(&t->ended);
	pthread_mutex_unlock(&t->lock);
	return all;
}

static void finish(struct engine_thread *t, struct engine_job *job)
{
	struct error why = job->err;
	int rc = job->rc;

	assert(t->under_way);
	t->under_way--;
	job->done(job, rc < 0 ? &why : NULL);
}

static void finish_ended(struct engine_thread *t)
{
	struct queue all = take_ended(t);
	struct engine_job *job;

	while ((job = queue_take(&all)))
		finish(t, job);
}

static void free_thread(struct engine_thread *t)
{
	pthread_cond_destroy(&t->added);
	pthread_mutex_destroy(&t->lock);
	free(t);
}

static void hand_back(void *arg)
{
	struct engine_thread *t = arg;
	bool closed;

	pthread_mutex_lock(&t->lock);
	t->posted = false;
	closed = t->closed;
	pthread_mutex_unlock(&t->lock);
	if (closed)
		free_thread(t);
	else
		finish_ended(t);
}

/* ---- the engine thread ---- */

/* Waits for one; NULL: the thread is to end. */
static struct engine_job *next_job(struct engine_thread *t)
{
	struct engine_job *job = NULL;

	pthread_mutex_lock(&t->lock);
	while (!t->closed && !(job = queue_take(&t->waiting)))
		pthread_cond_wait(&t->added, &t->lock);
	pthread_mutex_unlock(&t->lock);
	return job;
}

static void job_ended(struct engine_thread *t, struct engine_job *job)
{
	bool post;

	pthread_mutex_lock(&t->lock);
	queue_add(&t->ended, job);
	/* A close calls done() itself. */
	post = !t->posted && !t->closed;
	t->posted |= post;
	pthread_mutex_unlock(&t->lock);
	if (post)
		loop_post(t->loop, &t->post);
}

static void *run_jobs(void *arg)
{
	struct engine_thread *t = arg;
	struct engine_job *job;

	while ((job = next_job(t))) {
		job->rc = job->run(job, &job->err);
		job_ended(t, job);
	}
	return NULL;
}

/* ---- start, add, close ---- */

/* Signals are for the thread that waits in the loop. */
static int start(struct engine_thread *t)
{
	sigset_t all, before;
	int rc;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	rc = pthread_create(&t->thread, NULL, run_jobs, t);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return rc;
}

int engine_thread_start(struct loop *loop, struct engine_thread **ret,
			struct error *err)
{
	struct engine_thread *t = calloc(1, sizeof(*t));
	int rc;

	if (!t)
		return error_nomem(err);
	t->loop = loop;
	t->post = (struct post){ .fn = hand_back, .ctx = t };
	queue_init(&t->waiting);
	queue_init(&t->ended);
	pthread_mutex_init(&t->lock, NULL);
	pthread_cond_init(&t->added, NULL);
	rc = start(t);
	if (rc) {
		free_thread(t);
		return error_errno(err, ERROR_INTERNAL, rc,
				   "starting the thread of an engine");
	}
	*ret = t;
	return 0;
}

int engine_thread_add(struct engine_thread *t, struct engine_job *job,
		      struct error *err)
{
	if (t->closed)
		return error_set(err, ERROR_INTERRUPTED,
				 "the engine is being closed");
	if (t->under_way == ENGINE_JOBS)
		return error_set(err, ERROR_INTERNAL,
				 "%d calls of the engine are running already",
				 ENGINE_JOBS);
	t->under_way++;
	job->err = (struct error){ 0 };
	pthread_mutex_lock(&t->lock);
	queue_add(&t->waiting, job);
	pthread_cond_signal(&t->added);
	pthread_mutex_unlock(&t->lock);
	return 0;
}

void engine_thread_close(struct engine_thread *t)
{
	struct engine_job *job;

	if (!t)
		return;
	pthread_mutex_lock(&t->lock);
	t->closed = true;
	pthread_cond_signal(&t->added);
	pthread_mutex_unlock(&t->lock);
	pthread_join(t->thread, NULL);
	finish_ended(t);
	while ((job = queue_take(&t->waiting))) {
		job->rc = error_set(&job->err, ERROR_INTERRUPTED,
				    "the engine is closed already");
		finish(t, job);
	}
	if (!t->posted)
		free_thread(t);
}
