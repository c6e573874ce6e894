/* SPDX-License-Identifier: Apache-2.0 */
/* heap.h - which allocations of an operation are never freed. */
#ifndef TEST_SUPPORT_HEAP_H
#define TEST_SUPPORT_HEAP_H

#include <stddef.h>

/*
 * From heap_follow() on, allocations are remembered until they are freed.
 * heap_unfreed() stops that, and says how many of them by medley's own code,
 * or by a library on its behalf that keeps nothing for itself (Jansson,
 * libyaml), are left; where the first was made goes to `ret_place`. It works
 * without a sanitizer, and for each operation by itself.
 */
void heap_follow(void);
/* In between, what is allocated is not remembered. */
void heap_pause(void);
void heap_go_on(void);
size_t heap_unfreed(const void **ret_place);

#endif
