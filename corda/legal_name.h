/* SPDX-License-Identifier: Apache-2.0 */
/* legal_name.h - the rules for the legal names of new nodes. */
#ifndef CORDA_LEGAL_NAME_H
#define CORDA_LEGAL_NAME_H

#include "corda/name.h"

/*
 * name.h has the rules for all names of nodes. A new name must also follow the
 * rules of R3's LegalNameValidator with Validation.FULL, which doormen use:
 * printable ASCII, so that no name looks like another, without characters that
 * have a meaning in the text of a name or around it: , = + < > ; # (first) $ "
 * ' \. C is a code of ISO 3166-1, or ZZ. Two rules differ: a name need not
 * begin with a capital letter, because nodes in clusters are called
 * bank-4.10-0, and no part may have two dots in a row, as paths have.
 */

/* ERROR_INPUT names the part and the character. Characters that could harm the
 * output are shown as numbers. */
int legal_name_check(const struct x500_name *name, struct error *err);

#endif
