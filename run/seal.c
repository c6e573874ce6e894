/* SPDX-License-Identifier: Apache-2.0 */
/* seal.c - the manifest of a run's files, written when the run has ended. */
#include "run/seal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "corda/digest.h"
#include "data/json.h"
#include "sys/clock.h"
#include "sys/file.h"

enum {
	SEAL_VERSION = 1,
	SEAL_MAX = 16 * 1024 * 1024,
	FILES_MAX = 10000,
	CHUNK = 64 * 1024,
	HEX = 2 * 32 + 1
};

static const char seal_file[] = "seal.json";

/* What only this machine needs, and the seal itself. */
static const char *const left_out[] = {
	"lock", "seal.json", "secrets.json", "endpoints.json", "identities.jks",
};

/* Made by the report, from the others. */
static const char *const derived[] = {
	"results.json",
	"junit.xml",
	"matrix.md",
	"report.html",
};

/* What the report reads: none of them may turn up after the seal. */
static const char *const evidence[] = {
	"network.resolved.yaml", "history.jsonl",    "settlements.jsonl",
	"findings.jsonl",	 "phases.jsonl",     "expected.yaml",
	"balances.jsonl",	 "stable-runs.json",
};

#define IS_ONE_OF(names, path) is_one_of(names, ARRAY_SIZE(names), path)

static bool is_one_of(const char *const *names, size_t count, const char *path)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(names[i], path))
			return true;
	return false;
}

/* "NAME" or "logs/NAME": a seal of somebody else leads nowhere else. */
static bool may_be_sealed(const char *path)
{
	const char *name = strncmp(path, "logs/", 5) ? path : path + 5;

	return *name && !strchr(name, '/') && strcmp(name, ".") &&
	       strcmp(name, "..") && !strstr(path, ".tmp-") &&
	       strncmp(path, "lock-", strlen("lock-")) &&
	       !IS_ONE_OF(left_out, path);
}

/* ---- one file ---- */

struct print {
	int64_t size;
	char sha256[HEX];
};

static int hash_open_file(int fd, int64_t size, char ret[HEX])
{
	cleanup(freep) uint8_t *chunk = malloc(CHUNK);
	uint8_t sum[DIGEST_MAX];
	struct digest d;
	ssize_t n;

	if (!chunk)
		return ENOMEM;
	digest_begin(&d, DIGEST_SHA256);
	while (size > 0) {
		n = read(fd, chunk, size < CHUNK ? (size_t)size : CHUNK);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? errno : EIO; /* it became shorter */
		digest_add(&d, chunk, (size_t)n);
		size -= n;
	}
	digest_end(&d, sum);
	for (size_t i = 0; i < digest_size(DIGEST_SHA256); i++)
		snprintf(ret + 2 * i, 3, "%02x", sum[i]);
	return 0;
}

/* 0 or an errno: ENOENT, and EINVAL for what is not a regular file. A file of
 * another size than `want` is not read; -1 wants any. */
