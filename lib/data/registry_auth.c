/* SPDX-License-Identifier: Apache-2.0 */
/* registry_auth.c - how this user logs in to a container registry. */
#include "data/registry_auth.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "data/base64.h"
#include "data/json.h"
#include "sys/file.h"
#include "sys/process.h"

enum {
	FILE_BYTES_MAX = 1024 * 1024,
	REPOSITORY_MAX = 512,
	HELPER_MAX = 64,
	HELPER_SECONDS = 30
};

static const char docker_hub[] = "https://index.docker.io/v1/";

struct asking {
	const char *file;
	const char *repository;
	char host[REPOSITORY_MAX];
	struct arena *arena;
	struct registry_auth *ret;
	struct error *err;
};

/* ---- keys ---- */

/* "https://host/v1/" was how keys were written: what is left is the host. */
static void tidy_key(const char *key, char room[REPOSITORY_MAX])
{
	static const char *const tails[] = { "/", "/v1", "/v2" };
	const char *from = strstr(key, "://");
	size_t len;

	snprintf(room, REPOSITORY_MAX, "%s", from ? from + 3 : key);
	len = strlen(room);
	for (size_t i = 0; i < ARRAY_SIZE(tails); i++) {
		size_t n = strlen(tails[i]);

		if (len > n && !strcmp(room + len - n, tails[i]))
			room[len -= n] = 0;
	}
	if (!strcmp(room, "index.docker.io") ||
	    !strcmp(room, "registry-1.docker.io"))
		snprintf(room, REPOSITORY_MAX, "docker.io");
}

/* The length of the key if it holds the repository, else 0. */
static size_t key_fits(const char *key, const char *repository)
{
	char tidy[REPOSITORY_MAX];
	size_t len;

	tidy_key(key, tidy);
	len = strlen(tidy);
	if (!len || strncmp(tidy, repository, len) ||
	    (repository[len] && repository[len] != '/'))
		return 0;
	return len;
}

struct best {
	const char *repository;
	const char *key;
	const struct js *member;
	size_t len;
};

static int consider(const char *key, const struct js *member, void *ctx)
{
	struct best *b = ctx;
	size_t len = key_fits(key, b->repository);

	if (len > b->len) {
		b->key = key;
		b->member = member;
		b->len = len;
	}
	return 0;
}

/* ---- entries ---- */

static int keep(struct asking *a, const char *key, const char *user,
		const char *password, const char *token)
{
	struct registry_auth auth = {
		.key = arena_strdup(a->arena, key),
		.user = arena_strdup(a->arena, user ? user : ""),
		.password = arena_strdup(a->arena, password ? password : ""),
		.token = token ? arena_strdup(a->arena, token) : NULL,
	};

	if (!auth.key || !auth.user || !auth.password || (token && !auth.token))
		return error_nomem(a->err);
	*a->ret = auth;
	return 1;
}

/* "auth" is base64 of user:password. */
static int read_entry(struct asking *a, const struct best *b)
{
	cleanup(buf_release) struct buf pair = BUF_INIT(64 * 1024);
	const char *auth = js_str(b->member, "auth");
	const char *token = js_str(b->member, "identitytoken");
	char *text, *colon;

	if (!auth || !*auth) {
		if (!token && !js_str(b->member, "username"))
			return 0;
		return keep(a, b->key, js_str(b->member, "username"),
			    js_str(b->member, "password"), token);
	}
	if (base64_decode(auth, &pair, a->err) < 0)
		return error_wrap(a->err, "%s: auth of %s", a->file, b->key);
	/* Some docker clients wrote the NUL that ends a text, too. */
	while (pair.len && !pair.data[pair.len - 1])
		pair.len--;
	text = pair.len ? (char *)pair.data : NULL;
	colon = text ? strchr(text, ':') : NULL;
	if (!colon || strlen(text) != pair.len)
		return error_set(a->err, ERROR_INPUT,
				 "%s: auth of %s: expected base64 of "
				 "user:password",
				 a->file, b->key);
	*colon = 0;
	return keep(a, b->key, text, colon + 1, token);
}

/* ---- helpers ---- */

/* It becomes part of a program's name, which is looked for on the PATH alone.
 * "desktop.exe" is what Docker Desktop writes in a WSL distribution. */
static bool helper_name_valid(const char *name)
{
	size_t n = 0;

	for (; name[n]; n++)
		if (!isalnum((unsigned char)name[n]) && !strchr("-_.", name[n]))
			return false;
	return n && n <= HELPER_MAX;
}

static int read_answer(struct asking *a, const char *helper,
		       const struct buf *answer)
{
	cleanup(js_freep) struct js *v = NULL;
	const char *user, *secret;

	if (js_parse(helper, answer->data, answer->len, &v, a->err) < 0)
		return -1;
	user = js_str(v, "Username");
	secret = js_str(v, "Secret");
	if (!user || !secret)
		return error_set(a->err, ERROR_INPUT,
				 "%s: expected Username and Secret", helper);
	if (!*user && !*secret)
		return 0;
	if (!strcmp(user, "<token>"))
		return keep(a, a->host, "", "", secret);
	return keep(a, a->host, user, secret, NULL);
}

