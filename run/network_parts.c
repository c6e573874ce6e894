/* SPDX-License-Identifier: Apache-2.0 */
/* network_parts.c - the keys inside the parts of network.yaml and of its
 * resolved form. */
#include "run/network_keys.h"

#include "base/cleanup.h"

/* ---- as a person writes them ---- */

#define ENTRY(member) offsetof(struct plan_entry, member)
#define LOAD(member) offsetof(struct load, member)

static const struct key bank_list[] = {
	{ .name = "release",
	  .type = KEY_TEXT,
	  .offset = ENTRY(release),
	  .required = true,
	  .help = "release of the nodes: `maven:4.10`, or a commit-ish of the "
		  "clone at `repo`, as in releases.txt" },
	{ .name = "count",
	  .type = KEY_INT,
	  .offset = ENTRY(count),
	  .min = 1,
	  .max = 1000,
	  .fallback = "1",
	  .help = "number of nodes" },
	{ .name = "cordapps",
	  .type = KEY_TEXT,
	  .offset = ENTRY(cordapps),
	  .otherwise = "the network's",
	  .help = "CorDapps of these nodes: `finance-4.0`, or `release`" },
	{ .name = "jvm",
	  .type = KEY_TEXT,
	  .offset = ENTRY(jvm),
	  .otherwise = "the network's",
	  .help = "options of the JVMs of these nodes" },
};

const struct keys bank_keys = {
	.what = "a bank",
	.list = bank_list,
	.count = ARRAY_SIZE(bank_list),
	.size = sizeof(struct plan_entry),
	.at_offset = ENTRY(at),
};

static const struct key notary_list[] = {
	{ .name = "release",
	  .type = KEY_TEXT,
	  .offset = ENTRY(release),
	  .required = true,
	  .help = "release of the notary, as for a bank" },
	{ .name = "validating",
	  .type = KEY_BOOL,
	  .offset = ENTRY(validating),
	  .fallback = "false",
	  .help = "true: the notary also verifies the contracts of "
		  "transactions" },
	{ .name = "cluster",
	  .type = KEY_TEXT,
	  .offset = ENTRY(cluster),
	  .choices = "raft bft-smart",
	  .otherwise = "one node",
	  .help = "the notary has several nodes with one identity, which use "
		  "the protocol `raft` or, only with `identity: static`, "
		  "`bft-smart` (docs/notaries.md)" },
	{ .name = "count",
	  .type = KEY_INT,
	  .offset = ENTRY(count),
	  .min = 1,
	  .max = 9,
	  .otherwise = "3 with raft, 4 with bft-smart",
	  .help = "number of nodes of a cluster; with bft-smart 4, 5, 7 or 8" },
	{ .name = "cordapps",
	  .type = KEY_TEXT,
	  .offset = ENTRY(cordapps),
	  .otherwise = "the network's, or the first bank's",
	  .help = "CorDapps of the notary" },
	{ .name = "jvm",
	  .type = KEY_TEXT,
	  .offset = ENTRY(jvm),
	  .otherwise = "the network's",
	  .help = "options of the notary's JVMs" },
};

const struct keys notary_keys = {
	.what = "a notary",
	.list = notary_list,
	.count = ARRAY_SIZE(notary_list),
	.size = sizeof(struct plan_entry),
	.at_offset = ENTRY(at),
};

