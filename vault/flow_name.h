/* SPDX-License-Identifier: Apache-2.0 */
/* flow_name.h - which flow an older node's checkpoint is of. */
#ifndef VAULT_FLOW_NAME_H
#define VAULT_FLOW_NAME_H

#include <stddef.h>
#include <stdint.h>

/*
 * Up to 4.7 a node keeps of an unfinished flow its id and a blob: Corda's
 * frame about an object graph of Kryo, which only the JVM that wrote it can
 * read. But where a class is met first its name stands there in clear text,
 * and then the names of its fields, "Class.field", without a gap. A flow is
 * known by those that it has of FlowLogic, whatever it is called; the first on
 * the fiber's stack is the one that was started, its subflows come later.
 */
enum { FLOW_NAME_ROOM = 256, CHECKPOINT_MAX = 4 * 1024 * 1024 };

/* The class of the flow, in `room`; NULL when the bytes do not tell. They may
 * be cut off at the end. */
const char *flow_name(const uint8_t *checkpoint, size_t len,
		      char room[FLOW_NAME_ROOM]);

/* "CashPaymentReceiverFlow" of its full name. */
const char *flow_short_name(const char *name);

#endif
