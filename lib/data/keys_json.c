/* SPDX-License-Identifier: Apache-2.0 */
/* keys_json.c - a struct as a JSON object, by its table of keys. */
#include "base/buf.h"
#include "base/cleanup.h"
#include "data/keys.h"
#include "data/keys_value.h"

enum { TEXT_MAX = 64 * 1024, UNIT = 100 };

static struct js *range_json(const int64_t *range)
{
	struct js *both = js_array();

	js_append_num(both, (double)range[0] / UNIT);
	js_append_num(both, (double)range[1] / UNIT);
	return both;
}

/* As key_print() writes it, but without the quotes of YAML. */
static void set_text(struct js *object, const struct key *k, const void *member)
{
	cleanup(buf_release) struct buf text = BUF_INIT(TEXT_MAX);

	if (k->type == KEY_TEXT) {
		js_set_str(object, k->name, *(const char *const *)member);
		return;
	}
	if (k->type == KEY_DATE && !*(const int64_t *)member) {
		js_set_str(object, k->name, NULL);
		return;
	}
	key_print(k, member, &text);
	js_set_str(object, k->name, buf_text(&text));
}

static struct js *list_json(const struct key *k, const char *items,
			    unsigned count)
{
	struct js *list = js_array();

	for (unsigned i = 0; i < count; i++)
		js_append(list,
			  keys_json(k->inner, items + i * k->inner->size));
	return list;
}

static struct js *pairs_json(const struct key_pair *pairs, unsigned count)
{
	struct js *map = js_object();

	for (unsigned i = 0; i < count; i++)
		js_set_str(map, pairs[i].name, pairs[i].value);
	return map;
}

static void set_value(struct js *object, const struct key *k,
		      const void *member)
{
	switch (k->type) {
	case KEY_BOOL:
		js_set_bool(object, k->name, *(const bool *)member);
		break;
	case KEY_INT:
	case KEY_UNSIGNED:
		js_set_int(object, k->name, *(const int *)member);
		break;
	case KEY_LONG:
		js_set_int(object, k->name, *(const int64_t *)member);
		break;
	case KEY_SEED:
		js_set_int(object, k->name, (int64_t)*(const uint64_t *)member);
		break;
	case KEY_REAL:
		js_set_num(object, k->name, *(const double *)member);
		break;
	case KEY_AMOUNT:
		js_set_num(object, k->name,
			   (double)*(const int64_t *)member / UNIT);
		break;
	case KEY_RANGE:
		js_set(object, k->name, range_json(member));
		break;
	case KEY_MAP:
		js_set(object, k->name, keys_json(k->inner, member));
		break;
	case KEY_TEXT:
	case KEY_CHOICE:
	case KEY_DATE:
		set_text(object, k, member);
		break;
	case KEY_PAIRS: /* by set_key() */
	case KEY_LIST:
		break;
	}
}

static void set_key(struct js *object, const struct key *k, const char *base)
{
	const void *member = base + k->offset;

	if (k->type == KEY_PAIRS)
		js_set(object, k->name,
		       pairs_json(*(const struct key_pair *const *)member,
				  *(const unsigned *)(base + k->count_offset)));
	else if (k->type == KEY_LIST)
		js_set(object, k->name,
		       list_json(k, *(const char *const *)member,
				 *(const unsigned *)(base + k->count_offset)));
	else
		set_value(object, k, member);
}

struct js *keys_json(const struct keys *keys, const void *base)
{
	struct js *object = js_object();

	for (const struct key *k = NULL; (k = keys_next(keys, k));)
		if (!keys->one_of || k == keys_variant(keys, base))
			set_key(object, k, base);
	return object;
}
