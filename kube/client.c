/* SPDX-License-Identifier: Apache-2.0 */
/*
 * client.c - calls of a cluster's API, with retries and a deadline.
 *
 * A call is either under way (it has an exchange) or waits until it is due
 * to be tried again, for which there is one timer. A callback may start and
 * cancel calls. A call whose end was told, or that was cancelled, is dead; its
 * memory goes when the callback has returned.
 *
 * When the identity changes (a plugin gave another certificate) new calls go
 * through a new struct http; the old one is kept until it is idle, and goes
 * only in kube_step(): it may be the one whose callback asked.
 */
#include "kube/client.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "kube/credential.h"
#include "kube/headers.h"
#include "kube/status.h"
#include "sys/clock.h"

enum {
	ANSWER_MAX = 64 * 1024 * 1024,
	STREAM_MAX = 16 * 1024 * 1024,
	ATTEMPT_MS = 20 * 1000,
	PAUSE_MS = 100, /* before the second try; doubled each time */
	PAUSE_MAX_MS = 2000,
	FAULTS_MAX = 3, /* answers 500 */
	RENEWED_MS = 1000
};

/* One a change of identity; each has a call under way, or goes soon. */
struct retired {
	struct http *http;
	struct retired *next;
};

struct kube {
	const struct kubeconfig *config;
	struct loop *loop; /* owned */
	struct credential credential;
	struct http *http;
	struct retired *retired;
	struct kube_call *calls;
	struct timer *due; /* when a call is to be tried again */
	unsigned calling; /* back: no call is freed meanwhile */
	int64_t renewed_us; /* when credentials were last asked for anew */
};

struct kube_call {
	struct kube *kube;
	struct kube_call *next, **link;
	struct kube_request request;
	char *path, *what; /* owned */
	struct http_exchange *exchange; /* under way */
	int64_t due_us; /* else: when to try again */
	unsigned tries, faults;
	bool renewed, fresh, dead;
	enum http_end last_end;
	char last_why[256];
};

static int new_http(struct kube *k, struct http **ret, struct error *err)
{
	struct http_peer peer = { .ca_pem = k->config->ca_pem,
				  .cert_pem = k->credential.cert_pem,
				  .key_pem = k->credential.key_pem,
				  .insecure = k->config->insecure,
				  .server_name = k->config->server_name,
				  .proxy = k->config->proxy };

	return http_new(k->loop, &peer, ret, err);
}

static void on_due(void *ctx);

static int retire(struct kube *k, struct error *err)
{
	struct retired *old = calloc(1, sizeof(*old));

	if (!old)
		return error_nomem(err);
	*old = (struct retired){ k->http, k->retired };
	k->retired = old;
	k->http = NULL;
	return 0;
}

/* Not while one of them calls back. */
static void free_retired(struct kube *k, bool busy_too)
{
	struct retired **link = &k->retired;
	struct retired *old;

	while ((old = *link)) {
		if (!busy_too && !http_idle(old->http)) {
			link = &old->next;
			continue;
		}
		*link = old->next;
		http_free(old->http);
		free(old);
	}
}

/* Makes the credentials current; `again`: the server refused them. */
int kube_renew(struct kube *k, bool again, struct error *err)
{
	struct http *http;
	bool changed;

	/* Many calls may be refused at once: the first one asks for all. */
	if (again && clock_mono_us() - k->renewed_us < RENEWED_MS * 1000LL)
		again = false;
	if (again)
		k->renewed_us = clock_mono_us();
	if (credential_renew(&k->credential, k->config, again, &changed, err) <
	    0)
		return -1;
	if (k->http && !(changed && k->credential.cert_pem))
		return 0;
	if (new_http(k, &http, err) < 0)
		return -1;
	if (k->http && retire(k, err) < 0) {
		http_free(http);
		return -1;
	}
	k->http = http;
	return 0;
}

int kube_open(const struct kubeconfig *config, struct kube **ret,
	      struct error *err)
{
	struct kube *k = calloc(1, sizeof(*k));

	if (!k)
		return error_nomem(err);
	k->config = config;
	if (loop_new(&k->loop, err) < 0 ||
	    timer_open(k->loop, 0, 0, on_due, k, &k->due, err) < 0) {
		kube_free(k);
		return -1;
	}
	timer_stop(k->due);
	*ret = k;
	return 0;
}

const struct kubeconfig *kube_config(const struct kube *k)
{
	return k->config;
}

static void call_end(struct kube_call *c)
{
	http_cancel(c->exchange);
	c->exchange = NULL;
	c->dead = true;
}

