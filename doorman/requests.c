/* SPDX-License-Identifier: Apache-2.0 */
/* requests.c - certificate requests: accepted, decided, answered. */
#include "doorman/requests.h"

#include <string.h>

#include "corda/legal_name.h"
#include "data/base64.h"
#include "data/zip.h"
#include "doorman/decisions.h"
#include "doorman/names.h"
#include "sys/clock.h"

enum { CERTIFICATE_MAX = 64 * 1024 };

/* ---- taking ---- */

static void id_of(const struct csr *csr, char ret[HASH_TEXT], struct buf *room)
{
	buf_add_u8(room, (uint8_t)certificate_role(csr->kind));
	buf_add(room, csr->subject.bytes, csr->subject.len);
	buf_add(room, csr->spki.bytes, csr->spki.len);
	hash_text(room->data, room->len, ret);
}

static int check_name(const struct csr *csr, struct error *err)
{
	static const struct x500_name *const ours[] = {
		&authority_root_name, &authority_doorman_name,
		&authority_network_map_name
	};
	char name[HASH_TEXT], own[HASH_TEXT];

	if (legal_name_check(&csr->name, err) < 0)
		return error_wrap(err, "certificate request");
	if (name_hash(&csr->name, name, err) < 0)
		return -1;
	for (size_t i = 0; i < ARRAY_SIZE(ours); i++) {
		if (name_hash(ours[i], own, err) < 0)
			return -1;
		if (!strcmp(own, name))
			return error_set(err, ERROR_INPUT,
					 "the name is reserved: a certificate "
					 "of the network itself has it");
	}
	return 0;
}

static int keep_request(struct doorman *d, const char *id, const void *csr,
			size_t len, const char *from, struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(2 * REQUEST_CSR_MAX);
	cleanup(js_freep) struct js *kept = js_object();
	char at[CLOCK_TEXT];

	base64_encode(csr, len, &text);
	if (buf_check(&text, err) < 0)
		return -1;
	js_set_str(kept, "at", clock_text(at, clock_wall_us()));
	js_set_str(kept, "from", from);
	js_set_str(kept, "csr", buf_text(&text));
	return store_put_json(d->store, "request", id, kept, err);
}

static void log_taken(const struct doorman *d, const struct csr *csr,
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

/* The name may be taken, and the room used up, by now. */
static int take(struct doorman *d, const struct csr *csr, const char *id,
		const void *bytes, size_t len, const char *from,
		struct error *err)
{
	if (name_check_free(d, &csr->name, id, err) < 0 ||
	    kept_make_room(d, from, err) < 0)
		return -1;
	return keep_request(d, id, bytes, len, from, err);
}

int request_submit(struct doorman *d, const void *csr, size_t len,
		   const char *from, char ret_id[HASH_TEXT], struct error *err)
{
	cleanup(request_release) struct request r = REQUEST_INIT;
	cleanup(buf_release) struct buf room = BUF_INIT(REQUEST_CSR_MAX);
	char id[HASH_TEXT];
	bool found;

	if (csr_read(csr, len, &r.arena, &r.csr, err) < 0 ||
	    check_name(&r.csr, err) < 0)
		return -1;
	id_of(&r.csr, id, &room);
	if (buf_check(&room, err) < 0 ||
	    store_get(d->store, "request", id, NULL, &found, err) < 0)
		return -1;
	if (!found) {
		if (store_begin(d->store, err) < 0 ||
		    store_end(d->store,
			      take(d, &r.csr, id, csr, len, from, err),
			      err) < 0)
			return -1;
		kept_add(d, id, from);
		log_taken(d, &r.csr, id, from);
	}
	memcpy(ret_id, id, HASH_TEXT);
	return 0;
}

/* ---- answering ---- */

/* A change: the name may have been given to another key since `id` was found
 * to be approved. The first certificate that is stored counts. */
static int issue(struct doorman *d, const char *id, struct buf *out,
		 struct error *err)
{
	cleanup(request_release) struct request r = REQUEST_INIT;
	cleanup(buf_release) struct buf der = BUF_INIT(CERTIFICATE_MAX);
	enum request_state state;
	bool found;

	if (request_state(d, id, &state, NULL, err) < 0 ||
	    request_load(d, id, &r, &found, err) < 0)
		return -1;
	if (state != REQUEST_APPROVED || !found)
		return error_set(err, ERROR_INTERNAL,
				 "request %.8s is not approved any more", id);
	if (authority_certify(&d->authority, r.csr.kind, &r.csr.name,
			      r.csr.spki, &der, err) < 0 ||
	    store_create(d->store, "certificate", id, der.data, der.len, &found,
			 err) < 0)
		return -1;
	return store_get(d->store, "certificate", id, out, &found, err);
}

static int issue_once(struct doorman *d, const char *id, struct buf *out,
		      struct error *err)
{
	if (store_begin(d->store, err) < 0)
		return -1;
	return store_end(d->store, issue(d, id, out, err), err);
}

int request_answer(struct doorman *d, const char *id, struct buf *zip,
		   struct error *err)
{
	cleanup(buf_release) struct buf leaf = BUF_INIT(CERTIFICATE_MAX);
	const struct der doorman = d->authority.doorman.certificate;
	const struct der root = d->authority.root.certificate;
	struct certificate read;
	bool found;

	if (store_get(d->store, "certificate", id, &leaf, &found, err) < 0 ||
	    (!found && issue_once(d, id, &leaf, err) < 0))
		return -1;
	if (certificate_read((struct der){ leaf.data, leaf.len }, &read, err) <
	    0) {
		error_wrap(err, "the certificate of request %.8s", id);
		return store_damaged(d->store, err);
	}
	return zip_write(
		(const struct zip_entry[]){
			{ "leaf.cer", leaf.data, leaf.len },
			{ "doorman.cer", doorman.bytes, doorman.len },
			{ "root.cer", root.bytes, root.len } },
		3, zip, err);
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

	if (js_parse("request", value->data, value->len, &r.kept, l->err) < 0)
		return store_damaged(l->doorman->store, l->err);
	if (request_read(l->doorman, &r, l->err) < 0 ||
	    store_get_json(l->doorman->store, "decision", key, &decision,
			   l->err) < 0)
		return -1;
	x500_name_print(&r.csr.name, &name);
	if (buf_check(&name, l->err) < 0)
		return -1;
	entry = js_object();
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

	return store_each_hash(d->store, "request", list_one, &l, err);
}
