/* SPDX-License-Identifier: Apache-2.0 */
/* openssl_memory.c - tells whether OpenSSL ran out of memory. */
#include "corda/openssl_memory.h"

#include <stdlib.h>

#include <openssl/crypto.h>

static _Thread_local bool ended;

/* In a section of their own, by which the fault tests tell OpenSSL's memory,
 * some of which it keeps, from medley's. */
#define OPENSSL_CALLS __attribute__((section("openssl_calls")))

OPENSSL_CALLS static void *allocate(size_t size, const char *file, int line)
{
	void *p = size ? malloc(size) : NULL;

	(void)file, (void)line;
	ended |= size && !p;
	return p;
}

OPENSSL_CALLS static void *reallocate(void *old, size_t size, const char *file,
				      int line)
{
	void *p;

	(void)file, (void)line;
	if (!size) {
		free(old);
		return NULL;
	}
	p = realloc(old, size);
	ended |= !p;
	return p;
}

static void release(void *p, const char *file, int line)
{
	(void)file, (void)line;
	free(p);
}

/* Before main(): OpenSSL takes other functions only until it first allocates.
 */
__attribute__((constructor)) static void watch(void)
{
	CRYPTO_set_mem_functions(allocate, reallocate, release);
}

void openssl_memory_begin(void)
{
	ended = false;
}

bool openssl_memory_ended(void)
{
	return ended;
}
