/* SPDX-License-Identifier: Apache-2.0 */
/* requests.c - certificate requests: taken, decided, answered. */
#include "doorman/requests.h"

#include <string.h>
#include <strings.h>

#include "corda/csr.h"
#include "data/base64.h"
#include "data/zip.h"
#include "sys/clock.h"

enum { CSR_ARENA = 256 * 1024, CSR_MAX = 64 * 1024, CERTIFICATE_MAX = 65536 };

/* A request as it is kept, {"at", "from", "csr"}, read again. */
struct request {
	struct arena arena;
	struct buf der;
	struct js *kept;
	struct csr csr;
};

#define REQUEST_INIT                                                           \
	{ .arena = ARENA_INIT(CSR_ARENA), .der = BUF_INIT(CSR_MAX) }

static void request_release(struct request *r)
{
	arena_release(&r->arena);
	buf_release(&r->der);
	js_free(r->kept);
}

static int request_parse(struct request *r, struct error *err)
{
	const char *text = js_str(r->kept, "csr");

	if (!text || base64_decode(text, &r->der, err) < 0)
		return error_set(err, ERROR_INTERNAL, "a request without CSR");
	return csr_read(r->der.data, r->der.len, &r->arena, &r->csr, err);
}

static int request_load(struct doorman *d, const char *id, struct request *r,
			bool *ret_found, struct error *err)
{
	if (store_get_json(d->store, "request", id, &r->kept, err) < 0)
		return -1;
	*ret_found = r->kept != NULL;
	return *ret_found ? request_parse(r, err) : 0;
}

/* ---- taking ---- */

static void id_of(const struct csr *csr, char ret[HASH_TEXT], struct buf *room)
{
	buf_add_u8(room, (uint8_t)certificate_role(csr->kind));
	buf_add(room, csr->subject.bytes, csr->subject.len);
	buf_add(room, csr->spki.bytes, csr->spki.len);
	hash_text(room->data, room->len, ret);
}

static int check_free(const struct csr *csr, struct error *err)
{
	static const struct x500_name *const ours[] = {
		&authority_root_name, &authority_doorman_name,
		&authority_network_map_name
	};
	char name[HASH_TEXT], own[HASH_TEXT];

	if (name_hash(&csr->name, name, err) < 0)
		return -1;
	for (size_t i = 0; i < ARRAY_SIZE(ours); i++) {
		if (name_hash(ours[i], own, err) < 0)
			return -1;
		if (!strcmp(own, name))
			return error_set(err, ERROR_INPUT,
					 "the name is the network's own");
	}
	return 0;
}

/* Whether another request really holds the name: one that was rejected does
 * not, nor one of which nothing but the claim was written before a kill. */
static int holder_stands(struct doorman *d, const char *holder, bool *ret,
			 struct error *err)
{
	cleanup(js_freep) struct js *decision = NULL;

	if (store_get(d->store, "request", holder, NULL, ret, err) < 0 ||
	    store_get_json(d->store, "decision", holder, &decision, err) < 0)
		return -1;
	*ret = *ret && js_bool(decision, "approved", true);
	return 0;
}

static int claim_name(struct doorman *d, const struct csr *csr, const char *id,
		      struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(4096);
	char name[HASH_TEXT], holder[HASH_TEXT];
	bool created, stands;

	if (name_hash(&csr->name, name, err) < 0 ||
	    store_create(d->store, "name", name, id, strlen(id), &created,
			 err) < 0)
		return -1;
	if (created)
		return 0;
	if (store_get_hash(d->store, "name", name, holder, err) < 0)
		return -1;
	if (!strcmp(holder, id))
		return 0;
	if (holder_stands(d, holder, &stands, err) < 0)
		return -1;
	if (!stands)
		return store_put(d->store, "name", name, id, strlen(id), err);
	x500_name_print(&csr->name, &text);
	return error_set(err, ERROR_INPUT,
			 "the name %s is taken by another key (request %.8s)",
			 buf_text(&text), holder);
}

static int count_one(const char *key, const struct buf *value, void *ctx)
{
	(void)key, (void)value;
	return ++*(unsigned *)ctx == REQUESTS_MAX;
}

static int keep_request(struct doorman *d, const char *id, const void *csr,
			size_t len, const char *from, struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(2 * CSR_MAX);
	cleanup(js_freep) struct js *kept = js_object();
	char at[CLOCK_TEXT];
	unsigned count = 0;
	int full = store_each(d->store, "request", count_one, &count, err);

	if (full < 0)
		return -1;
	if (full)
		return error_set(err, ERROR_INTERNAL,
				 "no room for more than %d requests",
				 REQUESTS_MAX);
	base64_encode(csr, len, &text);
	js_set_str(kept, "at", clock_text(at, clock_wall_us()));
	js_set_str(kept, "from", from);
	js_set_str(kept, "csr", buf_text(&text));
	return store_put_json(d->store, "request", id, kept, err);
}

