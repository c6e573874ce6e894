/* SPDX-License-Identifier: Apache-2.0 */
/* interrupt.h - SIGINT and SIGTERM: the first asks, the second quits. */
#ifndef SYS_INTERRUPT_H
#define SYS_INTERRUPT_H

#include <stdbool.h>

#include "base/error.h"

/* Installs the handlers; called once, by main. */
void interrupt_install(void);
/* True after the user asked to stop. Every wait calls this at least twice a
 * second, or also waits for interrupt_fd() (wait.h). */
bool interrupted(void);
/* -1 and ERROR_INTERRUPTED after the user asked to stop, else 0. */
int interrupt_check(struct error *err);
/* Readable while interrupted(); -1 before interrupt_install(). Only poll it;
 * reading from it would hide the interrupt from others. */
int interrupt_fd(void);
/* Clears the interrupt, so that the signal that caused a teardown does not stop
 * the teardown. */
void interrupt_clear(void);

#endif
