/* SPDX-License-Identifier: Apache-2.0 */
/* containers.c - makes podman and buildah work on the machine as it is. */
#include "sys/containers.h"

#include <linux/capability.h>
#include <linux/magic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "sys/file.h"
#include "sys/home.h"
#include "sys/process.h"

/* Podman lowers its own processes to 32768 before it starts a container. */
enum { CONF_MAX = 4096, FILES_MAX = 1024 * 1024, PROCESSES_MAX = 32768 };
enum { ANSWER_MAX = 4096, ANSWER_SECONDS = 60 };

/* Podman asks for 1048576 files and processes, which root may only raise
 * itself to with this capability; a plain user's podman asks for less. */
static bool limits_can_rise(void)
{
	return geteuid() || prctl(PR_CAPBSET_READ, CAP_SYS_RESOURCE) == 1;
}

/* crun, the default, fails where version 1 and 2 are mixed. */
static bool cgroups_are_unified(void)
{
	struct statfs fs;

	return statfs("/sys/fs/cgroup", &fs) == 0 &&
	       fs.f_type == CGROUP2_SUPER_MAGIC;
}

static bool systemd_runs(void)
{
	return file_exists("/run/systemd/system");
}

static unsigned long hard_limit(__rlimit_resource_t resource,
				unsigned long most)
{
	struct rlimit limit;

	if (getrlimit(resource, &limit) < 0 || limit.rlim_max > most)
		return most;
	return limit.rlim_max;
}

static void add_limits(struct buf *conf)
{
	unsigned long files = hard_limit(RLIMIT_NOFILE, FILES_MAX);
	unsigned long processes = hard_limit(RLIMIT_NPROC, PROCESSES_MAX);

	buf_addf(conf,
		 "[containers]\n"
		 "default_ulimits = [\"nofile=%lu:%lu\", \"nproc=%lu:%lu\"]\n",
		 files, files, processes, processes);
}

/* Empty where podman's own defaults work. */
static void configure(struct buf *conf)
{
	if (!limits_can_rise())
		add_limits(conf);
	if (cgroups_are_unified() && systemd_runs())
		return;
	buf_add_str(conf, "[engine]\n");
	if (!cgroups_are_unified())
		buf_add_str(conf, "runtime = \"runc\"\n");
	if (!systemd_runs())
		buf_add_str(conf, "cgroup_manager = \"cgroupfs\"\n"
				  "events_logger = \"file\"\n");
}

static bool holds(const char *path, const struct buf *conf)
{
	cleanup(buf_release) struct buf now = BUF_INIT(CONF_MAX);

	return file_read(path, &now, NULL) == 0 &&
	       !strcmp(buf_text(&now), buf_text(conf));
}

int containers_prepare(struct error *err)
{
	cleanup(buf_release) struct buf conf = BUF_INIT(CONF_MAX);
	char path[PATH_ROOM];

	if (getenv("CONTAINERS_CONF"))
		return 0;
	configure(&conf);
	if (buf_check(&conf, err) < 0)
		return -1;
	if (!conf.len)
		return 0;
	if (cache_path(path, "containers.conf", err) < 0)
		return -1;
	/* Written only when it differs: several medleys may run at once. */
	if (!holds(path, &conf) &&
	    file_write(path, conf.data, conf.len, 0644, err) < 0)
		return -1;
	if (setenv("CONTAINERS_CONF", path, 1) < 0)
		return error_nomem(err);
	return 0;
}

/* Whether the list "[cpu memory]" has the word. */
static bool lists(const char *list, const char *word)
{
	size_t len = strlen(word);

	while (*list) {
		size_t n = strcspn(list += strspn(list, "[] \n"), "[] \n");

		if (n == len && !strncmp(list, word, n))
			return true;
		list += n;
	}
	return false;
}

struct containers_limits containers_limits_of(const char *answer, bool root)
{
	struct containers_limits all = { true, true, NULL }, some = { 0 };
	const char *list = strchr(answer, '[') ?: "";

	if (!root && !strncmp(answer, "v1 ", 3)) {
		some.why = "without root, cgroup version 1 allows none";
		return some;
	}
	/* Only systemd gives a user a cgroup to write to. */
	if (!root && strncmp(answer, "v2 systemd ", 11) != 0) {
		some.why = "without root, only systemd could allow one";
		return some;
	}
	some.memory = lists(list, "memory");
	some.cpu = lists(list, "cpu");
	some.why = root ? "the kernel lacks the cgroup controller"
			: "the cgroup controller is not delegated to this user";
	return some.memory && some.cpu ? all : some;
}

int containers_limits(struct containers_limits *ret, struct error *err)
{
	static const char *const argv[] = {
		"podman", "info", "--format",
		"{{.Host.CgroupsVersion}} {{.Host.CgroupManager}} "
		"{{.Host.CgroupControllers}}",
		NULL
	};
	const struct process_spec spec = { .argv = argv,
					   .environment = ENVIRONMENT_LOGIN,
					   .seconds = ANSWER_SECONDS };
	cleanup(buf_release) struct buf out = BUF_INIT(ANSWER_MAX);

	if (process_run(&spec, &out, err) < 0)
		return -1;
	*ret = containers_limits_of(buf_text(&out), geteuid() == 0);
	return 0;
}
