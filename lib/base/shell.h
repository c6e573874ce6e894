/* SPDX-License-Identifier: Apache-2.0 */
/* shell.h - quotes words for commands that messages show. */
#ifndef BASE_SHELL_H
#define BASE_SHELL_H

#include "base/buf.h"

/* Adds the text as one word of a shell: unchanged if it has no special
 * characters, else in single quotes. medley itself runs no shell. */
void shell_add_word(struct buf *out, const char *text);

#endif
