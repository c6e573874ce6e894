/* SPDX-License-Identifier: Apache-2.0 */
/* doctor_checks.c - what medley needs of a machine, one function a need. */
#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "cli/cmd_doctor.h"
#include "sys/containers.h"
#include "sys/file.h"
#include "sys/home.h"
#include "sys/process.h"

enum { ANSWER_MAX = 64 * 1024 };
/* The quickstart: three banks, a notary, a database. */
enum { QUICK_NODES = 4, QUICK_PORTS = 5, NODE_MB = 800, DATABASE_MB = 300 };
enum { STORAGE_MB = 6000, CACHE_MB = 1500, FILES = 1024, PROCESSES = 1000 };

/* The first line of what a program prints; false when it fails. */
static bool ask(const char *const *argv, char room[CHECK_TEXT],
		struct error *err)
{
	cleanup(buf_release) struct buf out = BUF_INIT(ANSWER_MAX);

	if (doctor_ask(argv, &out, err) < 0)
		return false;
	snprintf(room, CHECK_TEXT, "%s", buf_text(&out));
	room[strcspn(room, "\n")] = 0;
	return true;
}

#define ASK(room, err, ...)                                                    \
	ask((const char *const[]){ __VA_ARGS__, NULL }, room, err)

static void look_podman(struct doctor_check *c)
{
	struct error err = { 0 };
	char version[CHECK_TEXT];
	int major = 0, minor = 0;

	if (!ASK(version, &err, "podman", "version", "--format",
		 "{{.Client.Version}}")) {
		doctor_found(c, HEALTH_FAIL, "%s", err.text);
		doctor_fix(c, "apt-get install --no-install-recommends podman");
		return;
	}
	sscanf(version, "%d.%d", &major, &minor);
	doctor_found(c, HEALTH_OK, "podman %s", version);
	if (major > 4 || (major == 4 && minor >= 3))
		return;
	c->health = HEALTH_WARN;
	doctor_fix(c, "medley is tested with podman 4.3 and later");
}

static void look_engine(struct doctor_check *c)
{
	struct error err = { 0 };
	char said[CHECK_TEXT];

	if (!ASK(said, &err, "podman", "info", "--format",
		 "{{.Host.OCIRuntime.Name}}, network {{.Host.NetworkBackend}}"
		 ", storage {{.Store.GraphDriverName}}")) {
		doctor_found(c, HEALTH_FAIL, "%s", err.text);
		doctor_fix(c, "correct the error that 'podman info' prints");
		return;
	}
	doctor_found(c, HEALTH_OK, "%s", said);
	if (strstr(said, "netavark"))
		return;
	c->health = HEALTH_FAIL;
	doctor_fix(c, "pods need netavark to find each other: apt-get install "
		      "netavark aardvark-dns, then 'podman system reset'");
}

static void look_driver(struct doctor_check *c)
{
	struct error err = { 0 };
	char driver[CHECK_TEXT];

	if (!ASK(driver, &err, "podman", "info", "--format",
		 "{{.Store.GraphDriverName}}")) {
		doctor_found(c, HEALTH_FAIL, "%s", err.text);
		return;
	}
	doctor_found(c, HEALTH_OK, "%s", driver);
	if (strcmp(driver, "vfs") != 0)
		return;
	doctor_found(c, HEALTH_WARN,
		     "vfs copies every layer: builds and starts are slow, and "
		     "images take several times the space");
	doctor_fix(c,
		   "'[storage]' and 'driver = \"overlay\"' in %s (before Linux "
		   "5.13 with fuse-overlayfs); then podman system reset",
		   geteuid() ? "~/.config/containers/storage.conf"
			     : "/etc/containers/storage.conf");
}

static void look_program(struct doctor_check *c, const char *name,
			 const char *package)
{
	if (program_exists(name)) {
		doctor_found(c, HEALTH_OK, "%s is installed", name);
		return;
	}
	doctor_found(c, HEALTH_FAIL, "%s is not installed", name);
	doctor_fix(c, "apt-get install --no-install-recommends %s", package);
}

static void look_buildah(struct doctor_check *c)
{
	look_program(c, "buildah", "buildah");
}

static void look_maven(struct doctor_check *c)
{
	look_program(c, "mvn", "maven");
}

/* Gradle compiles with the JDK of $JAVA_HOME, or else the one on the path. */
static const char *find_javac(char room[PATH_ROOM])
{
	const char *home = getenv("JAVA_HOME");

	return home && *home ? path_join(room, home, "bin/javac") : "javac";
}

/* JDK 8 prints its version on standard error. */
static bool javac_version(char room[CHECK_TEXT])
{
	static const char javac[] = "javac ";
	char path[PATH_ROOM], said[CHECK_TEXT];
	struct error err = { 0 };

	if (!ASK(said, &err, "/bin/sh", "-c", "exec \"$0\" -version 2>&1",
		 find_javac(path)) ||
	    strncmp(said, javac, strlen(javac)) != 0)
		return false;
	snprintf(room, CHECK_TEXT, "%s", said + strlen(javac));
	return true;
}

