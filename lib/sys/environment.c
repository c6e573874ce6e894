/* SPDX-License-Identifier: Apache-2.0 */
/* environment.c - the variables that programs started by medley get. */
#include "sys/environment.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"

#define BIT(kind) (1u << (kind))

enum {
	CHOSEN = BIT(ENVIRONMENT_PLAIN) | BIT(ENVIRONMENT_BUILD),
	BUILD = BIT(ENVIRONMENT_BUILD),
};

static const struct {
	const char *programs, *gets;
} kinds[ENVIRONMENT_KINDS] = {
	[ENVIRONMENT_PLAIN] = { "any other, such as `mmdebstrap`",
				"the chosen variables; without root, "
				"`mmdebstrap` runs in `buildah unshare` and "
				"gets `CONTAINERS_*` and `STORAGE_*`, too" },
	[ENVIRONMENT_BUILD] = { "a build: the command of a recipe, `mvn`",
				"the chosen variables, those for builds, and "
				"those that the recipe names" },
	[ENVIRONMENT_LOGIN] = { "a login: `podman`, `buildah` and `skopeo`, "
				"which start credential helpers; these helpers "
				"(`docker-credential-…`); the exec plugin of a "
				"kubeconfig",
				"all variables except those that are kept back "
				"(below), because medley cannot know which "
				"variables a helper or plugin needs" },
};

/* What a kind gets, when medley has it. "*" stands for any rest of a name. */
static const struct {
	unsigned kinds;
	const char *what, *names;
} chosen[] = {
	{ CHOSEN, "user and machine",
	  "HOME USER LOGNAME SHELL PATH LD_LIBRARY_PATH LD_PRELOAD "
	  "TMPDIR TERM XDG_* DBUS_SESSION_BUS_ADDRESS" },
	{ CHOSEN, "language and time zone", "LANG LANGUAGE LC_* TZ" },
	{ CHOSEN, "proxies and certificates",
	  "http_proxy https_proxy ftp_proxy all_proxy no_proxy HTTP_PROXY "
	  "HTTPS_PROXY FTP_PROXY ALL_PROXY NO_PROXY SSL_CERT_FILE "
	  "SSL_CERT_DIR APT_CONFIG" },
	{ BUILD, "Java, Maven and Gradle",
	  "JAVA_* JDK_* _JAVA_OPTIONS MAVEN_* M2_HOME MVNW_* GRADLE_* "
	  "ORG_GRADLE_PROJECT_*" },
	{ BUILD, "settings of git, but not the repository that it works on",
	  "GIT_CONFIG_GLOBAL GIT_CONFIG_SYSTEM GIT_CONFIG_NOSYSTEM GIT_SSH "
	  "GIT_SSH_COMMAND GIT_SSL_* GIT_ASKPASS GIT_TERMINAL_PROMPT "
	  "SSH_AUTH_SOCK" },
};

/* What ENVIRONMENT_LOGIN does not get. */
static const struct {
	const char *what, *names;
} kept_back[] = {
	{ "the repository of a git hook (`git rev-parse --local-env-vars`)",
	  "GIT_ALTERNATE_OBJECT_DIRECTORIES GIT_CONFIG GIT_CONFIG_PARAMETERS "
	  "GIT_CONFIG_COUNT GIT_CONFIG_KEY_* GIT_CONFIG_VALUE_* "
	  "GIT_OBJECT_DIRECTORY GIT_QUARANTINE_PATH GIT_DIR GIT_WORK_TREE "
	  "GIT_IMPLICIT_WORK_TREE GIT_GRAFT_FILE GIT_INDEX_FILE "
	  "GIT_NO_REPLACE_OBJECTS GIT_REPLACE_REF_BASE GIT_PREFIX "
	  "GIT_INTERNAL_SUPER_PREFIX GIT_SHALLOW_FILE GIT_COMMON_DIR" },
	{ "the make that started medley",
	  "MAKEFLAGS MFLAGS MAKEOVERRIDES MAKELEVEL" },
	{ "the service (systemd) that medley runs as",
	  "LISTEN_FDS LISTEN_FDNAMES LISTEN_PID NOTIFY_SOCKET WATCHDOG_*" },
	{ "medley's own, with its passwords",
	  "MEDLEY_* RPC_PASSWORD PGPASSWORD" },
};

