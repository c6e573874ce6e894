/* SPDX-License-Identifier: Apache-2.0 */
/* forget.c - removes requests and all that belongs to them. */
#include <string.h>

#include "doorman/decisions.h"
#include "doorman/names.h"

/* The decision goes first: a kill then leaves a request that waits, which can
 * be forgotten again. The name stays with the id, so that another key that gets
 * it has the parameters signed anew. */
static int forget(struct doorman *d, const char *id, struct error *err)
{
	struct js *event;

	if (kept_mark(d, err) < 0 ||
	    store_remove(d->store, "decision", id, err) < 0 ||
	    store_remove(d->store, "certificate", id, err) < 0 ||
	    store_remove(d->store, "request", id, err) < 0)
		return -1;
	event = js_object();
	js_set_str(event, "id", id);
	doorman_say(d, "forgotten", event);
	return 0;
}

/* Not a node's whose name is in use by the request. */
static int check_out_of_map(struct doorman *d, const char *id,
			    struct error *err)
{
	cleanup(request_release) struct request r = REQUEST_INIT;
	char name[HASH_TEXT], user[HASH_TEXT];
	bool found;

	if (request_load(d, id, &r, &found, err) < 0)
		return -1;
	if (!found)
		return error_set(err, ERROR_INPUT,
				 "request %.8s does not exist any more", id);
	if (name_hash(&r.csr.name, name, err) < 0 ||
	    store_get_hash(d->store, "use", name, user, err) < 0)
		return -1;
	if (!strcmp(user, id))
		return error_set(err, ERROR_INPUT,
				 "the node of request %.8s is in the map; "
				 "reject the request first",
				 id);
	return 0;
}

static int forget_one(struct doorman *d, const char *id, struct error *err)
{
	if (check_out_of_map(d, id, err) < 0)
		return -1;
	return forget(d, id, err);
}

int doorman_forget(struct doorman *d, const char *id, char ret_id[DOORMAN_ID],
		   struct error *err)
{
	char whole[DOORMAN_ID];

	if (request_find(d, id, whole, err) < 0 ||
	    store_begin(d->store, err) < 0)
		return -1;
	if (store_end(d->store, forget_one(d, whole, err), err) < 0)
		return -1;
	memcpy(ret_id, whole, DOORMAN_ID);
	return 0;
}

/* All that count against the share of the address. */
static int forget_counted(struct doorman *d, const uint8_t from[ADDRESS_KEY],
			  unsigned *ret_count, struct error *err)
{
	const struct kept *k = &d->kept;

	*ret_count = 0;
	if (kept_load(d, err) < 0)
		return -1;
	for (size_t i = 0; i < k->count; i++) {
		const struct kept_request *r = &k->list[i];

		if (!r->counts || memcmp(r->from, from, ADDRESS_KEY) != 0)
			continue;
		if (forget(d, r->id, err) < 0)
			return -1;
		++*ret_count;
	}
	return 0;
}

int doorman_forget_from(struct doorman *d, const char *address,
			unsigned *ret_count, struct error *err)
{
	uint8_t from[ADDRESS_KEY], none[ADDRESS_KEY];
	unsigned count;
	int rc;

	address_key_of_text(address, from);
	address_key_of_text("", none);
	if (!memcmp(from, none, ADDRESS_KEY))
		return error_set(err, ERROR_INPUT,
				 "\"%s\": expected an address, as medley "
				 "doorman list --json shows it (from)",
				 address);
	if (store_begin(d->store, err) < 0)
		return -1;
	rc = store_end(d->store, forget_counted(d, from, &count, err), err);
	kept_release(&d->kept);
	if (rc == 0)
		*ret_count = count;
	return rc;
}
