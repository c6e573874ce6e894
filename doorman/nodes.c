/* SPDX-License-Identifier: Apache-2.0 */
/* nodes.c - published node infos, and which nodes accept parameters. */
#include "doorman/nodes.h"

#include <stdio.h>
#include <string.h>

#include "corda/signed_data.h"
#include "corda/verify.h"
#include "doorman/parameters.h"
#include "doorman/names.h"
#include "doorman/published.h"

enum { ARENA_MAX = 4 * 1024 * 1024, ADDRESSES_MAX = 16, HOST_MAX = 253 };

/* What came from outside and cannot be read is the sender's fault. */
static int unreadable(struct error *err)
{
	if (err)
		err->kind = ERROR_INPUT;
	return -1;
}

/* ---- publishing ---- */

static int check_addresses(const struct node_info *info, struct error *err)
{
	if (!info->address_count || info->address_count > ADDRESSES_MAX)
		return error_set(
			err, ERROR_INPUT,
			"the node info has %zu addresses; expected 1 to %d",
			info->address_count, ADDRESSES_MAX);
	for (size_t i = 0; i < info->address_count; i++) {
		const struct node_address *a = &info->addresses[i];

		if (!a->host[0] || strlen(a->host) > HOST_MAX || a->port < 1 ||
		    a->port > UINT16_MAX)
			return error_set(
				err, ERROR_INPUT,
				"address %zu is not valid; expected a host of "
				"1 to %d characters and a port of 1 to 65535",
				i + 1, HOST_MAX);
	}
	return 0;
}

static int check_identity(const struct doorman *d, const struct published *info,
			  size_t i, struct error *err)
{
	const struct certificate_path *path = &info->file.info.identities[i];
	const struct der signature = info->file.signatures[i];
	const struct der inner = info->file.inner;
	struct certificate leaf;

	if (certificate_path_check(path->certificates, path->count,
				   d->authority.doorman.certificate,
				   d->authority.root.certificate, err) < 0 ||
	    certificate_read(path->certificates[0], &leaf, err) < 0)
		return -1;
	if (i == 0 && leaf.role != certificate_role(CERTIFICATE_IDENTITY))
		return error_set(err, ERROR_INPUT,
				 "the certificate of the first identity is not "
				 "a node's legal identity");
	if (verify_signed(leaf.spki, signature, inner,
			  "the signature of the identity is not valid",
			  err) < 0)
		return error_wrap(err, "identity %zu", i + 1);
	return 0;
}

/* The certificate below the doorman's belongs to the request that holds the
 * name: its id. */
static int check_holder(struct doorman *d, const struct certificate_path *path,
			char ret_name[HASH_TEXT], char ret_id[HASH_TEXT],
			struct error *err)
{
	cleanup(arena_release) struct arena arena = ARENA_INIT(ARENA_MAX);
	cleanup(request_release) struct request r = REQUEST_INIT;
	struct certificate below;
	struct x500_name name;

	if (certificate_read(path->certificates[path->count - 3], &below, err) <
		    0 ||
	    x500_name_from_der(below.subject, &arena, &name, err) < 0 ||
	    name_hash(&name, ret_name, err) < 0 ||
	    name_holder(d, &name, ret_id, &r, err) < 0)
		return -1;
	if (!ret_id[0] || r.csr.spki.len != below.spki.len ||
	    memcmp(r.csr.spki.bytes, below.spki.bytes, below.spki.len) != 0)
		return error_set(err, ERROR_INPUT,
				 "the certificate is not the one that is now "
				 "valid for its name");
	return 0;
}

/* From now on its names are in use. */
static int use_names(struct doorman *d, const struct published *info,
		     struct error *err)
{
	char name[HASH_TEXT], id[HASH_TEXT];

	for (size_t i = 0; i < info->file.info.identity_count; i++) {
		if (check_holder(d, &info->file.info.identities[i], name, id,
				 err) < 0 ||
		    store_put(d->store, "use", name, id, strlen(id), err) < 0)
			return -1;
		kept_in_map(d, id);
	}
	return 0;
}

static int check_info(const struct doorman *d, const struct published *info,
		      struct error *err)
{
	if (info->file.signature_count != info->file.info.identity_count)
		return error_set(err, ERROR_INPUT,
				 "the node info has %zu identities and %zu "
				 "signatures; expected one signature for each",
				 info->file.info.identity_count,
				 info->file.signature_count);
	for (size_t i = 0; i < info->file.info.identity_count; i++)
		if (check_identity(d, info, i, err) < 0)
			return -1;
	return check_addresses(&info->file.info, err);
}