static void look_jdk(struct doctor_check *c)
{
	static const struct {
		const char *version, *compiles;
	} jdks[] = {
		{ "1.8.", "up to Corda 4.11; later ones need JDK 17" },
		{ "17.", "from Corda 4.12 on; earlier ones need JDK 8" },
	};
	char version[CHECK_TEXT];

	if (!javac_version(version)) {
		doctor_found(c, HEALTH_WARN,
			     "no JDK: commits of Corda cannot be compiled "
			     "(released versions need none)");
		doctor_fix(c, "apt-get install --no-install-recommends "
			      "openjdk-17-jdk-headless, or set JAVA_HOME");
		return;
	}
	for (size_t i = 0; i < ARRAY_SIZE(jdks); i++)
		if (!strncmp(version, jdks[i].version,
			     strlen(jdks[i].version))) {
			doctor_found(c, HEALTH_OK,
				     "JDK %.40s compiles commits %s", version,
				     jdks[i].compiles);
			return;
		}
	doctor_found(c, HEALTH_WARN, "JDK %.40s compiles no release of Corda",
		     version);
	doctor_fix(c, "set JAVA_HOME to a JDK 8, or to a JDK 17 for commits "
		      "from Corda 4.12 on");
}

/* Programs that podman starts, which are not on the path. */
static bool helper_exists(const char *name)
{
	static const char *const dirs[] = { "/usr/lib/podman",
					    "/usr/libexec/podman",
					    "/usr/local/libexec/podman" };
	char path[PATH_ROOM];

	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++)
		if (file_exists(path_join(path, dirs[i], name)))
			return true;
	return program_exists(name);
}

static void look_helpers(struct doctor_check *c)
{
	static const char *const names[] = { "netavark", "aardvark-dns",
					     "catatonit" };
	char missing[CHECK_TEXT / 2] = "";

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (!helper_exists(names[i]))
			strcat(strcat(missing, " "), names[i]);
	if (!*missing) {
		doctor_found(c, HEALTH_OK, "netavark, aardvark-dns, catatonit");
		return;
	}
	doctor_found(c, HEALTH_FAIL, "not installed:%s", missing);
	doctor_fix(c, "apt-get install --no-install-recommends%s", missing);
}

static bool limit_is_low(int resource, rlim_t least, rlim_t *ret)
{
	struct rlimit limit;

	getrlimit((__rlimit_resource_t)resource, &limit);
	*ret = limit.rlim_max;
	return limit.rlim_max < least;
}

static void look_limits(struct doctor_check *c)
{
	rlim_t files, processes;
	bool low = limit_is_low(RLIMIT_NOFILE, FILES, &files);
	char all[2][32];

	low |= limit_is_low(RLIMIT_NPROC, PROCESSES, &processes);
	snprintf(all[0], sizeof(all[0]), "%llu", (unsigned long long)files);
	snprintf(all[1], sizeof(all[1]), "%llu", (unsigned long long)processes);
	doctor_found(c, low ? HEALTH_FAIL : HEALTH_OK,
		     "at most %s files and %s processes",
		     files == RLIM_INFINITY ? "unlimited" : all[0],
		     processes == RLIM_INFINITY ? "unlimited" : all[1]);
	if (low)
		doctor_fix(c,
			   "raise nofile to %d and nproc to %d in "
			   "/etc/security/limits.conf",
			   FILES, PROCESSES);
}

static long long read_number(const char *path)
{
	cleanup(buf_release) struct buf text = BUF_INIT(ANSWER_MAX);

	if (file_read(path, &text, NULL) < 0)
		return -1;
	return atoll(buf_text(&text));
}

static void look_pids(struct doctor_check *c)
{
	long long most = read_number("/proc/sys/kernel/pid_max");
	long long threads = read_number("/proc/sys/kernel/threads-max");
	long long least = QUICK_NODES * 1000;
	bool low = most < least || threads < least;

	doctor_found(c, low ? HEALTH_FAIL : HEALTH_OK,
		     "pid_max %lld, threads-max %lld", most, threads);
	if (low)
		doctor_fix(
			c,
			"sysctl kernel.pid_max=32768 kernel.threads-max=32768");
}

/* Free megabytes where `path` is, or will be made. */
static long long free_mb(const char *path)
{
	struct statvfs fs;
	char up[PATH_ROOM];
	char *slash;

	path_printf(up, "%s", path);
	while (statvfs(*up ? up : "/", &fs) < 0) {
		slash = strrchr(up, '/');
		if (!slash)
			return -1;
		*slash = 0;
	}
	return (long long)(fs.f_bavail * (fs.f_frsize / 1024) / 1024);
}

static void look_space(struct doctor_check *c, const char *path,
		       long long least)
{
	long long mb = free_mb(path);

	doctor_found(c, mb < least ? HEALTH_WARN : HEALTH_OK,
		     "%lld.%lld GB free at %s", mb / 1000, mb / 100 % 10, path);
	if (mb < least)
		doctor_fix(c,
			   "images of three releases take about %lld GB there",
			   least / 1000);
}

