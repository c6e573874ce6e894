/* SPDX-License-Identifier: Apache-2.0 */
/* network_keys.c - the keys of network.yaml and of network.resolved.yaml. */
#include "run/network_keys.h"

#include "base/cleanup.h"
#include "run/engine_names.h"
#include "run/jvm.h"

enum { NODES_MAX = 5180 };

#define FILE_KEY(member) offsetof(struct network_file, member)

/* A key without `only` is in both files, and what a person writes is saved. */
static const struct key file_list[] = {
	/* ---- what a person asks for; nodes and releases come of it ---- */
	{ .name = "banks",
	  .type = KEY_LIST,
	  .only = NETWORK_GIVEN,
	  .offset = FILE_KEY(banks),
	  .count_offset = FILE_KEY(bank_count),
	  .inner = &bank_keys,
	  .required = true,
	  .min = 1,
	  .max = 100,
	  .help = "the banks; each entry becomes one StatefulSet" },
	{ .name = "notaries",
	  .type = KEY_LIST,
	  .only = NETWORK_GIVEN,
	  .offset = FILE_KEY(notaries),
	  .count_offset = FILE_KEY(notary_count),
	  .inner = &notary_keys,
	  .required = true,
	  .min = 1,
	  .max = 20,
	  .help = "the notaries, one entry for each" },
	{ .name = "cordapps",
	  .type = KEY_TEXT,
	  .only = NETWORK_GIVEN,
	  .offset = FILE_KEY(cordapps),
	  .otherwise = "each bank names its own",
	  .help = "CorDapps of the whole network: `finance-4.0`, or "
		  "`release`: the finance jars of each node's own release" },
	{ .name = "jvm",
	  .type = KEY_TEXT,
	  .only = NETWORK_GIVEN,
	  .offset = FILE_KEY(jvm),
	  .fallback = JVM_FAST,
	  .help = "options of the nodes' JVMs: `fast` starts nodes in the "
		  "shortest time, `stock` keeps the options that the node sets "
		  "itself (to measure a load), and a text that begins with '-' "
		  "is "
		  "given to each JVM, such as `-Xmx1g`" },
	{ .name = "database",
	  .type = KEY_TEXT,
	  .only = NETWORK_GIVEN,
	  .offset = FILE_KEY(database),
	  .choices = "postgresql",
	  .fallback = "postgresql",
	  .help = "where the nodes keep their vaults" },
	{ .name = "history",
	  .type = KEY_MAP,
	  .only = NETWORK_GIVEN,
	  .offset = FILE_KEY(net.history_database),
	  .inner = &history_keys },
	/* ---- what the steps before have found ---- */
	{ .name = "medley",
	  .type = KEY_TEXT,
	  .only = NETWORK_RESOLVED,
	  .offset = FILE_KEY(medley) },
	{ .name = "file",
	  .type = KEY_TEXT,
	  .only = NETWORK_RESOLVED,
	  .offset = FILE_KEY(net.file) },
	{ .name = "database_image",
	  .type = KEY_TEXT,
	  .only = NETWORK_RESOLVED,
	  .offset = FILE_KEY(net.database_image) },
	{ .name = "driver_image",
	  .type = KEY_TEXT,
	  .only = NETWORK_RESOLVED,
	  .offset = FILE_KEY(net.driver_image) },
	{ .name = "doorman_image",
	  .type = KEY_TEXT,
	  .only = NETWORK_RESOLVED,
	  .offset = FILE_KEY(net.doorman_image) },
	{ .name = "health_image",
	  .type = KEY_TEXT,
	  .only = NETWORK_RESOLVED,
	  .offset = FILE_KEY(net.health_image) },
	/* ---- both ---- */
	{ .name = "external_database",
	  .type = KEY_MAP,
	  .offset = FILE_KEY(net.external),
	  .inner = &external_keys },
	{ .name = "identity",
	  .type = KEY_CHOICE,
	  .offset = FILE_KEY(net.identity),
	  .choices = "static doorman",
	  .fallback = "static",
	  .help = "how nodes get their keys: `static` makes them with the "
		  "manifests; with `doorman` each node registers itself (only "
		  "in clusters)" },
	{ .name = "engine",
	  .type = KEY_TEXT,
	  .offset = FILE_KEY(net.engine),
	  .choices = ENGINE_WORDS,
	  .fallback = "podman",
	  .help = "the engine that runs the network" },
	{ .name = "namespace",
	  .type = KEY_TEXT,
	  .offset = FILE_KEY(net.namespace),
	  .fallback = "medley",
	  .help = "namespace of the objects, also part of the nodes' DNS "
		  "names; must be a DNS label" },
	{ .name = "context",
	  .type = KEY_TEXT,
	  .offset = FILE_KEY(net.context),
	  .otherwise = "the kubeconfig's current one",
	  .help = "context of the cluster in the kubeconfig" },
	{ .name = "storage_class",
	  .type = KEY_TEXT,
	  .offset = FILE_KEY(net.storage_class),
	  .otherwise = "the cluster's default",
	  .help = "StorageClass of the volumes in a cluster" },
	{ .name = "registry",
	  .type = KEY_TEXT,
	  .offset = FILE_KEY(net.registry),
	  .otherwise = "any registry: the newest image of each release",
	  .help = "registry that has the images: `host[:port][/path]`" },
	{ .name = "resources",
	  .type = KEY_MAP,
	  .offset = FILE_KEY(net.resources),
	  .inner = &resources_keys },
	{ .name = "kubernetes",
	  .type = KEY_MAP,
	  .offset = FILE_KEY(net.extras),
	  .inner = &kubernetes_keys },
	{ .name = "repo",
	  .type = KEY_TEXT,
	  .offset = FILE_KEY(net.repo),
	  .otherwise = "none",
	  .help = "clone in which medley looks up commit-ish releases; a path "
		  "relative to this file" },
	{ .name = "seed",
	  .type = KEY_SEED,
	  .offset = FILE_KEY(net.seed),
	  .otherwise = "from the clock; the run prints it",
	  .help = "random seed: the same seed gives the same schedule of "
		  "payments" },
	{ .name = "load",
	  .type = KEY_MAP,
	  .offset = FILE_KEY(net.load),
	  .inner = &load_keys },
	{ .name = "gates",
	  .type = KEY_MAP,
	  .offset = FILE_KEY(net.settled_gate),
	  .inner = &gates_keys },
	{ .name = "timeouts",
	  .type = KEY_MAP,
	  .offset = FILE_KEY(net.timeouts),
	  .inner = &timeouts_keys },
	/* ---- what the network was laid out to ---- */
	{ .name = "releases",
	  .type = KEY_LIST,
	  .only = NETWORK_RESOLVED,
	  .offset = FILE_KEY(net.releases),
	  .count_offset = FILE_KEY(net.release_count),
	  .inner = &release_keys,
	  .required = true,
	  .min = 1,
	  .max = NODES_MAX,
	  .help = "the releases of the nodes" },
	{ .name = "nodes",
	  .type = KEY_LIST,
	  .only = NETWORK_RESOLVED,
	  .offset = FILE_KEY(net.nodes),
	  .count_offset = FILE_KEY(net.node_count),
	  .inner = &node_keys,
	  .required = true,
	  .min = 1,
	  .max = NODES_MAX,
	  .help = "the nodes: banks in the order of the file, then notaries" },
};

