/* SPDX-License-Identifier: Apache-2.0 */
/* identities.c - keys, certificates and signed files of a network. */
#include "generate/identities.h"

#include <string.h>

#include "base/cleanup.h"
#include "corda/composite.h"
#include "corda/network_parameters.h"
#include "sys/parallel.h"

enum {
	ARENA_MAX = 256 * 1024 * 1024,
	FILE_MAX = 64 * 1024,
	DAY = 24 * 3600,
	EVENT_HORIZON = 30 * DAY,
	MESSAGE_MAX = 10 * 1024 * 1024,
	TRANSACTION_MAX = 500 * 1024 * 1024
};

static void node_release(struct node_identity *n)
{
	key_free(n->ca.key);
	key_free(n->tls.key);
	key_free(n->identity.key);
	key_free(n->part.key);
}

void identities_release(struct identities *ids)
{
	for (unsigned i = 0; i < ids->node_count; i++)
		node_release(&ids->nodes[i]);
	key_free(ids->root.key);
	key_free(ids->doorman.key);
	key_free(ids->network_map.key);
	arena_release(&ids->arena);
	buf_release(&ids->stored);
	*ids = (struct identities){ .node_count = 0 };
}

static int add_node(struct identities *ids, const struct network *net,
		    const struct network_node *node, struct error *err)
{
	struct node_identity *n = &ids->nodes[ids->node_count];

	n->node = node;
	n->platform = net->releases[node->release].platform;
	if (x500_name_parse(node->legal_name, &ids->arena, &n->name, err) < 0 ||
	    node_info_file_name(&n->name, n->info_name, err) < 0)
		return error_wrap(err, "node %s", node->name);
	ids->node_count++;
	return 0;
}

/* The first node of a service keeps what all of them share. */
static void find_firsts(struct identities *ids, const struct network *net)
{
	for (unsigned i = 0; i < ids->node_count; i++) {
		struct node_identity *n = &ids->nodes[i];
		unsigned first = 0;

		if (!n->node->service)
			continue;
		while (network_notary(net, ids->nodes[first].node) !=
		       network_notary(net, n->node))
			first++;
		n->first = &ids->nodes[first];
	}
}

static bool is_composite(const struct node_identity *n)
{
	return n->first && !strcmp(n->node->cluster, CLUSTER_BFT_SMART);
}

/* The key that the node signs with for its service. */
static struct issued *part_of(struct node_identity *n)
{
	return is_composite(n) ? &n->part : &n->first->part;
}

/* The service as others know it. */
static const struct issued *service_of(const struct node_identity *n)
{
	return is_composite(n) ? &n->first->composite : &n->first->part;
}

int identities_init(struct identities *ids, const struct network *net,
		    struct error *err)
{
	unsigned notaries = 0;

	*ids = (struct identities){ .arena = ARENA_INIT(ARENA_MAX) };
	ids->nodes = arena_array(&ids->arena, net->node_count + 1,
				 sizeof(*ids->nodes));
	if (!ids->nodes)
		return error_nomem(err);
	for (unsigned i = 0; i < net->node_count; i++) {
		const struct network_node *node = &net->nodes[i];

		if (!network_node_runs(net, node))
			continue;
		notaries += node->role == NODE_NOTARY;
		if (add_node(ids, net, node, err) < 0)
			return -1;
	}
	find_firsts(ids, net);
	if (!notaries)
		return error_set(err, ERROR_BUILD,
				 "none of the notaries' releases was built");
	return 0;
}

/* A copy that lives as long as the identities. */
static int keep(struct arena *arena, const struct buf *b, struct der *ret,
		struct error *err)
{
	uint8_t *copy;

	if (buf_check(b, err) < 0)
		return -1;
	copy = arena_alloc(arena, b->len);
	if (!copy)
		return error_nomem(err);
	memcpy(copy, b->data, b->len);
	*ret = (struct der){ copy, b->len };
	return 0;
}