static void say_taken(const struct doorman *d, const struct csr *csr,
		      const char *id, const char *from)
{
	cleanup(buf_release) struct buf name = BUF_INIT(4096);
	struct js *event = js_object();

	x500_name_print(&csr->name, &name);
	js_set_str(event, "id", id);
	js_set_str(event, "name", buf_text(&name));
	js_set_str(event, "role",
		   csr->kind == CERTIFICATE_SERVICE ? "service" : "node");
	js_set_str(event, "from", from);
	doorman_say(d, "requested", event);
}

int request_submit(struct doorman *d, const void *csr, size_t len,
		   const char *from, char ret_id[HASH_TEXT], struct error *err)
{
	cleanup(request_release) struct request r = REQUEST_INIT;
	cleanup(buf_release) struct buf room = BUF_INIT(CSR_MAX);
	char id[HASH_TEXT];
	bool found;

	if (csr_read(csr, len, &r.arena, &r.csr, err) < 0 ||
	    check_free(&r.csr, err) < 0)
		return -1;
	id_of(&r.csr, id, &room);
	if (buf_check(&room, err) < 0 ||
	    store_get(d->store, "request", id, NULL, &found, err) < 0)
		return -1;
	if (!found) {
		if (claim_name(d, &r.csr, id, err) < 0 ||
		    keep_request(d, id, csr, len, from, err) < 0)
			return -1;
		say_taken(d, &r.csr, id, from);
	}
	memcpy(ret_id, id, HASH_TEXT);
	return 0;
}

/* ---- deciding ---- */

static int decide(struct doorman *d, const char *id, bool approve,
		  const char *by, const char *reason, bool *ret_new,
		  struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(65536);
	cleanup(js_freep) struct js *decision = js_object();
	struct js *event = js_object();
	char at[CLOCK_TEXT];
	int rc;

	js_set_bool(decision, "approved", approve);
	js_set_str(decision, "by", by);
	js_set_str(decision, "reason", reason);
	js_set_str(decision, "at", clock_text(at, clock_wall_us()));
	rc = js_print(decision, JS_LINE, &text, err);
	if (rc == 0)
		rc = store_create(d->store, "decision", id, text.data, text.len,
				  ret_new, err);
	js_set_str(event, "id", id);
	js_set_str(event, "by", by);
	if (rc == 0 && *ret_new)
		doorman_say(d, approve ? "approved" : "rejected", event);
	else
		js_free(event);
	return rc;
}

int request_state(struct doorman *d, const char *id, enum request_state *ret,
		  struct buf *reason, struct error *err)
{
	cleanup(js_freep) struct js *decision = NULL;
	bool found, fresh;

	*ret = REQUEST_UNKNOWN;
	if (store_get(d->store, "request", id, NULL, &found, err) < 0)
		return -1;
	if (!found)
		return 0;
	if (!d->settings.by_hand &&
	    decide(d, id, true, "mode", NULL, &fresh, err) < 0)
		return -1;
	if (store_get_json(d->store, "decision", id, &decision, err) < 0)
		return -1;
	*ret = REQUEST_PENDING;
	if (!decision)
		return 0;
	*ret = js_bool(decision, "approved", false) ? REQUEST_APPROVED
						    : REQUEST_REJECTED;
	if (*ret == REQUEST_REJECTED && reason)
		buf_add_str(reason, js_str(decision, "reason")
					    ? js_str(decision, "reason")
					    : "rejected");
	return 0;
}

struct search {
	const char *prefix;
	char id[HASH_TEXT];
	unsigned found;
};

static int match(const char *key, const struct buf *value, void *ctx)
{
	struct search *s = ctx;

	(void)value;
	if (strncasecmp(key, s->prefix, strlen(s->prefix)) != 0 ||
	    strlen(key) != HASH_TEXT - 1)
		return 0;
	memcpy(s->id, key, HASH_TEXT);
	s->found++;
	return 0;
}

int doorman_decide(struct doorman *d, const char *id, bool approve,
		   const char *reason, char ret_id[DOORMAN_ID],
		   struct error *err)
{
	struct search s = { .prefix = id };
	bool fresh;

