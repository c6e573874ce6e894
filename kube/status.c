/* SPDX-License-Identifier: Apache-2.0 */
/* status.c - explains refusals of the API server to people. */
#include "kube/status.h"

#include <stdio.h>
#include <string.h>

#define NOT_DECLARED "not declared in schema"
enum { SAID_MAX = 600 };

/*
 * What to do about an answer: the first line whose status is the answer's and
 * whose words are in the server's message counts.
 */
static const struct {
	int status;
	const char *words; /* NULL: any */
	const char *advice;
} advices[] = {
	{ 401, NULL, "log in again, or check the user in the kubeconfig" },
	{ 403, "exceeded quota",
	  "request fewer resources, or raise the quota" },
	{ 403, "being terminated",
	  "wait until the namespace is deleted, or use another one" },
	{ 403, "violates PodSecurity",
	  "the namespace's pod security level does not allow such pods" },
	{ 403, "maximum", "a LimitRange of the namespace does not allow it" },
	{ 403, NULL, "a Role or ClusterRole must allow it (RBAC)" },
	{ 404, "namespaces \"", "create the namespace first" },
	{ 409, "conflict with", "another tool manages these fields" },
	{ 409, "modified",
	  "the object has changed in the meantime: try again" },
	{ 413, NULL, "the object is larger than the cluster allows" },
	{ 415, NULL, "the server is too old for server-side apply (1.22)" },
	{ 422, "immutable", "delete the old one first" },
	{ 422, "Forbidden: updates to", "delete the old one first" },
	{ 500, NOT_DECLARED, "objects of this kind have no such field" },
	{ 429, NULL, "the server is overloaded: try again later" },
};

static const char *advice_for(int status, const char *message)
{
	if (status / 100 == 3)
		return "is a login page or a proxy in between?";
	for (size_t i = 0; i < sizeof(advices) / sizeof(advices[0]); i++)
		if (advices[i].status == status &&
		    (!advices[i].words || strstr(message, advices[i].words)))
			return advices[i].advice;
	return NULL;
}

/* One line, bounded, that ends at a whole UTF-8 character. */
static void tidy(char room[SAID_MAX], const char *text)
{
	size_t n = 0;

	for (; *text && n < SAID_MAX - 1; text++)
		room[n++] = (unsigned char)*text < ' ' ? ' ' : *text;
	while (*text && n && (room[n - 1] & 0xc0) == 0x80)
		n--;
	if (*text && n && (room[n - 1] & 0x80))
		n--;
	while (n && room[n - 1] == ' ')
		n--;
	room[n] = 0;
}

static int fill(const char *verb, const char *what, int status,
		const char *reason, const char *message, struct error *err)
{
	enum error_kind kind =
		status == 400 || status == 422 ? ERROR_INPUT : ERROR_DEPLOY;
	const char *advice = advice_for(status, message);
	char said[SAID_MAX], number[32];

	tidy(said, message);
	snprintf(number, sizeof(number), "HTTP %d", status);
	return error_set(err, kind, "%s %s: %s%s%s%s%s", verb, what,
			 reason && *reason ? reason : number,
			 said[0] ? ": " : "", said, advice ? ": " : "",
			 advice ? advice : "");
}

int kube_status_of(const char *verb, const char *what, int status,
		   const struct js *value, struct error *err)
{
	const char *message = js_str(value, "message");
	const char *reason = js_str(value, "reason");

	if (!status)
		status = (int)js_int(value, "code", 0);
	return fill(verb, what, status, reason, message ? message : "", err);
}

int kube_status_error(const char *verb, const char *what, int status,
		      const struct buf *body, struct error *err)
{
	cleanup(js_freep) struct js *value = NULL;

	if (js_parse("answer", buf_text(body), body->len, &value, NULL) >= 0 &&
	    js_str(value, "message"))
		return kube_status_of(verb, what, status, value, err);
	return fill(verb, what, status, NULL, buf_text(body), err);
}

int kube_check_answer(const char *verb, const char *what, const char *server,
		      const struct buf *body, struct error *err)
{
	const char *text = buf_text(body) + strspn(buf_text(body), " \t\r\n");

	if (*text == '{' || !*text)
		return 0;
	return error_set(err, ERROR_DEPLOY,
			 "%s %s: the API server %s answered with %s, not with "
			 "JSON: is a login page or a proxy in between?",
			 verb, what, server,
			 *text == '<' ? "a page of HTML" : "other text");
}

int kube_bad_answer(const char *verb, const char *what, struct error *err)
{
	if (err && err->kind == ERROR_INPUT)
		err->kind = ERROR_DEPLOY;
	return error_wrap(err, "%s %s", verb, what);
}

bool kube_status_final(const struct buf *body)
{
	return strstr(buf_text(body), NOT_DECLARED) != NULL;
}
