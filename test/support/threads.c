/* SPDX-License-Identifier: Apache-2.0 */
/* threads.c - how many threads a test has. */
#include "test/support/threads.h"

#include <poll.h>

#include "sys/clock.h"
#include "sys/file.h"

static int count_one(const char *name, void *ctx)
{
	unsigned *n = ctx;

	*n += name[0] != '.';
	return 0;
}

unsigned threads_alone(void)
{
#ifdef __SANITIZE_THREAD__
	return 2;
#else
	return 1;
#endif
}

static unsigned threads_now(void)
{
	unsigned n = 0;

	dir_each("/proc/self/task", count_one, &n, NULL);
	return n;
}

bool threads_become(unsigned count, int64_t within_us)
{
	int64_t limit = clock_mono_us() + within_us;

	while (threads_now() != count) {
		if (clock_mono_us() > limit)
			return false;
		poll(NULL, 0, 5);
	}
	return true;
}
