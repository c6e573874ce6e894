/* SPDX-License-Identifier: Apache-2.0 */
/* identity_store.c - keeps the keys of a run, so that a step can be repeated.
 */
#include "generate/identity_store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "sys/file.h"
#include "sys/parallel.h"

enum { STORE_MAX = 256 * 1024 * 1024, OF_NODE = 5, ALIAS_MAX = 512 };

/* The entries while they are written, and what their chains need. */
struct saving {
	struct arena arena;
	struct keystore_entry *entries;
	size_t count;
	const char **pods; /* of the network, sorted */
	size_t pod_count;
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

static int by_text(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static int sort_pods(struct saving *s, const struct identities *ids,
		     struct error *err)
{
	s->pod_count = ids->node_count;
	s->pods = arena_array(&s->arena, s->pod_count + 1, sizeof(*s->pods));
	if (!s->pods)
		return error_nomem(err);
	for (unsigned i = 0; i < ids->node_count; i++)
		s->pods[i] = ids->nodes[i].node->pod;
	qsort(s->pods, s->pod_count, sizeof(*s->pods), by_text);
	return 0;
}

struct stem {
	const char *text;
	size_t len;
};

static int by_stem(const void *left, const void *right)
{
	const struct stem *stem = left;
	const char *pod = *(const char *const *)right;
	int order = strncmp(stem->text, pod, stem->len);

	return order ? order : -(pod[stem->len] != 0);
}

/* "<pod>.<kind>" of a node that is not in the network. */
static bool is_of_others(const struct saving *s, const char *alias)
{
	const char *dot = strrchr(alias, '.');
	const struct stem pod = { alias, dot ? (size_t)(dot - alias) : 0 };

	return dot &&
	       !bsearch(&pod, s->pods, s->pod_count, sizeof(*s->pods), by_stem);
}

static int list_entries(struct saving *s, const struct identities *ids,
			struct error *err)
{
	s->entries =
		arena_array(&s->arena,
			    3 + OF_NODE * ids->node_count + ids->entry_count,
			    sizeof(*s->entries));
	if (!s->entries || sort_pods(s, ids, err) < 0)
		return error_nomem(err);
	add_entry(s, "root", &ids->root, NULL, 0);
	add_entry(s, "doorman", &ids->doorman, &ids->root.certificate, 1);
	add_entry(s, "networkmap", &ids->network_map, &ids->root.certificate,
		  1);
	for (unsigned i = 0; i < ids->node_count; i++)
		add_node(s, ids, &ids->nodes[i]);
	for (size_t i = 0; i < ids->entry_count; i++)
		if (is_of_others(s, ids->entries[i].alias))
			s->entries[s->count++] = ids->entries[i];
	return s->failed ? error_nomem(err) : 0;
}

static bool same_bytes(struct der a, struct der b)
{
	return a.len == b.len && (!a.len || !memcmp(a.bytes, b.bytes, a.len));
}

static bool same_entry(const struct keystore_entry *a,
		       const struct keystore_entry *b)
{
	if (strcmp(a->alias, b->alias) != 0 || a->created != b->created ||
	    a->chain_len != b->chain_len || !same_bytes(a->pkcs8, b->pkcs8) ||
	    memcmp(a->salt, b->salt, sizeof(a->salt)) != 0)
		return false;
	for (size_t i = 0; i < a->chain_len; i++)
		if (!same_bytes(a->chain[i], b->chain[i]))
			return false;
	return true;
}

/* Whether the store that was loaded has just these entries. */
static bool is_stored(const struct saving *s, const struct identities *ids)
{
	if (s->count != ids->entry_count)
		return false;
	for (size_t i = 0; i < s->count; i++)
		if (!same_entry(&s->entries[i], &ids->entries[i]))
			return false;
	return true;
}

int identity_store_save(const char *path, const struct identities *ids,
			struct error *err)
{
	cleanup(saving_release) struct saving s = { .arena = ARENA_INIT(
							    STORE_MAX) };
	cleanup(buf_release) struct buf store = BUF_INIT(STORE_MAX);

	if (list_entries(&s, ids, err) < 0)
		return -1;
	if (is_stored(&s, ids) && chmod(path, 0600) == 0)
		return 0;
	if (keystore_write(s.entries, s.count, KEYSTORE_PASSWORD, &store, err) <
	    0)
		return -1;
	return file_write(path, store.data, store.len, 0600, err);
}

/* ---- loading ---- */

static int by_alias(const void *left, const void *right)
{
	const struct keystore_entry *a =
		*(const struct keystore_entry *const *)left;
	const struct keystore_entry *b =
		*(const struct keystore_entry *const *)right;
	int order = strcmp(a->alias, b->alias);

	/* Of several with one alias the first counts. */
	return order ? order : (a > b) - (a < b);
}

static int sort_entries(struct identities *ids, struct error *err)
{
	ids->by_alias = arena_array(&ids->arena, ids->entry_count + 1,
				    sizeof(*ids->by_alias));
	if (!ids->by_alias)
		return error_nomem(err);
	for (size_t i = 0; i < ids->entry_count; i++)
		ids->by_alias[i] = &ids->entries[i];
	qsort(ids->by_alias, ids->entry_count, sizeof(*ids->by_alias),
	      by_alias);
	return 0;
}

static const struct keystore_entry *find_entry(const struct identities *ids,
					       const char *alias)
{
	size_t low = 0, high = ids->entry_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(ids->by_alias[middle]->alias, alias) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == ids->entry_count ||
	    strcmp(ids->by_alias[low]->alias, alias) != 0)
		return NULL;
	return ids->by_alias[low];
}

static int load_key(const struct keystore_entry *e, struct issued *ret,
		    struct error *err)
{
	struct certificate certificate = { 0 };

