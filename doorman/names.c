/* SPDX-License-Identifier: Apache-2.0 */
/* names.c - stored requests and decisions, and who holds a name. */
#include "doorman/names.h"

#include <string.h>

#include "data/base64.h"

void request_release(struct request *r)
{
	arena_release(&r->arena);
	buf_release(&r->der);
	js_free(r->kept);
}

int request_read(struct doorman *d, struct request *r, struct error *err)
{
	const char *text = js_str(r->kept, "csr");

	if (!text)
		error_set(err, ERROR_INTERNAL,
			  "the request has no certificate signing request");
	else if (base64_decode(text, &r->der, err) == 0 &&
		 csr_read(r->der.data, r->der.len, &r->arena, &r->csr, err) ==
			 0)
		return 0;
	return store_damaged(d->store, err);
}

int request_load(struct doorman *d, const char *id, struct request *r,
		 bool *ret_found, struct error *err)
{
	if (store_get_json(d->store, "request", id, &r->kept, err) < 0)
		return -1;
	*ret_found = r->kept != NULL;
	if (*ret_found && request_read(d, r, err) < 0)
		return error_wrap(err, "request %.8s", id);
	return 0;
}

int decision_read(struct doorman *d, const char *id, bool *ret_decided,
		  bool *ret_approved, struct buf *reason, struct error *err)
{
	cleanup(js_freep) struct js *decision = NULL;

	if (store_get_json(d->store, "decision", id, &decision, err) < 0)
		return -1;
	*ret_decided = decision != NULL;
	*ret_approved = js_bool(decision, "approved", false);
	if (reason && decision && !*ret_approved)
		buf_add_str(reason, js_str(decision, "reason")
					    ? js_str(decision, "reason")
					    : "rejected");
	return 0;
}

/* ---- names ---- */

int name_last(struct doorman *d, const struct x500_name *name,
	      char hash[HASH_TEXT], char ret_id[HASH_TEXT], struct error *err)
{
	if (name_hash(name, hash, err) < 0)
		return -1;
	return store_get_hash(d->store, "name", hash, ret_id, err);
}

int name_holder(struct doorman *d, const struct x500_name *name,
		char ret_id[HASH_TEXT], struct request *r, struct error *err)
{
	char hash[HASH_TEXT], id[HASH_TEXT];
	bool decided, approved, found;

	ret_id[0] = 0;
	if (name_last(d, name, hash, id, err) < 0)
		return -1;
	if (!id[0])
		return 0;
	if (decision_read(d, id, &decided, &approved, NULL, err) < 0 ||
	    request_load(d, id, r, &found, err) < 0)
		return -1;
	if (approved && found)
		memcpy(ret_id, id, HASH_TEXT);
	return 0;
}

int name_check_free(struct doorman *d, const struct x500_name *name,
		    const char *id, struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(4096);
	char hash[HASH_TEXT], last[HASH_TEXT];
	bool used;

	if (name_last(d, name, hash, last, err) < 0 ||
	    store_get(d->store, "use", hash, NULL, &used, err) < 0)
		return -1;
	if (!used || !strcmp(last, id))
		return 0;
	x500_name_print(name, &text);
	return error_set(err, ERROR_INPUT,
			 "the name %s is taken: its node is in the map, with "
			 "another key (request %.8s)",
			 buf_text(&text), last);
}
