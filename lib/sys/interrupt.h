/* SPDX-License-Identifier: Apache-2.0 */
/* interrupt.h - SIGINT and SIGTERM: the first asks, the second quits. */
#ifndef SYS_INTERRUPT_H
#define SYS_INTERRUPT_H

#include <stdbool.h>

#include "base/error.h"

/* Installs the handlers; called once, by main. */
void interrupt_install(void);
/* True once asked to stop: every wait looks here at least twice a second, or
 * waits for interrupt_fd() as well (wait.h). */
bool interrupted(void);
/* -1 and ERROR_INTERRUPTED once asked to stop, else 0. */
int interrupt_check(struct error *err);
/* Readable while interrupted(); -1 before interrupt_install(). Only poll it:
 * whoever reads it takes the interrupt from others. */
int interrupt_fd(void);
/* Teardown is not to be stopped by the signal that caused it: forgets it. */
void interrupt_clear(void);

#endif
