/* SPDX-License-Identifier: Apache-2.0 */
/* log_want.c - where the last lines of a log begin. */
#include "engine/log_want.h"

size_t log_tail(const struct buf *text, unsigned lines)
{
	size_t at = text->len;

	if (!lines)
		return 0;
	if (at && text->data[at - 1] == '\n')
		at--;
	while (at) {
		if (text->data[at - 1] == '\n' && !--lines)
			return at;
		at--;
	}
	return 0;
}
