/* SPDX-License-Identifier: Apache-2.0 */
/* tx_view.c - what is known of one transaction, as its facts are read. */
#include "vault/tx_view.h"

bool tx_view_has(const struct tx_view *v, unsigned node)
{
	for (size_t i = 0; i < v->count; i++)
		if (v->facts[i].type == FACT_STORED && v->facts[i].node == node)
			return true;
	return false;
}

/* Where one more goes when there is no room: in place of the one that tells the
 * least, since the weightiest names the finding. */
static struct trouble *lightest(struct tx_view *v)
{
	struct trouble *least = &v->troubles[0];

	for (size_t i = 1; i < v->trouble_count; i++)
		if (v->troubles[i].what > least->what)
			least = &v->troubles[i];
	return least;
}

void tx_view_trouble(struct tx_view *v, enum problem what, unsigned node,
		     uint32_t index, const uint8_t *other)
{
	const struct trouble trouble = { what, (uint16_t)node, index, other };
	struct trouble *least;

	for (size_t i = 0; i < v->trouble_count; i++)
		if (v->troubles[i].what == what &&
		    v->troubles[i].node == node &&
		    v->troubles[i].index == index)
			return;
	if (v->trouble_count < TROUBLES_MAX) {
		v->troubles[v->trouble_count++] = trouble;
		return;
	}
	least = lightest(v);
	if (least->what > what)
		*least = trouble;
}

void tx_view_drop(struct tx_view *v, enum problem what)
{
	size_t kept = 0;

	for (size_t i = 0; i < v->trouble_count; i++)
		if (v->troubles[i].what != what)
			v->troubles[kept++] = v->troubles[i];
	v->trouble_count = kept;
}
