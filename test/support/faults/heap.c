/* SPDX-License-Identifier: Apache-2.0 */
/* heap.c - malloc() and its like, which fail when a fault is armed. */
#include "test/support/faults/heap.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "test/support/faults/faults.h"

/*
 * A symbol of the program comes before those of its libraries, so that they
 * all allocate here. The sanitizers' allocators are asked by the names under
 * which they export them, the C library's by its own. This file is compiled
 * without sanitizers: it runs before they are ready.
 */
#define SANITIZER __attribute__((weak))
SANITIZER void *__interceptor_malloc(size_t size);
SANITIZER void *__interceptor_calloc(size_t count, size_t size);
SANITIZER void *__interceptor_realloc(void *p, size_t size);
SANITIZER void *__interceptor_memalign(size_t align, size_t size);
SANITIZER void __interceptor_free(void *p);
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *p, size_t size);
void *__libc_memalign(size_t align, size_t size);
void __libc_free(void *p);

#define REAL(name, ...)                                                        \
	(__interceptor_##name ? __interceptor_##name(__VA_ARGS__)              \
			      : __libc_##name(__VA_ARGS__))

/* ---- who calls ---- */

extern const char __executable_start[], etext[];
/* Where OpenSSL and Jansson allocate through medley; not every test has them.
 */
extern const char __start_openssl_calls[] __attribute__((weak));
extern const char __stop_openssl_calls[] __attribute__((weak));
extern const char __start_jansson_calls[] __attribute__((weak));
extern const char __stop_jansson_calls[] __attribute__((weak));

static bool is_between(const void *p, const char *start, const char *end)
{
	return (const char *)p >= start && (const char *)p < end;
}

static bool is_jansson(const void *caller)
{
	return is_between(caller, __start_jansson_calls, __stop_jansson_calls);
}

static bool is_ours(const void *caller)
{
	return is_between(caller, __executable_start, etext) &&
	       !is_jansson(caller) &&
	       !is_between(caller, __start_openssl_calls, __stop_openssl_calls);
}

static bool fails(const void *caller)
{
	return fault_strikes(is_ours(caller) ? CALL_ALLOC : CALL_LIBRARY_ALLOC,
			     NULL) != EFFECT_NONE;
}

/* ---- what is not freed ---- */

/* Open addressing; a power of two. Beyond half of it nothing is added. */
enum { PLACES = 1 << 16 };

static struct {
	void *p;
	const void *caller;
} places[PLACES];

static size_t place_count;
static atomic_bool following;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static size_t place_of(const void *p)
{
	return ((uintptr_t)p >> 4) * UINT64_C(0x9e3779b97f4a7c15) >> 48 &
	       (PLACES - 1);
}

static size_t place_find(const void *p)
{
	size_t at = place_of(p);

	while (places[at].p && places[at].p != p)
		at = (at + 1) & (PLACES - 1);
	return at;
}

static void remember(void *p, const void *caller)
{
	size_t at;

	if (!p || !atomic_load(&following))
		return;
	pthread_mutex_lock(&lock);
	at = place_find(p);
	if (place_count < PLACES / 2) {
		place_count += !places[at].p;
		places[at].p = p;
		places[at].caller = caller;
	}
	pthread_mutex_unlock(&lock);
}

/* Moves up what would not be found behind an empty place. */
static void forget(const void *p)
{
	size_t at, next;

	if (!p || !atomic_load(&following))
		return;
	pthread_mutex_lock(&lock);
	at = place_find(p);
	if (places[at].p) {
		place_count--;
		for (next = (at + 1) & (PLACES - 1); places[next].p;
		     next = (next + 1) & (PLACES - 1)) {
			size_t home = place_of(places[next].p);

			if (((next - home) & (PLACES - 1)) <
			    ((next - at) & (PLACES - 1)))
				continue;
			places[at] = places[next];
			at = next;
		}
		places[at].p = NULL;
	}
	pthread_mutex_unlock(&lock);
}

/* OpenSSL, the C library and the loader keep things for later. */
static bool keeps_nothing(const void *caller)
{
	Dl_info info;

	if (is_ours(caller) || is_jansson(caller))
		return true;
	return dladdr(caller, &info) && info.dli_fname &&
	       strstr(info.dli_fname, "libyaml");
}

void heap_follow(void)
{
	pthread_mutex_lock(&lock);
	if (place_count)
		memset(places, 0, sizeof(places));
	place_count = 0;
	pthread_mutex_unlock(&lock);
	atomic_store(&following, true);
}

void heap_pause(void)
{
	atomic_store(&following, false);
}

void heap_go_on(void)
{
	atomic_store(&following, true);
}

size_t heap_unfreed(const void **ret_place)
{
	size_t count = 0;

	atomic_store(&following, false);
	for (size_t i = 0; place_count && i < PLACES; i++) {
		if (!places[i].p || !keeps_nothing(places[i].caller))
			continue;
		if (!count++)
			*ret_place = places[i].caller;
	}
	return count;
}

/* ---- the calls ---- */

#define CALLER __builtin_return_address(0)

void *malloc(size_t size)
{
	void *p = fails(CALLER) ? NULL : REAL(malloc, size);

	remember(p, CALLER);
	return p;
}

void *calloc(size_t count, size_t size)
{
	void *p = fails(CALLER) ? NULL : REAL(calloc, count, size);

	remember(p, CALLER);
	return p;
}

void *realloc(void *old, size_t size)
{
	void *p;

	if (fails(CALLER))
		return NULL;
	forget(old);
	p = REAL(realloc, old, size);
	remember(p || !size ? p : old, CALLER);
	return p;
}

void *reallocarray(void *old, size_t count, size_t size)
{
	size_t total;
	void *p;

	if (__builtin_mul_overflow(count, size, &total) || fails(CALLER)) {
		errno = ENOMEM;
		return NULL;
	}
	forget(old);
	p = REAL(realloc, old, total);
	remember(p || !total ? p : old, CALLER);
	return p;
}

void free(void *p)
{
	forget(p);
	REAL(free, p);
}

static void *aligned(size_t align, size_t size, const void *caller)
{
	void *p = fails(caller) ? NULL : REAL(memalign, align, size);

	remember(p, caller);
	return p;
}

void *memalign(size_t align, size_t size);
void *memalign(size_t align, size_t size)
{
	return aligned(align, size, CALLER);
}

void *aligned_alloc(size_t align, size_t size)
{
	return aligned(align, size, CALLER);
}

int posix_memalign(void **ret, size_t align, size_t size)
{
	void *p = aligned(align, size, CALLER);

	if (p)
		*ret = p;
	return p ? 0 : ENOMEM;
}

/* The C library's own would be a library's allocation. */
static char *duplicate(const char *text, size_t len, const void *caller)
{
	char *p = fails(caller) ? NULL : REAL(malloc, len + 1);

	if (!p)
		return NULL;
	remember(p, caller);
	memcpy(p, text, len);
	p[len] = 0;
	return p;
}

char *strdup(const char *text)
{
	return duplicate(text, strlen(text), CALLER);
}

char *strndup(const char *text, size_t max)
{
	return duplicate(text, strnlen(text, max), CALLER);
}
