/* SPDX-License-Identifier: Apache-2.0 */
/* network_names.c - names of nodes, StatefulSets, databases and hosts. */
#include "run/network_names.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"

enum {
	SHORT_MAX = 20, /* of a commit-ish; longer ones are cut and marked */
	SHA1_SHORT = 10,
	SET_MAX = 40,
	SUBDOMAIN_MAX = 253,
	QUANTITY_DIGITS = 15,
};

static const char maven[] = "maven:";
static const char finance[] = "finance-";

bool release_is_maven(const char *word)
{
	return !strncmp(word, maven, strlen(maven));
}

const char *release_version(const char *word)
{
	return word + strlen(maven);
}

const char *cordapps_version(const char *word)
{
	return strncmp(word, finance, strlen(finance)) ? NULL
						       : word + strlen(finance);
}

bool name_is_dns_label(const char *name)
{
	size_t len = strlen(name);

	for (size_t i = 0; i < len; i++)
		if (!islower((unsigned char)name[i]) &&
		    !isdigit((unsigned char)name[i]) &&
		    (name[i] != '-' || !i || i == len - 1))
			return false;
	return len >= 1 && len <= SET_MAX;
}

bool name_is_prefix(const char *name)
{
	size_t len = strlen(name);

	return len >= 2 && len <= NAME_PREFIX_MAX &&
	       islower((unsigned char)name[0]) && name[len - 1] == '-' &&
	       !name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-")];
}

bool name_is_dns_subdomain(const char *name)
{
	static const char inner[] = "-.";
	size_t len = strlen(name);

	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)name[i];

		if (islower(c) || isdigit(c))
			continue;
		if (!strchr(inner, c) || !i || i == len - 1 ||
		    strchr(inner, name[i - 1]))
			return false;
	}
	return len >= 1 && len <= SUBDOMAIN_MAX;
}

bool name_is_plain(const char *name)
{
	const char *p = name;

	if (!isalnum((unsigned char)*p))
		return false;
	while (isalnum((unsigned char)*p) || (*p && strchr("._-", *p)))
		p++;
	return !*p;
}

bool quantity_valid(const char *text)
{
	static const char *const units[] = { "",  "m",	"k",  "M",  "G",
					     "T", "Ki", "Mi", "Gi", "Ti" };
	size_t digits = strspn(text, "0123456789");
	const char *unit = text + digits;

	if (!digits || digits > QUANTITY_DIGITS)
		return false;
	if (*unit == '.') {
		digits = strspn(unit + 1, "0123456789");
		unit += 1 + digits;
		if (!digits || digits > QUANTITY_DIGITS)
			return false;
	}
	for (size_t i = 0; i < ARRAY_SIZE(units); i++)
		if (!strcmp(unit, units[i]))
			return true;
	return false;
}

bool registry_valid(const char *text)
{
	size_t host = strcspn(text, ":/"), port;
	const char *p = text + host;

	if (!host || text[0] == '-' || text[0] == '.')
		return false;
	for (size_t i = 0; i < host; i++)
		if (!isalnum((unsigned char)text[i]) && !strchr(".-", text[i]))
			return false;
	if (*p == ':') {
		port = strspn(p + 1, "0123456789");
		p += 1 + port;
		if (!port || port > 5)
			return false;
	}
	for (; *p; p++)
		if (!islower((unsigned char)*p) &&
		    !isdigit((unsigned char)*p) && !strchr("._-/", *p))
			return false;
	return strlen(text) <= SUBDOMAIN_MAX && !strstr(text, "//");
}

/* FNV-1a: tells cut names apart, nothing more. */
static unsigned mark(const char *text)
{
	unsigned h = 2166136261u;

	for (; *text; text++)
		h = (h ^ (unsigned char)*text) * 16777619u;
	return h & 0xffffff;
}

static bool is_sha1(const char *word)
{
	return strlen(word) == 40 &&
	       strspn(word, "0123456789abcdefABCDEF") == 40;
}

/* Letters, digits, '.' and single inner '-' remain of the text. */
static void tidy(char *text)
{
	char *to = text;

	for (const char *p = text; *p; p++) {
		char c = isalnum((unsigned char)*p) || *p == '.' ? *p : '-';

		if (c != '-' || (to > text && to[-1] != '-'))
			*to++ = c;
	}
	while (to > text && !isalnum((unsigned char)to[-1]))
		to--;
	*to = 0;
}

/* Whether the text stands for the word without a mark: '/' and the like are
 * seldom all that tells two branches apart, a letter that was lost is. */