static bool same_key(const struct published *a, const struct published *b)
{
	return a->leaf.spki.len == b->leaf.spki.len &&
	       !memcmp(a->leaf.spki.bytes, b->leaf.spki.bytes,
		       a->leaf.spki.len);
}

/* 0 it takes its place, 1 it is no news; -1 it must not. */
static int compare(struct doorman *d, const struct published *info,
		   const char *old, struct error *err)
{
	cleanup(published_release) struct published known = PUBLISHED_INIT;
	bool found;

	if (!strcmp(old, info->hash))
		return 1;
	if (store_get(d->store, "node-info", old, &known.bytes, &found, err) <
	    0)
		return -1;
	if (!found)
		return 0;
	if (published_read(&known, err) < 0)
		return store_damaged(d->store, err);
	if (!same_key(&known, info))
		return error_set(err, ERROR_INPUT,
				 "the node is known with another identity key");
	return info->file.info.serial <= known.file.info.serial;
}

static void log_published(const struct doorman *d, const struct published *info,
			  const struct x500_name *name)
{
	cleanup(buf_release) struct buf text = BUF_INIT(4096);
	struct js *event = js_object();

	x500_name_print(name, &text);
	js_set_str(event, "name", buf_text(&text));
	js_set_int(event, "platform", info->file.info.platform);
	js_set_str(event, "hash", info->hash);
	doorman_say(d, "published", event);
}

/* A change: the name may be given to another key, or its request rejected,
 * meanwhile. */
static int publish(struct doorman *d, const struct published *info,
		   const struct x500_name *name, struct error *err)
{
	char key[HASH_TEXT], old[HASH_TEXT];
	int rc = 0;

	if (use_names(d, info, err) < 0 || name_hash(name, key, err) < 0 ||
	    store_get_hash(d->store, "node", key, old, err) < 0)
		return error_wrap(err, "node info");
	if (old[0])
		rc = compare(d, info, old, err);
	if (rc)
		return rc < 0 ? error_wrap(err, "node info") : 0;
	if (store_put(d->store, "node-info", info->hash, info->bytes.data,
		      info->bytes.len, err) < 0 ||
	    store_put(d->store, "node", key, info->hash, strlen(info->hash),
		      err) < 0 ||
	    (old[0] && store_remove(d->store, "node-info", old, err) < 0))
		return -1;
	log_published(d, info, name);
	return 0;
}

int nodes_publish(struct doorman *d, const void *bytes, size_t len,
		  struct error *err)
{
	cleanup(published_release) struct published info = PUBLISHED_INIT;
	struct x500_name name;

	buf_add(&info.bytes, bytes, len);
	if (published_read(&info, err) < 0) {
		error_wrap(err, "node info");
		return unreadable(err);
	}
	if (check_info(d, &info, err) < 0 ||
	    x500_name_from_der(info.leaf.subject, &info.arena, &name, err) < 0)
		return error_wrap(err, "node info");
	if (store_begin(d->store, err) < 0)
		return -1;
	return store_end(d->store, publish(d, &info, &name, err), err);
}

int nodes_remove(struct doorman *d, const char *name, struct error *err)
{
	char hash[HASH_TEXT];

	if (store_get_hash(d->store, "node", name, hash, err) < 0 ||
	    store_remove(d->store, "node", name, err) < 0 ||
	    store_remove(d->store, "use", name, err) < 0)
		return -1;
	return hash[0] ? store_remove(d->store, "node-info", hash, err) : 0;
}

/* ---- accepting parameters ---- */

enum { ACK_KEY = STORE_KEY_MAX + 1, ACK_SHORT = 16 };

static void ack_key(char ret[ACK_KEY], const char *parameters, const char *node)
{
	snprintf(ret, ACK_KEY, "%.*s.%s", ACK_SHORT, parameters, node);
}

struct signer {
	struct doorman *doorman;
	const struct signed_hash *ack;
	char node[HASH_TEXT]; /* whose key it is */
	struct error *err;
};

static int match_signer(const char *key, const struct buf *value, void *ctx)
{
	cleanup(published_release) struct published info = PUBLISHED_INIT;
	struct signer *s = ctx;
	bool found;

	(void)value;
	if (published_load(s->doorman, key, &info, &found, s->err) < 0)
		return -1;
	if (!found || info.leaf.spki.len != s->ack->by.len ||
	    memcmp(info.leaf.spki.bytes, s->ack->by.bytes, s->ack->by.len) != 0)
		return 0;
	memcpy(s->node, key, HASH_TEXT);
	return 1;
}

