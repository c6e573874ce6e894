/* SPDX-License-Identifier: Apache-2.0 */
/* doctor_rootless.c - what podman needs of a machine without root. */
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "cli/cmd_doctor.h"
#include "sys/containers.h"
#include "sys/file.h"
#include "sys/process.h"

/* Systems of Debian packages have files of nobody, 65534. */
enum { IDS_LEAST = 65536, FIRST_SUBORDINATE = 100000 };

static const char *user_name(void)
{
	const struct passwd *pw = getpwuid(geteuid());

	return pw ? pw->pw_name : "USER";
}

long long doctor_ids(const char *map)
{
	long long ids = 0, count;
	int len;

	/* Lines "first outside count", as of /proc/PID/uid_map. */
	while (sscanf(map, "%*d %*d %lld%n", &count, &len) == 1) {
		ids += count;
		map += len;
	}
	return ids;
}

static long long ask_ids(const char *path, struct error *err)
{
	cleanup(buf_release) struct buf map = BUF_INIT(64 * 1024);
	const char *const argv[] = { "podman", "unshare", "cat", path, NULL };

	if (doctor_ask(argv, &map, err) < 0)
		return -1;
	return doctor_ids(buf_text(&map));
}

static void look_ids(struct doctor_check *c)
{
	struct error err = { 0 };
	long long users, groups;

	if (!program_exists("newuidmap") || !program_exists("newgidmap")) {
		doctor_found(c, HEALTH_FAIL, "newuidmap is not installed");
		doctor_fix(c, "apt-get install --no-install-recommends uidmap");
		return;
	}
	users = ask_ids("/proc/self/uid_map", &err);
	groups = users < 0 ? -1 : ask_ids("/proc/self/gid_map", &err);
	if (groups < 0) {
		doctor_found(c, HEALTH_FAIL, "%s", err.text);
		doctor_fix(c, "allow user namespaces: sysctl "
			      "user.max_user_namespaces, and AppArmor's "
			      "kernel.apparmor_restrict_unprivileged_userns");
		return;
	}
	doctor_found(c, HEALTH_OK, "%lld user and %lld group ids", users,
		     groups);
	if (users >= IDS_LEAST && groups >= IDS_LEAST)
		return;
	c->health = HEALTH_FAIL;
	doctor_fix(c,
		   "as root: usermod --add-subuids %d-%d --add-subgids %d-%d "
		   "%.32s; then: podman system migrate",
		   FIRST_SUBORDINATE, FIRST_SUBORDINATE + IDS_LEAST - 1,
		   FIRST_SUBORDINATE, FIRST_SUBORDINATE + IDS_LEAST - 1,
		   user_name());
}

/* The network of all pods reaches the machine by a tap device. */
static void look_tun(struct doctor_check *c)
{
	cleanup(closep) int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
	int why = errno;

	if (fd < 0) {
		doctor_found(c, HEALTH_FAIL, "/dev/net/tun: %s", strerror(why));
		doctor_fix(c, why == EACCES ? "as root: chmod 666 /dev/net/tun"
					    : "as root: modprobe tun");
		return;
	}
	if (program_exists("slirp4netns") || program_exists("pasta")) {
		doctor_found(c, HEALTH_OK, "/dev/net/tun can be opened");
		return;
	}
	doctor_found(c, HEALTH_FAIL, "slirp4netns is not installed");
	doctor_fix(c, "apt-get install --no-install-recommends slirp4netns");
}

static void look_runtime_dir(struct doctor_check *c)
{
	const char *dir = getenv("XDG_RUNTIME_DIR");
	struct stat st;

	if (!dir || !*dir)
		doctor_found(c, HEALTH_WARN,
			     "XDG_RUNTIME_DIR is not set: podman keeps its "
			     "state below /tmp");
	else if (stat(dir, &st) < 0)
		doctor_found(c, HEALTH_FAIL, "XDG_RUNTIME_DIR=%s: %s", dir,
			     strerror(errno));
	else if (!S_ISDIR(st.st_mode) || st.st_uid != geteuid())
		doctor_found(c, HEALTH_FAIL,
			     "XDG_RUNTIME_DIR=%s is not a directory of this "
			     "user",
			     dir);
	else
		doctor_found(c, HEALTH_OK, "%s", dir);
	if (c->health == HEALTH_OK)
		return;
	doctor_fix(c,
		   "log in again as this user (not with su); without systemd, "
		   "as root: install -d -m 700 -o %.32s /run/user/%d; then "
		   "export XDG_RUNTIME_DIR=/run/user/%d",
		   user_name(), (int)geteuid(), (int)geteuid());
}

static void look_limits(struct doctor_check *c)
{
	struct containers_limits can;
	struct error err = { 0 };

	if (containers_limits(&can, &err) < 0) {
		doctor_found(c, HEALTH_FAIL, "%s", err.text);
		doctor_fix(c, "correct the error that 'podman info' prints");
		return;
	}
	if (!can.why) {
		doctor_found(c, HEALTH_OK, "memory and CPU can be limited");
		return;
	}
	doctor_found(c, can.memory ? HEALTH_OK : HEALTH_WARN,
		     "%s cannot be limited: %s",
		     can.cpu	  ? "memory"
		     : can.memory ? "CPU"
				  : "memory and CPU",
		     can.why);
	if (!can.memory)
		doctor_fix(c,
			   "networks run without limits; for limits: cgroup "
			   "version 2, systemd, and Delegate=cpu memory pids "
			   "for user@.service");
}

/* Systemd ends what a user runs when the last session ends. */
static void look_linger(struct doctor_check *c)
{
	char path[PATH_ROOM];

	if (!file_exists("/run/systemd/system")) {
		doctor_found(c, HEALTH_OK,
			     "no systemd: networks stay up after logout");
		return;
	}
	path_join(path, "/var/lib/systemd/linger", user_name());
	if (file_exists(path)) {
		doctor_found(c, HEALTH_OK, "networks stay up after logout");
		return;
	}
	doctor_found(
		c, HEALTH_WARN,
		"networks end when the user %.32s logs out of the last session",
		user_name());
	doctor_fix(c, "loginctl enable-linger %.32s", user_name());
}

const struct check_kind rootless_checks[] = {
	{ "ids", look_ids },
	{ "tun", look_tun },
	{ "runtime-dir", look_runtime_dir },
	{ "cgroup", look_limits },
	{ "linger", look_linger },
};
const unsigned rootless_check_count = ARRAY_SIZE(rootless_checks);