static bool tells_enough(const char *text, const char *from, bool version)
{
	if (!*text || strlen(text) > SHORT_MAX)
		return false;
	if (version)
		return !strcmp(text, from);
	while (*from && (unsigned char)*from < 0x80)
		from++;
	return !*from;
}

/* `from` is the part of the word that is shown. */
static const char *brief(const char *word, const char *from, bool version,
			 struct arena *arena)
{
	char *text = arena_strdup(arena, from);

	if (!text)
		return NULL;
	tidy(text);
	if (tells_enough(text, from, version))
		return text;
	return arena_printf(arena, "%.*s%s%06x", SHORT_MAX - 7, text,
			    *text ? "-" : "x", mark(word));
}

const char *release_brief(const char *word, struct arena *arena)
{
	if (is_sha1(word))
		return arena_strndup(arena, word, SHA1_SHORT);
	if (release_is_maven(word))
		return brief(word, release_version(word), true, arena);
	return brief(word, word, false, arena);
}

const char *cordapps_brief(const char *word, struct arena *arena)
{
	const char *version = brief(word, cordapps_version(word), true, arena);

	return version ? arena_printf(arena, "%s%s", finance, version) : NULL;
}

/* A DNS label; a name that had to be cut ends with its mark. */
static const char *set_name(const char *prefix, const char *stem,
			    struct arena *arena)
{
	char *set = strlen(stem) <= SET_MAX
			    ? arena_printf(arena, "%s%s", prefix, stem)
			    : arena_printf(arena, "%s%.*s-%06x", prefix,
					   SET_MAX - 7, stem, mark(stem));

	for (char *p = set; p && *p; p++) {
		*p = (char)tolower((unsigned char)*p);
		if (!isalnum((unsigned char)*p))
			*p = '-';
	}
	return set;
}

int names_make(struct node_names *ret, const struct node_kind *kind,
	       struct arena *arena, struct error *err)
{
	const char *brief = release_brief(kind->word, arena);
	const char *role = kind->role == NODE_BANK ? "bank" : "notary";
	const char *extra = kind->extra ? kind->extra : "";
	const char *plus = *extra ? "+" : "", *dash = *extra ? "-" : "";

	if (!brief)
		return error_nomem(err);
	ret->label = arena_printf(arena, "%s%s%s", brief, plus, extra);
	ret->stem = arena_printf(arena, "%s-%s%s%s", role, brief, dash, extra);
	ret->set = ret->stem ? set_name(kind->prefix, ret->stem, arena) : NULL;
	return ret->label && ret->set ? 0 : error_nomem(err);
}

/* PostgreSQL takes '-' in quotes alone. */
static void underscore(char *name)
{
	for (char *p = name; p && *p; p++)
		if (*p == '-')
			*p = '_';
}

int names_give(const struct node_names *names, const char *namespace,
	       struct network_node *node, struct arena *arena,
	       struct error *err)
{
	char *database;

	node->set = names->set;
	node->name = arena_printf(arena, "%s-%u", names->stem, node->ordinal);
	node->legal_name = arena_printf(arena, "O=%s-%u, L=London, C=GB",
					names->stem, node->ordinal);
	node->pod = arena_printf(arena, "%s-%u", names->set, node->ordinal);
	database = arena_printf(arena, "%s-%u", names->set, node->ordinal);
	underscore(database);
	node->database = database;
	if (node->cluster)
		node->service = arena_printf(arena, "O=%s, L=London, C=GB",
					     names->stem);
	if (!node->name || !node->legal_name || !node->pod || !database ||
	    (node->cluster && !node->service))
		return error_nomem(err);
	return node_move(node, namespace, arena, err);
}

int node_move(struct network_node *node, const char *namespace,
	      struct arena *arena, struct error *err)
{
	node->host = arena_printf(arena, "%s.%s.%s.svc.cluster.local",
				  node->pod, node->set, namespace);
	return node->host ? 0 : error_nomem(err);
}

const char *network_object(const struct network *net, const char *name,
			   char room[OBJECT_NAME])
{
	snprintf(room, OBJECT_NAME, "%s%s", network_prefix(net), name);
	return room;
}

const char *network_doorman_database(const struct network *net,
				     char room[OBJECT_NAME])
{
	network_object(net, DOORMAN_DATABASE, room);
	underscore(room);
	return room;
}

int names_settle(struct network *net, struct arena *arena, struct error *err)
{
	char room[OBJECT_NAME];

	net->database_set =
		arena_strdup(arena, network_object(net, "database", room));
	return net->database_set ? 0 : error_nomem(err);
}
