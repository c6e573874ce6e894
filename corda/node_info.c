/* SPDX-License-Identifier: Apache-2.0 */
/* node_info.c - addresses and identities of a node, signed by the node. */
#include "corda/node_info.h"

#include <assert.h>
#include <string.h>

#include "corda/digest.h"
#include "corda/schemas.h"
#include "proto/amqp.h"

/* Descriptors: fingerprints of the classes. */
#define NODE_INFO "net.corda:ncUcZzvT9YGn0ItdoWW3QQ=="
#define ADDRESS_LIST "net.corda:9xPTMAygl1pGTAXRpGVtiA=="
#define ADDRESS "net.corda:IA+5d7+UvO6yts6wDzr86Q=="
#define IDENTITY_LIST "net.corda:aWe8j2aAdn/K21a2A3CKmA=="
#define IDENTITY "net.corda:GaPpq/rL9KtfTOQDN9ZCbA=="
#define CERT_PATH "net.corda:java.security.cert.CertPath"
#define SIGNED "net.corda:ieV9xgdbQxDPSO7D1wCaaA=="
#define SERIALIZED "net.corda:zB1q2r3GgK9FQwIjfbd1RA=="
#define SIGNATURE_LIST "net.corda:EsP6FyeXjyCNDitmu9O/Zg=="
#define SIGNATURE "net.corda:de8amhp5gGpyflz2aiXnLg=="

enum { PATH_MAX_BYTES = 64 * 1024 };

/* PkiPath: SEQUENCE OF Certificate, root first. */
static void write_path(struct amqp_writer *w,
		       const struct certificate_path *path)
{
	cleanup(buf_release) struct buf der = BUF_INIT(PATH_MAX_BYTES);
	size_t mark = der_begin(&der, DER_SEQUENCE);

	for (size_t i = path->count; i-- > 0;)
		buf_add(&der, path->certificates[i].bytes,
			path->certificates[i].len);
	der_end(&der, mark);
	w->out->failed |= der.failed;
	amqp_object_begin(w, IDENTITY);
	amqp_object_begin(w, CERT_PATH);
	amqp_write_binary(w, der.data, der.len);
	amqp_write_string(w, "X.509");
	amqp_list_end(w);
	amqp_list_end(w);
}

static void write_addresses(struct amqp_writer *w, const struct node_info *info)
{
	amqp_object_begin(w, ADDRESS_LIST);
	for (size_t i = 0; i < info->address_count; i++) {
		amqp_object_begin(w, ADDRESS);
		amqp_write_string(w, info->addresses[i].host);
		amqp_write_int(w, info->addresses[i].port);
		amqp_list_end(w);
	}
	amqp_list_end(w);
}

void node_info_write(const struct node_info *info, struct buf *out)
{
	struct amqp_writer w;

	amqp_writer_init(&w, out);
	amqp_envelope_begin(&w);
	amqp_object_begin(&w, NODE_INFO);
	write_addresses(&w, info);
	amqp_object_begin(&w, IDENTITY_LIST);
	for (size_t i = 0; i < info->identity_count; i++)
		write_path(&w, &info->identities[i]);
	amqp_list_end(&w);
	amqp_write_int(&w, info->platform);
	amqp_write_long(&w, info->serial);
	amqp_list_end(&w);
	schema_write(&w, SCHEMA_NODE_INFO);
	amqp_list_end(&w);
}

void signed_node_info_write(const struct signed_node_info *file,
			    struct amqp_writer *w)
{
	amqp_object_begin(w, SIGNED);
	amqp_object_begin(w, SERIALIZED);
	amqp_write_binary(w, file->inner.bytes, file->inner.len);
	amqp_list_end(w);
	amqp_object_begin(w, SIGNATURE_LIST);
	for (size_t i = 0; i < file->signature_count; i++) {
		amqp_object_begin(w, SIGNATURE);
		amqp_write_binary(w, file->signatures[i].bytes,
				  file->signatures[i].len);
		amqp_list_end(w);
	}
	amqp_list_end(w);
	amqp_list_end(w);
}

int node_info_sign(struct der inner, const struct key *const *keys,
		   size_t key_count, struct buf *out, struct error *err)
{
	cleanup(buf_release) struct buf bytes = BUF_INIT(1024);
	struct signed_node_info file = { .inner = inner,
					 .signature_count = key_count };
	size_t ends[NODE_INFO_SIGNATURES + 1] = { 0 };
	struct amqp_writer w;

	assert(key_count <= NODE_INFO_SIGNATURES);
	for (size_t i = 0; i < key_count; i++) {
		if (key_sign(keys[i], inner.bytes, inner.len, &bytes, err) < 0)
			return -1;
		ends[i + 1] = bytes.len;
	}
	for (size_t i = 0; i < key_count; i++)
		file.signatures[i] = (struct der){ bytes.data + ends[i],
						   ends[i + 1] - ends[i] };
	amqp_writer_init(&w, out);
	amqp_envelope_begin(&w);
	signed_node_info_write(&file, &w);
	schema_write(&w, SCHEMA_SIGNED_NODE_INFO);
	amqp_list_end(&w);
	return buf_check(out, err);
}

