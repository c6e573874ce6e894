/* SPDX-License-Identifier: Apache-2.0 */
/* core.h - protects the memory of a process that holds secrets. */
#ifndef SYS_CORE_H
#define SYS_CORE_H

#include "base/error.h"

/* After this call a crash writes no core file, whatever limits and core_pattern
 * are, and other processes of the same user cannot read the memory. This does
 * not apply to programs that the process starts. */
int core_forbid(struct error *err);

#endif
