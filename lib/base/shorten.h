/* SPDX-License-Identifier: Apache-2.0 */
/* shorten.h - a text for people that must fit, without the middle of what is
 * long in it. */
#ifndef BASE_SHORTEN_H
#define BASE_SHORTEN_H

#include <stdarg.h>
#include <stddef.h>

/*
 * printf into `room`. A text that does not fit loses the middle of its longest
 * words, such as a path of 4 KiB, and "…" stands there; where that is not
 * enough, it loses its own middle. So the reason at the end of an error stays,
 * however long its arguments are. `size` is at least SHORTEN_LEAST.
 */
enum { SHORTEN_LEAST = 64 };
void shorten(char *room, size_t size, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void shorten_list(char *room, size_t size, const char *fmt, va_list args);

#endif