/* A change: the node may leave the map meanwhile. */
static int accept_hash(struct doorman *d, const struct signed_hash *ack,
		       const void *bytes, size_t len, struct error *err)
{
	cleanup(buf_release) struct buf hash = BUF_INIT(HASH_TEXT);
	cleanup(js_freep) struct js *update = NULL, *event = NULL;
	struct signer s = { .doorman = d, .ack = ack, .err = err };
	char current[HASH_TEXT], key[ACK_KEY];
	int rc;

	if (parameters_current(d, current, &update, err) < 0)
		return -1;
	buf_add_hex(&hash, ack->hash, sizeof(ack->hash));
	if (buf_check(&hash, err) < 0)
		return -1;
	if (strcmp(buf_text(&hash), current) &&
	    (!update || strcmp(buf_text(&hash), js_str(update, "hash"))))
		return error_set(err, ERROR_INPUT,
				 "neither the current parameters nor an update "
				 "have this hash");
	rc = store_each_hash(d->store, "node", match_signer, &s, err);
	if (rc < 0)
		return -1;
	if (!rc)
		return error_set(err, ERROR_INPUT,
				 "the key of the signature belongs to no node "
				 "in the map");
	ack_key(key, buf_text(&hash), s.node);
	if (store_put(d->store, "ack", key, bytes, len, err) < 0)
		return -1;
	event = js_object();
	js_set_str(event, "node", s.node);
	js_set_str(event, "hash", buf_text(&hash));
	doorman_say(d, "accepted", steal(event));
	return 0;
}

int nodes_accept(struct doorman *d, const void *bytes, size_t len,
		 struct error *err)
{
	cleanup(arena_release) struct arena arena = ARENA_INIT(ARENA_MAX);
	struct signed_hash ack;

	if (signed_hash_read(bytes, len, &arena, &ack, err) < 0)
		return unreadable(err);
	if (store_begin(d->store, err) < 0)
		return -1;
	return store_end(d->store, accept_hash(d, &ack, bytes, len, err), err);
}

/* ---- listing ---- */

struct listing {
	struct doorman *doorman;
	struct js *list;
	const char *update; /* hash, or NULL */
	struct error *err;
};

static int describe(struct listing *l, const char *key,
		    const struct published *info, struct js *entry)
{
	cleanup(arena_release) struct arena arena = ARENA_INIT(65536);
	cleanup(buf_release) struct buf text = BUF_INIT(4096);
	cleanup(buf_release) struct buf address = BUF_INIT(4096);
	const struct node_info *node = &info->file.info;
	struct x500_name name;
	char ack[ACK_KEY];
	bool accepted = false;

	if (x500_name_from_der(info->leaf.subject, &arena, &name, l->err) < 0)
		return -1;
	x500_name_print(&name, &text);
	buf_addf(&address, "%s:%d", node->addresses[0].host,
		 node->addresses[0].port);
	if (buf_check(&text, l->err) < 0 || buf_check(&address, l->err) < 0)
		return -1;
	js_set_str(entry, "name", buf_text(&text));
	js_set_str(entry, "address", buf_text(&address));
	js_set_int(entry, "platform", node->platform);
	js_set_int(entry, "serial", node->serial);
	js_set_str(entry, "hash", info->hash);
	if (!l->update)
		return 0;
	ack_key(ack, l->update, key);
	if (store_get(l->doorman->store, "ack", ack, NULL, &accepted, l->err) <
	    0)
		return -1;
	js_set_bool(entry, "accepted", accepted);
	return 0;
}

static int list_one(const char *key, const struct buf *value, void *ctx)
{
	cleanup(published_release) struct published info = PUBLISHED_INIT;
	cleanup(js_freep) struct js *entry = js_object();
	struct listing *l = ctx;
	bool found;

	(void)value;
	if (published_load(l->doorman, key, &info, &found, l->err) < 0)
		return -1;
	if (!found || !info.file.info.address_count)
		return 0;
	if (describe(l, key, &info, entry) < 0)
		return -1;
	js_append(l->list, steal(entry));
	return 0;
}

int nodes_list(struct doorman *d, struct js *list, struct error *err)
{
	cleanup(js_freep) struct js *update = NULL;
	char current[HASH_TEXT];
	struct listing l = { d, list, NULL, err };

	if (parameters_current(d, current, &update, err) < 0)
		return -1;
	l.update = js_str(update, "hash");
	return store_each_hash(d->store, "node", list_one, &l, err);
}
