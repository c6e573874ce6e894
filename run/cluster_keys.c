/* SPDX-License-Identifier: Apache-2.0 */
/* cluster_keys.c - the keys of network.yaml that pods in a cluster follow. */
#include "run/network_keys.h"

#include "base/cleanup.h"

/* ---- resources ---- */

#define RESOURCE(member) offsetof(struct resources, member)
#define QUANTITY(member, value, text)                                          \
	{ .name = #member,                                                     \
	  .type = KEY_TEXT,                                                    \
	  .offset = RESOURCE(member),                                          \
	  .fallback = value,                                                   \
	  .help = text }

static const struct key resources_list[] = {
	QUANTITY(cpu, "100m", "CPU that a node's pod requests"),
	QUANTITY(memory, "512Mi", "memory that a node's pod requests"),
	{ .name = "cpu_limit",
	  .type = KEY_TEXT,
	  .offset = RESOURCE(cpu_limit),
	  .otherwise = "none, because a node needs much CPU while it starts",
	  .help = "CPU limit of a node's container" },
	QUANTITY(memory_limit, "1536Mi", "memory limit of a node's container"),
	QUANTITY(storage, "1Gi", "size of each volume"),
	{ .name = "ephemeral_storage",
	  .type = KEY_TEXT,
	  .offset = RESOURCE(ephemeral_storage),
	  .help = "ephemeral storage that each container of every pod "
		  "requests, for logs and temporary files" },
	{ .name = "ephemeral_storage_limit",
	  .type = KEY_TEXT,
	  .offset = RESOURCE(ephemeral_storage_limit),
	  .help = "limit of the ephemeral storage of each container; a pod "
		  "that uses more is evicted" },
};

const struct keys resources_keys = KEYS_OF("resources", resources_list);

/* ---- what all objects and pods have ---- */

enum { PAIRS_MAX = 64, TOLERATIONS_MAX = 64, SECONDS_MAX = 31536000 };

#define TOLERATION(member) offsetof(struct toleration, member)

static const struct key toleration_list[] = {
	{ .name = "key",
	  .type = KEY_TEXT,
	  .offset = TOLERATION(key),
	  .otherwise = "every taint",
	  .help = "key of the taint" },
	{ .name = "operator",
	  .type = KEY_TEXT,
	  .offset = TOLERATION(op),
	  .choices = "Equal Exists",
	  .fallback = "Equal",
	  .help = "`Equal` compares the taint's value with `value`, `Exists` "
		  "accepts any value" },
	{ .name = "value",
	  .type = KEY_TEXT,
	  .offset = TOLERATION(value),
	  .otherwise = "empty",
	  .help = "value of the taint" },
	{ .name = "effect",
	  .type = KEY_TEXT,
	  .offset = TOLERATION(effect),
	  .choices = "NoSchedule PreferNoSchedule NoExecute",
	  .otherwise = "every effect",
	  .help = "effect of the taint" },
	{ .name = "seconds",
	  .type = KEY_INT,
	  .offset = TOLERATION(seconds),
	  .max = SECONDS_MAX,
	  .fallback = "0",
	  .help = "with the effect `NoExecute`: seconds after which a pod is "
		  "evicted; 0: never" },
};

static const struct keys toleration_keys = {
	.what = "a toleration",
	.list = toleration_list,
	.count = ARRAY_SIZE(toleration_list),
	.size = sizeof(struct toleration),
	.at_offset = KEYS_NO_PLACE,
};

#define EXTRA(member) offsetof(struct kubernetes_extras, member)
#define PAIRS(key, member, counter, text)                                      \
	{ .name = key,                                                         \
	  .type = KEY_PAIRS,                                                   \
	  .offset = EXTRA(member),                                             \
	  .count_offset = EXTRA(counter),                                      \
	  .max = PAIRS_MAX,                                                    \
	  .help = text }

static const struct key kubernetes_list[] = {
	{ .name = "prefix",
	  .type = KEY_TEXT,
	  .offset = EXTRA(prefix),
	  .otherwise = "none",
	  .help = "prefix of the names of all objects, such as `red-`, so that "
		  "networks with different prefixes can share a namespace; at "
		  "most 12 lower-case letters, digits and '-', a letter first "
		  "and '-' last" },
	PAIRS("labels", labels, label_count,
	      "labels of all objects and pods, beside medley's own"),
	PAIRS("annotations", annotations, annotation_count,
	      "annotations of all objects and pods, beside medley's own"),
	PAIRS("node_selector", node_selector, selector_count,
	      "labels that a machine of the cluster must have to run the pods"),
	{ .name = "tolerations",
	  .type = KEY_LIST,
	  .offset = EXTRA(tolerations),
	  .count_offset = EXTRA(toleration_count),
	  .inner = &toleration_keys,
	  .max = TOLERATIONS_MAX,
	  .help = "taints of machines on which the pods may run" },
	{ .name = "priority_class",
	  .type = KEY_TEXT,
	  .offset = EXTRA(priority_class),
	  .otherwise = "the cluster's default",
	  .help = "PriorityClass of all pods" },
	{ .name = "image_pull_policy",
	  .type = KEY_TEXT,
	  .offset = EXTRA(image_pull_policy),
	  .choices = "Always IfNotPresent Never",
	  .fallback = "IfNotPresent",
	  .help = "when a machine of the cluster pulls an image; images are "
		  "named by digest, so `IfNotPresent` never uses an old one" },
	{ .name = "network_policy",
	  .type = KEY_BOOL,
	  .offset = EXTRA(network_policy),
	  .fallback = "false",
	  .help = "true: NetworkPolicies allow the pods only the connections "
		  "that they need" },
	{ .name = "disruption_budget",
	  .type = KEY_BOOL,
	  .offset = EXTRA(disruption_budget),
	  .fallback = "false",
	  .help = "true: PodDisruptionBudgets prevent the eviction of pods, "
		  "and so also the draining of machines" },
};

const struct keys kubernetes_keys =
	KEYS_OF("the part kubernetes", kubernetes_list);