/* Helpers say on standard output that they have nothing, and fail. */
static int ask_helper(struct asking *a, const char *name)
{
	cleanup(buf_release) struct buf answer = BUF_INIT(64 * 1024);
	char program[HELPER_MAX + 32];
	const char *argv[] = { program, "get", NULL };
	const char *server =
		strcmp(a->host, "docker.io") ? a->host : docker_hub;
	struct process_spec spec = { .argv = argv,
				     .environment = ENVIRONMENT_LOGIN,
				     .input = server,
				     .input_len = strlen(server),
				     .seconds = HELPER_SECONDS };

	if (!helper_name_valid(name))
		return error_set(a->err, ERROR_INPUT,
				 "%s: '%.80s' is not the name of a credential "
				 "helper",
				 a->file, name);
	snprintf(program, sizeof(program), "docker-credential-%s", name);
	if (!program_exists(program))
		return error_set(a->err, ERROR_INPUT,
				 "%s names the credential helper %s, which is "
				 "not on the PATH",
				 a->file, program);
	if (process_run(&spec, &answer, a->err) < 0) {
		if (answer.len &&
		    strstr(buf_text(&answer), "credentials not found"))
			return 0;
		return error_wrap(a->err, "%s", a->file);
	}
	return read_answer(a, program, &answer);
}

/* ---- files ---- */

static int look(struct asking *a, const struct js *file)
{
	struct best entry = { .repository = a->repository };
	struct best helper = { .repository = a->host };
	const char *store = js_str(file, "credsStore");
	const char *own = NULL;
	int rc = 0;

	js_each(js_get(file, "auths"), consider, &entry);
	js_each(js_get(file, "credHelpers"), consider, &helper);
	if (helper.member)
		own = js_text(helper.member);
	if (own && *own)
		return ask_helper(a, own);
	if (entry.member)
		rc = read_entry(a, &entry);
	/* An empty helper of the host stands for no helper. */
	if (rc || own || !store || !*store)
		return rc;
	return ask_helper(a, store);
}

int registry_auth_parse(const char *file, const void *text, size_t len,
			const char *repository, struct arena *arena,
			struct registry_auth *ret, struct error *err)
{
	cleanup(js_freep) struct js *v = NULL;
	struct asking a = { .file = file,
			    .repository = repository,
			    .arena = arena,
			    .ret = ret,
			    .err = err };

	snprintf(a.host, sizeof(a.host), "%.*s", (int)strcspn(repository, "/"),
		 repository);
	if (js_parse(file, text, len, &v, err) < 0)
		return -1;
	return look(&a, v);
}

static int look_into(const char *path, const char *repository,
		     struct arena *arena, struct registry_auth *ret,
		     struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(FILE_BYTES_MAX);
	int rc;

	rc = file_read_if_there(path, &text, err);
	if (rc <= 0)
		return rc;
	/* podman leaves an empty file behind in places. */
	if (!text.len)
		return 0;
	return registry_auth_parse(path, text.data, text.len, repository, arena,
				   ret, err);
}

/* "<$variable>/file", or the same below `otherwise`; empty when both lack. */
static void place(char room[PATH_ROOM], const char *variable,
		  const char *otherwise, const char *below, const char *file)
{
	const char *value = getenv(variable);

	if (value && *value)
		path_join(room, value, file);
	else if (otherwise && *otherwise)
		path_printf(room, "%s/%s/%s", otherwise, below, file);
	else
		room[0] = 0;
}

int registry_auth_find(const char *repository, struct arena *arena,
		       struct registry_auth *ret, struct error *err)
{
	const char *only = getenv("REGISTRY_AUTH_FILE");
	const char *home = getenv("HOME");
	char paths[3][PATH_ROOM];
	int rc = 0;

	if (strlen(repository) >= REPOSITORY_MAX)
		return error_set(err, ERROR_INPUT,
				 "the name of a registry has at most %d "
				 "characters",
				 REPOSITORY_MAX - 1);
	if (only && *only)
		return look_into(only, repository, arena, ret, err);
	place(paths[0], "XDG_RUNTIME_DIR", NULL, "", "containers/auth.json");
	if (!paths[0][0])
		path_printf(paths[0], "/run/containers/%u/auth.json",
			    (unsigned)getuid());
	place(paths[1], "XDG_CONFIG_HOME", home, ".config",
	      "containers/auth.json");
	place(paths[2], "DOCKER_CONFIG", home, ".docker", "config.json");
	for (size_t i = 0; !rc && i < ARRAY_SIZE(paths); i++)
		rc = look_into(paths[i], repository, arena, ret, err);
	return rc;
}

int registry_auth_write(const struct registry_auth *auth, struct buf *out,
			struct error *err)
{
	cleanup(js_freep) struct js *root = js_object();
	cleanup(buf_release) struct buf pair = BUF_INIT(64 * 1024);
	cleanup(buf_release) struct buf text = BUF_INIT(128 * 1024);
	struct js *auths, *entry;
	char key[REPOSITORY_MAX];

	tidy_key(auth->key, key);
	buf_addf(&pair, "%s:%s", auth->user, auth->password);
	base64_encode(pair.data, pair.len, &text);
	if (buf_check(&pair, err) < 0 || buf_check(&text, err) < 0)
		return -1;
	auths = js_object();
	entry = js_object();
	js_set_str(entry, "auth", buf_text(&text));
	if (auth->token)
		js_set_str(entry, "identitytoken", auth->token);
	js_set(auths, strcmp(key, "docker.io") ? key : docker_hub, entry);
	js_set(root, "auths", auths);
	return js_print(root, JS_LINE, out, err);
}
