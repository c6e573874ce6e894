/* SPDX-License-Identifier: Apache-2.0 */
/* manifest_policies.c - who may connect to whom, and which pods may be evicted.
 */
#include "generate/manifests.h"

#include <stdio.h>

#include "base/cleanup.h"

enum { POLICIES_MAX = 256 * 1024 };

/* ---- who connects to whom ---- */

/* Values of the label app.kubernetes.io/component. */
static const char *const components[] = { "node",    "notary", "database",
					  "doorman", "driver", "healthcheck" };

enum {
	NODE = 1 << 0,
	NOTARY = 1 << 1,
	DATABASE = 1 << 2,
	DOORMAN = 1 << 3,
	DRIVER = 1 << 4,
	HEALTHCHECK = 1 << 5
};

enum { PORTS = 3, DOORMAN_PORT = 8080 };

/* All connections inside a network. Ports that are forwarded and probes come
 * from the pod's own machine, which no policy stops. */
static const struct flow {
	unsigned from, to;
	int ports[PORTS]; /* 0: no more */
} flows[] = {
	{ NODE | NOTARY,
	  NODE | NOTARY,
	  { P2P_PORT, CLUSTER_PORT, CLUSTER_PORT + 1 } },
	{ DRIVER | HEALTHCHECK, NODE | NOTARY, { RPC_PORT } },
	{ NODE | NOTARY | DOORMAN | HEALTHCHECK, DATABASE, { DATABASE_PORT } },
	{ NODE | NOTARY | HEALTHCHECK, DOORMAN, { DOORMAN_PORT } },
};

/* Those that have pods in this network. */
static unsigned components_of(const struct network *net)
{
	return NODE | NOTARY | (net->external.host ? 0 : DATABASE) |
	       (net->identity == IDENTITY_DOORMAN ? DOORMAN : 0) |
	       (net->driver_image ? DRIVER : 0) |
	       (net->health_image ? HEALTHCHECK : 0);
}

static void begin_rule(const char *list, const char *rule, struct buf *out)
{
	if (!out->len)
		buf_addf(out, "%s:\n", list);
	buf_addf(out, "  - %s:\n", rule);
}

static void add_ports(const int *ports, struct buf *out)
{
	for (size_t i = 0; i < PORTS && ports[i]; i++)
		buf_addf(out, "      - port: %d\n", ports[i]);
}

/* These components, and those ports. */
static void add_rule(const struct manifest_input *in, bool ingress,
		     unsigned peers, const int *ports, struct buf *out)
{
	begin_rule(ingress ? "ingress" : "egress", ingress ? "from" : "to",
		   out);
	for (size_t i = 0; i < ARRAY_SIZE(components); i++) {
		if (!(peers & 1u << i))
			continue;
		buf_addf(out,
			 "      - podSelector:\n"
			 "          matchLabels:\n"
			 "            app.kubernetes.io/component: %s\n"
			 "            medley.run: ",
			 components[i]);
		manifest_run_label(in, out);
		buf_add_str(out, "\n");
	}
	buf_add_str(out, "    ports:\n");
	add_ports(ports, out);
}

static void add_rules(const struct manifest_input *in, unsigned component,
		      struct values *v)
{
	const struct external_database *e = &in->net->external;
	struct buf *ingress = values_add(v, "ingress", VALUE_BYTES_MAX);
	struct buf *egress = values_add(v, "egress", VALUE_BYTES_MAX);
	const unsigned all = components_of(in->net);

	for (size_t i = 0; i < ARRAY_SIZE(flows); i++) {
		const struct flow *f = &flows[i];

		if (f->to & component && f->from & all)
			add_rule(in, true, f->from & all, f->ports, ingress);
		if (f->from & component && f->to & all)
			add_rule(in, false, f->to & all, f->ports, egress);
		/* The server's address is a name, which no policy takes: its
		 * port is open to every address. */
		if (f->from & component && f->to == DATABASE && e->host) {
			begin_rule("egress", "ports", egress);
			add_ports((const int[PORTS]){ e->port }, egress);
		}
	}
}

static int add_policy(const struct manifest_input *in, size_t index,
		      struct buf *out, struct error *err)
{
	cleanup(values_release) struct values v = { .count = 0 };

	manifest_common(in, &v);
	buf_addf(values_add(&v, "name", VALUE_BYTES_MAX), "%smedley-%s",
		 network_prefix(in->net), components[index]);
	buf_addf(values_add(&v, "component", VALUE_BYTES_MAX),
		 "app.kubernetes.io/component: %s\n", components[index]);
	add_rules(in, 1u << index, &v);
	return values_fill(&v, "generate/manifests/network-policy.yaml", out,
			   err);
}

/* All pods of the network: nothing but the names of others. OpenShift's name
 * servers listen on 5353. */
static int add_default(const struct manifest_input *in, struct buf *out,
		       struct error *err)
{
	cleanup(values_release) struct values v = { .count = 0 };
	char name[OBJECT_NAME];

	manifest_common(in, &v);
	values_text(&v, "name",
		    network_object(in->net, "medley-default", name));
	values_yaml(&v, "component", "");
	values_yaml(&v, "ingress", "");
	values_yaml(&v, "egress",
		    "egress:\n"
		    "  - ports:\n"
		    "      - {port: 53, protocol: UDP}\n"
		    "      - {port: 53, protocol: TCP}\n"
		    "      - {port: 5353, protocol: UDP}\n"
		    "      - {port: 5353, protocol: TCP}\n");
	return values_fill(&v, "generate/manifests/network-policy.yaml", out,
			   err);
}

int manifests_write_policies(const struct manifest_input *in,
			     struct output *out, struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(POLICIES_MAX);
	const unsigned all = components_of(in->net);

	if (!manifest_wants(in, manifest_extras_of(in->net)->network_policy))
		return 0;
	manifest_begin_if(in, "networkPolicy", &text);
	buf_add_str(&text,
		    "# The pods of the network can make only the connections "
		    "that they need. Other pods\n# cannot connect to them.\n");
	if (add_default(in, &text, err) < 0)
		return -1;
	for (size_t i = 0; i < ARRAY_SIZE(components); i++)
		if (all & 1u << i && add_policy(in, i, &text, err) < 0)
			return -1;
	manifest_end_if(in, &text);
	return output_add(out, "network", "network-policies.yaml", &text, err);
}

/* ---- which pods may be evicted ---- */

int manifest_budget(const struct manifest_input *in, const char *part,
		    const char *set, unsigned max_unavailable,
		    struct output *out, struct error *err)
{
	cleanup(values_release) struct values v = { .count = 0 };
	cleanup(buf_release) struct buf text = BUF_INIT(POLICIES_MAX);
	char name[PART_NAME];

	if (!manifest_wants(in, manifest_extras_of(in->net)->disruption_budget))
		return 0;
	snprintf(name, sizeof(name), "%s-budget.yaml", set);
	manifest_common(in, &v);
	values_text(&v, "set", set);
	values_number(&v, "max_unavailable", max_unavailable);
	manifest_begin_if(in, "disruptionBudget", &text);
	if (values_fill(&v, "generate/manifests/budget.yaml", &text, err) < 0)
		return -1;
	manifest_end_if(in, &text);
	return output_add(out, part, name, &text, err);
}
