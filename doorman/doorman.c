/* SPDX-License-Identifier: Apache-2.0 */
/* doorman.c - opens a doorman's store, makes its keys, serves from it. */
#include "doorman/doorman.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "doorman/nodes.h"
#include "doorman/parameters.h"
#include "doorman/requests.h"
#include "doorman/routes.h"
#include "sys/file.h"
#include "sys/interrupt.h"

enum {
	STORE_MAX = 64 * 1024,
	BODY_MAX = 64 * 1024,
	CONNECTIONS = 512,
	REQUEST_SECONDS = 30,
	BURST_SECONDS = 4,
	SWEEP_MS = 200
};

/* Those who begin at the same time agree on the keys that were first. */
static int load_authority(struct doorman *d, struct error *err)
{
	cleanup(buf_release) struct buf bytes = BUF_INIT(STORE_MAX);
	cleanup(buf_release) struct buf made = BUF_INIT(STORE_MAX);
	bool found;

	if (store_get(d->store, "keys", "authority", &bytes, &found, err) < 0)
		return -1;
	if (!found) {
		if (authority_make(&d->authority, err) < 0 ||
		    authority_write(&d->authority, &made, err) < 0 ||
		    store_create(d->store, "keys", "authority", made.data,
				 made.len, &found, err) < 0 ||
		    store_get(d->store, "keys", "authority", &bytes, &found,
			      err) < 0)
			return -1;
		authority_release(&d->authority);
	}
	return authority_read(&d->authority, bytes.data, bytes.len, err);
}

/* For whoever hands it to nodes: in a directory it lies beside the rest. */
static int write_truststore(struct doorman *d, struct error *err)
{
	cleanup(buf_release) struct buf bytes = BUF_INIT(STORE_MAX);
	char path[PATH_ROOM];

	path_join(path, d->settings.directory, "network-root-truststore.jks");
	if (file_exists(path))
		return 0;
	if (authority_truststore(&d->authority, &bytes, err) < 0)
		return -1;
	return file_write(path, bytes.data, bytes.len, 0644, err);
}

int doorman_open(const struct doorman_settings *settings, struct doorman **ret,
		 struct error *err)
{
	cleanup(doorman_closep) struct doorman *d = calloc(1, sizeof(*d));
	int rc;

	if (!d)
		return error_nomem(err);
	d->settings = *settings;
	d->authority = (struct authority)AUTHORITY_INIT;
	d->kept.most = KEPT_MAX;
	rc = settings->database
		     ? store_open_postgres(settings->database, &d->store, err)
		     : store_open_directory(settings->directory, &d->store,
					    err);
	if (rc < 0)
		return -1;
	if (load_authority(d, err) < 0)
		return error_wrap(err, "the network's keys");
	if (!settings->database && write_truststore(d, err) < 0)
		return -1;
	*ret = steal(d);
	return 0;
}

void doorman_close(struct doorman *d)
{
	if (!d)
		return;
	authority_release(&d->authority);
	kept_release(&d->kept);
	store_close(d->store);
	free(d);
}

int doorman_truststore(struct doorman *d, struct buf *out, struct error *err)
{
	return authority_truststore(&d->authority, out, err);
}

int doorman_publish(struct doorman *d, const char *file, struct error *err)
{
	cleanup(buf_release) struct buf bytes = BUF_INIT(BODY_MAX);

	if (file_read(file, &bytes, err) < 0)
		return -1;
	if (kept_mark(d, err) < 0)
		return -1;
	if (nodes_publish(d, bytes.data, bytes.len, err) < 0)
		return error_wrap(err, "%s", file);
	return parameters_settle(d, err);
}

int doorman_list(struct doorman *d, struct js **ret, struct error *err)
{
	cleanup(js_freep) struct js *root = js_object();
	struct js *requests = js_array(), *nodes = js_array(), *parameters;

	js_set(root, "requests", requests);
	js_set(root, "nodes", nodes);
	if (requests_list(d, requests, err) < 0 ||
	    nodes_list(d, nodes, err) < 0 ||
	    parameters_list(d, &parameters, err) < 0)
		return -1;
	js_set(root, "parameters", parameters);
	*ret = steal(root);
	return 0;
}

/* ---- serving ---- */

static void answer(void *ctx, const struct served_request *request,
		   struct served_answer *to)
{
	routes_answer(ctx, request, to);
}

static void on_done(void *ctx, const char *peer, const char *method,
		    const char *path, const struct served_answer *a,
		    int64_t took_us)
{
	const struct doorman *d = ctx;
	struct js *event;

	if (!d->settings.log_reads && a->status < 300 &&
	    strcmp(method, "POST") != 0)
		return;
	event = js_object();
	js_set_str(event, "from", peer);
	js_set_str(event, "method", method);
	js_set_str(event, "path", path);
	js_set_int(event, "status", a->status);
	js_set_int(event, "us", took_us);
	if (a->status >= 400)
		js_set_str(event, "answer", buf_text(&a->body));
	doorman_say(d, "answered", event);
}

static int begin(struct doorman *d, const struct doorman_service *service,
		 struct error *err)
{
	if (store_lock(d->store, err) < 0)
		return -1;
	if (service->parameters &&
	    parameters_begin(d, service->parameters, err) < 0)
		return -1;
	return parameters_settle(d, err);
}

int doorman_serve(struct doorman *d, const struct doorman_service *service,
		  struct error *err)
{
	const struct timespec pause = { .tv_nsec = SWEEP_MS * 1000000L };
	const struct http_limits limits = {
		.body_max = BODY_MAX,
		.connections = CONNECTIONS,
		.seconds = REQUEST_SECONDS,
		.rate = service->rate,
		.burst = BURST_SECONDS * service->rate,
	};
	const struct http_events events = { answer, on_done };
	struct http_server *server;

	if (begin(d, service, err) < 0 ||
	    http_server_start(service->address, &limits, &events, d, &server,
			      err) < 0)
		return -1;
	if (service->on_ready)
		service->on_ready(service->ctx, http_server_port(server));
	while (!interrupted()) {
		nanosleep(&pause, NULL);
		http_server_sweep(server);
	}
	http_server_stop(server);
	return 0;
}
