/* SPDX-License-Identifier: Apache-2.0 */
/* terminal.h - what the terminal of a person can show. */
#ifndef SYS_TERMINAL_H
#define SYS_TERMINAL_H

#include <stdbool.h>

/* Columns of the terminal `fd`: 40 to 240; 80 for what is not a terminal, or
 * does not say. */
unsigned terminal_columns(int fd);
/* The user's locale shows UTF-8: LC_ALL, LC_CTYPE or LANG says so. */
bool terminal_utf8(void);

#endif
