/* SPDX-License-Identifier: Apache-2.0 */
/* network_names.h - names of nodes, StatefulSets, databases and hosts. */
#ifndef RUN_NETWORK_NAMES_H
#define RUN_NETWORK_NAMES_H

#include "run/network.h"

bool release_is_maven(const char *word);
/* "4.10" of "maven:4.10" */
const char *release_version(const char *word);
/* A release in the names of its nodes: "4.10", "feature-x", ten digits of a
 * SHA-1. Letters, digits, '.' and inner '-'; what had to be cut, or had letters
 * beyond ASCII, ends with a mark of the whole word. NULL: out of memory. */
const char *release_brief(const char *word, struct arena *arena);
/* "4.10" of "finance-4.10"; NULL: the word is not of that form. */
const char *cordapps_version(const char *word);
/* Likewise CorDapps of that form: "finance-4.10". */
const char *cordapps_brief(const char *word, struct arena *arena);
/* Lower-case letters, digits and inner '-', 1 to 40 of them. */
bool name_is_dns_label(const char *name);

/* What names of objects may begin with: lower-case letters, digits and '-', 2
 * to NAME_PREFIX_MAX of them; a letter first, as Services need it, and '-'
 * last. */
bool name_is_prefix(const char *name);
/* A StatefulSet's name has at most 40 characters without the prefix, and 52
 * with it: Kubernetes adds '-' and ten digits to it in a label, which has 63.
 */
enum { NAME_PREFIX_MAX = 12 };
/* Lower-case letters, digits, and inner '-' and '.', at most 253. */
bool name_is_dns_subdomain(const char *name);
/* Letters, digits, '.', '_' and '-', beginning with a letter or digit: safe as
 * a part of a path, a URL or a command line. */
bool name_is_plain(const char *name);
/* "500m", "1.5", "512Mi": as Kubernetes writes amounts. */
bool quantity_valid(const char *text);
/* "host[:port][/path]" */
bool registry_valid(const char *text);

/* Names that the nodes of one StatefulSet share. */
struct node_names {
	const char *label; /* "4.10+finance-4.8", "4.8+raft" */
	const char *stem; /* "bank-4.10-finance-4.8" */
	const char *set; /* "bank-4-10-finance-4-8", with the prefix */
};

/* What the nodes of a StatefulSet have in common. */
struct node_kind {
	const char *word; /* the release, as in releases.txt */
	/* Added to the release in the label: CorDapps, or the kind of a notary
	 * cluster; NULL: nothing. */
	const char *extra;
	const char *prefix; /* of names of objects */
	enum node_role role;
};

/* Parts live in `arena`. */
int names_make(struct node_names *ret, const struct node_kind *kind,
	       struct arena *arena, struct error *err);
/* Sets the names of the node from its ordinal, and for a node of a cluster also
 * the service's name. */
int names_give(const struct node_names *names, const char *namespace,
	       struct network_node *node, struct arena *arena,
	       struct error *err);
/* Sets the name of the database's StatefulSet. */
int names_settle(struct network *net, struct arena *arena, struct error *err);
/* Sets the host of a node, whose names are set, for another namespace. */
int node_move(struct network_node *node, const char *namespace,
	      struct arena *arena, struct error *err);

#endif
