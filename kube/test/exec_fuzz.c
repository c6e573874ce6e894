/* SPDX-License-Identifier: Apache-2.0 */
/* corpus: test/vectors/kube test/vectors/json */
/* exec_fuzz.c - whatever ends a command is an exit code or one line. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "kube/exec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct error err = { 0 };
	int code = -1;

	if (kube_exec_status("Pod x", data, size, &code, &err) < 0) {
		if (strchr(err.text, '\n') || !err.text[0])
			abort();
	} else if (code < 0 || code > 255) {
		abort();
	}
	return 0;
}
