/* SPDX-License-Identifier: Apache-2.0 */
/* shell.c - quotes words for commands that messages show. */
#include "base/shell.h"

#include <string.h>

static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			    "abcdefghijklmnopqrstuvwxyz0123456789"
			    "./_-+,:@%=";

void shell_add_word(struct buf *out, const char *text)
{
	size_t len;

	if (*text && !text[strspn(text, plain)]) {
		buf_add_str(out, text);
		return;
	}
	buf_add_str(out, "'");
	for (;; text += len + 1) {
		len = strcspn(text, "'");
		buf_add(out, text, len);
		if (!text[len])
			break;
		buf_add_str(out, "'\\''");
	}
	buf_add_str(out, "'");
}
