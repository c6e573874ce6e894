/* SPDX-License-Identifier: Apache-2.0 */
/* test.h - what every unit test includes: cmocka and a few short cuts. */
#ifndef TEST_SUPPORT_TEST_H
#define TEST_SUPPORT_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/error.h"
#include "sys/file.h"

/* Asserts that a call succeeded; shows the error's text when not. */
#define assert_ok(call, err)                                                   \
	do {                                                                   \
		if ((call) < 0)                                                \
			fail_msg("%s: %s", #call, (err).text);                 \
	} while (0)

/* Asserts that a call failed and that the error's text contains `part`. */
#define assert_error(call, err, part)                                          \
	do {                                                                   \
		if ((call) >= 0)                                               \
			fail_msg("%s succeeded", #call);                       \
		if (!strstr((err).text, part))                                 \
			fail_msg("\"%s\" is not in \"%s\"", part, (err).text); \
	} while (0)

/* Tests run in the checkout's root: reads test/vectors/<name>. */
static inline struct buf test_vector(const char *name)
{
	struct buf b = BUF_INIT(16 * 1024 * 1024);
	struct error err = { 0 };
	char path[PATH_ROOM];

	assert_ok(file_read(path_join(path, "test/vectors", name), &b, &err),
		  err);
	return b;
}

#endif
