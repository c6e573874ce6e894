/* SPDX-License-Identifier: Apache-2.0 */
/* network_parameters.c - the signed parameters that all nodes share. */
#include "corda/network_parameters.h"

#include "corda/schemas.h"
#include "corda/signed_data.h"
#include "proto/amqp.h"

/* Descriptors: fingerprints of the classes. */
#define PARAMETERS "net.corda:kZXKDqagj8XgyPGseUES2A=="
#define DURATION "net.corda:java.time.Duration"
#define NOTARY_LIST "net.corda:Lm6D8R5mkucZHBqmCj6KlA=="
#define NOTARY "net.corda:LgGAObv9hX+sgfmAA5Q6pA=="
#define PARTY "net.corda:H9KOi8agUusgKKi3MEB3xg=="
#define PUBLIC_KEY "net.corda:java.security.PublicKey"
#define KEY_MAP "net.corda:ZZ81CV5YUks1ewSGpHn4TQ=="
#define HASH_LIST_MAP "net.corda:Xc2UJChe9k/aA+4vi4Y6ng=="

static void write_notary(struct amqp_writer *w,
			 const struct notary_info *notary)
{
	amqp_object_begin(w, NOTARY);
	amqp_object_begin(w, PARTY);
	x500_name_write(&notary->name, w);
	amqp_describe(w, PUBLIC_KEY);
	amqp_write_binary(w, notary->spki.bytes, notary->spki.len);
	amqp_list_end(w);
	amqp_write_bool(w, notary->validating);
	amqp_list_end(w);
}

/* Unlike an Instant, with the nanoseconds first. */
static void write_duration(struct amqp_writer *w, int64_t seconds)
{
	amqp_object_begin(w, DURATION);
	amqp_write_int(w, 0);
	amqp_write_long(w, seconds);
	amqp_list_end(w);
}

static void write_empty_map(struct amqp_writer *w, const char *descriptor)
{
	amqp_describe(w, descriptor);
	amqp_map_begin(w);
	amqp_list_end(w);
}

void network_parameters_write(const struct network_parameters *p,
			      struct buf *out)
{
	struct amqp_writer w;

	amqp_writer_init(&w, out);
	amqp_envelope_begin(&w);
	amqp_object_begin(&w, PARAMETERS);
	amqp_write_int(&w, p->epoch);
	write_duration(&w, p->event_horizon);
	amqp_write_int(&w, p->max_message_size);
	amqp_write_int(&w, p->max_transaction_size);
	amqp_write_int(&w, p->minimum_platform);
	instant_write(&w, p->modified, p->modified_nanos);
	amqp_object_begin(&w, NOTARY_LIST);
	for (size_t i = 0; i < p->notary_count; i++)
		write_notary(&w, &p->notaries[i]);
	amqp_list_end(&w);
	write_empty_map(&w, KEY_MAP);
	write_empty_map(&w, HASH_LIST_MAP);
	amqp_list_end(&w);
	schema_write(&w, SCHEMA_NETWORK_PARAMETERS);
	amqp_list_end(&w);
}

int network_parameters_sign(struct der inner, struct der signer,
			    const struct key *key, struct buf *out,
			    struct error *err)
{
	return signed_data_sign(inner, signer, key, out, err);
}

static int read_notaries(const struct amqp_value *list, struct arena *arena,
			 struct network_parameters *p, struct error *err)
{
	size_t n = amqp_count(list);
	struct notary_info *notaries =
		arena_array(arena, n + 1, sizeof(*notaries));

	if (!notaries)
		return error_nomem(err);
	for (size_t i = 0; i < n; i++) {
		const struct amqp_value *v = amqp_at(list, i);
		const struct amqp_value *flag = amqp_get(v, "validating");

		notaries[i].validating = flag && flag->boolean;
		notaries[i].spki = der_of(amqp_path(v, "identity.owningKey"));
		if (x500_name_from_amqp(amqp_path(v, "identity.name"), arena,
					&notaries[i].name, err) < 0)
			return error_wrap(err, "notary %zu", i);
	}
	p->notaries = notaries;
	p->notary_count = n;
	return 0;
}

static int read_inner(struct der inner, struct arena *arena,
		      struct network_parameters *p, struct error *err)
{
	const struct amqp_value *v, *instant, *horizon;

	if (amqp_read(inner.bytes, inner.len, arena, &v, err) < 0)
		return -1;
	if (!amqp_is(v, "net.corda.core.node.NetworkParameters"))
		return error_set(err, ERROR_INPUT,
				 "expected NetworkParameters");
	instant = amqp_bare(amqp_get(v, "modifiedTime"));
	horizon = amqp_bare(amqp_get(v, "eventHorizon"));
	p->epoch = amqp_int(amqp_get(v, "epoch"), 0);
	p->event_horizon = amqp_int(amqp_at(horizon, 1), 0);
	p->max_message_size = amqp_int(amqp_get(v, "maxMessageSize"), 0);
	p->max_transaction_size =
		amqp_int(amqp_get(v, "maxTransactionSize"), 0);
	p->minimum_platform =
		amqp_int(amqp_get(v, "minimumPlatformVersion"), 0);
	p->modified = amqp_int(amqp_at(instant, 0), 0);
	p->modified_nanos = amqp_int(amqp_at(instant, 1), 0);
	return read_notaries(amqp_get(v, "notaries"), arena, p, err);
}

int network_parameters_read(const void *bytes, size_t len, struct arena *arena,
			    struct signed_network_parameters *ret,
			    struct error *err)
{
	struct signed_network_parameters file;
	struct signed_data data;

	if (signed_data_read(bytes, len, arena, &data, err) < 0)
		return -1;
	file.inner = data.inner;
	file.signer = data.signer;
	file.signature = data.signature;
	if (read_inner(file.inner, arena, &file.parameters, err) < 0)
		return -1;
	*ret = file;
	return 0;
}
