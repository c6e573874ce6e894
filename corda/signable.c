/* SPDX-License-Identifier: Apache-2.0 */
/* signable.c - the bytes that a signature covers. */
#include "corda/signature.h"

#include <pthread.h>
#include <stdatomic.h>

#include "base/cleanup.h"
#include "proto/amqp_writer.h"

enum { SCHEMA_MAX = 2048 };

#define CRYPTO "net.corda.core.crypto."
#define SIGNABLE "net.corda:MYA9jrnNdlQaaX06oEsmxA=="
#define METADATA "net.corda:IzFt8cRKytsJq3vQ+yjsGg=="
#define HASH_ANY "net.corda:b79PeMBLsHxu2A23yDYRaA=="
#define HASH_SHA256 "net.corda:7YZSUU3tC6YvtX33Klo9Jg=="
#define HASH_NAMED "net.corda:FUVM4VWATjVOSy4TfHkQmA=="

enum { FIELDS_MAX = 3 };

struct type {
	const char *name, *symbol;
	struct {
		const char *name, *type, *absent;
	} fields[FIELDS_MAX];
};

static const struct type signable = {
	CRYPTO "SignableData",
	SIGNABLE,
	{ { "signatureMetadata", CRYPTO "SignatureMetadata", NULL },
	  { "txId", CRYPTO "SecureHash", NULL } }
};
static const struct type metadata = { CRYPTO "SignatureMetadata",
				      METADATA,
				      { { "platformVersion", "int", "0" },
					{ "schemeNumberID", "int", "0" } } };
static const struct type hash_any = { CRYPTO "SecureHash",
				      HASH_ANY,
				      { { "bytes", "binary", NULL },
					{ "offset", "int", "0" },
					{ "size", "int", "0" } } };
static const struct type hash_sha256 = { CRYPTO "SecureHash$SHA256",
					 HASH_SHA256,
					 { { "bytes", "binary", NULL } } };
static const struct type hash_named = { CRYPTO "SecureHash$HASH",
					HASH_NAMED,
					{ { "algorithm", "string", NULL },
					  { "bytes", "binary", NULL } } };

static uint64_t corda(unsigned structure)
{
	return UINT64_C(0xc562000000000000) + structure;
}

static void structure_begin(struct amqp_writer *w, unsigned structure)
{
	amqp_describe_code(w, corda(structure));
	amqp_list_begin(w);
}

static void empty_list(struct amqp_writer *w)
{
	amqp_list_begin(w);
	amqp_list_end(w);
}

static void write_field(struct amqp_writer *w, const char *name,
			const char *type, const char *absent)
{
	structure_begin(w, 4);
	amqp_write_string(w, name);
	amqp_write_string(w, type);
	empty_list(w); /* requires */
	if (absent)
		amqp_write_string(w, absent);
	else
		amqp_write_null(w);
	amqp_write_null(w); /* label */
	amqp_write_bool(w, true); /* mandatory */
	amqp_write_bool(w, false); /* multiple */
	amqp_list_end(w);
}

static void write_type(struct amqp_writer *w, const struct type *t)
{
	structure_begin(w, 5);
	amqp_write_string(w, t->name);
	amqp_write_null(w); /* label */
	empty_list(w); /* provides */
	structure_begin(w, 3);
	amqp_write_symbol(w, t->symbol);
	amqp_write_null(w);
	amqp_list_end(w);
	amqp_list_begin(w);
	for (int i = 0; i < FIELDS_MAX && t->fields[i].name; i++)
		write_field(w, t->fields[i].name, t->fields[i].type,
			    t->fields[i].absent);
	amqp_list_end(w);
	amqp_list_end(w);
}

/* Schema and transforms: one form for SHA-256, one for the others. */
static struct buf tails[2] = { BUF_INIT(SCHEMA_MAX), BUF_INIT(SCHEMA_MAX) };

static void write_tail(struct buf *out, const struct type *hash)
{
	struct amqp_writer w;

	amqp_writer_init(&w, out);
	structure_begin(&w, 2);
	amqp_list_begin(&w);
	write_type(&w, &signable);
	write_type(&w, &metadata);
	write_type(&w, &hash_any);
	write_type(&w, hash);
	amqp_list_end(&w);
	amqp_list_end(&w);
	amqp_describe_code(&w, corda(9));
	amqp_map_begin(&w);
	amqp_list_end(&w);
}

/* Written once; again where memory ran out the first time. */
static int write_tails(struct error *err)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	static atomic_bool written;
	int rc = 0;

	if (atomic_load_explicit(&written, memory_order_acquire))
		return 0;
	pthread_mutex_lock(&lock);
	if (!written) {
		buf_clear(&tails[0]);
		buf_clear(&tails[1]);
		write_tail(&tails[0], &hash_sha256);
		write_tail(&tails[1], &hash_named);
		rc = buf_check(&tails[0], err) < 0 ? -1
						   : buf_check(&tails[1], err);
		written = rc == 0;
	}
	pthread_mutex_unlock(&lock);
	return rc;
}

int signable_bytes(const struct tx_id *id, int platform, int scheme,
		   struct buf *out, struct error *err)
{
	bool named = id->algorithm != DIGEST_SHA256;
	struct amqp_writer w;

	if (write_tails(err) < 0)
		return -1;
	amqp_writer_init(&w, out);
	amqp_envelope_begin(&w);
	amqp_object_begin(&w, SIGNABLE);
	amqp_object_begin(&w, METADATA);
	amqp_write_int(&w, platform);
	amqp_write_int(&w, scheme);
	amqp_list_end(&w);
	amqp_object_begin(&w, named ? HASH_NAMED : HASH_SHA256);
	if (named)
		amqp_write_string(&w, digest_name(id->algorithm));
	amqp_write_binary(&w, id->bytes, digest_size(id->algorithm));
	amqp_list_end(&w);
	amqp_list_end(&w);
	amqp_write_raw(&w, tails[named].data, tails[named].len, 2);
	amqp_list_end(&w);
	return buf_check(out, err);
}