static void look_storage(struct doctor_check *c)
{
	struct error err = { 0 };
	char path[CHECK_TEXT];

	if (ASK(path, &err, "podman", "info", "--format",
		"{{.Store.GraphRoot}}"))
		look_space(c, path, STORAGE_MB);
	else
		doctor_found(c, HEALTH_FAIL,
			     "podman does not report its storage directory");
}

static int check_writable(const char *dir, struct error *err)
{
	struct stat st;

	if (stat(dir, &st) == 0 && !S_ISDIR(st.st_mode))
		return error_path(err, ENOTDIR, "%s", dir);
	return access(dir, W_OK | X_OK) == 0
		       ? 0
		       : error_path(err, errno, "%s", dir);
}

static void look_cache(struct doctor_check *c)
{
	struct error err = { 0 };
	char path[PATH_ROOM];

	if (cache_path(path, "", &err) < 0 || check_writable(path, &err) < 0 ||
	    containers_prepare(&err) < 0) {
		doctor_found(c, HEALTH_FAIL, "%s", err.text);
		doctor_fix(c, "set MEDLEY_CACHE to a writable directory");
		return;
	}
	look_space(c, path, CACHE_MB);
}

/* Podman and buildah take it from the environment. */
static void look_temporary(struct doctor_check *c)
{
	const char *own = getenv("TMPDIR");
	const char *dir = own && *own ? own : "/tmp";
	struct error err = { 0 };

	if (check_writable(dir, &err) == 0) {
		doctor_found(c, HEALTH_OK, "%s can be written", dir);
		return;
	}
	doctor_found(c, HEALTH_FAIL, "%s", err.text);
	doctor_fix(c, "set TMPDIR to a writable directory");
}

static void look_memory(struct doctor_check *c)
{
	const long long need = QUICK_NODES * NODE_MB + DATABASE_MB;
	cleanup(buf_release) struct buf text = BUF_INIT(ANSWER_MAX);
	const char *at = NULL;
	long long mb;

	if (!file_read("/proc/meminfo", &text, NULL))
		at = strstr(buf_text(&text), "MemAvailable:");
	mb = at ? atoll(at + strlen("MemAvailable:")) / 1024 : 0;
	doctor_found(c, mb < need ? HEALTH_WARN : HEALTH_OK,
		     "%lld.%lld GB available; the quickstart takes %lld.%lld",
		     mb / 1000, mb / 100 % 10, need / 1000, need / 100 % 10);
	if (mb < need)
		doctor_fix(c, "a node takes 0.8 GB: free memory, or use fewer "
			      "nodes");
}

/* Ports of 127.0.0.1, as many as the quickstart publishes. */
static void look_ports(struct doctor_check *c)
{
	struct sockaddr_in any = { .sin_family = AF_INET,
				   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fds[QUICK_PORTS], open_ports = 0;

	for (int i = 0; i < QUICK_PORTS; i++) {
		fds[i] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
		if (fds[i] >= 0 && !bind(fds[i], (void *)&any, sizeof(any)))
			open_ports++;
	}
	for (int i = 0; i < QUICK_PORTS; i++)
		closep(&fds[i]);
	doctor_found(c, open_ports < QUICK_PORTS ? HEALTH_FAIL : HEALTH_OK,
		     "%d of %d ports of 127.0.0.1 could be opened", open_ports,
		     QUICK_PORTS);
	if (open_ports < QUICK_PORTS)
		doctor_fix(c,
			   "is the loopback interface up? 'ip link set lo up'");
}

static void look_base(struct doctor_check *c)
{
	struct error err = { 0 };
	char said[CHECK_TEXT];

	if (ASK(said, &err, "podman", "images", "-q",
		"localhost/medley/base") &&
	    *said) {
		doctor_found(c, HEALTH_OK,
			     "the Java 8 base image is there (%s)", said);
		return;
	}
	if (program_exists("mmdebstrap")) {
		doctor_found(c, HEALTH_OK,
			     "the Java 8 base image is made at the "
			     "first build");
		return;
	}
	doctor_found(c, HEALTH_FAIL, "no Java 8 base image, and no mmdebstrap");
	doctor_fix(c, "apt-get install --no-install-recommends mmdebstrap");
}

static void look_data(struct doctor_check *c)
{
	struct error err = { 0 };

	if (home_check(&err) < 0) {
		doctor_found(c, HEALTH_FAIL, "%s", err.text);
		doctor_fix(c, "set MEDLEY_HOME to the directory that has "
			      "medley's data files, or MEDLEY_CACHE to a "
			      "directory that you can write to");
		return;
	}
	doctor_found(c, HEALTH_OK, "medley's data files are there");
}

const struct check_kind check_kinds[] = {
	{ "podman", look_podman },	 { "engine", look_engine },
	{ "driver", look_driver },	 { "helpers", look_helpers },
	{ "buildah", look_buildah },	 { "java", look_base },
	{ "maven", look_maven },	 { "jdk", look_jdk },
	{ "limits", look_limits },	 { "pids", look_pids },
	{ "storage", look_storage },	 { "cache", look_cache },
	{ "temporary", look_temporary }, { "memory", look_memory },
	{ "ports", look_ports },	 { "data", look_data },
};
const unsigned check_kind_count = ARRAY_SIZE(check_kinds);
