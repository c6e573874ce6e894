/* SPDX-License-Identifier: Apache-2.0 */
/* authority.c - the keys and certificates above those of the nodes. */
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

static int keep(struct arena *arena, const void *bytes, size_t len,
		struct der *ret, struct error *err)
{
	uint8_t *copy = arena_alloc(arena, len);

	if (!copy)
		return error_nomem(err);
	memcpy(copy, bytes, len);
	*ret = (struct der){ copy, len };
	return 0;
}

int64_t authority_begins(const struct issued *root)
{
	const int64_t seconds = root->created / 1000;

	return seconds - seconds % DAY;
}

int issued_make(const struct issuing *what, struct arena *arena,
		struct issued *ret, struct error *err)
{
	cleanup(buf_release) struct buf der = BUF_INIT(CERTIFICATE_MAX);
	cleanup(key_freep) struct key *key = NULL;
	struct certificate_request request = { .kind = what->kind,
					       .subject = what->subject,
					       .issuer = what->issuer };

	if (ret->key)
		return 0;
	ret->created = clock_wall_us() / 1000;
	if ((!what->spki.bytes && key_generate(what->key, &key, err) < 0) ||
	    random_bytes(ret->salt, sizeof(ret->salt), err) < 0 ||
	    certificate_serial(request.serial, err) < 0)
		return -1;
	request.spki = key ? key_spki(key) : what->spki;
	request.issuer_key = what->by ? what->by->key : key;
	request.from = what->from ? what->from : authority_begins(ret);
	if (certificate_issue(&request, &der, err) < 0 ||
	    keep(arena, der.data, der.len, &ret->certificate, err) < 0)
		return -1;
	ret->key = steal(key);
	return 0;
}

int authority_issue(struct arena *arena, struct issued *root,
		    struct issued *doorman, struct issued *network_map,
		    struct error *err)
{
	struct issuing what = { .kind = CERTIFICATE_ROOT,
				.key = KEY_P256,
				.subject = &authority_root_name,
				.issuer = &authority_root_name };

	if (issued_make(&what, arena, root, err) < 0)
		return -1;
	what.by = root;
	what.from = authority_begins(root);
	what.kind = CERTIFICATE_DOORMAN;
	what.subject = &authority_doorman_name;
	if (issued_make(&what, arena, doorman, err) < 0)
		return -1;
	what.kind = CERTIFICATE_NETWORK_MAP;
	what.key = KEY_ED25519;
	what.subject = &authority_network_map_name;
	return issued_make(&what, arena, network_map, err);
}

int authority_make(struct authority *a, struct error *err)
{
	return authority_issue(&a->arena, &a->root, &a->doorman,
			       &a->network_map, err);
}

struct keystore_entry issued_entry(const char *alias, const struct issued *key,
				   const struct der *chain, size_t len)
{
	struct keystore_entry e = { .alias = alias,
				    .created = key->created,
				    .pkcs8 = key->key ? key_pkcs8(key->key)
						      : (struct der){ 0 },
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
		issued_entry("root", &a->root, root, 1),
		issued_entry("doorman", &a->doorman, doorman, 2),
		issued_entry("networkmap", &a->network_map, map, 2),
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
	if (keep(&a->arena, e->chain[0].bytes, e->chain[0].len,
		 &ret->certificate, err) < 0)
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
		.from = authority_begins(&a->root),
	};

	if (certificate_serial(request.serial, err) < 0)
		return -1;
	return certificate_issue(&request, out, err);
}
