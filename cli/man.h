/* SPDX-License-Identifier: Apache-2.0 */
/* man.h - the manual pages: medley(1), one a command, network.yaml(5). */
#ifndef CLI_MAN_H
#define CLI_MAN_H

#include "base/buf.h"

enum { MAN_NAME = 64 };

/* The name of a page's file by its number, "medley-run.1"; NULL: there are no
 * more. */
const char *man_page_name(unsigned number, char room[MAN_NAME]);
void man_write(unsigned number, struct buf *out);

#endif
