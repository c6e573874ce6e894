/* SPDX-License-Identifier: Apache-2.0 */
/* cash.c - calls of the finance CorDapp's cash flows, and their parties. */
#include "corda/cash.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/money.h"

/* The smallest unit of the currency, as Java's Currency has it. */
static const char *token_size(const char *currency)
{
	static const char *const sizes[] = { "1", "0.1", "0.01", "0.001" };

	return sizes[money_decimals(currency)];
}

static void write_amount(struct amqp_writer *w,
			 const struct cash_amount *amount)
{
	amqp_object_begin(w, call_symbol(CALL_AMOUNT));
	amqp_describe(w, "net.corda:java.math.BigDecimal");
	amqp_write_string(w, token_size(amount->currency));
	amqp_write_long(w, amount->quantity);
	amqp_describe(w, "net.corda:java.util.Currency");
	amqp_write_string(w, amount->currency);
	amqp_list_end(w);
}

static void write_party(struct amqp_writer *w, const struct party *party)
{
	amqp_object_begin(w, call_symbol(CALL_PARTY));
	x500_name_write(&party->name, w);
	amqp_describe(w, "net.corda:java.security.PublicKey");
	amqp_write_binary(w, party->key, party->key_len);
	amqp_list_end(w);
}

/* All that cash flows use, sent with each: a class too many does no harm. */
static const enum call_type cash_types[] = { CALL_LIST,	  CALL_ARRAY,
					     CALL_AMOUNT, CALL_BYTES,
					     CALL_PARTY,  CALL_NAME };

/* Opens the two arguments of startFlowDynamic: class, array of arguments. */
static void flow_begin(struct amqp_writer *w, struct buf *out,
		       const char *flow_class)
{
	call_begin(w, out);
	amqp_object_begin(w, "net.corda:java.lang.Class");
	amqp_write_string(w, flow_class);
	amqp_list_end(w);
	amqp_object_begin(w, call_symbol(CALL_ARRAY));
}

void call_cash_issue(struct buf *out, const struct cash_amount *amount,
		     const struct party *notary)
{
	static const uint8_t reference[] = { 1 };
	struct amqp_writer w;

	flow_begin(&w, out, "net.corda.finance.flows.CashIssueFlow");
	write_amount(&w, amount);
	amqp_object_begin(&w, call_symbol(CALL_BYTES));
	amqp_write_binary(&w, reference, sizeof(reference));
	amqp_list_end(&w);
	write_party(&w, notary);
	amqp_list_end(&w);
	call_end(&w, cash_types, ARRAY_SIZE(cash_types));
}

void call_cash_pay(struct buf *out, const struct cash_amount *amount,
		   const struct party *payee, bool anonymous,
		   const struct party *notary)
{
	struct amqp_writer w;

	flow_begin(&w, out, "net.corda.finance.flows.CashPaymentFlow");
	write_amount(&w, amount);
	write_party(&w, payee);
	amqp_write_bool(&w, anonymous);
	write_party(&w, notary);
	amqp_list_end(&w);
	call_end(&w, cash_types, ARRAY_SIZE(cash_types));
}

void call_party(struct buf *out, const struct x500_name *name)
{
	static const enum call_type types[] = { CALL_LIST, CALL_NAME };
	struct amqp_writer w;

	call_begin(&w, out);
	x500_name_write(name, &w);
	call_end(&w, types, ARRAY_SIZE(types));
}

int party_read(const struct amqp_value *value, struct arena *arena,
	       struct party *ret, struct error *err)
{
	const struct amqp_value *key = amqp_bare(amqp_get(value, "owningKey"));
	struct party party;
	uint8_t *copy;

	if (!value || value->type == AMQP_NULL)
		return error_set(err, ERROR_LOAD,
				 "the node has no party of this name in its "
				 "network map");
	if (!key || key->type != AMQP_BINARY)
		return error_set(err, ERROR_INTERNAL, "a party without key");
	if (x500_name_from_amqp(amqp_get(value, "name"), arena, &party.name,
				err) < 0)
		return -1;
	copy = arena_alloc(arena, key->len);
	if (!copy)
		return error_nomem(err);
	party.key = memcpy(copy, key->bytes, key->len);
	party.key_len = key->len;
	*ret = party;
	return 0;
}
