/* SPDX-License-Identifier: Apache-2.0 */
/* copy.h - a directory as it is now, to begin from it again. */
#ifndef TEST_SUPPORT_COPY_H
#define TEST_SUPPORT_COPY_H

/* Replaces `to` by a copy of `from`, whose files are links to the same ones:
 * for a program that replaces its files and never changes them. */
void copy_by_links(const char *from, const char *to);

#endif
