/* SPDX-License-Identifier: Apache-2.0 */
/* api.c - a cluster's API that says what a story wants, and its client. */
#include "test/support/api.h"

#include "test/support/test.h"

void api_start(struct api *api, web_fn answer)
{
	struct error err;

	*api = (struct api){ .web.answer = answer };
	web_start(&api->web);
	snprintf(api->url, sizeof(api->url), "http://127.0.0.1:%d",
		 api->web.port);
	api->config =
		(struct kubeconfig){ .server = api->url, .token = API_TOKEN };
	kinds_init(&api->kinds);
	assert_ok(kube_open(&api->config, &api->kube, &err), err);
}

void api_stop(struct api *api)
{
	kube_free(api->kube);
	kinds_release(&api->kinds);
	web_stop(&api->web);
}
