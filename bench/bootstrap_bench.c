/* SPDX-License-Identifier: Apache-2.0 */
/* bootstrap_bench.c - identities of a network, and what bounds making them.
 *
 * Usage: bootstrap_bench NODES ROUNDS
 *
 * Per round: everything of generate_identities() - keys, certificates, key
 * stores, node infos, parameters, in memory - and then the same keys made and
 * the same number of signatures given by OpenSSL alone, on as many threads as
 * there are processors. Prints one line of JSON; `first` is the first round of
 * the process, with cold caches.
 */
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "generate/identities.h"
#include "sys/clock.h"

enum { ROUNDS_MAX = 64, THREADS_MAX = 64, MESSAGE = 1200 };

static struct network make_network(unsigned nodes)
{
	struct network net = { .namespace = "bench", .node_count = nodes };

	net.release_count = 1;
	net.releases = calloc(1, sizeof(*net.releases));
	net.releases[0].platform = 10;
	net.nodes = calloc(nodes, sizeof(*net.nodes));
	for (unsigned i = 0; i < nodes; i++) {
		struct network_node *n = &net.nodes[i];
		char text[128];

		snprintf(text, sizeof(text), "bank-%u", i);
		n->name = n->pod = strdup(text);
		snprintf(text, sizeof(text), "O=bank-%u, L=London, C=GB", i);
		n->legal_name = strdup(text);
		snprintf(text, sizeof(text),
			 "bank-%u.bank.bench.svc.cluster.local", i);
		n->host = strdup(text);
		n->role = i ? NODE_BANK : NODE_NOTARY;
	}
	return net;
}

static void sign(EVP_PKEY *key, const EVP_MD *md)
{
	static const unsigned char message[MESSAGE];
	unsigned char signature[128];
	size_t len = sizeof(signature);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();

	EVP_DigestSignInit(ctx, NULL, md, NULL, key);
	EVP_DigestSign(ctx, signature, &len, message, sizeof(message));
	EVP_MD_CTX_free(ctx);
}

/* A node's share: CA and TLS keys (P-256), identity (Ed25519); three
 * certificates signed with P-256 keys, one node info with Ed25519. */
static void *openssl_alone(void *arg)
{
	for (unsigned n = *(unsigned *)arg; n; n--) {
		EVP_PKEY *ca = EVP_EC_gen("P-256");
		EVP_PKEY *tls = EVP_EC_gen("P-256");
		EVP_PKEY *id = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");

		for (int i = 0; i < 3; i++)
			sign(ca, EVP_sha256());
		sign(id, NULL);
		EVP_PKEY_free(ca);
		EVP_PKEY_free(tls);
		EVP_PKEY_free(id);
	}
	return NULL;
}

static double limit_ms(unsigned nodes)
{
	unsigned threads = (unsigned)sysconf(_SC_NPROCESSORS_ONLN);
	unsigned share[THREADS_MAX];
	pthread_t ids[THREADS_MAX];
	int64_t began = clock_mono_us();

	if (threads > THREADS_MAX)
		threads = THREADS_MAX;
	for (unsigned i = 0; i < threads; i++) {
		share[i] = nodes * (i + 1) / threads - nodes * i / threads;
		pthread_create(&ids[i], NULL, openssl_alone, &share[i]);
	}
	for (unsigned i = 0; i < threads; i++)
		pthread_join(ids[i], NULL);
	return (double)(clock_mono_us() - began) / 1e3;
}

static double ours_ms(const struct network *net)
{
	int64_t began = clock_mono_us();
	struct identities ids;
	struct error err;

	if (generate_identities(net, &ids, &err) < 0) {
		fprintf(stderr, "bootstrap_bench: %s\n", err.text);
		exit(70);
	}
	began = clock_mono_us() - began;
	identities_release(&ids);
	return (double)began / 1e3;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
	double ours[ROUNDS_MAX], limit[ROUNDS_MAX], first;
	struct network net;
	int rounds;

	if (argc != 3 || atoi(argv[1]) < 2 || atoi(argv[2]) < 1 ||
	    atoi(argv[2]) > ROUNDS_MAX)
		return 64;
	net = make_network((unsigned)atoi(argv[1]));
	rounds = atoi(argv[2]);
	for (int i = 0; i < rounds; i++) {
		ours[i] = ours_ms(&net);
		limit[i] = limit_ms(net.node_count);
	}
	first = ours[0];
	qsort(ours, (size_t)rounds, sizeof(*ours), by_value);
	qsort(limit, (size_t)rounds, sizeof(*limit), by_value);
	printf("{\"nodes\":%u,\"rounds\":%d,\"first_ms\":%.3f,"
	       "\"median_ms\":%.3f,\"min_ms\":%.3f,\"max_ms\":%.3f,"
	       "\"openssl_median_ms\":%.3f}\n",
	       net.node_count, rounds, first, ours[rounds / 2], ours[0],
	       ours[rounds - 1], limit[rounds / 2]);
	return 0;
}
