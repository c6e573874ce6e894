/* SPDX-License-Identifier: Apache-2.0 */
/* threads.h - how many threads a test has. */
#ifndef TEST_SUPPORT_THREADS_H
#define TEST_SUPPORT_THREADS_H

#include <stdbool.h>
#include <stdint.h>

/* Of this process, as the kernel counts them; a sanitizer's own are among
 * them, so compare two counts. */
unsigned threads_now(void);
/* Waits until there are so many. */
bool threads_become(unsigned count, int64_t within_us);

#endif
