/* SPDX-License-Identifier: Apache-2.0 */
/* openssl_memory.h - tells whether OpenSSL ran out of memory. */
#ifndef CORDA_OPENSSL_MEMORY_H
#define CORDA_OPENSSL_MEMORY_H

#include <stdbool.h>

/*
 * A call of OpenSSL that runs out of memory fails in the same way as with a
 * wrong key or signature, and often leaves no error. To tell these cases apart,
 * call openssl_memory_begin() before the calls, and openssl_memory_ended()
 * after a failure. Both are about the calling thread.
 */
void openssl_memory_begin(void);
bool openssl_memory_ended(void);

#endif
