/* SPDX-License-Identifier: Apache-2.0 */
/* asker_route.c - asks a doorman without HTTP. */
#include "doorman/routes.h"
#include "test/support/asker.h"

enum { ANSWER_MAX = 1 << 20 };

void asker_by_route(struct asker *a, const char *method, const char *path,
		    const struct buf *body)
{
	const struct served_request request = {
		.method = method,
		.path = path,
		.peer = "10.0.0.1",
		.body = body ? body->data : NULL,
		.body_len = body ? body->len : 0
	};
	struct served_answer answer = { .body = BUF_INIT(ANSWER_MAX) };

	routes_answer(a->of, &request, &answer);
	a->status = answer.status;
	buf_addf(&a->head, "Content-Type: %s\r\n",
		 answer.type ? answer.type : "text/plain");
	for (unsigned i = 0; i < answer.header_count; i++)
		buf_addf(&a->head, "%s: %s\r\n", answer.headers[i].name,
			 answer.headers[i].value);
	buf_add(&a->body, answer.body.data, answer.body.len);
	buf_release(&answer.body);
}
