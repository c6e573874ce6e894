/* SPDX-License-Identifier: Apache-2.0 */
/* corpus: test/vectors/doorman/values */
/* state_fuzz.c - whatever a file of a doorman's state holds: verbs and routes
 * give an answer or an error, and blame nobody who asks. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "doorman/routes.h"
#include "sys/file.h"

/*
 * An input is one value: its kind, '/', its key, a line feed, its bytes. It
 * takes its place in the state of test/vectors/doorman/state; the README there
 * says what is in it.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

extern const unsigned corpus_step;
const unsigned corpus_step = 12;

enum { VALUES_MAX = 64, VALUE_MAX = 64 * 1024, ANSWER_MAX = 1 << 20 };

#define STATE "test/vectors/doorman/state"
#define POSTED "test/vectors/doorman/posted/"
#define PENDING "4BABA73D"
#define SERVICE_AGAIN "856FAB76"
#define BANK "455A0CCC"
#define REJECTED "1BE18AF7"

static const char *const kinds[] = { "keys",	"request",   "name",
				     "use",	"decision",  "certificate",
				     "node",	"node-info", "parameters",
				     "network", "ack" };

/* The state before an input, read once. */
static struct value {
	char kind[16], key[STORE_KEY_MAX + 1];
	struct buf bytes;
} values[VALUES_MAX];
static unsigned count;

static struct buf info = BUF_INIT(VALUE_MAX), ack = BUF_INIT(VALUE_MAX),
		  request = BUF_INIT(VALUE_MAX);
static char dir[PATH_ROOM];
static struct doorman *d;

static void must(bool right)
{
	if (!right)
		abort();
}

/* ---- the state ---- */

static int remember(const char *key, void *ctx)
{
	struct value *v = &values[count++];
	char path[PATH_ROOM];

	must(count < VALUES_MAX);
	snprintf(v->kind, sizeof(v->kind), "%s", (const char *)ctx);
	snprintf(v->key, sizeof(v->key), "%s", key);
	buf_init(&v->bytes, VALUE_MAX);
	path_printf(path, STATE "/%s/%s", v->kind, key);
	must(file_read(path, &v->bytes, NULL) == 0);
	return 0;
}

/* Not by file_write(), which waits for the disk. */
static void put(const char *kind, const char *key, const void *bytes,
		size_t len)
{
	char path[PATH_ROOM];
	FILE *f;

	path_printf(path, "%s/%s/%s", dir, kind, key);
	f = fopen(path, "we");
	must(f && fwrite(bytes, 1, len, f) == len && fclose(f) == 0);
}

static int forget(const char *key, void *ctx)
{
	char path[PATH_ROOM];

	path_printf(path, "%s/%s/%s", dir, (const char *)ctx, key);
	must(remove(path) == 0);
	return 0;
}

static void restore(void)
{
	char path[PATH_ROOM];

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		path_join(path, dir, kinds[i]);
		must(dir_each(path, forget, (void *)kinds[i], NULL) == 0);
	}
	for (unsigned i = 0; i < count; i++)
		put(values[i].kind, values[i].key, values[i].bytes.data,
		    values[i].bytes.len);
	kept_release(&d->kept);
}

static void end(void)
{
	doorman_close(d);
	dir_remove(dir, NULL);
	for (unsigned i = 0; i < count; i++)
		buf_release(&values[i].bytes);
	buf_release(&info);
	buf_release(&ack);
	buf_release(&request);
}

static void begin(void)
{
	const struct doorman_settings settings = { .directory = dir };
	char path[PATH_ROOM];

	umask(077); /* or the state is refused */
	must(dir_make_temporary("/dev/shm/state-fuzz-", dir, NULL) == 0 ||
	     dir_make_temporary("/tmp/state-fuzz-", dir, NULL) == 0);
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		path_join(path, STATE, kinds[i]);
		must(dir_each(path, remember, (void *)kinds[i], NULL) == 0);
		must(mkdir(path_join(path, dir, kinds[i]), 0700) == 0);
	}
	for (unsigned i = 0; i < count; i++)
		put(values[i].kind, values[i].key, values[i].bytes.data,
		    values[i].bytes.len);
	must(file_read(POSTED "node-info", &info, NULL) == 0 &&
	     file_read(POSTED "ack", &ack, NULL) == 0 &&
	     file_read(POSTED "request", &request, NULL) == 0 &&
	     doorman_open(&settings, &d, NULL) == 0);
	atexit(end);
}

