/* SPDX-License-Identifier: Apache-2.0 */
/* entropy.h - unpredictable bytes, for keys, serials, salts and passwords. */
#ifndef SYS_ENTROPY_H
#define SYS_ENTROPY_H

#include <stddef.h>

#include "base/error.h"

/* From the kernel; at most 256 bytes. */
int random_bytes(void *ret, size_t len, struct error *err);
/* `len` letters and digits and a NUL: `ret` has room for len + 1. */
int random_password(char *ret, size_t len, struct error *err);

#endif
