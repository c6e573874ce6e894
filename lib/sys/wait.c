/* SPDX-License-Identifier: Apache-2.0 */
/* wait.c - blocking waits for a descriptor or for a time. */
#include "sys/wait.h"

#include <poll.h>
#include <time.h>

#include "sys/clock.h"
#include "sys/interrupt.h"

short wait_fd(int fd, short events, int64_t deadline_us)
{
	struct pollfd set[] = { { .fd = fd, .events = events },
				{ .fd = interrupt_fd(), .events = POLLIN } };

	while (!interrupted()) {
		int64_t left = deadline_us - clock_mono_us();
		struct timespec t = { 0 };
		int n;

		if (left > 0) {
			t.tv_sec = left / 1000000;
			t.tv_nsec = left % 1000000 * 1000;
		}
		n = ppoll(set, 2, &t, NULL);
		if (n > 0 && set[0].revents)
			return set[0].revents;
		if (left <= 0)
			return 0;
	}
	return 0;
}

void pause_ms(int ms)
{
	wait_fd(-1, 0, clock_mono_us() + ms * 1000LL);
}
