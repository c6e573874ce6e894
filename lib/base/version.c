/* SPDX-License-Identifier: Apache-2.0 */
/* version.c - which medley this is. The build defines both texts. */
#include "base/version.h"

const char medley_version[] = MEDLEY_VERSION;
const char medley_build[] = MEDLEY_BUILD;
