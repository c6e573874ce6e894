/* SPDX-License-Identifier: Apache-2.0 */
/* authority.c - the keys that stand above a network's nodes. */
#include "corda/authority.h"

#include <string.h>

#include "sys/clock.h"
#include "sys/entropy.h"

enum { CERTIFICATE_MAX = 64 * 1024, DAY = 24 * 3600 };

#define AUTHORITY_NAME(cn)                                                     \
	{ .common_name = (cn),                                                 \
	  .organisation = "Medley",                                            \
	  .locality = "London",                                                \
	  .country = "GB" }

const struct x500_name authority_root_name = AUTHORITY_NAME("Medley Root CA");
const struct x500_name authority_doorman_name =
	AUTHORITY_NAME("Medley Doorman CA");
const struct x500_name authority_network_map_name =
	AUTHORITY_NAME("Medley Network Map");

void authority_release(struct authority *a)
{
	key_free(a->root.key);
	key_free(a->doorman.key);
	key_free(a->network_map.key);
	arena_release(&a->arena);
	*a = (struct authority)AUTHORITY_INIT;
}

static int keep(struct authority *a, const void *bytes, size_t len,
		struct der *ret, struct error *err)
{
	uint8_t *copy = arena_alloc(&a->arena, len);

	if (!copy)
		return error_nomem(err);
	memcpy(copy, bytes, len);
	*ret = (struct der){ copy, len };
	return 0;
}

/* From the midnight before the root was made: nothing outlives it. */
static int64_t valid_from(const struct authority *a)
{
	const int64_t seconds = a->root.created / 1000;

	return seconds - seconds % DAY;
}

static int issue(struct authority *a, enum certificate_kind kind,
		 enum key_kind key_kind, const struct x500_name *subject,
		 struct issued *ret, struct error *err)
{
	cleanup(buf_release) struct buf der = BUF_INIT(CERTIFICATE_MAX);
	cleanup(key_freep) struct key *key = NULL;
	struct certificate_request request = { .kind = kind,
					       .subject = subject,
					       .issuer = &authority_root_name };

	ret->created = clock_wall_us() / 1000;
	if (key_generate(key_kind, &key, err) < 0 ||
	    random_bytes(ret->salt, sizeof(ret->salt), err) < 0 ||
	    certificate_serial(request.serial, err) < 0)
		return -1;
	request.spki = key_spki(key);
	request.issuer_key = ret == &a->root ? key : a->root.key;
	request.from = valid_from(a);
	if (certificate_issue(&request, &der, err) < 0 ||
	    keep(a, der.data, der.len, &ret->certificate, err) < 0)
		return -1;
	ret->key = steal(key);
	return 0;
}

int authority_make(struct authority *a, struct error *err)
{
	if (issue(a, CERTIFICATE_ROOT, KEY_P256, &authority_root_name, &a->root,
		  err) < 0 ||
	    issue(a, CERTIFICATE_DOORMAN, KEY_P256, &authority_doorman_name,
		  &a->doorman, err) < 0)
		return -1;
	return issue(a, CERTIFICATE_NETWORK_MAP, KEY_ED25519,
		     &authority_network_map_name, &a->network_map, err);
}

static struct keystore_entry entry(const char *alias, const struct issued *key,
				   const struct der *chain, size_t len)
{
	struct keystore_entry e = { .alias = alias,
				    .created = key->created,
				    .pkcs8 = key_pkcs8(key->key),
				    .chain = chain,
				    .chain_len = len };

	memcpy(e.salt, key->salt, sizeof(e.salt));
	return e;
}

int authority_write(const struct authority *a, struct buf *out,
		    struct error *err)
{
	const struct der root[] = { a->root.certificate };
	const struct der doorman[] = { a->doorman.certificate, root[0] };
	const struct der map[] = { a->network_map.certificate, root[0] };
	const struct keystore_entry entries[] = {
		entry("root", &a->root, root, 1),
		entry("doorman", &a->doorman, doorman, 2),
		entry("networkmap", &a->network_map, map, 2),
	};

	return keystore_write(entries, ARRAY_SIZE(entries), KEYSTORE_PASSWORD,
			      out, err);
}

static int take(struct authority *a, const struct keystore_entry *e,
		struct issued *ret, struct error *err)
{
	if (!e || !e->pkcs8.bytes)
		return error_set(err, ERROR_INPUT, "a key is missing");
	ret->created = e->created;
	memcpy(ret->salt, e->salt, sizeof(ret->salt));
	if (keep(a, e->chain[0].bytes, e->chain[0].len, &ret->certificate,
		 err) < 0)
		return -1;
	return key_read(e->pkcs8.bytes, e->pkcs8.len, &ret->key, err);
}

int authority_read(struct authority *a, const void *bytes, size_t len,
		   struct error *err)
{
	cleanup(arena_release) struct arena arena = ARENA_INIT(AUTHORITY_ARENA);
	struct keystore_entry *entries;
	size_t n;

	if (keystore_read(bytes, len, KEYSTORE_PASSWORD, &arena, &entries, &n,
			  err) < 0 ||
	    take(a, keystore_find(entries, n, "root"), &a->root, err) < 0 ||
	    take(a, keystore_find(entries, n, "doorman"), &a->doorman, err) < 0)
		return -1;
	return take(a, keystore_find(entries, n, "networkmap"), &a->network_map,
		    err);
}

int authority_truststore(const struct authority *a, struct buf *out,
			 struct error *err)
{
	const struct keystore_entry root = { .alias = "cordarootca",
					     .created = a->root.created,
					     .chain = &a->root.certificate,
					     .chain_len = 1 };

	return keystore_write(&root, 1, TRUSTSTORE_PASSWORD, out, err);
}

int authority_certify(const struct authority *a, enum certificate_kind kind,
		      const struct x500_name *subject, struct der spki,
		      struct buf *out, struct error *err)
{
	struct certificate_request request = {
		.kind = kind,
		.subject = subject,
		.spki = spki,
		.issuer = &authority_doorman_name,
		.issuer_key = a->doorman.key,
		.from = valid_from(a),
	};

	if (certificate_serial(request.serial, err) < 0)
		return -1;
	return certificate_issue(&request, out, err);
}
