/* SPDX-License-Identifier: Apache-2.0 */
/* parameters.c - network parameters: planned, signed, valid, updated. */
#include "doorman/parameters.h"

#include <limits.h>
#include <string.h>

#include "corda/legal_name.h"
#include "corda/network_parameters.h"
#include "doorman/names.h"
#include "doorman/plan_file.h"
#include "doorman/published.h"
#include "sys/clock.h"

enum { ARENA_MAX = 4 * 1024 * 1024, DAY = 24 * 3600 };

#define TIME_MOST INT64_C(253402300799) /* seconds: the year 9999 ends */

/* ---- planning ---- */

static int check_names(const struct plan_file *file, const char *path,
		       struct arena *arena, struct error *err)
{
	struct x500_name name;

	for (unsigned i = 0; i < file->notary_count; i++)
		if (x500_name_parse(file->notaries[i].name, arena, &name, err) <
			    0 ||
		    legal_name_check(&name, err) < 0)
			return error_wrap(err, "%s: notary %u", path, i + 1);
	return 0;
}

static struct js *plan_of(const struct plan_file *file, int epoch)
{
	struct js *plan = js_object(), *list = js_array();

	for (unsigned i = 0; i < file->notary_count; i++) {
		struct js *notary = js_object();

		js_set_str(notary, "name", file->notaries[i].name);
		js_set_bool(notary, "validating", file->notaries[i].validating);
		js_append(list, notary);
	}
	js_set(plan, "notaries", list);
	js_set_int(plan, "minimum_platform", file->minimum_platform);
	js_set_int(plan, "max_message_size", file->max_message_size);
	js_set_int(plan, "max_transaction_size", file->max_transaction_size);
	js_set_int(plan, "event_horizon_days", file->event_horizon_days);
	js_set_int(plan, "epoch", epoch);
	js_set_int(plan, "modified", clock_wall_us() / 1000000);
	return plan;
}

/* The epoch after that of the valid parameters, 1 for the first. */
static int next_epoch(struct doorman *d, int *ret, struct error *err)
{
	cleanup(arena_release) struct arena arena = ARENA_INIT(ARENA_MAX);
	cleanup(buf_release) struct buf file = BUF_INIT(STORE_VALUE_MAX);
	struct signed_network_parameters p;
	char hash[HASH_TEXT];
	bool found;

	*ret = 1;
	if (store_get_hash(d->store, "network", "current", hash, err) < 0)
		return -1;
	if (!hash[0])
		return 0;
	if (store_get(d->store, "parameters", hash, &file, &found, err) < 0)
		return -1;
	if (network_parameters_read(file.data, file.len, &arena, &p, err) < 0)
		return store_damaged(d->store, err);
	if (p.parameters.epoch < 1 || p.parameters.epoch == INT_MAX) {
		error_set(err, ERROR_INTERNAL,
			  "parameters %.8s: epoch out of range", hash);
		return store_damaged(d->store, err);
	}
	*ret = p.parameters.epoch + 1;
	return 0;
}

static int make_plan(struct doorman *d, const char *path, struct js **ret,
		     struct error *err)
{
	cleanup(arena_release) struct arena arena = ARENA_INIT(ARENA_MAX);
	struct plan_file file = { 0 };
	int epoch;

	if (plan_file_read(path, &arena, &file, err) < 0 ||
	    check_names(&file, path, &arena, err) < 0 ||
	    next_epoch(d, &epoch, err) < 0)
		return -1;
	*ret = plan_of(&file, epoch);
	return 0;
}

static int plan_update(struct doorman *d, const char *file,
		       const char *description, uint64_t after,
		       struct error *err)
{
	cleanup(js_freep) struct js *plan = NULL;
	int64_t now = clock_wall_us() / 1000000;

	if (after > (uint64_t)(TIME_MOST - now))
		return error_set(err, ERROR_INPUT,
				 "a deadline in %llu s is after the year 9999",
				 (unsigned long long)after);
	if (parameters_settle(d, err) < 0 || make_plan(d, file, &plan, err) < 0)
		return -1;
	js_set_str(plan, "description", description ? description : "");
	js_set_int(plan, "deadline", now + (int64_t)after);
	if (store_put_json(d->store, "network", "plan", plan, err) < 0)
		return -1;
	return parameters_settle(d, err);
}

int doorman_plan(struct doorman *d, const char *file, const char *description,
		 uint64_t after, struct error *err)
{
	if (store_begin(d->store, err) < 0)
		return -1;
	return store_end(d->store,
			 plan_update(d, file, description, after, err), err);
}

