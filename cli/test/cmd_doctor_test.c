/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_doctor_test.c - what a machine lacks for podman without root is found,
 * with what mends it. Programs of a directory of the test stand for podman's.
 */
#include "cli/cmd_doctor.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "test/support/scratch.h"

static void program(struct scratch *at, const char *name, const char *script)
{
	char path[PATH_ROOM];

	scratch_write(at, name, script);
	assert_int_equal(chmod(path_join(path, at->dir, name), 0755), 0);
}

/* From here on no other program is on the path. */
static void only_these_programs(struct scratch *at)
{
	setenv("PATH", at->dir, 1);
	setenv("CONTAINERS_CONF", "/dev/null", 1);
}

static struct doctor_check look(const char *name)
{
	struct doctor_check c = { 0 };

	for (unsigned i = 0; i < check_kind_count; i++)
		if (!strcmp(check_kinds[i].name, name))
			return check_kinds[i].look(&c), c;
	for (unsigned i = 0; i < rootless_check_count; i++)
		if (!strcmp(rootless_checks[i].name, name))
			return rootless_checks[i].look(&c), c;
	fail_msg("no check %s", name);
	return c;
}

static void assert_check(const char *name, enum health health, const char *text,
			 const char *fix)
{
	struct doctor_check c = look(name);

	if (c.health != health || !strstr(c.text, text) ||
	    !strstr(c.fix, fix) || !*fix != !c.fix[0])
		fail_msg("%s: %d, \"%s\", \"%s\"", name, c.health, c.text,
			 c.fix);
}

static void ids_are_counted(void **state)
{
	(void)state;
	assert_int_equal(doctor_ids(""), 0);
	assert_int_equal(doctor_ids("         0       1001          1\n"), 1);
	assert_int_equal(doctor_ids("0 1001 1\n1 100000 65536\n"), 65537);
	assert_int_equal(doctor_ids("cat: No such file\n"), 0);
}

static void subordinate_ids_are_needed(void **state)
{
	struct scratch *at = *state;

	only_these_programs(at);
	assert_check("ids", HEALTH_FAIL, "newuidmap", "uidmap");
	program(at, "newuidmap", "#!/bin/sh\n");
	program(at, "newgidmap", "#!/bin/sh\n");
	program(at, "podman", "#!/bin/sh\necho '0 1001 1'\n");
	assert_check("ids", HEALTH_FAIL, "1 user and 1 group",
		     "usermod --add-subuids 100000-165535 "
		     "--add-subgids 100000-165535 ");
	program(at, "podman", "#!/bin/sh\necho 'not permitted' >&2\nexit 1\n");
	assert_check("ids", HEALTH_FAIL, "not permitted", "user namespaces");
	program(at, "podman",
		"#!/bin/sh\necho '0 1001 1'\necho '1 100000 65536'\n");
	assert_check("ids", HEALTH_OK, "65537 user", "");
}

static void the_runtime_directory_is_ones_own(void **state)
{
	struct scratch *at = *state;

	unsetenv("XDG_RUNTIME_DIR");
	assert_check("runtime-dir", HEALTH_WARN, "not set", "/run/user/");
	setenv("XDG_RUNTIME_DIR", "/nowhere", 1);
	assert_check("runtime-dir", HEALTH_FAIL, "/nowhere: No such file",
		     "XDG_RUNTIME_DIR=");
	setenv("XDG_RUNTIME_DIR", at->dir, 1);
	assert_check("runtime-dir", HEALTH_OK, at->dir, "");
	setenv("XDG_RUNTIME_DIR", "/dev/null", 1);
	assert_check("runtime-dir", HEALTH_FAIL, "is not a directory",
		     "install -d");
}

static void limits_and_storage_are_judged(void **state)
{
	struct scratch *at = *state;

	only_these_programs(at);
	program(at, "podman", "#!/bin/sh\necho 'v2 cgroupfs [cpu]'\n");
	assert_check("cgroup", HEALTH_WARN, "memory", "Delegate=");
	program(at, "podman", "#!/bin/sh\necho vfs\n");
	assert_check("driver", HEALTH_WARN, "vfs copies every layer",
		     "podman system reset");
	program(at, "podman", "#!/bin/sh\necho overlay\n");
	assert_check("driver", HEALTH_OK, "overlay", "");
}

/* Such a directory is what doctor is asked about, not an error of doctor. */
static void directories_are_looked_at(void **state)
{
	struct scratch *at = *state;
	char file[PATH_ROOM];

	scratch_write(at, "file", "");
	path_join(file, at->dir, "file");
	unsetenv("MEDLEY_CACHE");
	unsetenv("XDG_CACHE_HOME");
	setenv("HOME", file, 1);
	assert_check("cache", HEALTH_FAIL, ": Not a directory",
		     "set MEDLEY_CACHE");
	setenv("MEDLEY_CACHE", file, 1);
	assert_check("cache", HEALTH_FAIL, "file: Not a directory",
		     "set MEDLEY_CACHE");
	setenv("MEDLEY_CACHE", at->dir, 1);
	assert_check("cache", HEALTH_OK, " free at ", "");
	setenv("TMPDIR", file, 1);
	assert_check("temporary", HEALTH_FAIL, "file: Not a directory",
		     "set TMPDIR");
	setenv("TMPDIR", at->dir, 1);
	assert_check("temporary", HEALTH_OK, at->dir, "");
}

static void the_jdk_for_commits_is_named(void **state)
{
	struct scratch *at = *state;
	char path[PATH_ROOM];
	struct error err = { 0 };

	only_these_programs(at);
	unsetenv("JAVA_HOME");
	assert_check("jdk", HEALTH_WARN, "no JDK: commits of Corda cannot",
		     "openjdk-17-jdk-headless, or set JAVA_HOME");
	program(at, "javac", "#!/bin/sh\necho 'javac 17.0.15'\n");
	assert_check("jdk", HEALTH_OK,
		     "JDK 17.0.15 compiles commits from "
		     "Corda 4.12 on",
		     "");
	program(at, "javac", "#!/bin/sh\necho 'javac 11.0.2'\n");
	assert_check("jdk", HEALTH_WARN, "JDK 11.0.2 compiles no release",
		     "JAVA_HOME");
	setenv("JAVA_HOME", at->dir, 1);
	assert_check("jdk", HEALTH_WARN, "no JDK", "JAVA_HOME");
	assert_ok(dir_make(path_join(path, at->dir, "bin"), 0700, &err), err);
	program(at, "bin/javac", "#!/bin/sh\necho 'javac 1.8.0_392' >&2\n");
	assert_check("jdk", HEALTH_OK,
		     "JDK 1.8.0_392 compiles commits up to "
		     "Corda 4.11",
		     "");
	unsetenv("JAVA_HOME");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ids_are_counted),
		SCRATCH_TEST(subordinate_ids_are_needed),
		SCRATCH_TEST(the_runtime_directory_is_ones_own),
		SCRATCH_TEST(limits_and_storage_are_judged),
		SCRATCH_TEST(directories_are_looked_at),
		SCRATCH_TEST(the_jdk_for_commits_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
