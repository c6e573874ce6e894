/* SPDX-License-Identifier: Apache-2.0 */
/* duration.h - durations as people write them: "90s", "30m", "24h", "7d". */
#ifndef BASE_DURATION_H
#define BASE_DURATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Reads the `len` bytes at `text`: 1 to 6 digits and one of the letters s, m, h
 * and d. False: the text is not a duration. */
bool duration_read(const char *text, size_t len, int64_t *ret_us);

#endif
