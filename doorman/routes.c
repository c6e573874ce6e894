/* SPDX-License-Identifier: Apache-2.0 */
/* routes.c - the HTTP paths that nodes use, and their answers. */
#include "doorman/routes.h"

#include <string.h>

#include "corda/node_info.h"
#include "corda/signed_data.h"
#include "doorman/decisions.h"
#include "doorman/nodes.h"
#include "doorman/requests.h"

enum { PENDING_SECONDS = 2, RETRY_SECONDS = 5, ARENA_MAX = 4 * 1024 * 1024 };

static const char binary[] = "application/octet-stream";

/* Bad input is the sender's fault; a damaged state stays so until somebody has
 * mended it; anything else may be over soon. */
static void failed(struct doorman *d, const struct error *err,
		   struct served_answer *answer)
{
	struct js *event;

	if (err->kind == ERROR_INPUT) {
		http_say(answer, 400, "%s", err->text);
		return;
	}
	event = js_object();
	js_set_str(event, "error", err->text);
	doorman_say(d, "failed", event);
	if (store_was_damaged(d->store)) {
		http_say(answer, 500,
			 "the doorman's state is damaged; the doorman's log "
			 "names the place");
		return;
	}
	http_say(answer, 503, "the doorman cannot do this now, try again");
	http_header(answer, "Retry-After", "%d", RETRY_SECONDS);
}

/* ---- certificates ---- */

static int post_certificate(struct doorman *d,
			    const struct served_request *request,
			    const char *rest, struct served_answer *answer,
			    struct error *err)
{
	char id[HASH_TEXT];

	(void)rest;
	if (request_submit(d, request->body, request->body_len, request->peer,
			   id, err) < 0)
		return -1;
	http_say(answer, 200, "%s", id);
	return 0;
}

static int get_certificate(struct doorman *d,
			   const struct served_request *request,
			   const char *rest, struct served_answer *answer,
			   struct error *err)
{
	cleanup(buf_release) struct buf reason = BUF_INIT(65536);
	enum request_state state;

	(void)request;
	kept_asked(d, rest);
	if (request_state(d, rest, &state, &reason, err) < 0 ||
	    buf_check(&reason, err) < 0)
		return -1;
	switch (state) {
	case REQUEST_UNKNOWN:
		http_say(answer, 404, "no such request");
		break;
	case REQUEST_PENDING:
		answer->status = 204;
		http_header(answer, "Cache-Control", "max-age=%d",
			    PENDING_SECONDS);
		break;
	case REQUEST_REJECTED:
		http_say(answer, 401, "%s", buf_text(&reason));
		break;
	case REQUEST_APPROVED:
		answer->status = 200;
		answer->type = "application/zip";
		return request_answer(d, rest, &answer->body, err);
	}
	return 0;
}

/* ---- the network map ---- */

static int give_map(struct doorman *d, bool pair, struct served_answer *answer,
		    struct error *err)
{
	bool found;

	if (nodes_map(d, pair, &answer->body, &found, err) < 0)
		return -1;
	if (!found) {
		http_say(answer, 503, "there are no network parameters yet");
		http_header(answer, "Retry-After", "%d", RETRY_SECONDS);
		return 0;
	}
	answer->status = 200;
	answer->type = binary;
	http_header(answer, "Cache-Control", "max-age=%u",
		    d->settings.poll_seconds);
	http_header(answer, "X-Corda-Server-Version", "2");
	return 0;
}

static int get_map(struct doorman *d, const struct served_request *request,
		   const char *rest, struct served_answer *answer,
		   struct error *err)
{
	(void)request, (void)rest;
	return give_map(d, false, answer, err);
}

static int get_infos(struct doorman *d, const struct served_request *request,
		     const char *rest, struct served_answer *answer,
		     struct error *err)
{
	(void)request, (void)rest;
	return give_map(d, true, answer, err);
}

/* Nodes are not given what does not have the hash that they asked for. */
static int check_hash(struct doorman *d, const char *kind, const char *hash,
		      struct der inner, struct error *err)
{
	char own[HASH_TEXT];

	hash_text(inner.bytes, inner.len, own);
	if (!strcmp(own, hash))
		return 0;
	error_set(err, ERROR_INTERNAL,
		  "%s %.8s is damaged: its content has another hash", kind,
		  hash);
	return store_damaged(d->store, err);
}

static int give_none(struct served_answer *answer)
{
	http_say(answer, 404, "there is nothing with this hash");
	return 0;
}

static int get_info(struct doorman *d, const struct served_request *request,
		    const char *rest, struct served_answer *answer,
		    struct error *err)
{
	cleanup(arena_release) struct arena arena = ARENA_INIT(ARENA_MAX);
	struct buf *body = &answer->body;
	struct signed_node_info file;
	bool found;

