/* SPDX-License-Identifier: Apache-2.0 */
/* counted.h - a number and its noun: "1 image", "4 images". */
#ifndef BASE_COUNTED_H
#define BASE_COUNTED_H

/* The two arguments of "%lld %s"; the macro evaluates `n` twice. */
#define COUNTED(n, noun) COUNTED_AS(n, noun, noun "s")
#define COUNTED_AS(n, one, many) (long long)(n), (n) == 1 ? one : many

#endif
