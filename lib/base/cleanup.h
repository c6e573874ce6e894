/* SPDX-License-Identifier: Apache-2.0 */
/* cleanup.h - clean-up at the end of a scope, and how to avoid it. */
#ifndef BASE_CLEANUP_H
#define BASE_CLEANUP_H

#include <stdlib.h>
#include <unistd.h>

/*
 *	cleanup(buf_release) struct buf b = BUF_INIT(4096);
 *	cleanup(freep) char *text = NULL;
 *	...
 *	*ret_text = steal(text);	ownership leaves the scope
 *
 * A function used with cleanup() takes a pointer to the variable.
 */
#define cleanup(fn) __attribute__((cleanup(fn)))

#define steal(var)                                                             \
	__extension__({                                                        \
		__typeof__(var) stolen_ = (var);                               \
		(var) = NULL;                                                  \
		stolen_;                                                       \
	})

static inline void freep(void *p)
{
	free(*(void **)p);
}

static inline void closep(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

/* Makes `name_freep(T **)` out of `name_free(T *)` for use with cleanup(). */
#define DEFINE_FREEP(T, name)                                                  \
	static inline void name##_freep(T **p)                                 \
	{                                                                      \
		name##_free(*p);                                               \
	}

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#endif
