/* SPDX-License-Identifier: Apache-2.0 */
/* wait.h - blocking waits for a descriptor or for a time. */
#ifndef SYS_WAIT_H
#define SYS_WAIT_H

#include <stdint.h>

/*
 * For code that does one step after the other and must wait in between. Code
 * that waits for several events at once uses a loop (net/loop.h).
 *
 * Both return at once if medley is interrupted; the caller then calls
 * interrupt_check() and stops. Code that must wait for an end in spite of an
 * interrupt uses process_wait().
 */

/* Waits until the descriptor is ready for one of `events` (POLLIN, POLLOUT), or
 * until clock_mono_us() is `deadline_us`. Returns the events that are ready,
 * also POLLERR and POLLHUP; 0: the time is over, or interrupted(). fd -1: waits
 * only for the time. */
short wait_fd(int fd, short events, int64_t deadline_us);

/* A pause before another try. Use it only if nothing reports the change: the
 * storage of another program, a server that is not up yet, a lock of another
 * process. If there is a descriptor, wait for it instead. */
void pause_ms(int ms);

#endif
