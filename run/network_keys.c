/* SPDX-License-Identifier: Apache-2.0 */
/* network_keys.c - the keys of network.yaml. */
#include "run/network_keys.h"

#include "base/cleanup.h"
#include "run/engine_names.h"
#include "run/jvm.h"

#define ENTRY(member) offsetof(struct plan_entry, member)
#define LOAD(member) offsetof(struct load, member)
#define PLAN(member) offsetof(struct plan, member)

static const struct key bank_list[] = {
	{ .name = "release",
	  .type = KEY_TEXT,
	  .offset = ENTRY(release),
	  .required = true,
	  .help = "what the nodes run: `maven:4.10`, or a commit-ish of the "
		  "clone at `repo`, as in releases.txt" },
	{ .name = "count",
	  .type = KEY_INT,
	  .offset = ENTRY(count),
	  .min = 1,
	  .max = 1000,
	  .fallback = "1",
	  .help = "nodes of this release" },
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

static const struct keys bank_keys = {
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
	  .help = "what the notary runs, as for a bank" },
	{ .name = "validating",
	  .type = KEY_BOOL,
	  .offset = ENTRY(validating),
	  .fallback = "false",
	  .help = "whether the notary runs the contracts as well" },
	{ .name = "cluster",
	  .type = KEY_TEXT,
	  .offset = ENTRY(cluster),
	  .choices = "raft bft-smart",
	  .otherwise = "one node",
	  .help = "the notary is several nodes with one identity, which agree "
		  "by `raft` or, with `identity: static`, by `bft-smart` "
		  "(docs/notaries.md)" },
	{ .name = "count",
	  .type = KEY_INT,
	  .offset = ENTRY(count),
	  .min = 1,
	  .max = 9,
	  .otherwise = "3 by raft, 4 by bft-smart",
	  .help = "nodes of a cluster; by bft-smart 4, 5, 7 or 8" },
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

static const struct keys notary_keys = {
	.what = "a notary",
	.list = notary_list,
	.count = ARRAY_SIZE(notary_list),
	.size = sizeof(struct plan_entry),
	.at_offset = ENTRY(at),
};

static const struct key mix_list[] = {
	{ .name = "issue",
	  .type = KEY_INT,
	  .offset = LOAD(issue),
	  .max = 1000,
	  .fallback = "1",
	  .help = "weight of issues of cash, beside each bank's first" },
	{ .name = "pay",
	  .type = KEY_INT,
	  .offset = LOAD(pay),
	  .min = 1,
	  .max = 1000,
	  .fallback = "9",
	  .help = "weight of payments" },
};

static const struct keys mix_keys = KEYS_OF("mix", mix_list);

static const struct key load_list[] = {
	{ .name = "rate",
	  .type = KEY_REAL,
	  .offset = LOAD(rate),
	  .max = 10000,
	  .fallback = "0",
	  .help = "payments a second over the whole network; 0: as many as "
		  "`in_flight` lets through" },
	{ .name = "count",
	  .type = KEY_LONG,
	  .offset = LOAD(count),
	  .max = 100000000,
	  .otherwise = "half as many again as the gates need, 0 where "
		       "`seconds` ends the load",
	  .help = "payments in all; 0: no limit" },
	{ .name = "seconds",
	  .type = KEY_LONG,
	  .offset = LOAD(seconds),
	  .max = 2592000,
	  .fallback = "0",
	  .help = "how long to pay; 0: no limit; the first limit ends" },
	{ .name = "mix", .type = KEY_MAP, .inner = &mix_keys },
	{ .name = "in_flight",
	  .type = KEY_INT,
	  .offset = LOAD(in_flight),
	  .min = 1,
	  .max = 1000,
	  .fallback = "8",
	  .help = "flows in flight a node" },
	{ .name = "currency",
	  .type = KEY_TEXT,
	  .offset = LOAD(currency),
	  .choices = "USD EUR GBP CHF",
	  .fallback = "USD",
	  .help = "of issues and payments" },
	{ .name = "issue",
	  .type = KEY_AMOUNT,
	  .offset = LOAD(issue_amount),
	  .min = 0.01,
	  .max = 1000000000,
	  .fallback = "10000.00",
	  .help = "cash of one issue" },
	{ .name = "pay",
	  .type = KEY_RANGE,
	  .offset = LOAD(pay_min),
	  .min = 0.01,
	  .max = 1000000000,
	  .fallback = "[1.00, 100.00]",
	  .help = "least and most of a payment" },
};

const struct keys load_keys = KEYS_OF("load", load_list);

static const struct key gates_list[] = {
	{ .name = "settled",
	  .type = KEY_INT,
	  .offset = 0, /* alone in the part */
	  .min = 1,
	  .max = 100000,
	  .fallback = "6",
	  .help = "settled payments that a cell needs for a verdict" },
};

const struct keys gates_keys = KEYS_OF("gates", gates_list);

#define TIMEOUT(member, seconds, text)                                         \
	{ .name = #member,                                                     \
	  .type = KEY_INT,                                                     \
	  .offset = offsetof(struct timeouts, member),                         \
	  .min = 1,                                                            \
	  .max = 86400,                                                        \
	  .fallback = seconds,                                                 \
	  .help = text }

/* lib/sys/patience.h */
#define MORE_WHERE_SLOW                                                        \
	"; where the longest so far took more than a quarter of that, four "   \
	"times as long, at most four times the value"

#define FLOW_TIMEOUT                                                           \
	TIMEOUT(flow, "60",                                                    \
		"seconds for one flow; then its outcome is "                   \
		"unknown until the databases settle it" MORE_WHERE_SLOW)

static const struct key timeouts_list[] = {
	TIMEOUT(build, "900", "seconds for one image"),
	TIMEOUT(migrate, "300",
		"seconds for the tables of one release" MORE_WHERE_SLOW),
	TIMEOUT(boot, "300",
		"seconds from a node's start to its readiness" MORE_WHERE_SLOW),
	FLOW_TIMEOUT,
	TIMEOUT(settle, "60",
		"seconds after the load until the vaults are "
		"quiet; more where operations of the run were slow, as "
		"for `flow`"),
	TIMEOUT(down, "120", "seconds for teardown"),
};

const struct keys timeouts_keys = KEYS_OF("timeouts", timeouts_list);

static const struct key load_timeouts_list[] = { FLOW_TIMEOUT };

const struct keys load_timeouts_keys =
	KEYS_OF("timeouts of a load", load_timeouts_list);

#define QUANTITY(member, value, text)                                          \
	{ .name = #member,                                                     \
	  .type = KEY_TEXT,                                                    \
	  .offset = offsetof(struct resources, member),                        \
	  .fallback = value,                                                   \
	  .help = text }

static const struct key resources_list[] = {
	QUANTITY(cpu, "100m", "that a node's pod requests"),
	QUANTITY(memory, "512Mi", "that a node's pod requests"),
	{ .name = "cpu_limit",
	  .type = KEY_TEXT,
	  .offset = offsetof(struct resources, cpu_limit),
	  .otherwise = "none: a node that starts needs all it can get",
	  .help = "of a node's container" },
	QUANTITY(memory_limit, "1536Mi", "of a node's container"),
	QUANTITY(storage, "1Gi", "of each volume"),
};

const struct keys resources_keys = KEYS_OF("resources", resources_list);

#define EXTERNAL(member) offsetof(struct external_database, member)

static const struct key external_list[] = {
	{ .name = "host",
	  .type = KEY_TEXT,
	  .offset = EXTERNAL(host),
	  .otherwise = "a PostgreSQL of the network's own",
	  .help = "a PostgreSQL server that is there already (in clusters); "
		  "each node gets a database and a role there" },
	{ .name = "port",
	  .type = KEY_INT,
	  .offset = EXTERNAL(port),
	  .min = 1,
	  .max = 65535,
	  .fallback = "5432",
	  .help = "where it listens" },
	{ .name = "secret",
	  .type = KEY_TEXT,
	  .offset = EXTERNAL(secret),
	  .otherwise = "`medley-passwords`, which is ours",
	  .help = "Secret of the namespace with the keys `database-user` and "
		  "`database-password`, of a role that may create databases "
		  "and roles" },
};

const struct keys external_keys = KEYS_OF("external_database", external_list);

static const struct key plan_list[] = {
	{ .name = "banks",
	  .type = KEY_LIST,
	  .offset = PLAN(banks),
	  .count_offset = PLAN(bank_count),
	  .inner = &bank_keys,
	  .required = true,
	  .min = 1,
	  .max = 100,
	  .help = "one StatefulSet a line" },
	{ .name = "notaries",
	  .type = KEY_LIST,
	  .offset = PLAN(notaries),
	  .count_offset = PLAN(notary_count),
	  .inner = &notary_keys,
	  .required = true,
	  .min = 1,
	  .max = 20,
	  .help = "one notary a line" },
	{ .name = "cordapps",
	  .type = KEY_TEXT,
	  .offset = PLAN(cordapps),
	  .otherwise = "each bank names its own",
	  .help = "CorDapps of the whole network: `finance-4.0`, or "
		  "`release`: the finance jars of each node's own release" },
	{ .name = "jvm",
	  .type = KEY_TEXT,
	  .offset = PLAN(jvm),
	  .fallback = JVM_FAST,
	  .help = "options of the nodes' JVMs: `fast` starts nodes in the "
		  "shortest time, `stock` leaves the node's own options alone "
		  "(to measure a load), and a text that begins with '-' is "
		  "given to each JVM, such as `-Xmx1g`" },
	{ .name = "database",
	  .type = KEY_TEXT,
	  .offset = PLAN(database),
	  .choices = "postgresql",
	  .fallback = "postgresql",
	  .help = "where the nodes keep their vaults" },
#define NET(member) PLAN(net.member)
#include "run/network_keys.def"
#undef NET
};

const struct keys plan_keys = KEYS_OF("a network", plan_list);

void network_keys_document(struct buf *out)
{
	buf_add_str(out,
		    "# network.yaml\n\n"
		    "The network that `medley run` and `medley generate` read. "
		    "This page is made from the table that the reader follows "
		    "(`medley help network.yaml`).\n\n"
		    "| key | value | default | what it is |\n"
		    "| --- | --- | --- | --- |\n");
	keys_document(&plan_keys, "", out);
	buf_add_str(
		out,
		"\nAt least two bank nodes and one notary are needed. A key "
		"that is not in this table, a value of another type or out of "
		"its bounds, or a key given twice ends the command with exit "
		"code 64 and the line and column; nothing has been made "
		"then.\n\n"
		"A release's name in the matrix is the short form of its "
		"word (`4.10` for `maven:4.10`). Where the banks run "
		"different CorDapps, they are part of the name: "
		"`4.10+finance-4.0`.\n\n"
		"`medley drive --load FILE` takes a file that has only the "
		"keys `load` and, if wanted, `timeouts.flow` of this table.\n");
}