#define NETWORK_KEYS(about, which)                                             \
	{ .what = about,                                                       \
	  .list = file_list,                                                   \
	  .count = ARRAY_SIZE(file_list),                                      \
	  .form = which,                                                       \
	  .at_offset = KEYS_NO_PLACE }

const struct keys network_given_keys = NETWORK_KEYS("a network", NETWORK_GIVEN);
const struct keys network_resolved_keys =
	NETWORK_KEYS("a resolved network", NETWORK_RESOLVED);

void network_keys_document(struct buf *out)
{
	buf_add_str(out,
		    "# network.yaml\n\nThe network that `medley run` and "
		    "`medley generate` read. This page is made from the table "
		    "of keys that medley uses to read the file (`medley help "
		    "network.yaml`).\n\n| key | value | default | what it is "
		    "|\n| --- | --- | --- | --- |\n");
	keys_document(&network_given_keys, out);
	buf_add_str(
		out,
		"\nAt least two bank nodes and one notary are needed. If a key "
		"is not in this table or is given twice, or if a value has "
		"another type or is out of its bounds, the command creates "
		"nothing, prints the line and column, and ends with exit code "
		"64.\n\nThe matrix shows the short name of a release (`4.10` "
		"for `maven:4.10`). If the banks have different CorDapps, "
		"these are part of the name: `4.10+finance-4.0`.\n\n`medley "
		"drive --load FILE` takes a file that has only the keys `load` "
		"and, if wanted, `timeouts.flow` of this table.\n");
}
