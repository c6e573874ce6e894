/* SPDX-License-Identifier: Apache-2.0 */
/* corpus: test/vectors/registry-auth */
/* registry_auth_fuzz.c - what is found in an auth file is found again in the
 * file that is written of it. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "data/registry_auth.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char repository[] = "registry.example:5000/net/app";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup(arena_release) struct arena a = ARENA_INIT(16 * 1024 * 1024);
	cleanup(buf_release) struct buf out = BUF_INIT(1024 * 1024);
	struct registry_auth auth, again;

	/* Helpers are programs: a fuzzer starts none. */
	if (memmem(data, size, "cred", 4) || memmem(data, size, "\\", 1))
		return 0;
	if (registry_auth_parse("fuzz", data, size, repository, &a, &auth,
				NULL) != 1 ||
	    registry_auth_write(&auth, &out, NULL) < 0)
		return 0;
	/* A user with a colon cannot be told from the password's. */
	if (strchr(auth.user, ':'))
		return 0;
	if (registry_auth_parse("again", out.data, out.len, repository, &a,
				&again, NULL) != 1 ||
	    strcmp(auth.user, again.user) ||
	    strcmp(auth.password, again.password))
		abort();
	return 0;
}