/* A child made later must not outlive its parent. */
static int issue(const struct identities *ids, struct arena *arena,
		 struct issuing what, struct issued *ret, struct error *err)
{
	what.from = authority_begins(&ids->root);
	return issued_make(&what, arena, ret, err);
}

static int issue_service(struct identities *ids, const struct node_identity *n,
			 struct der spki, struct issued *ret, struct error *err)
{
	struct x500_name name;

	if (x500_name_parse(n->node->service, &ids->arena, &name, err) < 0)
		return -1;
	return issue(ids, &ids->arena,
		     (struct issuing){ .kind = CERTIFICATE_SERVICE,
				       .key = KEY_ED25519,
				       .subject = &name,
				       .issuer = &authority_doorman_name,
				       .by = &ids->doorman,
				       .spki = spki },
		     ret, err);
}

/* By Raft with the first of them, by BFT-SMaRt for each. */
static int issue_part(struct identities *ids, struct node_identity *n,
		      struct error *err)
{
	if (!n->first || part_of(n)->key)
		return 0;
	return issue_service(ids, n, (struct der){ 0 }, part_of(n), err);
}

static int compose_key(struct identities *ids, struct node_identity *first,
		       struct error *err)
{
	cleanup(buf_release) struct buf spki = BUF_INIT(FILE_MAX);
	struct der keys[COMPOSITE_KEYS];
	unsigned count = 0;

	for (unsigned i = 0; i < ids->node_count; i++)
		if (ids->nodes[i].first == first && count < COMPOSITE_KEYS)
			keys[count++] = key_spki(ids->nodes[i].part.key);
	if (composite_key_write(keys, count, network_bft_signers(count), &spki,
				err) < 0)
		return -1;
	return keep(&ids->arena, &spki, &first->composite_key, err);
}

/* One of an earlier generation stays if it is of the same parts. */
static int issue_composite(struct identities *ids, struct node_identity *n,
			   struct error *err)
{
	struct certificate had;

	if (!is_composite(n) || n->first != n)
		return 0;
	if (compose_key(ids, n, err) < 0)
		return -1;
	if (n->composite.certificate.bytes &&
	    certificate_read(n->composite.certificate, &had, NULL) == 0 &&
	    had.spki.len == n->composite_key.len &&
	    !memcmp(had.spki.bytes, n->composite_key.bytes, had.spki.len))
		return 0;
	return issue_service(ids, n, n->composite_key, &n->composite, err);
}

static int issue_node(const struct identities *ids, struct arena *arena,
		      struct node_identity *n, struct error *err)
{
	const struct x500_name *name = &n->name;

	if (issue(ids, arena,
		  (struct issuing){ .kind = CERTIFICATE_NODE_CA,
				    .key = KEY_P256,
				    .subject = name,
				    .issuer = &authority_doorman_name,
				    .by = &ids->doorman },
		  &n->ca, err) < 0 ||
	    issue(ids, arena,
		  (struct issuing){ .kind = CERTIFICATE_TLS,
				    .key = KEY_P256,
				    .subject = name,
				    .issuer = name,
				    .by = &n->ca },
		  &n->tls, err) < 0)
		return -1;
	return issue(ids, arena,
		     (struct issuing){ .kind = CERTIFICATE_IDENTITY,
				       .key = KEY_ED25519,
				       .subject = name,
				       .issuer = name,
				       .by = &n->ca },
		     &n->identity, err);
}

static int keep_store(struct arena *arena, const struct keystore_entry *entries,
		      size_t count, const char *password, struct der *ret,
		      struct error *err)
{
	cleanup(buf_release) struct buf store = BUF_INIT(FILE_MAX);

	if (keystore_write(entries, count, password, &store, err) < 0)
		return -1;
	return keep(arena, &store, ret, err);
}

