/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_dir.h - a directory for what a fuzz target writes, of all its inputs.
 *
 * In a header alone, since libFuzzer links a target with the library only. */
#ifndef TEST_SUPPORT_FUZZ_DIR_H
#define TEST_SUPPORT_FUZZ_DIR_H

#include <stdlib.h>

#include "sys/file.h"

static char fuzz_dir[PATH_ROOM]; /* gone at exit */

static inline void fuzz_must(int rc)
{
	if (rc < 0)
		abort();
}

static inline void fuzz_dir_remove(void)
{
	dir_remove(fuzz_dir, NULL);
}

/* True the first time, when it is still empty. */
static inline bool fuzz_dir_begin(void)
{
	if (*fuzz_dir)
		return false;
	/* In memory where there is room: each input is a file or more. */
	if (dir_make_temporary("/dev/shm/medley-fuzz-", fuzz_dir, NULL) < 0)
		fuzz_must(dir_make_temporary("/tmp/medley-fuzz-", fuzz_dir,
					     NULL));
	atexit(fuzz_dir_remove);
	return true;
}

#endif
