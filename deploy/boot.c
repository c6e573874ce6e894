/* SPDX-License-Identifier: Apache-2.0 */
/* boot.c - one node on its way from a database to readiness. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "deploy/failed_pod.h"
#include "deploy/network_boot.h"
#include "sys/clock.h"
#include "sys/patience.h"

/* The log of a node that is not ready is looked at this often, and of one of
 * all nodes at a time. */
enum {
	LOG_MAX = 16 * 1024 * 1024,
	LOOK_US = 20 * 1000 * 1000,
	LOOK_PAUSE_US = 1000 * 1000
};

static void boot_fail(struct boot *b, const char *why)
{
	b->state = BOOT_FAILED;
	snprintf(b->why, sizeof(b->why), "%.500s", why);
	probing_free(b->probing);
	b->probing = NULL;
}

static int boot_apply(struct network_boot *nb, struct boot *b,
		      struct error *err)
{
	struct pod_want want = { .set = b->node->set,
				 .ordinal = b->node->ordinal,
				 .port = RPC_PORT };

	if (b->schema->state == SCHEMA_FAILED) {
		boot_fail(b, b->schema->why);
		return 0;
	}
	if (b->schema->state != SCHEMA_DONE)
		return 0;
	if (nb->engine->ops->apply(nb->engine, &want, &b->pod, err) < 0)
		return -1;
	b->state = BOOT_STARTING;
	b->begun_us = clock_mono_us();
	return 0;
}

/* True when the pod ended; the boot has failed then. */
static bool pod_ended(struct network_boot *nb, struct boot *b)
{
	struct error why;

	if (b->pod->phase != POD_EXITED && b->pod->phase != POD_FAILED)
		return false;
	failed_pod(nb->engine, b->pod, &why);
	boot_fail(b, why.text);
	return true;
}

static int boot_started(struct network_boot *nb, struct boot *b,
			struct error *err)
{
	int seconds = nb->engine->ops->start_seconds;
	int64_t limit = b->begun_us + seconds * 1000000LL;
	char why[64];

	if (pod_ended(nb, b))
		return 0;
	if (b->pod->phase != POD_RUNNING) {
		if (clock_mono_us() > limit) {
			snprintf(why, sizeof(why),
				 "its pod did not start within %d s", seconds);
			boot_fail(b, why);
		}
		return 0;
	}
	b->state = BOOT_BOOTING;
	b->begun_us = clock_mono_us();
	b->look_us = b->begun_us + LOOK_US;
	nb->bell.loop = nb->engine->loop;
	return probing_start(&b->pod->at, &nb->secrets, nb->boot_count,
			     &nb->bell, &b->probing, err);
}

/* True when nothing will come of the pod any more; the boot has failed then. */
static bool pod_is_headless(struct network_boot *nb, struct boot *b)
{
	const int64_t now = clock_mono_us();
	char why[512];

	if (now < b->look_us || now < nb->look_us)
		return false;
	b->look_us = now + LOOK_US;
	nb->look_us = now + LOOK_PAUSE_US;
	if (!headless_pod(nb->engine, b->pod, why, sizeof(why)))
		return false;
	boot_fail(b, why);
	return true;
}

int boot_bound(const struct network_boot *nb)
{
	double slowest = 0;

	for (unsigned i = 0; i < nb->boot_count; i++)
		if (nb->boots[i].state == BOOT_READY &&
		    nb->boots[i].seconds > slowest)
			slowest = nb->boots[i].seconds;
	return (int)patience(nb->net.timeouts.boot, (int64_t)slowest);
}

static int boot_probed(struct network_boot *nb, struct boot *b)
{
	int64_t limit = b->begun_us + boot_bound(nb) * 1000000LL;
	char lacks[256], why[512];
	int64_t ready;

	if (pod_ended(nb, b))
		return 0;
	ready = probing_ready(b->probing, lacks, sizeof(lacks));
	if (ready) {
		b->state = BOOT_READY;
		b->seconds = (double)(ready - b->pod->started_us) / 1e6;
		probing_free(b->probing);
		b->probing = NULL;
	} else if (!pod_is_headless(nb, b) && clock_mono_us() > limit) {
		snprintf(why, sizeof(why), "not ready within %d s: %s",
			 boot_bound(nb), lacks);
		boot_fail(b, why);
	}
	return 0;
}

int boot_step(struct network_boot *nb, struct boot *b, struct error *err)
{
	switch (b->state) {
	case BOOT_WAITING:
		return boot_apply(nb, b, err);
	case BOOT_STARTING:
		return boot_started(nb, b, err);
	case BOOT_BOOTING:
		return boot_probed(nb, b);
	case BOOT_READY:
	case BOOT_FAILED:
		break;
	}
	return 0;
}

double boot_registered_seconds(const char *log)
{
	static const char line[] = "started up and registered in ";
	const char *at = strstr(log, line);

	return at ? strtod(at + sizeof(line) - 1, NULL) : 0;
}

void boot_read_log(struct network_boot *nb, struct boot *b)
{
	cleanup(buf_release) struct buf log = BUF_INIT(LOG_MAX);

	if (pod_log(nb->engine, b->pod, &log, NULL) == 0)
		b->jvm_seconds = boot_registered_seconds(buf_text(&log));
}

static bool is_ready(const struct boot *b)
{
	return b->state == BOOT_READY;
}

static bool may_be_ready(const struct boot *b)
{
	return b->state != BOOT_FAILED;
}

/* Whether as many nodes of the notary that begins with this one fit as it
 * needs. */
static bool enough_fit(const struct network_boot *nb, const struct boot *first,
		       bool (*fits)(const struct boot *b))
{
	unsigned of = 0, good = 0;

	for (const struct boot *b = first; b < nb->boots + nb->boot_count;
	     b++) {
		if (network_notary(&nb->net, b->node) != first->node)
			continue;
		of++;
		good += fits(b);
	}
	return good >= network_notary_needs(first->node, of);
}

static unsigned count(const struct network_boot *nb, enum node_role role,
		      bool (*fits)(const struct boot *b))
{
	unsigned n = 0;

	for (unsigned i = 0; i < nb->boot_count; i++) {
		const struct boot *b = &nb->boots[i];

		if (b->node->role != role)
			continue;
		if (!b->node->service)
			n += fits(b);
		else if (network_notary(&nb->net, b->node) == b->node)
			n += enough_fit(nb, b, fits);
	}
	return n;
}

unsigned network_boot_ready(const struct network_boot *nb, enum node_role role)
{
	return count(nb, role, is_ready);
}

unsigned network_boot_possible(const struct network_boot *nb,
			       enum node_role role)
{
	return count(nb, role, may_be_ready);
}

static bool fails_alike(const struct boot *a, const struct boot *b)
{
	return a->state == BOOT_FAILED && b->state == BOOT_FAILED &&
	       !strcmp(a->why, b->why);
}

void network_boot_failures(const struct network_boot *nb, struct buf *out)
{
	for (unsigned i = 0; i < nb->boot_count; i++) {
		const struct boot *b = &nb->boots[i];
		unsigned first = 0;

		while (first < i && !fails_alike(&nb->boots[first], b))
			first++;
		if (first < i || b->state != BOOT_FAILED)
			continue;
		buf_addf(out, "; %s", b->node->name);
		for (unsigned j = i + 1; j < nb->boot_count; j++)
			if (fails_alike(b, &nb->boots[j]))
				buf_addf(out, ", %s", nb->boots[j].node->name);
		buf_addf(out, ": %s", b->why);
	}
}
