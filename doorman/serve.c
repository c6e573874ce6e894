/* SPDX-License-Identifier: Apache-2.0 */
/* serve.c - serves nodes over HTTP from a doorman's store. */
#include <string.h>

#include "doorman/parameters.h"
#include "doorman/routes.h"
#include "sys/interrupt.h"
#include "sys/wait.h"

enum {
	CONNECTIONS = 512,
	REQUEST_SECONDS = 30,
	BURST_SECONDS = 4,
	SWEEP_MS = 200
};

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
	const struct http_limits limits = {
		.body_max = DOORMAN_BODY,
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
		pause_ms(SWEEP_MS);
		http_server_sweep(server);
	}
	http_server_stop(server);
	return 0;
}