/* What medley, or a library in it, reads itself; `make lint` looks for getenv()
 * of others. */
static const struct {
	const char *names, *meaning;
} own_ones[] = {
	{ "MEDLEY_CACHE", "cache: files that medley can make again "
			  "(`$XDG_CACHE_HOME/medley`, or `~/.cache/medley`)" },
	{ "MEDLEY_HOME",
	  "directory with medley's data files, such as `build-and-publish/"
	  "recipes` (found beside the program, or where `make install` put "
	  "it; else the program unpacks its own copy into the cache)" },
	{ "MEDLEY_REPO", "clone of the node's repository, if `medley build` "
			 "has no --repo" },
	{ "MEDLEY_HISTORY_DATABASE",
	  "PostgreSQL database with the history of runs, if network.yaml has "
	  "no `history.database` and `medley history` no --database" },
	{ ENVIRONMENT_VARIABLE, "names of more variables that medley passes to "
				"programs, see below" },
	{ "KUBECONFIG", "kubeconfigs of the cluster, with `:` between them "
			"(`~/.kube/config`)" },
	{ "KUBERNETES_SERVICE_HOST KUBERNETES_SERVICE_PORT",
	  "the cluster that medley runs in, if there is no kubeconfig" },
	{ "REGISTRY_AUTH_FILE",
	  "file with the passwords of registries (`containers/auth.json` in "
	  "`$XDG_RUNTIME_DIR` or `$XDG_CONFIG_HOME`, then `config.json` in "
	  "`$DOCKER_CONFIG` or `~/.docker`)" },
	{ "XDG_RUNTIME_DIR XDG_CONFIG_HOME DOCKER_CONFIG",
	  "directories of these passwords" },
	{ "CONTAINERS_CONF", "file with podman's settings; if this is not set, "
			     "medley makes a file for the machine" },
	{ "JAVA_HOME", "JDK that compiles commits (the `javac` of `PATH`)" },
	{ "RPC_PASSWORD", "password of a target of `medley health`" },
	{ "PGPASSWORD", "password of `medley doorman --database` and of a "
			"history database" },
	{ "PGPASSFILE PGSERVICEFILE", "files with passwords and services of "
				      "PostgreSQL (`~/.pgpass`, "
				      "`~/.pg_service.conf`)" },
	{ "NO_COLOR", "no colours if it is set, as with --no-color" },
	{ "TERM", "`dumb`: no colours, and no progress line that changes" },
	{ "HOME XDG_CACHE_HOME", "parents of the default directories above" },
	{ "TMPDIR", "directory of podman's temporary files (`/tmp`)" },
	{ "PATH", "where medley looks for programs" },
	{ "SUDO_UID", "user whose clones medley reads when it runs as root "
		      "with sudo, as git does" },
	{ "GIT_CONFIG_SYSTEM GIT_CONFIG_GLOBAL GIT_CONFIG_NOSYSTEM "
	  "GIT_CONFIG_COUNT GIT_CONFIG_KEY_* GIT_CONFIG_VALUE_*",
	  "settings of git" },
	{ "http_proxy https_proxy all_proxy no_proxy HTTPS_PROXY ALL_PROXY "
	  "NO_PROXY",
	  "proxy of a cluster without a `proxy-url`, as libcurl reads them" },
};

/* Whether one of `names` is that of "NAME=value". */
static bool names_have(const char *names, const char *variable)
{
	size_t len = strcspn(variable, "="), n;

	for (; names && *names; names += n + (names[n] == ' ')) {
		n = strcspn(names, " ");
		if (n && names[n - 1] == '*'
			    ? n - 1 <= len && !memcmp(names, variable, n - 1)
			    : n == len && !memcmp(names, variable, n))
			return true;
	}
	return false;
}

static bool is_given(enum environment kind, const char *variable)
{
	if (kind == ENVIRONMENT_LOGIN) {
		for (size_t i = 0; i < ARRAY_SIZE(kept_back); i++)
			if (names_have(kept_back[i].names, variable))
				return false;
		return true;
	}
	for (size_t i = 0; i < ARRAY_SIZE(chosen); i++)
		if (chosen[i].kinds & BIT(kind) &&
		    names_have(chosen[i].names, variable))
			return true;
	return false;
}

static bool is_replaced(const char *variable, const char *const *add)
{
	size_t len = strcspn(variable, "=") + 1;

	for (; add && *add; add++)
		if (!strncmp(*add, variable, len))
			return true;
	return false;
}

