/* SPDX-License-Identifier: Apache-2.0 */
/* identity_store.c - keeps the keys of a run, so that a step can be repeated.
 */
#include "generate/identity_store.h"

#include <string.h>

#include "base/cleanup.h"
#include "sys/file.h"

enum { STORE_MAX = 256 * 1024 * 1024, OF_NODE = 5 };

/* The entries while they are written, and what their chains need. */
struct saving {
	struct arena arena;
	struct keystore_entry *entries;
	size_t count;
	bool failed;
};

/* `chain` is in the saving's arena; the leaf is put in front of `above`. */
static void add_entry(struct saving *s, const char *alias,
		      const struct issued *issued, const struct der *above,
		      size_t above_count)
{
	struct keystore_entry *e = &s->entries[s->count++];
	struct der *chain =
		arena_array(&s->arena, above_count + 1, sizeof(*chain));

	if (!alias || !chain) {
		s->failed = true;
		return;
	}
	chain[0] = issued->certificate;
	for (size_t i = 0; i < above_count; i++)
		chain[i + 1] = above[i];
	*e = issued_entry(alias, issued, chain, above_count + 1);
}

static void add_node(struct saving *s, const struct identities *ids,
		     const struct node_identity *n)
{
	const struct der above[] = { n->ca.certificate,
				     ids->doorman.certificate,
				     ids->root.certificate };
	const char *pod = n->node->pod;

	add_entry(s, arena_printf(&s->arena, "%s.ca", pod), &n->ca, above + 1,
		  2);
	add_entry(s, arena_printf(&s->arena, "%s.tls", pod), &n->tls, above, 3);
	add_entry(s, arena_printf(&s->arena, "%s.identity", pod), &n->identity,
		  above, 3);
	if (n->part.key)
		add_entry(s, arena_printf(&s->arena, "%s.service", pod),
			  &n->part, above + 1, 2);
	if (n->composite.certificate.bytes)
		add_entry(s, arena_printf(&s->arena, "%s.composite", pod),
			  &n->composite, NULL, 0);
}

static void saving_release(struct saving *s)
{
	arena_release(&s->arena);
}

/* "<pod>.<kind>" of a node that is not in the network. */
static bool is_of_others(const struct identities *ids, const char *alias)
{
	const char *dot = strrchr(alias, '.');
	size_t len = dot ? (size_t)(dot - alias) : 0;

	for (unsigned i = 0; dot && i < ids->node_count; i++) {
		const char *pod = ids->nodes[i].node->pod;

		if (!strncmp(pod, alias, len) && !pod[len])
			return false;
	}
	return dot != NULL;
}

int identity_store_save(const char *path, const struct identities *ids,
			struct error *err)
{
	cleanup(saving_release) struct saving s = { .arena = ARENA_INIT(
							    STORE_MAX) };
	cleanup(buf_release) struct buf store = BUF_INIT(STORE_MAX);

	s.entries =
		arena_array(&s.arena,
			    3 + OF_NODE * ids->node_count + ids->entry_count,
			    sizeof(*s.entries));
	if (!s.entries)
		return error_nomem(err);
	add_entry(&s, "root", &ids->root, NULL, 0);
	add_entry(&s, "doorman", &ids->doorman, &ids->root.certificate, 1);
	add_entry(&s, "networkmap", &ids->network_map, &ids->root.certificate,
		  1);
	for (unsigned i = 0; i < ids->node_count; i++)
		add_node(&s, ids, &ids->nodes[i]);
	for (size_t i = 0; i < ids->entry_count; i++)
		if (is_of_others(ids, ids->entries[i].alias))
			s.entries[s.count++] = ids->entries[i];
	if (s.failed)
		return error_nomem(err);
	if (keystore_write(s.entries, s.count, KEYSTORE_PASSWORD, &store, err) <
	    0)
		return -1;
	return file_write(path, store.data, store.len, 0600, err);
}

static int load_entry(struct identities *ids, const char *alias,
		      struct issued *ret, struct error *err)
{
	const struct keystore_entry *e =
		keystore_find(ids->entries, ids->entry_count, alias);
	uint8_t *copy;

	if (!e)
		return 0;
	copy = arena_alloc(&ids->arena, e->chain[0].len);
	if (!copy)
		return error_nomem(err);
	memcpy(copy, e->chain[0].bytes, e->chain[0].len);
	ret->certificate = (struct der){ copy, e->chain[0].len };
	ret->created = e->created;
	memcpy(ret->salt, e->salt, sizeof(ret->salt));
	if (e->pkcs8.bytes &&
	    key_read(e->pkcs8.bytes, e->pkcs8.len, &ret->key, err) < 0)
		return error_wrap(err, "%s", alias);
	return 0;
}

/* 1 if the stored node CA is for this name, 0 if not: nodes are renamed, too.
 */
static int names_node(const struct identities *ids, const char *alias,
		      const struct x500_name *name, struct error *err)
{
	cleanup(buf_release) struct buf der = BUF_INIT(8192);
	const struct keystore_entry *e =
		keystore_find(ids->entries, ids->entry_count, alias);
	struct certificate certificate;

	if (!e || certificate_read(e->chain[0], &certificate, NULL) < 0)
		return 0;
	x500_name_der(name, &der);
	if (buf_check(&der, err) < 0)
		return -1;
	return der.len == certificate.subject.len &&
	       !memcmp(der.data, certificate.subject.bytes, der.len);
}

static int load_node(struct identities *ids, struct node_identity *n,
		     struct error *err)
{
	static const char *const kinds[OF_NODE] = { "ca", "tls", "identity",
						    "service", "composite" };
	struct issued *const issued[OF_NODE] = { &n->ca, &n->tls, &n->identity,
						 &n->part, &n->composite };
	const char *alias;
	int same;

	for (int i = 0; i < OF_NODE; i++) {
		alias = arena_printf(&ids->arena, "%s.%s", n->node->pod,
				     kinds[i]);
		if (!alias)
			return error_nomem(err);
		same = i ? 1 : names_node(ids, alias, &n->name, err);
		if (same <= 0)
			return same;
		if (load_entry(ids, alias, issued[i], err) < 0)
			return -1;
	}
	return 0;
}

static int load_all(struct identities *ids, struct error *err)
{
	if (keystore_read(ids->stored.data, ids->stored.len, KEYSTORE_PASSWORD,
			  &ids->arena, &ids->entries, &ids->entry_count,
			  err) < 0 ||
	    load_entry(ids, "root", &ids->root, err) < 0 ||
	    load_entry(ids, "doorman", &ids->doorman, err) < 0 ||
	    load_entry(ids, "networkmap", &ids->network_map, err) < 0)
		return -1;
	for (unsigned i = 0; i < ids->node_count; i++) {
		if (load_node(ids, &ids->nodes[i], err) < 0)
			return -1;
	}
	return 0;
}

int identity_store_load(const char *path, struct identities *ids,
			struct error *err)
{
	int rc;

	buf_release(&ids->stored);
	buf_init(&ids->stored, STORE_MAX);
	rc = file_read_if_there(path, &ids->stored, err);
	if (rc <= 0)
		return rc;
	if (load_all(ids, err) < 0)
		return error_wrap(err, "%s", path);
	return 0;
}