static int print_of(const char *run_dir, const char *path, int64_t want,
		    struct print *ret)
{
	char room[PATH_ROOM];
	cleanup(closep) int fd =
		open(path_join(room, run_dir, path),
		     O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct stat st;

	if (fd < 0)
		return errno == ELOOP ? EINVAL : errno;
	if (fstat(fd, &st) < 0)
		return errno;
	if (!S_ISREG(st.st_mode))
		return EINVAL;
	ret->size = st.st_size;
	ret->sha256[0] = 0;
	if (want >= 0 && want != ret->size)
		return 0;
	return hash_open_file(fd, ret->size, ret->sha256);
}

/* ---- writing ---- */

struct listing {
	const char *run_dir;
	const char *below; /* "" or "logs/" */
	struct js *files;
	size_t count;
	struct error *err;
};

static int list_one(const char *name, void *ctx)
{
	struct listing *l = ctx;
	struct print print;
	struct js *file;
	char path[PATH_ROOM];
	int bad;

	path_printf(path, "%s%s", l->below, name);
	if (!may_be_sealed(path))
		return 0;
	bad = print_of(l->run_dir, path, -1, &print);
	if (bad == EINVAL || bad == ENOENT)
		return 0; /* a directory, a link, a socket: not of the record */
	if (bad)
		return error_errno(l->err, ERROR_INTERNAL, bad, "%s/%s",
				   l->run_dir, path);
	if (l->count++ == FILES_MAX)
		return error_set(l->err, ERROR_INTERNAL,
				 "%s has more than %d files", l->run_dir,
				 FILES_MAX);
	file = js_object();
	js_set_str(file, "path", path);
	js_set_int(file, "size", print.size);
	js_set_str(file, "sha256", print.sha256);
	js_append(l->files, file);
	return 0;
}

static int list_files(const char *run_dir, struct js *files, struct error *err)
{
	struct listing l = { run_dir, "", files, 0, err };
	struct stat st;
	char logs[PATH_ROOM];

	if (dir_each(run_dir, list_one, &l, err) < 0)
		return -1;
	l.below = "logs/";
	if (lstat(path_join(logs, run_dir, "logs"), &st) < 0 ||
	    !S_ISDIR(st.st_mode))
		return 0;
	return dir_each(logs, list_one, &l, err);
}

static int save(const char *run_dir, const struct js *seal, struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(SEAL_MAX);
	char path[PATH_ROOM];

	path_join(path, run_dir, seal_file);
	if (js_print(seal, JS_PRETTY, &text, err) < 0)
		return error_wrap(err, "%s", path);
	return file_write(path, text.data, text.len, 0644, err);
}

int seal_write(const char *run_dir, struct error *err)
{
	cleanup(js_freep) struct js *seal = js_object();
	struct js *files = js_array();
	char now[CLOCK_TEXT];
	int rc = list_files(run_dir, files, err);

	js_set_int(seal, "version", SEAL_VERSION);
	js_set_str(seal, "sealed", clock_text(now, clock_wall_us()));
	js_set(seal, "files", files);
	return rc < 0 ? -1 : save(run_dir, seal, err);
}

/* ---- checking ---- */

/* 1 and the seal; 0: there is none; -1, and `why` if that is because of what
 * stands in it. */
static int load(const char *run_dir, struct js **ret, char why[SEAL_WHY],
		struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(SEAL_MAX);
	char path[PATH_ROOM];
	struct error bad = { 0 };
	int rc;

	*ret = NULL;
	why[0] = 0;
	path_join(path, run_dir, seal_file);
	rc = file_read_if_there(path, &text, err);
	if (rc <= 0)
		return rc;
	if (js_parse(path, buf_text(&text), text.len, ret, &bad) < 0) {
		if (!error_is_memory(&bad))
			snprintf(why, SEAL_WHY, "%.200s", bad.text);
		return error_is_memory(&bad)
			       ? error_nomem(err)
			       : error_set(err, bad.kind, "%s", bad.text);
	}
	if (js_int(*ret, "version", 0) == SEAL_VERSION && js_get(*ret, "files"))
		return 1;
	js_free(steal(*ret));
	snprintf(why, SEAL_WHY, "seal.json: expected a seal of version %d",
		 SEAL_VERSION);
	return error_set(err, ERROR_INPUT, "%s: %s", run_dir, why);
}

#define BROKEN(why, ...) (snprintf(why, SEAL_WHY, __VA_ARGS__), 1)

/* 1 and the difference; 0: the file is as it was sealed; -1: that cannot be
 * told. */
static int differs(const char *run_dir, const struct js *file,
		   char why[SEAL_WHY], struct error *err)
{
	const char *path = js_str(file, "path"), *sum = js_str(file, "sha256");
	int64_t size = js_int(file, "size", -1);
	struct print now;
	int bad;

	if (!path || !sum || size < 0 || !may_be_sealed(path))
		return BROKEN(why, "an entry of the seal is not valid");
	if (IS_ONE_OF(derived, path))
		return 0;
	bad = print_of(run_dir, path, size, &now);
	if (bad == ENOENT)
		return BROKEN(why, "%.100s is missing", path);
	if (bad == EINVAL)
		return BROKEN(why, "%.100s: not a regular file", path);
	if (bad)
		return error_errno(err, ERROR_INPUT, bad, "%s/%s", run_dir,
				   path);
	if (now.size != size)
		return BROKEN(why, "%.100s has %lld bytes instead of %lld",
			      path, (long long)now.size, (long long)size);
	if (strcmp(now.sha256, sum) != 0)
		return BROKEN(why, "the content of %.100s has changed", path);
	return 0;
}

static bool is_sealed(const struct js *files, const char *path)
{
	for (size_t i = 0; i < js_count(files); i++) {
		const char *other = js_str(js_at(files, i), "path");

		if (other && !strcmp(other, path))
			return true;
	}
	return false;
}

static int find_new(const char *run_dir, const struct js *files,
		    char why[SEAL_WHY], struct error *err)
{
	char path[PATH_ROOM];

	for (size_t i = 0; i < ARRAY_SIZE(evidence); i++) {
		if (is_sealed(files, evidence[i]))
			continue;
		if (access(path_join(path, run_dir, evidence[i]), F_OK) == 0)
			return BROKEN(why, "%s was added later", evidence[i]);
		if (errno != ENOENT)
			return error_errno(err, ERROR_INPUT, errno, "%s", path);
	}
	return 0;
}

static int find_difference(const char *run_dir, const struct js *files,
			   char why[SEAL_WHY], struct error *err)
{
	int rc = 0;

	if (js_count(files) > FILES_MAX)
		return BROKEN(why, "the seal names too many files");
	for (size_t i = 0; i < js_count(files) && !rc; i++)
		rc = differs(run_dir, js_at(files, i), why, err);
	return rc ? rc : find_new(run_dir, files, why, err);
}

int seal_check(const char *run_dir, enum seal_state *ret, char why[SEAL_WHY],
	       struct error *err)
{
	cleanup(js_freep) struct js *seal = NULL;
	int rc = load(run_dir, &seal, why, err);

