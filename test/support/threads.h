/* SPDX-License-Identifier: Apache-2.0 */
/* threads.h - how many threads a test has. */
#ifndef TEST_SUPPORT_THREADS_H
#define TEST_SUPPORT_THREADS_H

#include <stdbool.h>
#include <stdint.h>

/* With none but the main thread; ThreadSanitizer has one of its own, from the
 * first pthread_create() on. */
unsigned threads_alone(void);
/* Waits until the kernel counts so many: one that has ended is still counted
 * for a moment. */
bool threads_become(unsigned count, int64_t within_us);

#endif
