/* SPDX-License-Identifier: Apache-2.0 */
/* doorman_bench.c - what a doorman answers in a second, by what it keeps. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "corda/csr.h"
#include "data/base64.h"
#include "doorman/doorman.h"
#include "doorman/routes.h"
#include "sys/clock.h"
#include "sys/file.h"

/*
 *	doorman_bench DIR
 *
 * For each number of kept requests, in a new state below DIR: a line of JSON
 * with the answers a second of one thread, as the server has, without HTTP, by
 * the median of ASKED. A new request is synced to the disk under DIR.
 */
enum { ROOM = 8192, ASKED = 200, EXISTING = 9000 };

static struct key *key;
static struct error err;

static int make_csr(unsigned n, struct buf *out)
{
	char organisation[32];
	const struct x500_name name = { .organisation = organisation,
					.locality = "London",
					.country = "GB" };

	snprintf(organisation, sizeof(organisation), "Bank %u", n);
	return csr_write(CERTIFICATE_NODE_CA, &name, key, out, &err);
}

/* From an address of its own, as a doorman keeps it, but not synced. */
static int keep(const char *dir, unsigned n)
{
	cleanup(buf_release) struct buf csr = BUF_INIT(ROOM);
	cleanup(buf_release) struct buf text = BUF_INIT(ROOM);
	char path[PATH_ROOM], id[HASH_TEXT], at[CLOCK_TEXT];
	FILE *file;

	if (make_csr(n, &csr) < 0)
		return -1;
	base64_encode(csr.data, csr.len, &text);
	hash_text(csr.data, csr.len, id);
	file = fopen(path_printf(path, "%s/request/%s", dir, id), "w");
	if (!file)
		return -1;
	fprintf(file,
		"{\"at\":\"%s\",\"from\":\"10.0.%u.%u\",\"csr\":\"%s\"}\n",
		clock_text(at, clock_wall_us()), n / 256, n % 256,
		buf_text(&text));
	return fclose(file);
}

static int ask(struct doorman *d, const char *method, const char *path,
	       const struct buf *body, unsigned want, char id[HASH_TEXT])
{
	cleanup(buf_release) struct buf room = BUF_INIT(1 << 20);
	const struct served_request request = { method, path, "10.1.0.1",
						body ? body->data : NULL,
						body ? body->len : 0 };
	struct served_answer answer = { .body = room };

	routes_answer(d, &request, &answer);
	room = answer.body;
	if (answer.status != want)
		return error_set(&err, ERROR_INTERNAL, "%s %s: %u %s", method,
				 path, answer.status, buf_text(&room));
	if (id)
		snprintf(id, HASH_TEXT, "%.64s", buf_text(&room));
	return 0;
}

static int by_size(const void *a, const void *b)
{
	const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* By the median, which others on the machine disturb least. */
static double rate_of(int64_t took_us[ASKED])
{
	qsort(took_us, ASKED, sizeof(*took_us), by_size);
	return 1e6 / (double)(took_us[ASKED / 2] ? took_us[ASKED / 2] : 1);
}

/* Round 0: requests that are new; 1: the same again; 2: how they stand. */
static int measure_round(struct doorman *d, int round, const struct buf *csrs,
			 char ids[][HASH_TEXT], double *ret)
{
	int64_t took_us[ASKED], start;
	char path[PATH_ROOM];
	int rc = 0;

	for (unsigned i = 0; i < ASKED && !rc; i++) {
		path_printf(path, "/certificate/%s", ids[i]);
		start = clock_mono_us();
		rc = round < 2 ? ask(d, "POST", "/certificate", &csrs[i], 200,
				     ids[i])
			       : ask(d, "GET", path, NULL, 204, NULL);
		took_us[i] = clock_mono_us() - start;
	}
	*ret = rc ? 0 : rate_of(took_us);
	return rc;
}

static int measure(struct doorman *d, unsigned kept)
{
	char ids[ASKED][HASH_TEXT] = { "" };
	struct buf csrs[ASKED];
	double rates[3];
	int rc = 0;

	for (unsigned i = 0; i < ASKED; i++) {
		buf_init(&csrs[i], ROOM);
		rc |= make_csr(1000000 + i, &csrs[i]);
	}
	for (int round = 0; round < 3 && !rc; round++)
		rc = measure_round(d, round, csrs, ids, &rates[round]);
	for (unsigned i = 0; i < ASKED; i++)
		buf_release(&csrs[i]);
	if (!rc)
		printf("{\"kept\":%u,\"new\":%.0f,\"again\":%.0f,"
		       "\"pending\":%.0f}\n",
		       kept, rates[0], rates[1], rates[2]);
	return rc;
}

static int measure_with(const char *dir, unsigned kept)
{
	cleanup(doorman_closep) struct doorman *d = NULL;
	char state[PATH_ROOM], requests[PATH_ROOM];
	const struct doorman_settings settings = { .directory = state,
						   .by_hand = true };

	path_printf(state, "%s/state-%u", dir, kept);
	if (doorman_open(&settings, &d, &err) < 0 ||
	    dir_make(path_join(requests, state, "request"), 0700, &err) < 0)
		return -1;
	for (unsigned n = 0; n < kept; n++)
		if (keep(state, n) < 0)
			return -1;
	return measure(d, kept);
}

int main(int argc, char **argv)
{
	static const unsigned kept[] = { 10, 1000, EXISTING };
	int rc = argc == 2 ? key_generate(KEY_P256, &key, &err) : -1;

	for (size_t i = 0; i < ARRAY_SIZE(kept) && !rc; i++)
		rc = measure_with(argv[1], kept[i]);
	key_free(key);
	if (rc)
		fprintf(stderr, "doorman_bench: %s\n", err.text);
	return rc != 0;
}
