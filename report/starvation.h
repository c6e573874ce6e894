/* SPDX-License-Identifier: Apache-2.0 */
/* starvation.h - payments that got no answer because the machine was busy. */
#ifndef REPORT_STARVATION_H
#define REPORT_STARVATION_H

#include "report/judgement.h"

/*
 * A payment that got no answer in time says nothing about releases when the
 * machine has no time for the nodes. That it had none must be seen twice:
 *
 * - tasks waited for a CPU during most of the load, by /proc/pressure/cpu of
 *   this machine, where the nodes run here; where the kernel does not tell, the
 *   nodes took long to start by their own logs; and
 * - the control cells, whose payer and payee have one and the same release of
 *   this cell and whose notary is the same, got no answers either or were slow.
 *   A single fast one shows that the machine was not at fault. Without control
 *   cells most of all other cells must have been slow, and without other cells
 *   the nodes must have been slow to start.
 */

/* Sets `starved` of each cell with payments without answer that were starved:
 * what shows it, in words. */
int judge_starvation(struct judgement *j, struct arena *arena,
		     struct error *err);

#endif
