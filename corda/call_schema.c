/* SPDX-License-Identifier: Apache-2.0 */
/* call_schema.c - the schemas of the classes in arguments of calls. */
#include "corda/call.h"

/*
 * Names, fields and fingerprints as nodes 4.0 … 4.10 write them: a
 * fingerprint depends on the class's shape alone, and these have one shape.
 */
enum {
	DESCRIPTOR_ENVELOPE_SCHEMA = 2,
	DESCRIPTOR_TYPE = 3,
	DESCRIPTOR_FIELD = 4,
	DESCRIPTOR_COMPOSITE = 5,
	DESCRIPTOR_RESTRICTED = 6,
	DESCRIPTOR_TRANSFORMS = 9
};

static const uint64_t corda_descriptor = 0xc562000000000000;

struct field {
	const char *name, *type;
	const char *
		requires; /* of a field of type "*" */
	const char *absent; /* default value */
	bool optional;
};

static const struct {
	const char *symbol, *name;
	const char *source; /* restricted: "list"; NULL: composite */
	struct field fields[6];
} classes[CALL_TYPES] = {
	[CALL_LIST] = { "net.corda:1BLPJgNvsxdvPcbrIQd87g==",
			"java.util.List<java.lang.Object>",
			"list",
			{ { 0 } } },
	[CALL_ARRAY] = { "net.corda:HyO/aprkenhv3vg3Mxrftw==",
			 "java.lang.Object[]",
			 "list",
			 { { 0 } } },
	[CALL_AMOUNT] = { "net.corda:4CcHWhmurC6MeCQN+rDASw==",
			  "net.corda.core.contracts.Amount",
			  NULL,
			  { { .name = "displayTokenSize",
			      .type = "java.math.BigDecimal" },
			    { .name = "quantity",
			      .type = "long",
			      .absent = "0" },
			    { .name = "token", .type = "java.lang.Object" } } },
	[CALL_BYTES] = { "net.corda:pgT0Kc3t/bvnzmgu/nb4Cg==",
			 "net.corda.core.utilities.OpaqueBytes",
			 NULL,
			 { { .name = "bytes", .type = "binary" } } },
	[CALL_PARTY] = { "net.corda:H9KOi8agUusgKKi3MEB3xg==",
			 "net.corda.core.identity.Party",
			 NULL,
			 { { .name = "name",
			     .type = "net.corda.core.identity.CordaX500Name" },
			   { .name = "owningKey",
			     .type = "*",
			     .requires = "java.security.PublicKey" } } },
	[CALL_NAME] = { "net.corda:ngdwbt6kRT0l5nn16uf87A==",
			"net.corda.core.identity.CordaX500Name",
			NULL,
			{ { .name = "commonName",
			    .type = "string",
			    .optional = true },
			  { .name = "country", .type = "string" },
			  { .name = "locality", .type = "string" },
			  { .name = "organisation", .type = "string" },
			  { .name = "organisationUnit",
			    .type = "string",
			    .optional = true },
			  { .name = "state",
			    .type = "string",
			    .optional = true } } },
	[CALL_FLOW_ID] = { "net.corda:V0D1OsrZ3WNxhqTEIRJTzg==",
			   "net.corda.core.flows.StateMachineRunId",
			   NULL,
			   { { .name = "uuid", .type = "uuid" } } },
};

const char *call_symbol(enum call_type type)
{
	return classes[type].symbol;
}

static void describe(struct amqp_writer *w, unsigned code)
{
	amqp_describe_code(w, corda_descriptor | code);
}

static void write_empty_list(struct amqp_writer *w)
{
	amqp_list_begin(w);
	amqp_list_end(w);
}

static void write_string_or_null(struct amqp_writer *w, const char *text)
{
	if (text)
		amqp_write_string(w, text);
	else
		amqp_write_null(w);
}

static void write_field(struct amqp_writer *w, const struct field *f)
{
	describe(w, DESCRIPTOR_FIELD);
	amqp_list_begin(w);
	amqp_write_string(w, f->name);
	amqp_write_string(w, f->type);
	amqp_list_begin(w);
	if (f->requires)
		amqp_write_string(w, f->requires);
	amqp_list_end(w);
	write_string_or_null(w, f->absent);
	amqp_write_null(w); /* label */
	amqp_write_bool(w, !f->optional);
	amqp_write_bool(w, false); /* not multiple */
	amqp_list_end(w);
}

static void write_class(struct amqp_writer *w, enum call_type type)
{
	const char *source = classes[type].source;

	describe(w, source ? DESCRIPTOR_RESTRICTED : DESCRIPTOR_COMPOSITE);
	amqp_list_begin(w);
	amqp_write_string(w, classes[type].name);
	amqp_write_null(w); /* label */
	write_empty_list(w); /* provides */
	if (source)
		amqp_write_string(w, source);
	describe(w, DESCRIPTOR_TYPE);
	amqp_list_begin(w);
	amqp_write_symbol(w, classes[type].symbol);
	amqp_write_null(w);
	amqp_list_end(w);
	amqp_list_begin(w); /* fields, or the choices of an enum */
	for (unsigned i = 0; i < 6 && classes[type].fields[i].name; i++)
		write_field(w, &classes[type].fields[i]);
	amqp_list_end(w);
	amqp_list_end(w);
}

void call_begin(struct amqp_writer *w, struct buf *out)
{
	amqp_writer_init(w, out);
	amqp_envelope_begin(w);
	amqp_object_begin(w, call_symbol(CALL_LIST));
}

void call_end(struct amqp_writer *w, const enum call_type *types, size_t count)
{
	amqp_list_end(w); /* the arguments */
	describe(w, DESCRIPTOR_ENVELOPE_SCHEMA);
	amqp_list_begin(w);
	amqp_list_begin(w);
	for (size_t i = 0; i < count; i++)
		write_class(w, types[i]);
	amqp_list_end(w);
	amqp_list_end(w);
	describe(w, DESCRIPTOR_TRANSFORMS);
	amqp_map_begin(w);
	amqp_list_end(w);
	amqp_list_end(w); /* the envelope */
}