static int plan_first(struct doorman *d, const char *file, struct error *err)
{
	cleanup(js_freep) struct js *plan = NULL;
	bool valid, planned;

	if (make_plan(d, file, &plan, err) < 0 ||
	    store_get(d->store, "network", "current", NULL, &valid, err) < 0 ||
	    store_get(d->store, "network", "plan", NULL, &planned, err) < 0)
		return -1;
	if (valid || planned)
		return 0;
	return store_put_json(d->store, "network", "plan", plan, err);
}

int parameters_begin(struct doorman *d, const char *file, struct error *err)
{
	if (store_begin(d->store, err) < 0)
		return -1;
	return store_end(d->store, plan_first(d, file, err), err);
}

/* ---- signing ---- */

struct resolving {
	struct arena arena;
	struct notary_info *notaries;
	struct js *missing; /* names; owned */
};

static void resolving_release(struct resolving *r)
{
	arena_release(&r->arena);
	js_free(r->missing);
}

/* .bytes NULL as long as it is not known. Its bytes live in `room`. */
static int notary_key(struct doorman *d, const struct x500_name *name,
		      struct buf *room, struct der *ret, struct error *err)
{
	cleanup(request_release) struct request r = REQUEST_INIT;
	char id[HASH_TEXT];

	if (name_holder(d, name, id, &r, err) < 0)
		return -1;
	if (!id[0] || r.csr.kind != CERTIFICATE_SERVICE)
		return published_key(d, name, room, ret, err);
	buf_add(room, r.csr.spki.bytes, r.csr.spki.len);
	*ret = (struct der){ room->data, room->len };
	return buf_check(room, err);
}

static int resolve_one(struct doorman *d, struct resolving *r,
		       const struct js *entry, struct notary_info *ret,
		       struct error *err)
{
	cleanup(buf_release) struct buf room = BUF_INIT(4096);
	const char *name = js_str(entry, "name");
	struct der spki;
	uint8_t *copy;

	if (x500_name_parse(name ? name : "", &r->arena, &ret->name, err) < 0)
		return store_damaged(d->store, err);
	if (notary_key(d, &ret->name, &room, &spki, err) < 0)
		return -1;
	ret->validating = js_bool(entry, "validating", false);
	if (!spki.bytes) {
		js_append_str(r->missing, name);
		return 0;
	}
	copy = arena_alloc(&r->arena, spki.len);
	if (!copy)
		return error_nomem(err);
	memcpy(copy, spki.bytes, spki.len);
	ret->spki = (struct der){ copy, spki.len };
	return 0;
}

static int resolve(struct doorman *d, const struct js *plan,
		   struct resolving *r, struct error *err)
{
	const struct js *list = js_get(plan, "notaries");

	r->missing = js_array();
	r->notaries = arena_array(&r->arena, js_count(list) + 1,
				  sizeof(*r->notaries));
	if (!r->notaries)
		return error_nomem(err);
	for (size_t i = 0; i < js_count(list); i++)
		if (resolve_one(d, r, js_at(list, i), &r->notaries[i], err) < 0)
			return -1;
	return 0;
}

/* A number of a plan or an update, from 0 to `most`; `ret` keeps its value
 * where there is none. */
static int take_number(struct doorman *d, const struct js *from,
		       const char *key, int64_t most, int64_t *ret,
		       struct error *err)
{
	int64_t number = js_int(from, key, *ret);

	if (number < 0 || number > most) {
		error_set(err, ERROR_INTERNAL, "%s %lld is out of range", key,
			  (long long)number);
		return store_damaged(d->store, err);
	}
	*ret = number;
	return 0;
}

/* All but the notaries. */
static int take_numbers(struct doorman *d, const struct js *plan,
			struct network_parameters *ret, struct error *err)
{
	int64_t epoch = 1, days = 30, message = 1, transaction = 1,
		platform = 1, modified = 0;

	if (take_number(d, plan, "epoch", INT_MAX, &epoch, err) < 0 ||
	    take_number(d, plan, "event_horizon_days", INT_MAX, &days, err) <
		    0 ||
	    take_number(d, plan, "max_message_size", INT_MAX, &message, err) <
		    0 ||
	    take_number(d, plan, "max_transaction_size", INT_MAX, &transaction,
			err) < 0 ||
	    take_number(d, plan, "minimum_platform", INT_MAX, &platform, err) <
		    0 ||
	    take_number(d, plan, "modified", TIME_MOST, &modified, err) < 0)
		return -1;
	*ret = (struct network_parameters){
		.epoch = (int)epoch,
		.event_horizon = days * DAY,
		.max_message_size = (int)message,
		.max_transaction_size = (int)transaction,
		.minimum_platform = (int)platform,
		.modified = modified,
	};
	return 0;
}

