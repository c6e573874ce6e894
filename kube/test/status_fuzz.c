/* SPDX-License-Identifier: Apache-2.0 */
/* corpus: test/vectors/kube test/vectors/json */
/* status_fuzz.c - whatever a server says becomes one line; so do plugins. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "kube/credential.h"
#include "kube/status.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf body = BUF_INIT(1 << 20);
	struct credential c = { 0 };
	struct error err;

	buf_add(&body, data, size);
	kube_status_error("apply", "X y", 500, &body, &err);
	if (strchr(err.text, '\n'))
		abort();
	buf_release(&body);
	(void)credential_parse("fuzz", data, size, &c, NULL);
	credential_release(&c);
	return 0;
}
