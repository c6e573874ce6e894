/* SPDX-License-Identifier: Apache-2.0 */
/* decisions.c - the decisions about certificate requests. */
#include "doorman/decisions.h"

#include <string.h>
#include <strings.h>

#include "doorman/names.h"
#include "doorman/nodes.h"
#include "doorman/parameters.h"
#include "sys/clock.h"

enum { ID_LEAST = 4 };

/* ---- deciding ---- */

static int put_decision(struct doorman *d, const char *id, bool approve,
			const char *by, const char *reason, struct error *err)
{
	cleanup(js_freep) struct js *decision = js_object();
	struct js *event;
	char at[CLOCK_TEXT];

	js_set_bool(decision, "approved", approve);
	js_set_str(decision, "by", by);
	js_set_str(decision, "reason", reason);
	js_set_str(decision, "at", clock_text(at, clock_wall_us()));
	if (store_put_json(d->store, "decision", id, decision, err) < 0)
		return -1;
	event = js_object();
	js_set_str(event, "id", id);
	js_set_str(event, "by", by);
	js_set_str(event, "reason", reason);
	doorman_say(d, approve ? "approved" : "rejected", event);
	return 0;
}

/*
 * The name goes over; whoever had it before has it no more. A kill in between
 * leaves the name with the request before, whose decision says no: so
 * parameters are withdrawn whatever that decision is, or the second try would
 * not do it.
 */
static int take_name(struct doorman *d, const struct csr *csr, const char *id,
		     struct error *err)
{
	cleanup(js_freep) struct js *decision = NULL;
	char hash[HASH_TEXT], last[HASH_TEXT];

	if (name_check_free(d, &csr->name, id, err) < 0 ||
	    name_last(d, &csr->name, hash, last, err) < 0)
		return -1;
	if (!strcmp(last, id))
		return 0;
	if (last[0] &&
	    store_get_json(d->store, "decision", last, &decision, err) < 0)
		return -1;
	if (js_bool(decision, "approved", false) &&
	    put_decision(d, last, false, "doorman",
			 "the name was given to another key", err) < 0)
		return -1;
	if (last[0] && parameters_withdraw(d, &csr->name, err) < 0)
		return -1;
	return store_put(d->store, "name", hash, id, strlen(id), err);
}

/* Within a change, as what follows. */
static int approve(struct doorman *d, const char *id, const char *by,
		   struct error *err)
{
	cleanup(request_release) struct request r = REQUEST_INIT;
	bool found;

	if (request_load(d, id, &r, &found, err) < 0)
		return -1;
	if (!found)
		return error_set(
			err, ERROR_INTERNAL,
			"a request was removed while it was being approved");
	if (take_name(d, &r.csr, id, err) < 0)
		return -1;
	return put_decision(d, id, true, by, NULL, err);
}

/* A node whose request is rejected after all leaves the map. */
static int leave_map(struct doorman *d, const char *id, struct error *err)
{
	cleanup(request_release) struct request r = REQUEST_INIT;
	char hash[HASH_TEXT], last[HASH_TEXT];
	bool found;

	if (request_load(d, id, &r, &found, err) < 0 ||
	    name_last(d, &r.csr.name, hash, last, err) < 0)
		return -1;
	return strcmp(last, id) ? 0 : nodes_remove(d, hash, err);
}

static int reject(struct doorman *d, const char *id, const char *reason,
		  struct error *err)
{
	if (put_decision(d, id, false, "operator", reason, err) < 0)
		return -1;
	return leave_map(d, id, err);
}

/* Unless the operator has decided meanwhile. */
static int approve_by_mode(struct doorman *d, const char *id, bool *ret_decided,
			   bool *ret_approved, struct buf *reason,
			   struct error *err)
{
	int rc;

	if (store_begin(d->store, err) < 0)
		return -1;
	rc = decision_read(d, id, ret_decided, ret_approved, reason, err);
	if (!rc && !*ret_decided) {
		rc = approve(d, id, "mode", err);
		*ret_decided = *ret_approved = true;
	}
	return store_end(d->store, rc, err);
}

int request_state(struct doorman *d, const char *id, enum request_state *ret,
		  struct buf *reason, struct error *err)
{
	bool found, decided, approved;

	*ret = REQUEST_UNKNOWN;
	if (!hash_valid(id))
		return 0;
	if (store_get(d->store, "request", id, NULL, &found, err) < 0)
		return -1;
	if (!found)
		return 0;
	if (decision_read(d, id, &decided, &approved, reason, err) < 0)
		return -1;
	if (!decided && !d->settings.by_hand &&
	    approve_by_mode(d, id, &decided, &approved, reason, err) < 0)
		return -1;
	*ret = !decided	  ? REQUEST_PENDING
	       : approved ? REQUEST_APPROVED
			  : REQUEST_REJECTED;
	return 0;
}

/* ---- by hand ---- */

struct search {
	const char *prefix;
	char id[HASH_TEXT];
	unsigned found;
};

static int match(const char *key, const struct buf *value, void *ctx)
{
	struct search *s = ctx;

	(void)value;
	if (strncasecmp(key, s->prefix, strlen(s->prefix)) != 0)
		return 0;
	memcpy(s->id, key, HASH_TEXT);
	s->found++;
	return 0;
}

int request_find(struct doorman *d, const char *beginning,
		 char ret_id[HASH_TEXT], struct error *err)
{
	struct search s = { .prefix = beginning };

	if (strlen(beginning) < ID_LEAST)
		return error_set(err, ERROR_INPUT,
				 "\"%s\": give at least %d characters of an id",
				 beginning, ID_LEAST);
	if (store_each_hash(d->store, "request", match, &s, err) < 0)
		return -1;
	if (!s.found)
		return error_set(err, ERROR_INPUT,
				 "no request begins with \"%s\"; see medley "
				 "doorman list",
				 beginning);
	if (s.found > 1)
		return error_set(err, ERROR_INPUT,
				 "\"%s\" is the beginning of %u ids; give more "
				 "characters",
				 beginning, s.found);
	memcpy(ret_id, s.id, HASH_TEXT);
	return 0;
}

static int decide(struct doorman *d, const char *id, bool yes,
		  const char *reason, struct error *err)
{
	bool decided, approved;

	if (kept_mark(d, err) < 0 ||
	    decision_read(d, id, &decided, &approved, NULL, err) < 0)
		return -1;
	/* A kill may have come between the rejection and this. */
	if (decided && !approved && leave_map(d, id, err) < 0)
		return -1;
	if (decided && (yes || !approved))
		return error_set(err, ERROR_INPUT, "request %.8s is already %s",
				 id, approved ? "approved" : "rejected");
	return yes ? approve(d, id, "operator", err)
		   : reject(d, id, reason, err);
}

int doorman_decide(struct doorman *d, const char *id, bool yes,
		   const char *reason, char ret_id[DOORMAN_ID],
		   struct error *err)
{
	char whole[DOORMAN_ID];

	if (request_find(d, id, whole, err) < 0 ||
	    store_begin(d->store, err) < 0)
		return -1;
	if (store_end(d->store, decide(d, whole, yes, reason, err), err) < 0)
		return -1;
	memcpy(ret_id, whole, DOORMAN_ID);
	return 0;
}