/* ---- what is asked of it ---- */

static void ask(const char *method, const char *path, const struct buf *body)
{
	const struct served_request r = { method, path, "::1",
					  body ? body->data : NULL,
					  body ? body->len : 0 };
	struct served_answer answer = { .body = BUF_INIT(ANSWER_MAX) };

	routes_answer(d, &r, &answer);
	must(answer.status >= 200 && answer.status <= 503);
	must(body || answer.status != 400);
	buf_release(&answer.body);
}

static void get(const char *above, const char *key)
{
	char path[PATH_ROOM];

	ask("GET", path_join(path, above, key), NULL);
}

static void ask_all(void)
{
	ask("GET", "/network-map", NULL);
	ask("GET", "/network-map/node-infos", NULL);
	for (unsigned i = 0; i < count; i++) {
		const struct value *v = &values[i];

		if (!strcmp(v->kind, "request"))
			get("/certificate", v->key);
		else if (!strcmp(v->kind, "node-info"))
			get("/network-map/node-info", v->key);
		else if (!strcmp(v->kind, "parameters"))
			get("/network-map/network-parameters", v->key);
	}
}

static void post_all(void)
{
	ask("POST", "/certificate", &request);
	ask("POST", "/network-map/publish", &info);
	ask("POST", "/network-map/ack-parameters", &ack);
}

/* What cannot be done has its reason. */
static void check(int rc, const struct error *err)
{
	must(rc == 0 || (err->kind && err->text[0]));
}

static void list(void)
{
	cleanup(buf_release) struct buf text = BUF_INIT(ANSWER_MAX);
	cleanup(js_freep) struct js *all = NULL;
	struct error err = { 0 };
	int rc = doorman_list(d, &all, &err);

	check(rc, &err);
	if (rc == 0)
		must(js_print(all, JS_LINE, &text, NULL) == 0);
	else
		must(err.kind == ERROR_INTERNAL);
}

static void decide(const char *id, bool approve)
{
	struct error err = { 0 };
	char whole[DOORMAN_ID];

	check(doorman_decide(d, id, approve, "it is so", whole, &err), &err);
}

static void operate(void)
{
	struct error err = { 0 };
	char whole[DOORMAN_ID];
	unsigned forgotten;

	decide(SERVICE_AGAIN, true);
	decide(PENDING, true);
	check(doorman_flag_day(d, false, whole, &err), &err);
	check(doorman_plan(d, POSTED "plan.yaml", "more", 1, &err), &err);
	decide(BANK, false);
	check(doorman_forget(d, REJECTED, whole, &err), &err);
	check(doorman_forget_from(d, "127.0.0.1", &forgotten, &err), &err);
	list();
}

static void open_again(void)
{
	const struct doorman_settings settings = { .directory = dir };
	cleanup(buf_release) struct buf out = BUF_INIT(ANSWER_MAX);
	cleanup(doorman_closep) struct doorman *other = NULL;
	struct error err = { 0 };

	check(doorman_open(&settings, &other, &err), &err);
	if (other)
		check(doorman_truststore(other, &out, &err), &err);
}

/* ---- the input ---- */

/* Where the value begins; NULL when the name is not one of a file. */
static const uint8_t *read_name(const uint8_t *data, size_t size,
				const char **ret_kind,
				char ret_key[STORE_KEY_MAX + 1])
{
	const uint8_t *line = size ? memchr(data, '\n', size) : NULL;
	const uint8_t *slash = line ? memchr(data, '/', line - data) : NULL;

	if (!slash || line - slash - 1 > STORE_KEY_MAX)
		return NULL;
	*ret_kind = NULL;
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (strlen(kinds[i]) == (size_t)(slash - data) &&
		    !memcmp(kinds[i], data, slash - data))
			*ret_kind = kinds[i];
	snprintf(ret_key, STORE_KEY_MAX + 1, "%.*s", (int)(line - slash - 1),
		 (const char *)slash + 1);
	return *ret_kind && store_key_valid(ret_key) ? line + 1 : NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char key[STORE_KEY_MAX + 1];
	const uint8_t *value;
	const char *kind;

	if (!d)
		begin();
	value = read_name(data, size, &kind, key);
	if (!value)
		return 0;
	restore();
	put(kind, key, value, size - (size_t)(value - data));
	if (!strcmp(kind, "keys")) {
		open_again();
		return 0;
	}
	ask_all();
	post_all();
	operate();
	ask_all();
	return 0;
}