static int read_addresses(const struct amqp_value *list, struct arena *arena,
			  struct node_info *info, struct error *err)
{
	size_t n = amqp_count(list);
	struct node_address *addresses =
		arena_array(arena, n + 1, sizeof(*addresses));

	if (!addresses)
		return error_nomem(err);
	for (size_t i = 0; i < n; i++) {
		const struct amqp_value *v = amqp_at(list, i);

		if (amqp_text(amqp_get(v, "host"), arena, &addresses[i].host,
			      err) < 0)
			return -1;
		addresses[i].port = amqp_int(amqp_get(v, "port"), -1);
		if (!addresses[i].host)
			return error_set(err, ERROR_INPUT,
					 "an address without host");
	}
	info->addresses = addresses;
	info->address_count = n;
	return 0;
}

/* The certificates of a PkiPath, turned round. */
static int read_path(struct der pki_path, struct arena *arena,
		     struct certificate_path *ret, struct error *err)
{
	struct cursor whole = cursor_over(pki_path.bytes, pki_path.len);
	struct cursor c = der_take(&whole, DER_SEQUENCE), again = c;
	struct der *certificates;
	size_t n = 0;

	while (!c.failed && cursor_left(&c)) {
		der_take_whole(&c);
		n++;
	}
	if (c.failed || !n)
		return error_set(err, ERROR_INPUT, "not a certificate path");
	certificates = arena_array(arena, n, sizeof(*certificates));
	if (!certificates)
		return error_nomem(err);
	for (size_t i = n; i-- > 0;)
		certificates[i] = der_take_whole(&again);
	*ret = (struct certificate_path){ certificates, n };
	return 0;
}

static int read_identities(const struct amqp_value *list, struct arena *arena,
			   struct node_info *info, struct error *err)
{
	size_t n = amqp_count(list);
	struct certificate_path *paths =
		arena_array(arena, n + 1, sizeof(*paths));

	if (!paths)
		return error_nomem(err);
	for (size_t i = 0; i < n; i++) {
		const struct amqp_value *path =
			amqp_bare(amqp_get(amqp_at(list, i), "certPath"));

		if (read_path(der_of(amqp_at(path, 0)), arena, &paths[i], err) <
		    0)
			return -1;
	}
	info->identities = paths;
	info->identity_count = n;
	return 0;
}

static int read_inner(struct der inner, struct arena *arena,
		      struct node_info *info, struct error *err)
{
	const struct amqp_value *v;

	if (amqp_read(inner.bytes, inner.len, arena, &v, err) < 0)
		return -1;
	if (!amqp_is(v, "net.corda.core.node.NodeInfo"))
		return error_set(err, ERROR_INPUT, "expected a NodeInfo");
	info->platform = amqp_int(amqp_get(v, "platformVersion"), 0);
	info->serial = amqp_int(amqp_get(v, "serial"), 0);
	if (read_addresses(amqp_get(v, "addresses"), arena, info, err) < 0)
		return -1;
	return read_identities(amqp_get(v, "legalIdentitiesAndCerts"), arena,
			       info, err);
}

int node_info_read(const void *bytes, size_t len, struct arena *arena,
		   struct signed_node_info *ret, struct error *err)
{
	struct signed_node_info file = { .signature_count = 0 };
	const struct amqp_value *v, *list;

	if (amqp_read(bytes, len, arena, &v, err) < 0)
		return -1;
	if (!amqp_is(v, "net.corda.nodeapi.internal.SignedNodeInfo"))
		return error_set(err, ERROR_INPUT, "expected a SignedNodeInfo");
	list = amqp_get(v, "signatures");
	if (amqp_count(list) > NODE_INFO_SIGNATURES)
		return error_set(err, ERROR_INPUT, "%zu signatures, at most %d",
				 amqp_count(list), NODE_INFO_SIGNATURES);
	file.signature_count = amqp_count(list);
	for (size_t i = 0; i < file.signature_count; i++)
		file.signatures[i] =
			der_of(amqp_get(amqp_at(list, i), "bytes"));
	file.inner = der_of(amqp_path(v, "raw.bytes"));
	if (read_inner(file.inner, arena, &file.info, err) < 0)
		return -1;
	*ret = file;
	return 0;
}

int node_info_file_name(const struct x500_name *name,
			char ret[NODE_INFO_FILE_NAME], struct error *err)
{
	cleanup(buf_release) struct buf b = BUF_INIT(16 * 1024);
	uint8_t hash[DIGEST_MAX];

	x500_name_blob(name, &b);
	if (buf_check(&b, err) < 0)
		return -1;
	digest_bytes(DIGEST_SHA256, b.data, b.len, hash);
	buf_clear(&b);
	buf_add_str(&b, "nodeInfo-");
	buf_add_hex(&b, hash, 32);
	if (buf_check(&b, err) < 0)
		return -1;
	memcpy(ret, b.data, NODE_INFO_FILE_NAME);
	return 0;
}
