/* SPDX-License-Identifier: Apache-2.0 */
/* corpus: test/vectors/bootstrap/cz */
/* routes_fuzz.c - a doorman is posted any bytes, and asked for any path. */
#include "doorman/routes.h"

#include <stdlib.h>
#include <string.h>

#include "corda/node_info.h"
#include "sys/file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char dir[PATH_ROOM];
static struct doorman *d;

static void end(void)
{
	doorman_close(d);
	dir_remove(dir, NULL);
}

static void begin(void)
{
	const struct doorman_settings settings = { .directory = dir };
	struct error err;

	if (dir_make_temporary("/tmp/routes-fuzz-", dir, &err) < 0 ||
	    doorman_open(&settings, &d, &err) < 0)
		abort();
	atexit(end);
}

static void ask(const char *method, const char *path, const uint8_t *body,
		size_t len)
{
	const struct served_request request = { method, path, "::1", body,
						len };
	struct served_answer answer = { .body = BUF_INIT(1 << 20) };

	routes_answer(d, &request, &answer);
	if (answer.status < 200 || answer.status > 503)
		abort();
	buf_release(&answer.body);
}

/* A node info's paths, held against what they end in themselves. */
static void check_paths(const uint8_t *data, size_t size)
{
	struct arena arena = ARENA_INIT(1 << 20);
	struct signed_node_info file;

	if (node_info_read(data, size, &arena, &file, NULL) == 0)
		for (size_t i = 0; i < file.info.identity_count; i++) {
			const struct certificate_path *p =
				&file.info.identities[i];

			if (p->count > 2)
				certificate_path_check(
					p->certificates, p->count,
					p->certificates[p->count - 2],
					p->certificates[p->count - 1], NULL);
		}
	arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char path[256] = "/certificate/";
	size_t used = strlen(path), room = sizeof(path) - 1 - used;

	if (!d)
		begin();
	ask("POST", "/certificate", data, size);
	ask("POST", "/network-map/publish", data, size);
	ask("POST", "/network-map/ack-parameters", data, size);
	memcpy(path + used, data ? data : (const uint8_t *)"",
	       size < room ? size : room);
	ask("GET", path, NULL, 0);
	ask("GET", path + used, NULL, 0);
	check_paths(data, size);
	return 0;
}
