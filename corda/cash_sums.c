/* SPDX-License-Identifier: Apache-2.0 */
/* cash_sums.c - asks a node for the cash in its vault, by currency. */
#include "corda/cash_sums.h"

#include <stdbool.h>
#include <string.h>

/* More currencies than there are are not an answer. */
enum { SUMS_MAX = 1024, CURRENCY_MAX = 15 };

/*
 * The request that R3's own client sends for VaultCustomQueryCriteria(sum of
 * PersistentCashState.pennies, grouped by currency) of FungibleAsset. It has no
 * argument that changes, and is the same for every release.
 */
__asm__(".pushsection .rodata\n"
	"cash_sums_request:\n"
	".incbin \"corda/requests/cash-sums.bin\"\n"
	"cash_sums_request_end:\n"
	".popsection\n");
extern const uint8_t cash_sums_request[], cash_sums_request_end[];

void call_cash_sums(struct buf *out)
{
	buf_add(out, cash_sums_request,
		(size_t)(cash_sums_request_end - cash_sums_request));
}

static int other_form(struct error *err)
{
	return error_set(err, ERROR_INTERNAL,
			 "the sums of a vault query have an unknown form");
}

static bool is_list(const struct amqp_value *v)
{
	return v &&
	       (v->type == AMQP_LIST || (v->type == AMQP_OBJECT &&
					 v->cls->kind == AMQP_RESTRICTED_LIST));
}

static bool is_known(const struct cash_sum *list, size_t count,
		     const char *currency)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(list[i].currency, currency))
			return true;
	return false;
}

int cash_sums_read(const struct amqp_value *page, struct arena *arena,
		   struct cash_sum **ret, size_t *ret_count, struct error *err)
{
	/* Sum, currency, sum, currency … */
	const struct amqp_value *parts = amqp_get(page, "otherResults");
	const size_t count = amqp_count(parts) / 2;
	struct cash_sum *list;

	if (!amqp_is(page, "net.corda.core.node.services.Vault$Page") ||
	    !is_list(parts) || parts->count != 2 * count || count > SUMS_MAX)
		return other_form(err);
	list = arena_array(arena, count, sizeof(*list));
	if (!list)
		return error_nomem(err);
	for (size_t i = 0; i < count; i++) {
		const struct amqp_value *sum = amqp_at(parts, 2 * i);
		const char *currency = NULL;

		if (amqp_text(amqp_at(parts, 2 * i + 1), arena, &currency,
			      err) < 0)
			return -1;
		if (!sum || sum->type != AMQP_INT || !currency || !*currency ||
		    strlen(currency) > CURRENCY_MAX ||
		    is_known(list, i, currency))
			return other_form(err);
		list[i] = (struct cash_sum){ currency, sum->integer };
	}
	*ret = list;
	*ret_count = count;
	return 0;
}
