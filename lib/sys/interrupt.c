/* SPDX-License-Identifier: Apache-2.0 */
/* interrupt.c - SIGINT and SIGTERM: the first asks, the second quits. */
#include "sys/interrupt.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* Atomic, as the signal may come to any thread; a handler may use atomics
 * that are free of locks. */
static atomic_int asked;
static atomic_int times;
static int event = -1;
static pid_t owner; /* a child shares the event until it has its own program */

static void on_signal(int number)
{
	int before = errno;

	(void)number;
	asked = 1;
	if (++times > 1)
		_exit(ERROR_INTERRUPTED);
	if (getpid() == owner)
		eventfd_write(event, 1);
	errno = before;
}

void interrupt_install(void)
{
	struct sigaction action = { .sa_handler = on_signal };

	/* Without one, waits see the signal when it comes to their thread. */
	if (event < 0)
		event = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	owner = getpid();
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
}

bool interrupted(void)
{
	return asked;
}

int interrupt_check(struct error *err)
{
	if (!asked)
		return 0;
	return error_set(err, ERROR_INTERRUPTED, "interrupted");
}

int interrupt_fd(void)
{
	return event;
}

/* The flag first: a signal that comes in between sets it again, and waits look
 * at it before they wait. */
void interrupt_clear(void)
{
	eventfd_t value;

	asked = 0;
	eventfd_read(event, &value);
}