	(void)request;
	if (store_get(d->store, "node-info", rest, body, &found, err) < 0)
		return -1;
	if (!found)
		return give_none(answer);
	answer->status = 200;
	answer->type = binary;
	if (node_info_read(body->data, body->len, &arena, &file, err) < 0)
		return store_damaged(d->store, err);
	return check_hash(d, "node-info", rest, file.inner, err);
}

static int get_parameters(struct doorman *d,
			  const struct served_request *request,
			  const char *rest, struct served_answer *answer,
			  struct error *err)
{
	cleanup(arena_release) struct arena arena = ARENA_INIT(ARENA_MAX);
	struct buf *body = &answer->body;
	struct signed_data file;
	bool found;

	(void)request;
	if (store_get(d->store, "parameters", rest, body, &found, err) < 0)
		return -1;
	if (!found)
		return give_none(answer);
	answer->status = 200;
	answer->type = binary;
	if (signed_data_read(body->data, body->len, &arena, &file, err) < 0)
		return store_damaged(d->store, err);
	return check_hash(d, "parameters", rest, file.inner, err);
}

static int post_info(struct doorman *d, const struct served_request *request,
		     const char *rest, struct served_answer *answer,
		     struct error *err)
{
	(void)rest;
	if (nodes_publish(d, request->body, request->body_len, err) < 0)
		return -1;
	http_say(answer, 200, "published");
	return 0;
}

static int post_ack(struct doorman *d, const struct served_request *request,
		    const char *rest, struct served_answer *answer,
		    struct error *err)
{
	(void)rest;
	if (nodes_accept(d, request->body, request->body_len, err) < 0)
		return -1;
	http_say(answer, 200, "accepted");
	return 0;
}

static int get_hostname(struct doorman *d, const struct served_request *request,
			const char *rest, struct served_answer *answer,
			struct error *err)
{
	(void)d, (void)rest, (void)err;
	http_say(answer, 200, "%s", request->peer);
	return 0;
}

/* ---- for those who run it ---- */

static int get_truststore(struct doorman *d,
			  const struct served_request *request,
			  const char *rest, struct served_answer *answer,
			  struct error *err)
{
	(void)request, (void)rest;
	answer->status = 200;
	answer->type = binary;
	return doorman_truststore(d, &answer->body, err);
}

/* Alive, and its store answers. */
static int get_health(struct doorman *d, const struct served_request *request,
		      const char *rest, struct served_answer *answer,
		      struct error *err)
{
	bool found;

	(void)request, (void)rest;
	if (store_get(d->store, "keys", "authority", NULL, &found, err) < 0)
		return -1;
	http_say(answer, 200, "ok");
	return 0;
}

static const struct route {
	const char *method;
	const char *path; /* one that ends with '/' has something behind it */
	int (*answer)(struct doorman *d, const struct served_request *request,
		      const char *rest, struct served_answer *answer,
		      struct error *err);
} routes[] = {
	{ "POST", "/certificate", post_certificate },
	{ "GET", "/certificate/", get_certificate },
	{ "GET", "/network-map", get_map },
	{ "GET", "/network-map/node-info/", get_info },
	{ "GET", "/network-map/network-parameters/", get_parameters },
	{ "GET", "/network-map/node-infos", get_infos },
	{ "POST", "/network-map/publish", post_info },
	{ "POST", "/network-map/ack-parameters", post_ack },
	{ "GET", "/network-map/my-hostname", get_hostname },
	{ "GET", "/network-root-truststore.jks", get_truststore },
	{ "GET", "/healthz", get_health },
};

/* What stands behind the route's path, NULL when it is another. */
static const char *rest_of(const struct route *route, const char *path)
{
	size_t len = strlen(route->path);

	if (strncmp(path, route->path, len) != 0)
		return NULL;
	path += len;
	if (route->path[len - 1] == '/')
		return *path && !strchr(path, '/') ? path : NULL;
	return *path ? NULL : path;
}

/* A path has one method, and HEAD where that is GET. */
static void refuse(const char *method, const char *allowed,
		   struct served_answer *answer)
{
	if (!allowed) {
		http_say(answer, 404, "no such path");
		return;
	}
	http_say(answer, 405, "not with %s", method);
	http_header(answer, "Allow", "%s",
		    strcmp(allowed, "GET") ? allowed : "GET, HEAD");
}

void routes_answer(struct doorman *d, const struct served_request *request,
		   struct served_answer *answer)
{
	const char *method = request->method, *allowed = NULL, *rest;
	struct error err = { 0 };

	store_was_damaged(d->store);
	if (!strcmp(method, "HEAD"))
		method = "GET";
	for (size_t i = 0; i < ARRAY_SIZE(routes); i++) {
		rest = rest_of(&routes[i], request->path);
		if (!rest)
			continue;
		if (strcmp(routes[i].method, method) != 0) {
			allowed = routes[i].method;
			continue;
		}
		if (routes[i].answer(d, request, rest, answer, &err) < 0)
			failed(d, &err, answer);
		return;
	}
	refuse(request->method, allowed, answer);
}
