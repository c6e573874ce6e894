/* SPDX-License-Identifier: Apache-2.0 */
/* repository.c - repositories that git itself makes, for tests. */
#include "test/support/repository.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "sys/process.h"

enum { ARGS_MAX = 24, OUTPUT_MAX = 1 << 20 };

const char *git_run(const char *dir, const char *const *args)
{
	static struct buf out = BUF_INIT(OUTPUT_MAX);
	const char *argv[ARGS_MAX] = { "git", "-C", dir };
	const struct process_spec spec = { .argv = argv,
					   .environment = ENVIRONMENT_BUILD,
					   .seconds = 60 };
	struct error err = { 0 };
	size_t n = 3;

	while (*args && n + 1 < ARGS_MAX)
		argv[n++] = *args++;
	buf_clear(&out);
	assert_ok(process_run(&spec, &out, &err), err);
	while (out.len && out.data[out.len - 1] == '\n')
		out.data[--out.len] = 0;
	return buf_text(&out);
}

/* By variables, which programs of a build would not get. */
void git_set_up(void)
{
	static const char *const settings[] = {
		"user.name",	       "t",
		"user.email",	       "t@example.com",
		"init.defaultBranch",  "main",
		"protocol.file.allow", "always"
	};
	char name[40], count[8];
	size_t n = ARRAY_SIZE(settings) / 2;

	for (size_t i = 0; i < n; i++) {
		snprintf(name, sizeof(name), "GIT_CONFIG_KEY_%zu", i);
		setenv(name, settings[2 * i], 1);
		snprintf(name, sizeof(name), "GIT_CONFIG_VALUE_%zu", i);
		setenv(name, settings[2 * i + 1], 1);
	}
	snprintf(count, sizeof(count), "%zu", n);
	setenv("GIT_CONFIG_COUNT", count, 1);
	setenv("GIT_CONFIG_GLOBAL", "/dev/null", 1);
	setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
	setenv("MEDLEY_ENVIRONMENT",
	       "GIT_CONFIG_COUNT GIT_CONFIG_KEY_* GIT_CONFIG_VALUE_*", 1);
}

void git_commit(const char *dir, const char *file, const char *text)
{
	struct error err = { 0 };
	char path[PATH_ROOM];

	path_join(path, dir, file);
	assert_ok(file_write(path, text, strlen(text), 0644, &err), err);
	GIT_IN(dir, "add", file);
	GIT_IN(dir, "commit", "-q", "-m", text);
}

void git_make(const char *dir)
{
	struct error err = { 0 };

	assert_ok(dir_make(dir, 0755, &err), err);
	GIT_IN(dir, "init", "-q");
	git_commit(dir, "file", "one");
	GIT_IN(dir, "tag", "v1");
}
