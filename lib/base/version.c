/* SPDX-License-Identifier: Apache-2.0 */
/* version.c - which medley this is. The build defines the texts. */
#include "base/version.h"

const char medley_version[] = MEDLEY_VERSION;
const char medley_commit[] = MEDLEY_COMMIT;
const char medley_date[] = MEDLEY_DATE;
const char medley_build[] = MEDLEY_BUILD;
const char medley_hardening[] = MEDLEY_HARDENING;
const char medley_libraries[] = MEDLEY_LIBRARIES;
