/* SPDX-License-Identifier: Apache-2.0 */
/* driver_live.c - drives a run's network that is up; for trying by hand.
 * Usage: driver_live RUN_DIR */
#include <stdio.h>

#include "base/buf.h"
#include "driver/driver.h"
#include "sys/interrupt.h"

static void say(struct progress *p, uint64_t done, uint64_t total,
		double expected, const char *text)
{
	(void)p, (void)done, (void)total, (void)expected;
	fprintf(stderr, "%s\n", text);
}

int main(int argc, char **argv)
{
	struct progress progress = { .say = say };
	struct error err = { 0 };
	struct buf text = BUF_INIT(1 << 20);
	struct js *details;

	interrupt_install();
	if (argc < 2 ||
	    driver_run(argv[1], NULL, &progress, &details, &err) < 0) {
		fprintf(stderr, "driver_live: %s\n", err.text);
		return err.kind;
	}
	js_print(details, JS_PRETTY, &text, &err);
	puts(buf_text(&text));
	js_free(details);
	buf_release(&text);
	return 0;
}