	if (strlen(id) < 4)
		return error_set(err, ERROR_INPUT,
				 "\"%s\": give at least four characters of an "
				 "id",
				 id);
	if (store_each(d->store, "request", match, &s, err) < 0)
		return -1;
	if (!s.found)
		return error_set(err, ERROR_INPUT,
				 "no request begins with \"%s\"; see medley "
				 "doorman list",
				 id);
	if (s.found > 1)
		return error_set(err, ERROR_INPUT,
				 "\"%s\" begins the ids of %u requests", id,
				 s.found);
	if (decide(d, s.id, approve, "operator", reason, &fresh, err) < 0)
		return -1;
	if (!fresh)
		return error_set(err, ERROR_INPUT,
				 "request %.8s is decided already", s.id);
	memcpy(ret_id, s.id, DOORMAN_ID);
	return 0;
}

/* ---- answering ---- */

/* The first that is stored counts, whoever issued it. */
static int issue(struct doorman *d, const char *id, struct buf *out,
		 struct error *err)
{
	cleanup(request_release) struct request r = REQUEST_INIT;
	cleanup(buf_release) struct buf der = BUF_INIT(CERTIFICATE_MAX);
	bool found;

	if (request_load(d, id, &r, &found, err) < 0)
		return -1;
	if (!found)
		return error_set(err, ERROR_INTERNAL, "a request vanished");
	if (authority_certify(&d->authority, r.csr.kind, &r.csr.name,
			      r.csr.spki, &der, err) < 0 ||
	    store_create(d->store, "certificate", id, der.data, der.len, &found,
			 err) < 0)
		return -1;
	return store_get(d->store, "certificate", id, out, &found, err);
}

int request_answer(struct doorman *d, const char *id, struct buf *zip,
		   struct error *err)
{
	cleanup(buf_release) struct buf leaf = BUF_INIT(CERTIFICATE_MAX);
	const struct der doorman = d->authority.doorman.certificate;
	const struct der root = d->authority.root.certificate;
	bool found;

	if (store_get(d->store, "certificate", id, &leaf, &found, err) < 0 ||
	    (!found && issue(d, id, &leaf, err) < 0))
		return -1;
	return zip_write(
		(const struct zip_entry[]){
			{ "leaf.cer", leaf.data, leaf.len },
			{ "doorman.cer", doorman.bytes, doorman.len },
			{ "root.cer", root.bytes, root.len } },
		3, zip, err);
}

int request_service_key(struct doorman *d, const struct x500_name *name,
			struct buf *room, struct der *ret, struct error *err)
{
	cleanup(request_release) struct request r = REQUEST_INIT;
	char hash[HASH_TEXT], id[HASH_TEXT];
	enum request_state state;
	bool found;

	*ret = (struct der){ NULL, 0 };
	if (name_hash(name, hash, err) < 0 ||
	    store_get_hash(d->store, "name", hash, id, err) < 0)
		return -1;
	if (!id[0])
		return 0;
	if (request_state(d, id, &state, NULL, err) < 0 ||
	    request_load(d, id, &r, &found, err) < 0)
		return -1;
	if (state != REQUEST_APPROVED || r.csr.kind != CERTIFICATE_SERVICE)
		return 0;
	buf_add(room, r.csr.spki.bytes, r.csr.spki.len);
	*ret = (struct der){ room->data, room->len };
	return buf_check(room, err);
}

/* ---- listing ---- */

struct listing {
	struct doorman *doorman;
	struct js *list;
	struct error *err;
};

static const char *state_word(const struct js *decision)
{
	if (!decision)
		return "pending";
	return js_bool(decision, "approved", false) ? "approved" : "rejected";
}

static int list_one(const char *key, const struct buf *value, void *ctx)
{
	cleanup(request_release) struct request r = REQUEST_INIT;
	cleanup(buf_release) struct buf name = BUF_INIT(4096);
	cleanup(js_freep) struct js *decision = NULL;
	struct listing *l = ctx;
	struct js *entry;

	if (js_parse("request", value->data, value->len, &r.kept, l->err) < 0 ||
	    request_parse(&r, l->err) < 0 ||
	    store_get_json(l->doorman->store, "decision", key, &decision,
			   l->err) < 0)
		return -1;
	entry = js_object();
	x500_name_print(&r.csr.name, &name);
	js_set_str(entry, "id", key);
	js_set_str(entry, "name", buf_text(&name));
	js_set_str(entry, "role",
		   r.csr.kind == CERTIFICATE_SERVICE ? "service" : "node");
	js_set_str(entry, "email", r.csr.email);
	js_set_str(entry, "at", js_str(r.kept, "at"));
	js_set_str(entry, "from", js_str(r.kept, "from"));
	js_set_str(entry, "state", state_word(decision));
	js_set_str(entry, "by", js_str(decision, "by"));
	js_set_str(entry, "reason", js_str(decision, "reason"));
	js_append(l->list, entry);
	return 0;
}

int requests_list(struct doorman *d, struct js *list, struct error *err)
{
	struct listing l = { d, list, err };

	return store_each(d->store, "request", list_one, &l, err);
}