	if (!e->pkcs8.bytes)
		return 0;
	if (certificate_read(e->chain[0], &certificate, NULL) < 0)
		return key_read(e->pkcs8.bytes, e->pkcs8.len, &ret->key, err);
	return key_read_pair(e->pkcs8.bytes, e->pkcs8.len, certificate.spki,
			     &ret->key, err);
}

static int load_entry(const struct identities *ids, const char *alias,
		      struct issued *ret, struct error *err)
{
	const struct keystore_entry *e = find_entry(ids, alias);

	if (!e)
		return 0;
	ret->certificate = e->chain[0];
	ret->created = e->created;
	memcpy(ret->salt, e->salt, sizeof(ret->salt));
	return load_key(e, ret, err) < 0 ? error_wrap(err, "%s", alias) : 0;
}

/* 1 if the stored node CA is for this name, 0 if not: nodes are renamed, too.
 */
static int names_node(const struct identities *ids, const char *alias,
		      const struct x500_name *name, struct error *err)
{
	cleanup(buf_release) struct buf der = BUF_INIT(8192);
	const struct keystore_entry *e = find_entry(ids, alias);
	struct certificate certificate;

	if (!e || certificate_read(e->chain[0], &certificate, NULL) < 0)
		return 0;
	x500_name_der(name, &der);
	if (buf_check(&der, err) < 0)
		return -1;
	return der.len == certificate.subject.len &&
	       !memcmp(der.data, certificate.subject.bytes, der.len);
}

static int load_node(const struct identities *ids, struct node_identity *n,
		     struct error *err)
{
	static const char *const kinds[OF_NODE] = { "ca", "tls", "identity",
						    "service", "composite" };
	struct issued *const issued[OF_NODE] = { &n->ca, &n->tls, &n->identity,
						 &n->part, &n->composite };
	char alias[ALIAS_MAX];
	int same;

	for (int i = 0; i < OF_NODE; i++) {
		snprintf(alias, sizeof(alias), "%s.%s", n->node->pod, kinds[i]);
		same = i ? 1 : names_node(ids, alias, &n->name, err);
		if (same <= 0)
			return same;
		if (load_entry(ids, alias, issued[i], err) < 0)
			return -1;
	}
	return 0;
}

static int load_one(void *ctx, unsigned worker, unsigned index,
		    struct error *err)
{
	struct identities *ids = ctx;

	(void)worker;
	return load_node(ids, &ids->nodes[index], err);
}

static int load_all(struct identities *ids, struct error *err)
{
	if (keystore_read(ids->stored.data, ids->stored.len, KEYSTORE_PASSWORD,
			  &ids->arena, &ids->entries, &ids->entry_count,
			  err) < 0 ||
	    sort_entries(ids, err) < 0 ||
	    load_entry(ids, "root", &ids->root, err) < 0 ||
	    load_entry(ids, "doorman", &ids->doorman, err) < 0 ||
	    load_entry(ids, "networkmap", &ids->network_map, err) < 0)
		return -1;
	return parallel_each(ids->node_count, load_one, ids, err);
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
