/* SPDX-License-Identifier: Apache-2.0 */
/* keystore.c - Java key stores (JKS), written and read. */
#include "corda/keystore.h"

#include <string.h>

#include "corda/digest.h"

enum {
	MAGIC = 0xfeedfeed,
	VERSION = 2,
	TAG_KEY = 1,
	TAG_TRUSTED = 2,
	SHA1_SIZE = 20,
	PASSWORD_MAX = 64
};

/* Between password and content, as sun.security.provider has it. */
static const char whitener[] = "Mighty Aphrodite";
/* SEQUENCE { 1.3.6.1.4.1.42.2.17.1.1, NULL } */
static const uint8_t protector[] = { 0x30, 0x0e, 0x06, 0x0a, 0x2b, 0x06,
				     0x01, 0x04, 0x01, 0x2a, 0x02, 0x11,
				     0x01, 0x01, 0x05, 0x00 };

struct password {
	uint8_t utf16[2 * PASSWORD_MAX];
	size_t len;
};

static int password_set(struct password *p, const char *text, struct error *err)
{
	*p = (struct password){ 0 };
	for (; *text; text++) {
		if ((*text & 0x80) || p->len == sizeof(p->utf16))
			return error_set(err, ERROR_INPUT,
					 "a keystore's password is at most %d "
					 "ASCII characters",
					 PASSWORD_MAX);
		p->utf16[p->len + 1] = *text;
		p->len += 2;
	}
	return 0;
}

static void keyed_digest(const struct password *p, const void *bytes,
			 size_t len, uint8_t ret[SHA1_SIZE])
{
	const struct digest_part parts[] = { { p->utf16, p->len },
					     { bytes, len } };

	digest_parts(DIGEST_SHA1, parts, 2, ret);
}

static void store_digest(const struct password *p, const void *bytes,
			 size_t len, uint8_t ret[SHA1_SIZE])
{
	const struct digest_part parts[] = { { p->utf16, p->len },
					     { whitener, strlen(whitener) },
					     { bytes, len } };

	digest_parts(DIGEST_SHA1, parts, 3, ret);
}

/* XOR with W1, W2 …, where Wi = SHA-1(password, Wi-1) and W0 the salt. */
static void mask(const struct password *p, const uint8_t salt[KEYSTORE_SALT],
		 uint8_t *bytes, size_t len)
{
	uint8_t w[SHA1_SIZE];

	memcpy(w, salt, KEYSTORE_SALT);
	for (size_t i = 0; i < len; i++) {
		if (i % SHA1_SIZE == 0)
			keyed_digest(p, w, SHA1_SIZE, w);
		bytes[i] ^= w[i % SHA1_SIZE];
	}
}

static void add_str(struct buf *out, const char *text)
{
	buf_add_be16(out, strlen(text));
	buf_add_str(out, text);
}

static void add_certificate(struct buf *out, struct der der)
{
	add_str(out, "X.509");
	buf_add_be32(out, der.len);
	buf_add(out, der.bytes, der.len);
}

/* EncryptedPrivateKeyInfo, with its length before it. */
static void add_key(struct buf *out, const struct password *p,
		    const struct keystore_entry *entry)
{
	size_t before = out->len, start, whole, octets, key;
	uint8_t check[SHA1_SIZE];

	buf_add_be32(out, 0);
	start = out->len;
	whole = der_begin(out, DER_SEQUENCE);
	buf_add(out, protector, sizeof(protector));
	octets = der_begin(out, DER_OCTET_STRING);
	buf_add(out, entry->salt, KEYSTORE_SALT);
	key = out->len;
	buf_add(out, entry->pkcs8.bytes, entry->pkcs8.len);
	if (out->failed)
		return;
	mask(p, entry->salt, out->data + key, entry->pkcs8.len);
	keyed_digest(p, entry->pkcs8.bytes, entry->pkcs8.len, check);
	buf_add(out, check, SHA1_SIZE);
	der_end(out, octets);
	der_end(out, whole);
	buf_put_be32(out, before, out->len - start);
}

static void add_entry(struct buf *out, const struct password *p,
		      const struct keystore_entry *entry)
{
	buf_add_be32(out, entry->pkcs8.bytes ? TAG_KEY : TAG_TRUSTED);
	add_str(out, entry->alias);
	buf_add_be64(out, entry->created);
	if (entry->pkcs8.bytes) {
		add_key(out, p, entry);
		buf_add_be32(out, entry->chain_len);
	}
	for (size_t i = 0; i < entry->chain_len; i++)
		add_certificate(out, entry->chain[i]);
}

int keystore_write(const struct keystore_entry *entries, size_t count,
		   const char *password, struct buf *out, struct error *err)
{
	uint8_t digest[SHA1_SIZE];
	size_t start = out->len;
	struct password p;

	if (password_set(&p, password, err) < 0)
		return -1;
	buf_add_be32(out, MAGIC);
	buf_add_be32(out, VERSION);
	buf_add_be32(out, count);
	for (size_t i = 0; i < count; i++)
		add_entry(out, &p, &entries[i]);
	if (buf_check(out, err) < 0)
		return -1;
	store_digest(&p, out->data + start, out->len - start, digest);
	buf_add(out, digest, SHA1_SIZE);
	return buf_check(out, err);
}

/* Aliases in modified UTF-8 that is no UTF-8 come out as they are. NULL when
 * there is no memory. */
