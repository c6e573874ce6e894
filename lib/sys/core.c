/* SPDX-License-Identifier: Apache-2.0 */
/* core.c - protects the memory of a process that holds secrets. */
#include "sys/core.h"

#include <errno.h>
#include <sys/prctl.h>

int core_forbid(struct error *err)
{
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
		return error_errno(err, ERROR_INTERNAL, errno,
				   "forbidding core files");
	return 0;
}