static int make_stores(const struct identities *ids, struct arena *arena,
		       struct node_identity *n, struct error *err)
{
	const struct der above[] = { n->ca.certificate,
				     ids->doorman.certificate,
				     ids->root.certificate };
	const struct der tls[] = { n->tls.certificate, above[0], above[1],
				   above[2] };
	const struct der identity[] = { n->identity.certificate, above[0],
					above[1], above[2] };
	const struct der part[] = { n->first ? part_of(n)->certificate
					     : (struct der){ 0 },
				    above[1], above[2] };
	struct keystore_entry node_entries[4] = {
		issued_entry("cordaclientca", &n->ca, above, ARRAY_SIZE(above)),
		issued_entry("identity-private-key", &n->identity, identity,
			     ARRAY_SIZE(identity)),
	};
	size_t count = 2;
	const struct keystore_entry tls_entry =
		issued_entry("cordaclienttls", &n->tls, tls, ARRAY_SIZE(tls));

	if (n->first)
		node_entries[count++] = issued_entry(
			KEYSTORE_SERVICE, part_of(n), part, ARRAY_SIZE(part));
	if (is_composite(n))
		node_entries[count++] =
			issued_entry(KEYSTORE_COMPOSITE, &n->first->composite,
				     &n->first->composite.certificate, 1);
	if (keep_store(arena, node_entries, count, KEYSTORE_PASSWORD,
		       &n->nodekeystore, err) < 0)
		return -1;
	return keep_store(arena, &tls_entry, 1, KEYSTORE_PASSWORD,
			  &n->sslkeystore, err);
}

static int make_info(const struct identities *ids, struct arena *arena,
		     struct node_identity *n, struct error *err)
{
	cleanup(buf_release) struct buf inner = BUF_INIT(FILE_MAX);
	cleanup(buf_release) struct buf file = BUF_INIT(FILE_MAX);
	const struct der chain[] = { n->identity.certificate, n->ca.certificate,
				     ids->doorman.certificate,
				     ids->root.certificate };
	const struct der service[] = { n->first ? service_of(n)->certificate
						: (struct der){ 0 },
				       chain[2], chain[3] };
	const struct certificate_path paths[] = {
		{ chain, ARRAY_SIZE(chain) }, { service, ARRAY_SIZE(service) }
	};
	const size_t count = n->first ? 2 : 1;
	const struct node_address address = { n->node->host, P2P_PORT };
	const struct node_info info = { .addresses = &address,
					.address_count = 1,
					.identities = paths,
					.identity_count = count,
					.platform = n->platform,
					.serial = n->identity.created };
	/* A composite identity does not sign. */
	const size_t signers = is_composite(n) ? 1 : count;
	const struct key *const keys[] = { n->identity.key,
					   n->first ? service_of(n)->key
						    : NULL };

	node_info_write(&info, &inner);
	if (buf_check(&inner, err) < 0 ||
	    node_info_sign((struct der){ inner.data, inner.len }, keys, signers,
			   &file, err) < 0)
		return -1;
	return keep(arena, &file, &n->info, err);
}

static struct der service_key(const struct node_identity *n)
{
	if (is_composite(n))
		return n->composite_key;
	return key_spki(n->first ? n->part.key : n->identity.key);
}

static int add_notary(struct identities *ids, const struct node_identity *n,
		      struct notary_info *ret, struct error *err)
{
	*ret = (struct notary_info){
		.name = n->name,
		.spki = service_key(n),
		.validating = n->node->validating,
	};
	return n->first ? x500_name_parse(n->node->service, &ids->arena,
					  &ret->name, err)
			: 0;
}

/* The notaries, and the lowest platform, which all nodes must reach. */
static int fill_parameters(struct identities *ids, struct network_parameters *p,
			   struct error *err)
{
	struct notary_info *notaries = arena_array(
		&ids->arena, ids->node_count + 1, sizeof(*notaries));

	if (!notaries)
		return error_nomem(err);
	p->notaries = notaries;
	for (unsigned i = 0; i < ids->node_count; i++) {
		const struct node_identity *n = &ids->nodes[i];

		if (!i || n->platform < p->minimum_platform)
			p->minimum_platform = n->platform;
		/* A cluster is one notary: its first node names it. */
		if (n->node->role != NODE_NOTARY || (n->first && n->first != n))
			continue;
		if (add_notary(ids, n, &notaries[p->notary_count++], err) < 0)
			return -1;
	}
	return 0;
}

