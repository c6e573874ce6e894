/* SPDX-License-Identifier: Apache-2.0 */
/* api.h - a cluster's API that says what a story wants, and its client. */
#ifndef TEST_SUPPORT_API_H
#define TEST_SUPPORT_API_H

#include "kube/client.h"
#include "kube/kinds.h"
#include "test/support/web.h"

struct api {
	struct web web;
	struct kube *kube;
	struct kinds kinds;
	/* Its own. */
	struct kubeconfig config;
	char url[64];
};

#define API_TOKEN "sesame"

void api_start(struct api *api, web_fn answer);
void api_stop(struct api *api);

#endif
