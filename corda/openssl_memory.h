/* SPDX-License-Identifier: Apache-2.0 */
/* openssl_memory.h - tells whether OpenSSL ran out of memory. */
#ifndef CORDA_OPENSSL_MEMORY_H
#define CORDA_OPENSSL_MEMORY_H

#include <stdbool.h>

/*
 * A call of OpenSSL that runs out of memory fails like one that was given a
 * wrong key or signature, and often leaves no error behind. A signature must
 * not be called wrong for that: begin before the calls, ask when they failed.
 * Both are about the calling thread.
 */
void openssl_memory_begin(void);
bool openssl_memory_ended(void);

#endif