/* Signs and keeps the parameters; their hash. */
static int sign(struct doorman *d, const struct js *plan,
		const struct resolving *r, char ret_hash[HASH_TEXT],
		struct error *err)
{
	cleanup(buf_release) struct buf inner = BUF_INIT(STORE_VALUE_MAX / 2);
	cleanup(buf_release) struct buf file = BUF_INIT(STORE_VALUE_MAX);
	struct network_parameters p;

	if (take_numbers(d, plan, &p, err) < 0)
		return -1;
	p.notaries = r->notaries;
	p.notary_count = js_count(js_get(plan, "notaries"));
	network_parameters_write(&p, &inner);
	if (buf_check(&inner, err) < 0 ||
	    network_parameters_sign((struct der){ inner.data, inner.len },
				    d->authority.network_map.certificate,
				    d->authority.network_map.key, &file,
				    err) < 0)
		return -1;
	hash_text(inner.data, inner.len, ret_hash);
	return store_put(d->store, "parameters", ret_hash, file.data, file.len,
			 err);
}

/* The first ones are valid at once; others are an update. */
static int put_in_force(struct doorman *d, const struct js *plan,
			const char *hash, struct error *err)
{
	cleanup(js_freep) struct js *update = js_object();
	bool created;
	char current[HASH_TEXT];

	if (store_create(d->store, "network", "current", hash, strlen(hash),
			 &created, err) < 0 ||
	    store_get_hash(d->store, "network", "current", current, err) < 0)
		return -1;
	if (!strcmp(current, hash))
		return 0;
	js_set_str(update, "hash", hash);
	js_set_str(update, "description", js_str(plan, "description"));
	js_set_int(update, "deadline", js_int(plan, "deadline", 0));
	return store_put_json(d->store, "network", "update", update, err);
}

/* NULL in *ret unless there is a plan, whose notaries are known. */
static int ready_plan(struct doorman *d, struct resolving *r, struct js **ret,
		      struct error *err)
{
	cleanup(js_freep) struct js *plan = NULL;

	*ret = NULL;
	if (store_get_json(d->store, "network", "plan", &plan, err) < 0 ||
	    (plan && resolve(d, plan, r, err) < 0))
		return -1;
	if (plan && !js_count(r->missing))
		*ret = steal(plan);
	return 0;
}

/* A change: the plan that is removed is the one that was signed. */
static int settle(struct doorman *d, struct error *err)
{
	cleanup(resolving_release) struct resolving r = { .arena = ARENA_INIT(
								  ARENA_MAX) };
	cleanup(js_freep) struct js *plan = NULL;
	char hash[HASH_TEXT];
	struct js *event;

	if (ready_plan(d, &r, &plan, err) < 0)
		return -1;
	if (!plan)
		return 0;
	if (sign(d, plan, &r, hash, err) < 0 ||
	    store_put_json(d->store, "network", "signed", plan, err) < 0 ||
	    put_in_force(d, plan, hash, err) < 0 ||
	    store_remove(d->store, "network", "plan", err) < 0)
		return -1;
	event = js_object();
	js_set_str(event, "hash", hash);
	js_set_int(event, "epoch", js_int(plan, "epoch", 0));
	doorman_say(d, "signed", event);
	return 0;
}

/* Every request for a map comes here, so no change begins for nothing. */
int parameters_settle(struct doorman *d, struct error *err)
{
	cleanup(resolving_release) struct resolving r = { .arena = ARENA_INIT(
								  ARENA_MAX) };
	cleanup(js_freep) struct js *plan = NULL;

	if (ready_plan(d, &r, &plan, err) < 0)
		return -1;
	if (!plan)
		return 0;
	if (store_begin(d->store, err) < 0)
		return -1;
	return store_end(d->store, settle(d, err), err);
}

/* Whether the plan that was signed last names this notary. */
static int signed_for(struct doorman *d, const struct x500_name *notary,
		      struct js **ret_plan, struct error *err)
{
	cleanup(arena_release) struct arena arena = ARENA_INIT(ARENA_MAX);
	cleanup(js_freep) struct js *plan = NULL;
	const struct js *list;
	char wanted[HASH_TEXT], hash[HASH_TEXT];
	struct x500_name name;

