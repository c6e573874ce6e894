/* SPDX-License-Identifier: Apache-2.0 */
/* legal_name.h - the rules for the legal names of new nodes. */
#ifndef CORDA_LEGAL_NAME_H
#define CORDA_LEGAL_NAME_H

#include "corda/name.h"

/*
 * name.h has what any name of a node is like. These are the rules for a new
 * one, as of R3's LegalNameValidator with Validation.FULL, which is for
 * doormen: printable ASCII, so that no name looks like another, without the
 * characters that mean something in the text of a name or around it, , = + < >
 * ; # (first) $ " ' \. C is a code of ISO 3166-1, or ZZ. Two rules differ: a
 * capital letter at the beginning is not asked for, as nodes of clusters are
 * called bank-4.10-0, and no part has two dots in a row, as paths have.
 */

/* ERROR_INPUT says which part has what; characters that may do harm where the
 * error is shown are told by their number. */
int legal_name_check(const struct x500_name *name, struct error *err);

#endif