static size_t count(const char *const *list)
{
	size_t n = 0;

	while (list && list[n])
		n++;
	return n;
}

int environment_make(enum environment kind, const char *pass,
		     const char *const *add, char ***ret, struct error *err)
{
	const char *own = getenv(ENVIRONMENT_VARIABLE);
	size_t adds = count(add), n = 0;
	char **all = calloc(count((const char *const *)environ) + adds + 1,
			    sizeof(*all));

	if (!all)
		return error_nomem(err);
	for (char **e = environ; e && *e; e++)
		if ((is_given(kind, *e) || names_have(pass, *e) ||
		     names_have(own, *e)) &&
		    !is_replaced(*e, add))
			all[n++] = *e;
	for (size_t i = 0; i < adds; i++)
		all[n++] = (char *)add[i];
	*ret = all;
	return 0;
}

/* ---- the page ---- */

static void add_names(struct buf *out, const char *names)
{
	size_t n;

	for (; *names; names += n + (names[n] == ' ')) {
		n = strcspn(names, " ");
		buf_addf(out, " `%.*s`", (int)n, names);
	}
}

static void add_row(struct buf *out, const char *what, const char *names)
{
	buf_addf(out, "| %s |", what);
	add_names(out, names);
	buf_add_str(out, " |\n");
}

static void add_own_ones(struct buf *out)
{
	buf_add_str(out, "# Environment\n\nThis page is made from the tables "
			 "of variables in the program (`medley help "
			 "environment`).\n\n## Variables that medley "
			 "reads\n\n| variable | meaning |\n| --- | --- |\n");
	for (size_t i = 0; i < ARRAY_SIZE(own_ones); i++) {
		buf_add_str(out, "|");
		add_names(out, own_ones[i].names);
		buf_addf(out, " | %s |\n", own_ones[i].meaning);
	}
}

/* The variables that these kinds get, and no others. */
static void add_chosen(struct buf *out, unsigned mask)
{
	buf_add_str(out, "\n\n| for | variables |\n| --- | --- |\n");
	for (size_t i = 0; i < ARRAY_SIZE(chosen); i++)
		if (chosen[i].kinds == mask)
			add_row(out, chosen[i].what, chosen[i].names);
}

static void add_kinds(struct buf *out)
{
	buf_add_str(out,
		    "\n## Variables of programs that medley starts\n\nmedley "
		    "passes only a part of its environment on to the programs "
		    "that it starts. If a git hook, a Makefile or a service "
		    "has started medley, some variables (`GIT_DIR`, "
		    "`MAKEFLAGS`, `LISTEN_FDS`) are wrong for a program that "
		    "works in another directory.\n\n| program | variables that "
		    "it gets |\n| --- | --- |\n");
	for (size_t i = ENVIRONMENT_KINDS; i-- > 0;)
		buf_addf(out, "| %s | %s |\n", kinds[i].programs,
			 kinds[i].gets);
	buf_add_str(
		out,
		"\n`" ENVIRONMENT_VARIABLE
		"` names more variables, separated by "
		"blanks, that every program gets: "
		"`" ENVIRONMENT_VARIABLE "=\"NEXUS_USER NEXUS_PASSWORD\"`. The "
		"key `environment` of a recipe names the variables that its "
		"command needs ([building releases](build.md)). A `*` at the "
		"end of a name stands for any characters.\n");
}

void environment_document(struct buf *out)
{
	add_own_ones(out);
	add_kinds(out);
	buf_add_str(out, "\n## Chosen variables\n\n"
			 "Every program except a login gets:");
	add_chosen(out, CHOSEN);
	buf_add_str(out, "\nThe programs of a build also get:");
	add_chosen(out, BUILD);
	buf_add_str(
		out,
		"\nFor a build, medley itself sets `TMPDIR` (a directory for "
		"this build), `TZ` (`UTC`), `SOURCE_DATE_EPOCH` (the "
		"commit's time) and `MEDLEY_WORK`.\n\n"
		"## Variables that are kept back\n\n"
		"A login gets all variables except:\n\n"
		"| of | variables |\n| --- | --- |\n");
	for (size_t i = 0; i < ARRAY_SIZE(kept_back); i++)
		add_row(out, kept_back[i].what, kept_back[i].names);
}
