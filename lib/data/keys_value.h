/* SPDX-License-Identifier: Apache-2.0 */
/* keys_value.h - single values of keys as text; used by keys*.c alone. */
#ifndef DATA_KEYS_VALUE_H
#define DATA_KEYS_VALUE_H

#include "data/keys.h"

/* Parses one scalar into the member; -1 if it is not valid. Not for KEY_TEXT
 * and collections. A KEY_RANGE here is "[1.00, 100.00]". */
int key_parse(const struct key *k, const char *text, void *member);
/* The index of text in the choices, or -1. */
int key_choice(const struct key *k, const char *text);

enum { KEY_EXPECTED = 160 };
/* "a whole number from 1 to 50" */
void key_expected(const struct key *k, char room[KEY_EXPECTED]);
/* Adds the scalar (or range) as YAML. */
void key_print(const struct key *k, const void *member, struct buf *out);

#endif
