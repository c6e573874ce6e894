/* SPDX-License-Identifier: Apache-2.0 */
/* plan_file.h - the file of network parameters that an operator writes. */
#ifndef DOORMAN_PLAN_FILE_H
#define DOORMAN_PLAN_FILE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"

struct plan_notary {
	const char *name; /* a service's, or a node's legal name */
	bool validating;
};

struct plan_file {
	struct plan_notary *notaries;
	unsigned notary_count;
	int minimum_platform;
	int max_message_size, max_transaction_size; /* bytes */
	int event_horizon_days;
};

/* Parts live in the arena. ERROR_INPUT "file:line:column: …". */
int plan_file_read(const char *path, struct arena *arena, struct plan_file *ret,
		   struct error *err);

#endif
