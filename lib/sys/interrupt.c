/* SPDX-License-Identifier: Apache-2.0 */
/* interrupt.c - SIGINT and SIGTERM: the first asks, the second quits. */
#include "sys/interrupt.h"

#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <unistd.h>

/* Atomic, as the signal may come to any thread; a handler may use atomics
 * that are free of locks. */
static atomic_int asked;
static atomic_int times;

static void on_signal(int number)
{
	(void)number;
	asked = 1;
	if (++times > 1)
		_exit(ERROR_INTERRUPTED);
}

void interrupt_install(void)
{
	struct sigaction action = { .sa_handler = on_signal };

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

void interrupt_clear(void)
{
	asked = 0;
}
