/* SPDX-License-Identifier: Apache-2.0 */
/* call.h - writes RPC calls of a Corda node and reads the answers. */
#ifndef CORDA_CALL_H
#define CORDA_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "proto/amqp.h"
#include "proto/amqp_writer.h"

/*
 * The body of a call is a list of arguments in Corda's envelope, followed by
 * the schema of the classes in it. The bytes are the same for every release,
 * and equal to those of Corda's Java client. Each function adds one body to
 * `out`; failures stick to the buffer.
 */

/* The classes that arguments may have; a schema is a list of them. */
enum call_type {
	CALL_LIST, /* java.util.List<java.lang.Object>: every call */
	CALL_ARRAY, /* java.lang.Object[]: the arguments of a flow */
	CALL_AMOUNT,
	CALL_BYTES, /* OpaqueBytes */
	CALL_PARTY,
	CALL_NAME, /* CordaX500Name */
	CALL_FLOW_ID, /* StateMachineRunId */
	CALL_TYPES
};

/* Opens the list of arguments; call_end() closes it and adds the schema. */
void call_begin(struct amqp_writer *w, struct buf *out);
void call_end(struct amqp_writer *w, const enum call_type *types, size_t count);
/* The symbol that describes an object of this class. */
const char *call_symbol(enum call_type type);

/* getProtocolVersion, networkMapSnapshot, notaryIdentities, currentNodeTime,
 * stateMachineRecordedTransactionMappingSnapshot … */
void call_nothing(struct buf *out);
void call_kill_flow(struct buf *out, const uint8_t flow[16]);

/* An exception, as it came over the wire; in the caller's arena. */
struct call_failure {
	const char *class_name; /* "net.corda.finance.flows.CashException" */
	const char *text; /* may be NULL */
};

/* The answer to a call: Try.Success or Try.Failure. */
struct call_reply {
	bool success;
	const struct amqp_value *value; /* may be an AMQP_NULL */
	struct call_failure failure;
};

int call_reply_read(const void *body, size_t len, struct arena *arena,
		    struct call_reply *ret, struct error *err);

/* One notification of an observable. A future sends NEXT and COMPLETED, or
 * ERROR. */
enum call_event_kind { CALL_NEXT, CALL_ERROR, CALL_COMPLETED };

struct call_event {
	enum call_event_kind kind;
	const struct amqp_value *value; /* CALL_NEXT */
	struct call_failure failure; /* CALL_ERROR */
};

int call_event_read(const void *body, size_t len, struct arena *arena,
		    struct call_event *ret, struct error *err);

/* The value of startFlowDynamic's answer. */
enum { FLOW_ID_TEXT = 37 };

struct call_flow {
	uint8_t id[16];
	char id_text[FLOW_ID_TEXT]; /* "660fdde5-198c-4137-8349-aaab44c09af6" */
	const char *observable; /* of its result */
	int64_t observable_ms; /* its timestamp, to be returned unchanged */
};

int call_flow_read(const struct amqp_value *value, struct arena *arena,
		   struct call_flow *ret, struct error *err);

/* 16 bytes as 36 characters. */
void uuid_text(char room[FLOW_ID_TEXT], const uint8_t uuid[16]);

#endif