	*ret_plan = NULL;
	if (name_hash(notary, wanted, err) < 0 ||
	    store_get_json(d->store, "network", "signed", &plan, err) < 0)
		return -1;
	list = js_get(plan, "notaries");
	for (size_t i = 0; i < js_count(list); i++) {
		const char *text = js_str(js_at(list, i), "name");

		if (x500_name_parse(text ? text : "", &arena, &name, err) < 0)
			return store_damaged(d->store, err);
		if (name_hash(&name, hash, err) < 0)
			return -1;
		if (!strcmp(hash, wanted)) {
			*ret_plan = steal(plan);
			return 0;
		}
	}
	return 0;
}

int parameters_withdraw(struct doorman *d, const struct x500_name *notary,
			struct error *err)
{
	cleanup(js_freep) struct js *plan = NULL;
	bool first;

	if (signed_for(d, notary, &plan, err) < 0)
		return -1;
	if (!plan)
		return 0;
	js_set_int(plan, "modified", clock_wall_us() / 1000000);
	first = js_int(plan, "epoch", 0) == 1;
	if (store_put_json(d->store, "network", "plan", plan, err) < 0 ||
	    store_remove(d->store, "network", first ? "current" : "update",
			 err) < 0 ||
	    store_remove(d->store, "network", "signed", err) < 0)
		return -1;
	doorman_say(d, "withdrawn", js_object());
	return 0;
}

/* ---- updates ---- */

int parameters_current(struct doorman *d, char ret_hash[HASH_TEXT],
		       struct js **ret_update, struct error *err)
{
	cleanup(js_freep) struct js *update = NULL;
	int64_t deadline = 0;
	const char *hash;

	*ret_update = NULL;
	if (store_get_hash(d->store, "network", "current", ret_hash, err) < 0 ||
	    store_get_json(d->store, "network", "update", &update, err) < 0)
		return -1;
	if (!update)
		return 0;
	hash = js_str(update, "hash");
	if (!hash || !hash_valid(hash)) {
		error_set(err, ERROR_INTERNAL, "the update has no hash");
		return store_damaged(d->store, err);
	}
	if (take_number(d, update, "deadline", TIME_MOST, &deadline, err) < 0)
		return -1;
	if (strcmp(hash, ret_hash) != 0)
		*ret_update = steal(update);
	return 0;
}

static int flag_day(struct doorman *d, bool now, char ret_hash[DOORMAN_ID],
		    struct error *err)
{
	cleanup(js_freep) struct js *update = NULL;
	char current[HASH_TEXT], text[CLOCK_TEXT];
	const char *hash;
	int64_t deadline;

	if (parameters_current(d, current, &update, err) < 0)
		return -1;
	if (!update)
		return error_set(err, ERROR_INPUT,
				 "there is no update; medley doorman "
				 "parameters FILE makes one");
	deadline = js_int(update, "deadline", 0) * 1000000;
	if (!now && clock_wall_us() < deadline)
		return error_set(err, ERROR_INPUT,
				 "nodes may accept the update until %s; with "
				 "--now the flag day does not wait for them",
				 clock_text(text, deadline));
	hash = js_str(update, "hash");
	memcpy(ret_hash, hash, DOORMAN_ID);
	if (store_put(d->store, "network", "current", hash, strlen(hash), err) <
	    0)
		return -1;
	return store_remove(d->store, "network", "update", err);
}

int doorman_flag_day(struct doorman *d, bool now, char ret_hash[DOORMAN_ID],
		     struct error *err)
{
	if (store_begin(d->store, err) < 0)
		return -1;
	return store_end(d->store, flag_day(d, now, ret_hash, err), err);
}

int parameters_list(struct doorman *d, struct js **ret, struct error *err)
{
	cleanup(resolving_release) struct resolving r = { .arena = ARENA_INIT(
								  ARENA_MAX) };
	cleanup(js_freep) struct js *plan = NULL, *update = NULL;
	char current[HASH_TEXT];

	if (parameters_current(d, current, &update, err) < 0 ||
	    store_get_json(d->store, "network", "plan", &plan, err) < 0 ||
	    (plan && resolve(d, plan, &r, err) < 0))
		return -1;
	*ret = js_object();
	js_set_str(*ret, "current", current[0] ? current : NULL);
	if (update)
		js_set(*ret, "update", steal(update));
	if (plan)
		js_set(*ret, "plan", steal(plan));
	js_set(*ret, "waiting_for", r.missing ? steal(r.missing) : js_array());
	return 0;
}
