/* SPDX-License-Identifier: Apache-2.0 */
/* verify_alone.c - the physical limit of the check: OpenSSL and nothing else.
 *
 * Usage: verify_alone SIGNATURES [THREADS]
 *
 * Verifies the records that check_data wrote, all in memory, keys parsed
 * beforehand. Prints one line of JSON.
 */
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/cursor.h"
#include "sys/clock.h"
#include "sys/file.h"

enum { SPKI = 44, SIG = 64, KEYS_MAX = 8 };

struct record {
	EVP_PKEY *key;
	const uint8_t *message, *signature;
	uint32_t len;
};

struct work {
	const struct record *records;
	size_t count;
	size_t good;
};

static EVP_PKEY *key_of(const uint8_t *spki)
{
	static struct {
		uint8_t spki[SPKI];
		EVP_PKEY *key;
	} known[KEYS_MAX];
	const unsigned char *p = spki;

	for (int i = 0; i < KEYS_MAX; i++) {
		if (known[i].key && memcmp(known[i].spki, spki, SPKI))
			continue;
		if (!known[i].key) {
			memcpy(known[i].spki, spki, SPKI);
			known[i].key = d2i_PUBKEY(NULL, &p, SPKI);
		}
		return known[i].key;
	}
	abort();
}

static size_t parse(const struct buf *file, struct record *records)
{
	struct cursor c = cursor_over(file->data, file->len);
	size_t n = 0;

	while (cursor_left(&c)) {
		struct record r;
		const uint8_t *spki = cursor_take(&c, SPKI);
		const uint8_t *len = cursor_take(&c, sizeof(r.len));

		if (!len)
			abort();
		memcpy(&r.len, len, sizeof(r.len));
		r.message = cursor_take(&c, r.len);
		r.signature = cursor_take(&c, SIG);
		if (!r.signature)
			abort();
		r.key = key_of(spki);
		records[n++] = r;
	}
	return n;
}

static void *verify(void *arg)
{
	struct work *w = arg;

	for (size_t i = 0; i < w->count; i++) {
		const struct record *r = &w->records[i];
		EVP_MD_CTX *ctx = EVP_MD_CTX_new();

		EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, r->key);
		w->good += EVP_DigestVerify(ctx, r->signature, SIG, r->message,
					    r->len) == 1;
		EVP_MD_CTX_free(ctx);
	}
	return NULL;
}

int main(int argc, char **argv)
{
	int threads = argc > 2 ? atoi(argv[2]) : 2;
	struct buf file = BUF_INIT((size_t)1 << 30);
	struct record *records;
	struct work work[64] = { 0 };
	pthread_t ids[64];
	size_t n, good = 0;
	int64_t began;
	double seconds;

	if (argc < 2 || threads < 1 || threads > 64 ||
	    file_read(argv[1], &file, NULL) < 0)
		return 64;
	records = calloc(file.len / (SPKI + SIG) + 1, sizeof(*records));
	n = parse(&file, records);
	began = clock_mono_us();
	for (int i = 0; i < threads; i++) {
		size_t from = n * (size_t)i / (size_t)threads;

		work[i].records = records + from;
		work[i].count = n * (size_t)(i + 1) / (size_t)threads - from;
		pthread_create(&ids[i], NULL, verify, &work[i]);
	}
	for (int i = 0; i < threads; i++) {
		pthread_join(ids[i], NULL);
		good += work[i].good;
	}
	seconds = (double)(clock_mono_us() - began) / 1e6;
	printf("{\"signatures\":%zu,\"good\":%zu,\"threads\":%d,"
	       "\"seconds\":%.6f,\"per_second\":%.1f}\n",
	       n, good, threads, seconds, (double)n / seconds);
	return good == n ? 0 : 1;
}