static void call_free(struct kube_call *c)
{
	call_end(c);
	if (c->link)
		*c->link = c->next;
	if (c->next)
		c->next->link = c->link;
	free(c->path);
	free(c->what);
	free(c);
}

static void call_freep(struct kube_call **c)
{
	if (*c)
		call_free(*c);
}

void kube_free(struct kube *k)
{
	if (!k)
		return;
	while (k->calls)
		call_free(k->calls);
	http_free(k->http);
	free_retired(k, true);
	credential_release(&k->credential);
	timer_close(k->due);
	loop_free(k->loop);
	free(k);
}

void kube_cancel(struct kube_call *c)
{
	if (!c)
		return;
	call_end(c);
	if (!c->kube->calling)
		call_free(c);
}

static void begin_calling(struct kube *k)
{
	k->calling++;
}

/* What ended goes; when the first of those that wait is due, the timer is. */
static void end_calling(struct kube *k)
{
	struct kube_call *next;
	int64_t due_us = INT64_MAX;

	if (--k->calling)
		return;
	for (struct kube_call *c = k->calls; c; c = next) {
		next = c->next;
		if (c->dead)
			call_free(c);
		else if (!c->exchange && c->due_us < due_us)
			due_us = c->due_us;
	}
	if (due_us < INT64_MAX)
		timer_set(k->due, due_us - clock_mono_us(), 0);
}

static void tell(struct kube_call *c, int status, const struct buf *body,
		 const struct error *err)
{
	static const struct buf empty;
	struct kube_reply reply = { status, body ? body : &empty };

	c->exchange = NULL;
	c->dead = true;
	c->request.on_done(c->request.ctx, &reply, err);
}

/* The call has failed for good without an answer of the server. */
static void give_up(struct kube_call *c)
{
	const struct kube_request *r = &c->request;
	bool mends =
		c->last_end != HTTP_REFUSED && c->last_end != HTTP_TOO_LARGE;
	struct error err;

	error_set(&err, ERROR_DEPLOY, "%s %s: the API server %s%s: %s", r->verb,
		  c->what, c->kube->config->server,
		  mends ? " does not answer" : " cannot be used", c->last_why);
	tell(c, 0, NULL, &err);
}

/* True when the call waits for another try. */
static bool again(struct kube_call *c, int after_s)
{
	int64_t now = clock_mono_us();
	int64_t pause = PAUSE_MS * 1000LL;

	for (unsigned i = 1; i < c->tries && pause < PAUSE_MAX_MS * 1000LL; i++)
		pause *= 2;
	/* Not all at the same time. */
	pause -= pause / 4 * ((uintptr_t)c / 64 % 8) / 8;
	if (after_s)
		pause = after_s * 1000000LL;
	if (c->request.once || now + pause >= c->request.deadline_us)
		return false;
	c->due_us = now + pause;
	return true;
}

static bool passes_by_itself(struct kube_call *c, const struct http_answer *a)
{
	if (a->status == 500)
		return !kube_status_final(a->body) && ++c->faults < FAULTS_MAX;
	return a->status == 429 || (a->status >= 502 && a->status <= 504);
}

static bool wants_json(const struct kube_request *r)
{
	return !r->on_bytes &&
	       (!r->accept || !strncmp(r->accept, "application/json", 16));
}

/* A page of something in between is no answer of the API server. */
static void on_success(struct kube_call *c, const struct http_answer *a)
{
	const struct kube_request *r = &c->request;
	struct error err;

	if (wants_json(r) &&
	    kube_check_answer(r->verb, c->what, c->kube->config->server,
			      a->body, &err) < 0)
		tell(c, 0, NULL, &err);
	else
		tell(c, a->status, a->body, NULL);
}

static void on_answer(struct kube_call *c, const struct http_answer *a)
{
	const struct kube_request *r = &c->request;
	struct error err;

	if (a->status >= 200 && a->status < 300) {
		on_success(c, a);
		return;
	}
	if (a->status == 401 && !c->renewed) {
		c->renewed = true;
		if (kube_renew(c->kube, true, &err) < 0)
			tell(c, a->status, a->body, &err);
		else
			c->due_us = clock_mono_us();
		return;
	}
	if (passes_by_itself(c, a) && again(c, a->retry_after))
		return;
	kube_status_error(r->verb, c->what, a->status, a->body, &err);
	tell(c, a->status, a->body, &err);
}

static void on_bytes(void *ctx, const uint8_t *bytes, size_t len)
{
	struct kube_call *c = ctx;
	struct kube *k = c->kube;

	begin_calling(k);
	c->request.on_bytes(c->request.ctx, bytes, len);
	end_calling(k);
}

