/* SPDX-License-Identifier: Apache-2.0 */
/* request.h - checks a build request against its recipe. */
#ifndef BUILD_REQUEST_H
#define BUILD_REQUEST_H

#include "base/error.h"

struct build_request;
struct recipe;

/* A missing word becomes HEAD. ERROR_INPUT if the component takes no word. */
int request_complete(struct build_request *request, const struct recipe *recipe,
		     struct error *err);

#endif
