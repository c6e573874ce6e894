/* SPDX-License-Identifier: Apache-2.0 */
/* shared_key.c - has a doorman certify a key that several nodes share. */
#include <stdio.h>
#include <string.h>

#include "corda/authority.h"
#include "corda/csr.h"
#include "corda/key.h"
#include "corda/legal_name.h"
#include "data/zip.h"
#include "doorman/doorman.h"
#include "net/http.h"
#include "sys/clock.h"
#include "sys/entropy.h"
#include "sys/file.h"
#include "sys/interrupt.h"
#include "sys/wait.h"

enum {
	ANSWER_MAX = 64 * 1024,
	FILE_MAX = 64 * 1024,
	URL_MAX = 1024,
	TIMEOUT_MS = 30000,
	STEP_MS = 200,
	PAUSE_MS = 1000,
	ID_MAX = 128,
	CHAIN = 3 /* leaf, doorman, root */
};

struct applying {
	const struct doorman_application *from;
	int64_t deadline_us;
	struct loop *loop;
	struct http *http;
	struct arena arena;
	struct key *key;
	struct x500_name name;
	struct buf csr;
	/* The last answer; status 0: there was none, and why. */
	bool done;
	enum http_end end;
	int status;
	struct buf answer;
};

static void applying_release(struct applying *a)
{
	http_free(a->http);
	loop_free(a->loop);
	arena_release(&a->arena);
	key_free(a->key);
	buf_release(&a->csr);
	buf_release(&a->answer);
}

/* ---- asking ---- */

static void on_done(void *ctx, const struct http_answer *answer)
{
	struct applying *a = ctx;
	const bool whole = answer->end == HTTP_ANSWERED;

	buf_clear(&a->answer);
	if (whole)
		buf_add(&a->answer, answer->body->data, answer->body->len);
	else
		buf_add_str(&a->answer, answer->why);
	a->end = answer->end;
	a->status = whole ? answer->status : 0;
	a->done = true;
}

static int64_t left_ms(const struct applying *a)
{
	const int64_t left = (a->deadline_us - clock_mono_us()) / 1000;

	return left > 0 ? left : 0;
}

/* One request and its answer, within what is left of the time. */
static int ask(struct applying *a, const char *path, const struct buf *body,
	       struct error *err)
{
	static const char *const headers[] = {
		"Content-Type: application/octet-stream", NULL
	};
	int len = (int)strlen(a->from->url);
	char url[URL_MAX];
	const int64_t left = left_ms(a) + 1;
	const struct http_request request = {
		.method = body ? "POST" : "GET",
		.url = url,
		.headers = headers,
		.body = body ? body->data : NULL,
		.body_len = body ? body->len : 0,
		.timeout_ms = left < TIMEOUT_MS ? (int)left : TIMEOUT_MS,
		.max = ANSWER_MAX,
		.on_done = on_done,
		.ctx = a
	};

	while (len > 0 && a->from->url[len - 1] == '/')
		len--;
	if (snprintf(url, sizeof(url), "%.*s%s", len, a->from->url, path) >=
	    (int)sizeof(url))
		return error_set(err, ERROR_INPUT,
				 "%.80s…: the URL is too long", a->from->url);
	a->done = false;
	if (http_start(a->http, &request, NULL, err) < 0)
		return -1;
	while (!a->done) {
		loop_step(a->loop, STEP_MS);
		if (interrupt_check(err) < 0)
			return -1;
	}
	return buf_check(&a->answer, err);
}

/* What may be another answer in a while: nobody there, busy, not decided. */
static bool is_later(const struct applying *a)
{
	if (a->end == HTTP_ANSWERED)
		return a->status == 204 || a->status >= 500;
	return a->end != HTTP_REFUSED && a->end != HTTP_TOO_LARGE;
}

static int refused(const struct applying *a, struct error *err)
{
	const char *text = buf_text(&a->answer);

	if (a->end != HTTP_ANSWERED)
		return error_set(err, ERROR_INPUT, "%s: %s", a->from->url,
				 text);
	return error_set(err, ERROR_INPUT, "%s answers %d: %s", a->from->url,
			 a->status, text);
}

/* Asks until there is an answer that stays; of any but 200 it tells. */
static int ask_until(struct applying *a, const char *path,
		     const struct buf *body, struct error *err)
{
	bool undecided = false;

	do {
		if (ask(a, path, body, err) < 0)
			return -1;
		if (a->status == 200)
			return 0;
		if (!is_later(a))
			return refused(a, err);
		/* The last attempt has what is left of the time: that it was
		 * too little tells nothing new. */
		if (a->end != HTTP_TIMEOUT)
			undecided = a->status == 204;
		pause_ms(left_ms(a) < PAUSE_MS ? (int)left_ms(a) : PAUSE_MS);
	} while (clock_mono_us() < a->deadline_us);
	return error_set(
		err, ERROR_DEPLOY, "no certificate from %s in %u s: %s",
		a->from->url, a->from->seconds,
		undecided ? "it was not approved" : buf_text(&a->answer));
}

static int not_a_doorman(const struct applying *a, struct error *err)
{
	return error_set(err, ERROR_DEPLOY,
			 "%s does not answer as a doorman: is a login page or "
			 "a proxy in between?",
			 a->from->url);
}