static int make_parameters(struct identities *ids, struct error *err)
{
	cleanup(buf_release) struct buf inner = BUF_INIT(1024 * 1024);
	cleanup(buf_release) struct buf file = BUF_INIT(1024 * 1024);
	struct network_parameters p = {
		.epoch = 1,
		.event_horizon = EVENT_HORIZON,
		.max_message_size = MESSAGE_MAX,
		.max_transaction_size = TRANSACTION_MAX,
		.modified = ids->root.created / 1000,
		.modified_nanos = ids->root.created % 1000 * 1000000,
	};

	if (fill_parameters(ids, &p, err) < 0)
		return -1;
	network_parameters_write(&p, &inner);
	if (buf_check(&inner, err) < 0 ||
	    network_parameters_sign((struct der){ inner.data, inner.len },
				    ids->network_map.certificate,
				    ids->network_map.key, &file, err) < 0)
		return -1;
	return keep(&ids->arena, &file, &ids->network_parameters, err);
}

bool identities_lead(const struct identities *ids, unsigned index)
{
	const char *set = ids->nodes[index].node->set;

	return !index || strcmp(ids->nodes[index - 1].node->set, set) != 0;
}

/* What the nodes of a cluster share: the parts of all nodes, then the keys that
 * are made of them. */
static int make_services(struct identities *ids, struct error *err)
{
	for (unsigned i = 0; i < ids->node_count; i++)
		if (issue_part(ids, &ids->nodes[i], err) < 0)
			return error_wrap(err, "node %s",
					  ids->nodes[i].node->name);
	for (unsigned i = 0; i < ids->node_count; i++)
		if (issue_composite(ids, &ids->nodes[i], err) < 0)
			return error_wrap(err, "node %s",
					  ids->nodes[i].node->name);
	return 0;
}

struct making {
	struct identities *ids;
	struct arena arenas[PARALLEL_MAX];
};

static int make_node(void *ctx, unsigned worker, unsigned index,
		     struct error *err)
{
	struct making *m = ctx;
	struct arena *arena = &m->arenas[worker];
	struct node_identity *n = &m->ids->nodes[index];

	if (issue_node(m->ids, arena, n, err) < 0 ||
	    make_stores(m->ids, arena, n, err) < 0 ||
	    make_info(m->ids, arena, n, err) < 0)
		return error_wrap(err, "node %s", n->node->name);
	return 0;
}

/* Keys and signatures take most of the time, and nodes need only what is above
 * them. */
static int make_nodes(struct identities *ids, struct error *err)
{
	struct making m = { .ids = ids };
	int rc;

	for (unsigned i = 0; i < PARALLEL_MAX; i++)
		arena_init(&m.arenas[i], ARENA_MAX);
	rc = parallel_each(ids->node_count, make_node, &m, err);
	for (unsigned i = 0; i < PARALLEL_MAX; i++)
		arena_take_over(&ids->arena, &m.arenas[i]);
	return rc;
}

int identities_make(struct identities *ids, struct error *err)
{
	struct keystore_entry root;

	if (authority_issue(&ids->arena, &ids->root, &ids->doorman,
			    &ids->network_map, err) < 0 ||
	    make_services(ids, err) < 0 || make_nodes(ids, err) < 0)
		return -1;
	root = (struct keystore_entry){ .alias = "cordarootca",
					.created = ids->root.created,
					.chain = &ids->root.certificate,
					.chain_len = 1 };
	if (keep_store(&ids->arena, &root, 1, TRUSTSTORE_PASSWORD,
		       &ids->truststore, err) < 0)
		return -1;
	return make_parameters(ids, err);
}

int generate_identities(const struct network *net, struct identities *ret,
			struct error *err)
{
	if (identities_init(ret, net, err) < 0 ||
	    identities_make(ret, err) < 0) {
		identities_release(ret);
		return -1;
	}
	return 0;
}
