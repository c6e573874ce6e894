/* SPDX-License-Identifier: Apache-2.0 */
/* own_names.c - which names are those of things that a run has made. */
#include "engine/own_names.h"

#include <ctype.h>
#include <string.h>

#include "run/network_names.h"

enum { MARK_LEN = 4 };

bool own_prefix(const char *prefix)
{
	static const char begin[] = "medley-";
	size_t len = strlen(prefix);
	const char *mark;

	if (!name_is_plain(prefix) || strncmp(prefix, begin, strlen(begin)) ||
	    len < strlen(begin) + 2 + MARK_LEN)
		return false;
	mark = prefix + len - MARK_LEN;
	if (mark[-1] != '-')
		return false;
	for (; *mark; mark++)
		if (!isdigit((unsigned char)*mark) && !strchr("abcdef", *mark))
			return false;
	return true;
}

bool own_name(const char *prefix, const char *name)
{
	size_t n = strlen(prefix);

	return name_is_plain(name) && !strncmp(name, prefix, n) &&
	       (!name[n] || name[n] == '-');
}

/* What stands behind the prefix; NULL: the name has another one. */
static const char *behind_prefix(const struct network *net, const char *name)
{
	for (const char *p = network_prefix(net); *p; p++, name++)
		if (*name != (*p == '-' ? '_' : *p))
			return NULL;
	return name;
}

/* The names of network_names.c, whatever the run's file says. */
static bool is_node_database(const struct network *net, const char *name)
{
	name = behind_prefix(net, name);
	return name &&
	       (!strncmp(name, "bank_", 5) || !strncmp(name, "notary_", 7)) &&
	       !name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_")];
}

bool own_database(const struct network *net, const char *name)
{
	char room[OBJECT_NAME];

	if (!strcmp(name, network_doorman_database(net, room)))
		return true;
	for (unsigned i = 0; i < net->node_count; i++)
		if (!strcmp(net->nodes[i].database, name))
			return is_node_database(net, name);
	return false;
}

static void reverse(struct inventory_item *items, unsigned count)
{
	for (unsigned i = 0; i < count / 2; i++) {
		const struct inventory_item item = items[i];

		items[i] = items[count - 1 - i];
		items[count - 1 - i] = item;
	}
}

/* By halves, since an inventory from elsewhere may be long. */
unsigned own_items(struct engine *e, struct inventory_item *items,
		   unsigned count)
{
	const unsigned half = count / 2;
	unsigned first, second;

	if (count < 2)
		return count && e->ops->owns(e, items);
	first = own_items(e, items, half);
	second = own_items(e, items + half, count - half);
	/* The strangers of the first half and the own ones of the second. */
	reverse(items + first, half - first);
	reverse(items + half, second);
	reverse(items + first, half - first + second);
	return first + second;
}