/* The id of a request is one word, and becomes a part of a URL. */
static int check_id(const struct applying *a, struct error *err)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789-_";
	const char *id = buf_text(&a->answer);
	size_t len = strspn(id, letters);

	return len && len == a->answer.len && len <= ID_MAX
		       ? 0
		       : not_a_doorman(a, err);
}

/* ---- the key store ---- */

static int take_chain(struct applying *a, struct buf certificates[CHAIN],
		      struct der ret[CHAIN], struct error *err)
{
	static const char *const names[CHAIN] = { "leaf.cer", "doorman.cer",
						  "root.cer" };
	const struct der spki = key_spki(a->key);
	struct certificate leaf;
	struct error why;

	for (int i = 0; i < CHAIN; i++) {
		buf_init(&certificates[i], ANSWER_MAX);
		if (zip_member_of(&a->answer, names[i], &certificates[i],
				  &why) < 0)
			return error_is_memory(&why) ? error_nomem(err)
						     : not_a_doorman(a, err);
		ret[i] = (struct der){ certificates[i].data,
				       certificates[i].len };
	}
	if (certificate_path_check(ret, CHAIN, ret[1], ret[2], err) < 0 ||
	    certificate_read(ret[0], &leaf, err) < 0)
		return -1;
	if (leaf.spki.len != spki.len ||
	    memcmp(leaf.spki.bytes, spki.bytes, spki.len) != 0)
		return error_set(err, ERROR_INPUT,
				 "a certificate of another key");
	return 0;
}

static int write_store(struct applying *a, const struct der chain[CHAIN],
		       struct error *err)
{
	cleanup(buf_release) struct buf store = BUF_INIT(FILE_MAX);
	struct keystore_entry entry = { .alias = KEYSTORE_SERVICE,
					.created = clock_wall_us() / 1000,
					.pkcs8 = key_pkcs8(a->key),
					.chain = chain,
					.chain_len = CHAIN };

	if (random_bytes(entry.salt, sizeof(entry.salt), err) < 0 ||
	    keystore_write(&entry, 1, KEYSTORE_PASSWORD, &store, err) < 0)
		return -1;
	return file_write(a->from->store, store.data, store.len, 0600, err);
}

/* One that is there already is of an earlier start, or of another network. */
static int check_store(struct applying *a, struct error *err)
{
	cleanup(buf_release) struct buf store = BUF_INIT(FILE_MAX);
	const struct der pkcs8 = key_pkcs8(a->key);
	const struct keystore_entry *e;
	struct keystore_entry *entries;
	size_t count;

	if (file_read(a->from->store, &store, err) < 0 ||
	    keystore_read(store.data, store.len, KEYSTORE_PASSWORD, &a->arena,
			  &entries, &count, err) < 0)
		return error_wrap(err, "%s", a->from->store);
	e = keystore_find(entries, count, KEYSTORE_SERVICE);
	if (e && e->pkcs8.len == pkcs8.len &&
	    memcmp(e->pkcs8.bytes, pkcs8.bytes, pkcs8.len) == 0)
		return 0;
	return error_set(err, ERROR_INPUT, "%s has another key than %s",
			 a->from->store, a->from->key);
}

static int keep_certificate(struct applying *a, struct error *err)
{
	struct buf certificates[CHAIN] = { 0 };
	struct der chain[CHAIN];
	int rc = take_chain(a, certificates, chain, err);

	if (rc < 0)
		error_wrap(err, "%s", a->from->url);
	else
		rc = write_store(a, chain, err);
	for (int i = 0; i < CHAIN; i++)
		buf_release(&certificates[i]);
	return rc;
}

/* ---- all of it ---- */

static int begin(struct applying *a, struct error *err)
{
	cleanup(buf_release) struct buf pkcs8 = BUF_INIT(FILE_MAX);
	const struct http_peer peer = { .ca_pem = NULL };

	if (x500_name_parse(a->from->name, &a->arena, &a->name, err) < 0)
		return -1;
	if (legal_name_check(&a->name, err) < 0)
		return error_wrap(err, "the service's name");
	if (file_read(a->from->key, &pkcs8, err) < 0)
		return -1;
	if (key_read(pkcs8.data, pkcs8.len, &a->key, err) < 0)
		return error_wrap(err, "%s", a->from->key);
	if (key_kind(a->key) != KEY_P256)
		return error_set(err, ERROR_INPUT, "%s: expected a P-256 key",
				 a->from->key);
	if (csr_write(CERTIFICATE_SERVICE, &a->name, a->key, &a->csr, err) < 0)
		return -1;
	return loop_new(&a->loop, err) < 0
		       ? -1
		       : http_new(a->loop, &peer, &a->http, err);
}

int doorman_apply(const struct doorman_application *from, struct error *err)
{
	cleanup(applying_release) struct applying a = {
		.from = from,
		.deadline_us = clock_mono_us() + from->seconds * 1000000LL,
		.arena = ARENA_INIT(ANSWER_MAX),
		.csr = BUF_INIT(FILE_MAX),
		.answer = BUF_INIT(ANSWER_MAX),
	};
	char path[URL_MAX];

	if (begin(&a, err) < 0)
		return -1;
	if (file_exists(from->store))
		return check_store(&a, err);
	if (ask_until(&a, "/certificate", &a.csr, err) < 0 ||
	    check_id(&a, err) < 0)
		return -1;
	snprintf(path, sizeof(path), "/certificate/%s", buf_text(&a.answer));
	if (ask_until(&a, path, NULL, err) < 0)
		return -1;
	return keep_certificate(&a, err);
}
