/* SPDX-License-Identifier: Apache-2.0 */
/* call.c - writes RPC calls of a Corda node and reads the answers. */
#include "corda/call.h"

#include <string.h>

#include "base/cleanup.h"

void call_nothing(struct buf *out)
{
	static const enum call_type types[] = { CALL_LIST };
	struct amqp_writer w;

	call_begin(&w, out);
	call_end(&w, types, ARRAY_SIZE(types));
}

void call_kill_flow(struct buf *out, const uint8_t flow[16])
{
	static const enum call_type types[] = { CALL_LIST, CALL_FLOW_ID };
	struct amqp_writer w;

	call_begin(&w, out);
	amqp_object_begin(&w, call_symbol(CALL_FLOW_ID));
	amqp_write_uuid(&w, flow);
	amqp_list_end(&w);
	call_end(&w, types, ARRAY_SIZE(types));
}

/* Throwable: properties, cause, class, message, stack trace, suppressed. */
static int failure_read(const struct amqp_value *v, struct arena *arena,
			struct call_failure *ret, struct error *err)
{
	const struct amqp_value *parts = amqp_bare(v);

	if (!amqp_is(v, "java.lang.Throwable") || amqp_count(parts) < 4)
		return error_set(err, ERROR_INTERNAL,
				 "an exception of an unknown form");
	if (amqp_text(amqp_at(parts, 2), arena, &ret->class_name, err) < 0 ||
	    amqp_text(amqp_at(parts, 3), arena, &ret->text, err) < 0)
		return -1;
	if (!ret->class_name)
		return error_set(err, ERROR_INTERNAL,
				 "an exception without class");
	return 0;
}

int call_reply_read(const void *body, size_t len, struct arena *arena,
		    struct call_reply *ret, struct error *err)
{
	const struct amqp_value *root;
	struct call_reply reply = { 0 };

	if (amqp_read(body, len, arena, &root, err) < 0)
		return -1;
	if (amqp_is(root, "net.corda.core.utilities.Try$Success")) {
		reply.success = true;
		reply.value = amqp_get(root, "value");
	} else if (!amqp_is(root, "net.corda.core.utilities.Try$Failure")) {
		return error_set(err, ERROR_INTERNAL,
				 "an answer that is neither Success nor "
				 "Failure");
	} else if (failure_read(amqp_get(root, "exception"), arena,
				&reply.failure, err) < 0) {
		return -1;
	}
	*ret = reply;
	return 0;
}

int call_event_read(const void *body, size_t len, struct arena *arena,
		    struct call_event *ret, struct error *err)
{
	const struct amqp_value *root, *parts, *kind;
	struct call_event event = { 0 };

	if (amqp_read(body, len, arena, &root, err) < 0)
		return -1;
	parts = amqp_bare(root);
	kind = amqp_at(amqp_at(parts, 0), 0);
	if (!amqp_is(root, "rx.Notification") || amqp_count(parts) < 3)
		return error_set(err, ERROR_INTERNAL,
				 "an observation is not an rx.Notification");
	if (amqp_equals(kind, "OnCompleted"))
		event.kind = CALL_COMPLETED;
	else if (amqp_equals(kind, "OnError"))
		event.kind = CALL_ERROR;
	else if (!amqp_equals(kind, "OnNext"))
		return error_set(err, ERROR_INTERNAL,
				 "a Notification of unknown kind");
	event.value = amqp_at(parts, 2);
	if (event.kind == CALL_ERROR &&
	    failure_read(amqp_at(parts, 1), arena, &event.failure, err) < 0)
		return -1;
	*ret = event;
	return 0;
}

int call_flow_read(const struct amqp_value *value, struct arena *arena,
		   struct call_flow *ret, struct error *err)
{
	const struct amqp_value *uuid = amqp_path(value, "id.uuid");
	/* A CordaFuture is a list of one Observable: id and timestamp. */
	const struct amqp_value *observable = amqp_bare(
		amqp_at(amqp_bare(amqp_get(value, "returnValue")), 0));

	if (!uuid || uuid->type != AMQP_UUID || amqp_count(observable) < 2)
		return error_set(err, ERROR_INTERNAL,
				 "a flow handle of an unknown form");
	memcpy(ret->id, uuid->bytes, sizeof(ret->id));
	uuid_text(ret->id_text, ret->id);
	if (amqp_text(amqp_at(observable, 0), arena, &ret->observable, err) < 0)
		return -1;
	ret->observable_ms = amqp_int(amqp_at(observable, 1), 0);
	if (!ret->observable)
		return error_set(err, ERROR_INTERNAL,
				 "a flow handle without observable");
	return 0;
}

void uuid_text(char room[FLOW_ID_TEXT], const uint8_t uuid[16])
{
	static const char digits[] = "0123456789abcdef";
	char *p = room;

	for (int i = 0; i < 16; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*p++ = '-';
		*p++ = digits[uuid[i] >> 4];
		*p++ = digits[uuid[i] & 15];
	}
	*p = 0;
}