static const char *take_str(struct cursor *c, struct arena *arena)
{
	struct cursor text = cursor_sub(c, cursor_be16(c));

	return arena_strndup(arena, text.failed ? "" : (const char *)text.p,
			     cursor_left(&text));
}

static struct der take_certificate(struct cursor *c)
{
	struct cursor type = cursor_sub(c, cursor_be16(c));
	size_t len = cursor_be32(c);

	if (cursor_left(&type) != 5 || memcmp(type.p, "X.509", 5)) {
		c->failed = true;
		return (struct der){ NULL, 0 };
	}
	return (struct der){ cursor_take(c, len), len };
}

/* The key behind its mask; fails the cursor when it does not fit. */
static int take_key(struct cursor *c, const struct password *p,
		    struct arena *arena, struct keystore_entry *entry,
		    struct error *err)
{
	struct cursor info = cursor_sub(c, cursor_be32(c));
	struct cursor whole = der_take(&info, DER_SEQUENCE), octets;
	const uint8_t *head = cursor_take(&whole, sizeof(protector));
	const uint8_t *salt, *hidden, *check;
	uint8_t want[SHA1_SIZE], *key;
	size_t len;

	octets = der_take(&whole, DER_OCTET_STRING);
	salt = cursor_take(&octets, KEYSTORE_SALT);
	len = cursor_left(&octets) - SHA1_SIZE;
	hidden = cursor_take(&octets, len);
	check = cursor_take(&octets, SHA1_SIZE);
	if (!head || !check || memcmp(head, protector, sizeof(protector))) {
		c->failed = true;
		return 0;
	}
	key = arena_alloc(arena, len + 1);
	if (!key)
		return error_nomem(err);
	memcpy(key, hidden, len);
	mask(p, salt, key, len);
	keyed_digest(p, key, len, want);
	if (memcmp(want, check, SHA1_SIZE))
		c->failed = true;
	memcpy(entry->salt, salt, KEYSTORE_SALT);
	entry->pkcs8 = (struct der){ key, len };
	return 0;
}

static int take_chain(struct cursor *c, struct arena *arena, size_t count,
		      struct keystore_entry *entry, struct error *err)
{
	struct der *chain;

	if (count < 1 || count > KEYSTORE_CHAIN_MAX) {
		c->failed = true;
		return 0;
	}
	chain = arena_array(arena, count, sizeof(*chain));
	if (!chain)
		return error_nomem(err);
	for (size_t i = 0; i < count; i++)
		chain[i] = take_certificate(c);
	entry->chain = chain;
	entry->chain_len = count;
	return 0;
}

static int take_entry(struct cursor *c, const struct password *p,
		      struct arena *arena, struct keystore_entry *entry,
		      struct error *err)
{
	uint32_t tag = cursor_be32(c);
	size_t count = 1;

	c->failed |= tag != TAG_KEY && tag != TAG_TRUSTED;
	entry->alias = take_str(c, arena);
	if (!entry->alias)
		return error_nomem(err);
	entry->created = cursor_be64(c);
	if (tag == TAG_KEY) {
		if (take_key(c, p, arena, entry, err) < 0)
			return -1;
		count = cursor_be32(c);
	}
	return take_chain(c, arena, count, entry, err);
}

/* Over what the digest at the end covers, once it is known to be right. */
static int take_entries(struct cursor *c, const struct password *p,
			struct arena *arena, struct keystore_entry **ret,
			size_t *ret_count, struct error *err)
{
	struct keystore_entry *entries;
	uint32_t magic = cursor_be32(c), version = cursor_be32(c);
	size_t count = cursor_be32(c);

	if (c->failed || magic != MAGIC || version != VERSION)
		return error_set(err, ERROR_INPUT,
				 "no Java key store of version %d", VERSION);
	if (count > cursor_left(c)) /* an entry has many bytes */
		return error_set(err, ERROR_INPUT, "a key store is cut off");
	entries = arena_array(arena, count + 1, sizeof(*entries));
	if (!entries)
		return error_nomem(err);
	for (size_t i = 0; i < count && !c->failed; i++)
		if (take_entry(c, p, arena, &entries[i], err) < 0)
			return -1;
	if (c->failed || cursor_left(c))
		return error_set(err, ERROR_INPUT,
				 "a key store's entries cannot be read");
	*ret = entries;
	*ret_count = count;
	return 0;
}

int keystore_read(const void *bytes, size_t len, const char *password,
		  struct arena *arena, struct keystore_entry **ret_entries,
		  size_t *ret_count, struct error *err)
{
	uint8_t digest[SHA1_SIZE];
	struct password p;
	struct cursor c;

	if (password_set(&p, password, err) < 0)
		return -1;
	if (len < SHA1_SIZE)
		return error_set(err, ERROR_INPUT, "a key store is cut off");
	len -= SHA1_SIZE;
	c = cursor_over(bytes, len);
	store_digest(&p, bytes, len, digest);
	if (memcmp(digest, (const uint8_t *)bytes + len, SHA1_SIZE))
		return error_set(err, ERROR_INPUT,
				 "a key store has another password, or was "
				 "changed");
	return take_entries(&c, &p, arena, ret_entries, ret_count, err);
}

const struct keystore_entry *keystore_find(const struct keystore_entry *entries,
					   size_t count, const char *alias)
{
	for (size_t i = 0; i < count; i++) {
		if (!strcmp(entries[i].alias, alias))
			return &entries[i];
	}
	return NULL;
}