static const struct key mix_list[] = {
#define OP_KIND(NAME, word, noun, nouns, has_payee, second_notary, settles,    \
		coins, least, weight, help_)                                   \
	{ .name = word,                                                        \
	  .type = KEY_INT,                                                     \
	  .offset = LOAD(mix[OP_##NAME]),                                      \
	  .min = least,                                                        \
	  .max = 1000,                                                         \
	  .fallback = weight,                                                  \
	  .help = help_ },
#include "run/op_kinds.def"
#undef OP_KIND
};

static const struct keys mix_keys = KEYS_OF("mix", mix_list);

static const struct key load_list[] = {
	{ .name = "rate",
	  .type = KEY_REAL,
	  .offset = LOAD(rate),
	  .max = 10000,
	  .fallback = "0",
	  .help = "payments per second in the whole network; 0: as many as "
		  "`in_flight` allows" },
	{ .name = "count",
	  .type = KEY_LONG,
	  .offset = LOAD(count),
	  .max = 100000000,
	  .otherwise = "1.5 times the payments that the gates need; 0 if "
		       "`seconds` is set",
	  .help = "number of all payments; 0: no limit" },
	{ .name = "seconds",
	  .type = KEY_LONG,
	  .offset = LOAD(seconds),
	  .max = 2592000,
	  .fallback = "0",
	  .help = "seconds of load; 0: no limit. The first limit that is "
		  "reached ends the load" },
	{ .name = "mix", .type = KEY_MAP, .inner = &mix_keys },
	{ .name = "in_flight",
	  .type = KEY_INT,
	  .offset = LOAD(in_flight),
	  .min = 1,
	  .max = 1000,
	  .fallback = "8",
	  .help = "flows that run at the same time on each node" },
	{ .name = "currency",
	  .type = KEY_TEXT,
	  .offset = LOAD(currency),
	  .choices = "USD EUR GBP CHF",
	  .fallback = "USD",
	  .help = "currency of issues and payments" },
	{ .name = "issue",
	  .type = KEY_AMOUNT,
	  .offset = LOAD(issue_amount),
	  .min = 0.01,
	  .max = 1000000000,
	  .fallback = "10000.00",
	  .help = "amount of one issue" },
	{ .name = "pay",
	  .type = KEY_RANGE,
	  .offset = LOAD(pay_min),
	  .min = 0.01,
	  .max = 1000000000,
	  .fallback = "[1.00, 100.00]",
	  .help = "smallest and largest amount of a payment" },
};

const struct keys load_keys = KEYS_OF("load", load_list);

/* The part begins with the first of them. */
#define GATE(member)                                                           \
	(offsetof(struct network, member) -                                    \
	 offsetof(struct network, settled_gate))

static const struct key gates_list[] = {
	{ .name = "settled",
	  .type = KEY_INT,
	  .offset = GATE(settled_gate),
	  .min = 1,
	  .max = 100000,
	  .fallback = "6",
	  .help = "number of payments that must settle before a cell can "
		  "pass" },
	{ .name = "stable_runs",
	  .type = KEY_INT,
	  .offset = GATE(stable_gate),
	  .min = 0,
	  .max = 1000,
	  .fallback = "0",
	  .help = "a cell is required only if it has passed this many runs in "
		  "a row before this run, by the history of runs (`medley "
		  "history`); 0: cells are required from the first run on" },
};

const struct keys gates_keys = KEYS_OF("gates", gates_list);

static const struct key history_list[] = {
	{ .name = "database",
	  .type = KEY_TEXT,
	  .offset = 0, /* alone in the part */
	  .otherwise = "`$MEDLEY_HISTORY_DATABASE`, or none",
	  .help = "PostgreSQL database in which `medley run` records the run "
		  "when it has ended: `postgresql://USER@HOST:PORT/DATABASE`, "
		  "without a password" },
};

const struct keys history_keys = KEYS_OF("history", history_list);

#define TIMEOUT(member, forms, seconds, text)                                  \
	{ .name = #member,                                                     \
	  .type = KEY_INT,                                                     \
	  .only = forms,                                                       \
	  .offset = offsetof(struct timeouts, member),                         \
	  .min = 1,                                                            \
	  .max = 86400,                                                        \
	  .fallback = seconds,                                                 \
	  .help = text }

/* lib/sys/patience.h */
#define MORE_WHERE_SLOW                                                        \
	", or four times the longest time so far, if that is longer, but at "  \
	"most four times this value"

static const struct key timeouts_list[] = {
	TIMEOUT(build, NETWORK_WHOLE, "900", "seconds to build one image"),
	TIMEOUT(migrate, NETWORK_WHOLE, "300",
		"seconds to make the database tables of one "
		"release" MORE_WHERE_SLOW),
	TIMEOUT(boot, NETWORK_WHOLE, "300",
		"seconds from a node's start to its readiness" MORE_WHERE_SLOW),
	TIMEOUT(flow, 0, "60",
		"seconds for one flow" MORE_WHERE_SLOW
		"; after that the outcome is unknown until the databases "
		"settle it"),
	TIMEOUT(settle, NETWORK_WHOLE, "60",
		"seconds after the load within which the vaults must become "
		"quiet (nothing in them changes); longer if operations of the "
		"run were slow, as for `flow`"),
	TIMEOUT(down, NETWORK_WHOLE, "120", "seconds for teardown"),
};

const struct keys timeouts_keys = KEYS_OF("timeouts", timeouts_list);

const struct keys load_timeouts_keys = {
	.what = "timeouts of a load",
	.list = timeouts_list,
	.count = ARRAY_SIZE(timeouts_list),
	.form = NETWORK_LOAD,
	.at_offset = KEYS_NO_PLACE,
};

#define EXTERNAL(member) offsetof(struct external_database, member)

static const struct key external_list[] = {
	{ .name = "host",
	  .type = KEY_TEXT,
	  .offset = EXTERNAL(host),
	  .otherwise = "a new PostgreSQL in the network",
	  .help = "an existing PostgreSQL server (only in clusters); medley "
		  "creates a database and a role for each node" },
	{ .name = "port",
	  .type = KEY_INT,
	  .offset = EXTERNAL(port),
	  .min = 1,
	  .max = 65535,
	  .fallback = "5432",
	  .help = "port of the server" },
	{ .name = "secret",
	  .type = KEY_TEXT,
	  .offset = EXTERNAL(secret),
	  .otherwise = "`medley-passwords`, for medley's own PostgreSQL",
	  .help = "Secret of the namespace with the keys `database-user` and "
		  "`database-password`, of a role that may create databases "
		  "and roles" },
};

const struct keys external_keys = KEYS_OF("external_database", external_list);

/* ---- as they are laid out ---- */

#define RELEASE(member) offsetof(struct release, member)
#define NODE(member) offsetof(struct network_node, member)

#define TEXT_OF(where, member)                                                 \
	{ .name = #member, .type = KEY_TEXT, .offset = where(member) }
#define NUMBER_OF(where, member, kind)                                         \
	{ .name = #member,                                                     \
	  .type = kind,                                                        \
	  .offset = where(member),                                             \
	  .max = 100000 }

static const struct key release_list[] = {
	TEXT_OF(RELEASE, label),     TEXT_OF(RELEASE, word),
	TEXT_OF(RELEASE, cordapps),  TEXT_OF(RELEASE, commit),
	TEXT_OF(RELEASE, image),     TEXT_OF(RELEASE, cordapps_image),
	TEXT_OF(RELEASE, contracts), NUMBER_OF(RELEASE, platform, KEY_INT),
	TEXT_OF(RELEASE, failure),   TEXT_OF(RELEASE, notary_image),
};

const struct keys release_keys = {
	.what = "a release",
	.list = release_list,
	.count = ARRAY_SIZE(release_list),
	.size = sizeof(struct release),
	.at_offset = KEYS_NO_PLACE,
};

static const struct key node_list[] = {
	TEXT_OF(NODE, name),
	{ .name = "role",
	  .type = KEY_CHOICE,
	  .offset = NODE(role),
	  .choices = "bank notary" },
	NUMBER_OF(NODE, release, KEY_UNSIGNED),
	TEXT_OF(NODE, legal_name),
	TEXT_OF(NODE, set),
	NUMBER_OF(NODE, ordinal, KEY_UNSIGNED),
	TEXT_OF(NODE, pod),
	TEXT_OF(NODE, host),
	TEXT_OF(NODE, database),
	{ .name = "validating", .type = KEY_BOOL, .offset = NODE(validating) },
	TEXT_OF(NODE, cluster),
	TEXT_OF(NODE, service),
	TEXT_OF(NODE, jvm),
};

const struct keys node_keys = {
	.what = "a node",
	.list = node_list,
	.count = ARRAY_SIZE(node_list),
	.size = sizeof(struct network_node),
	.at_offset = KEYS_NO_PLACE,
};
