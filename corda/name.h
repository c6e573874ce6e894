/* SPDX-License-Identifier: Apache-2.0 */
/* name.h - X.500 names as Corda allows them. */
#ifndef CORDA_NAME_H
#define CORDA_NAME_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "corda/der.h"
#include "proto/amqp.h"
#include "proto/amqp_writer.h"

/* UTF-8; NULL where a part is not there. */
struct x500_name {
	const char *common_name;
	const char *organisation_unit;
	const char *organisation; /* never NULL */
	const char *locality; /* never NULL */
	const char *state;
	const char *country; /* never NULL: ISO 3166, two letters */
};

/*
 * "O=Bank A, L=London, C=GB", parts in any order; a backslash escapes the
 * character after it. The rules are those of a legal name: O, L and C are
 * required; O has at least two letters and fewer than 128 characters, other
 * parts fewer than 64; no spaces at the ends and no double spaces; UTF-8
 * without control characters.
 */
int x500_name_parse(const char *text, struct arena *arena,
		    struct x500_name *ret, struct error *err);
/* As nodes print it: CN, OU, O, L, ST, C. */
void x500_name_print(const struct x500_name *name, struct buf *out);

/* A DER Name: C, ST, L, O, OU, CN, the country as PrintableString. */
void x500_name_der(const struct x500_name *name, struct buf *out);
/* Reads a DER Name, by the same rules; texts are copied into the arena. */
int x500_name_from_der(struct der der, struct arena *arena,
		       struct x500_name *ret, struct error *err);

/* A CordaX500Name in a bigger value, and as a blob of its own. */
void x500_name_write(const struct x500_name *name, struct amqp_writer *w);
void x500_name_blob(const struct x500_name *name, struct buf *out);
int x500_name_from_amqp(const struct amqp_value *value, struct arena *arena,
			struct x500_name *ret, struct error *err);

#endif