	if (rc < 0 && !why[0])
		return -1;
	if (rc > 0 &&
	    find_difference(run_dir, js_get(seal, "files"), why, err) < 0)
		return -1;
	*ret = why[0] ? SEAL_BROKEN : rc ? SEAL_WHOLE : SEAL_NONE;
	return 0;
}

bool seal_exists(const char *run_dir)
{
	char path[PATH_ROOM];

	return file_exists(path_join(path, run_dir, seal_file));
}

int seal_remove(const char *run_dir, struct error *err)
{
	char path[PATH_ROOM];

	if (unlink(path_join(path, run_dir, seal_file)) < 0 && errno != ENOENT)
		return error_errno(err, ERROR_INTERNAL, errno, "%s", path);
	return 0;
}

int seal_open(const char *run_dir, enum seal_state *ret, char why[SEAL_WHY],
	      struct error *err)
{
	if (seal_check(run_dir, ret, why, err) < 0)
		return -1;
	return *ret == SEAL_WHOLE ? seal_remove(run_dir, err) : 0;
}

/* ---- what the report wrote ---- */

int seal_renew(const char *run_dir, struct error *err)
{
	cleanup(js_freep) struct js *seal = NULL;
	cleanup(js_freep) struct js *files = js_array();
	struct listing l = { run_dir, "", files, 0, err };
	const struct js *old;
	char why[SEAL_WHY];
	int rc = load(run_dir, &seal, why, err);

	if (rc <= 0)
		return rc;
	old = js_get(seal, "files");
	for (size_t i = 0; i < js_count(old); i++) {
		const char *path = js_str(js_at(old, i), "path");

		if (path && !IS_ONE_OF(derived, path))
			js_append(files, js_copy(js_at(old, i)));
	}
	for (size_t i = 0; i < ARRAY_SIZE(derived); i++)
		if (list_one(derived[i], &l) < 0)
			return -1;
	js_set(seal, "files", steal(files));
	return save(run_dir, seal, err);
}