static void on_no_answer(struct kube_call *c, const struct http_answer *a)
{
	snprintf(c->last_why, sizeof(c->last_why), "%s", a->why);
	c->fresh = a->end == HTTP_TIMEOUT;
	if (a->end == HTTP_REFUSED || a->end == HTTP_TOO_LARGE || !again(c, 0))
		give_up(c);
}

static void on_done(void *ctx, const struct http_answer *a)
{
	struct kube_call *c = ctx;
	struct kube *k = c->kube;

	begin_calling(k);
	c->exchange = NULL;
	c->last_end = a->end;
	if (a->end == HTTP_ANSWERED)
		on_answer(c, a);
	else
		on_no_answer(c, a);
	end_calling(k);
}

/* One attempt's bound: what is left, but not so long that a server which
 * hangs takes all of it. */
static int attempt_ms(const struct kube_call *c)
{
	int64_t left = (c->request.deadline_us - clock_mono_us()) / 1000;

	if (c->request.on_bytes && c->request.idle_ms)
		return 0;
	if (left < 1)
		left = 1;
	return left < ATTEMPT_MS ? (int)left : ATTEMPT_MS;
}

static int begin(struct kube_call *c, struct error *err)
{
	const struct kube_request *r = &c->request;
	cleanup(buf_release) struct buf url = BUF_INIT(64 * 1024);
	cleanup(headers_release) struct headers headers = { .lines = { 0 } };
	struct http_request h = { .method = r->method,
				  .timeout_ms = attempt_ms(c),
				  .idle_ms = r->idle_ms,
				  .headers = headers.lines,
				  .body = r->body,
				  .body_len = r->body_len,
				  .fresh = c->fresh,
				  .on_bytes = r->on_bytes ? on_bytes : NULL,
				  .on_done = on_done,
				  .ctx = c };

	c->tries++;
	if (kube_renew(c->kube, false, err) < 0 ||
	    headers_write(&headers, r, &c->kube->credential, c->kube->config,
			  err) < 0)
		return -1;
	buf_addf(&url, "%s%s", c->kube->config->server, c->path);
	if (buf_check(&url, err) < 0)
		return -1;
	h.url = buf_text(&url);
	h.max = r->on_bytes ? STREAM_MAX : ANSWER_MAX;
	return http_start(c->kube->http, &h, &c->exchange, err);
}

int kube_start(struct kube *k, const struct kube_request *request,
	       struct kube_call **ret_call, struct error *err)
{
	cleanup(call_freep) struct kube_call *c = calloc(1, sizeof(*c));

	if (!c)
		return error_nomem(err);
	c->kube = k;
	c->request = *request;
	c->path = strdup(request->path);
	c->what = strdup(request->what);
	if (!c->path || !c->what)
		return error_nomem(err);
	if (begin(c, err) < 0)
		return error_wrap(err, "%s %s", request->verb, c->what);
	c->next = k->calls;
	c->link = &k->calls;
	if (c->next)
		c->next->link = &c->next;
	k->calls = c;
	if (ret_call)
		*ret_call = c;
	(void)steal(c);
	return 0;
}

static void on_due(void *ctx)
{
	struct kube *k = ctx;
	int64_t now = clock_mono_us();
	struct error err;

	begin_calling(k);
	for (struct kube_call *c = k->calls; c; c = c->next)
		if (!c->exchange && !c->dead && c->due_us <= now &&
		    begin(c, &err) < 0)
			tell(c, 0, NULL, &err);
	end_calling(k);
}

void kube_step(struct kube *k, int ms)
{
	assert(!k->calling);
	loop_step(k->loop, ms);
	free_retired(k, false);
}

struct loop *kube_loop(const struct kube *k)
{
	return k->loop;
}

int kube_raw(struct kube *k, bool again, struct http_raw **ret,
	     struct buf *ret_header, struct error *err)
{
	if (kube_renew(k, again, err) < 0)
		return -1;
	if (headers_write_raw(ret_header, &k->credential, k->config, err) < 0)
		return -1;
	return http_raw_open(k->http, k->config->server, ATTEMPT_MS, ret, err);
}

bool kube_asks_plugin(const struct kube *k)
{
	return k->config->plugin.argv != NULL;
}

int kube_raw_start(struct kube *k, struct loop *loop, http_raw_fn fn, void *ctx,
		   struct http_raw **ret, struct buf *ret_header,
		   struct error *err)
{
	if (headers_write_raw(ret_header, &k->credential, k->config, err) < 0)
		return -1;
	return http_raw_start(k->http, loop, k->config->server, ATTEMPT_MS, fn,
			      ctx, ret, err);
}
