/* SPDX-License-Identifier: Apache-2.0 */
/* wait.h - blocking waits for a descriptor or for a time. */
#ifndef SYS_WAIT_H
#define SYS_WAIT_H

#include <stdint.h>

/*
 * For code that does one thing after the other and must wait in between. Code
 * that waits for several things at once runs a loop (net/loop.h).
 *
 * Both end at once when medley is interrupted, and as long as it is: the caller
 * looks (interrupt_check()) and breaks off. What must be seen through although
 * an interrupt came uses process_wait().
 */

/* Until the descriptor is ready for one of `events` (POLLIN, POLLOUT), or
 * clock_mono_us() is `deadline_us`. Returns what it is ready for, also POLLERR
 * and POLLHUP; 0: time is over, or interrupted(). fd -1: nothing but time. */
short wait_fd(int fd, short events, int64_t deadline_us);

/* A pause before something is tried or looked at again. Right only where nobody
 * reports the change: another program's storage, a server that is not up yet, a
 * lock of another process. Where there is a descriptor, wait for it. */
void pause_ms(int ms);

#endif
