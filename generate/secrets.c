/* SPDX-License-Identifier: Apache-2.0 */
/* secrets.c - the passwords of a run: made once, then read. */
#include "generate/secrets.h"

#include "base/cleanup.h"
#include "data/json.h"
#include "generate/node_conf.h"
#include "sys/entropy.h"

enum { PASSWORD = 24, SECRETS_MAX = 64 * 1024 };

/* Adds a password unless there is one. */
static int add_password(struct js *object, const char *key, struct error *err)
{
	char password[PASSWORD + 1];

	if (js_str(object, key))
		return 0;
	if (random_password(password, PASSWORD, err) < 0)
		return -1;
	js_set_str(object, key, password);
	return 0;
}

static int complete(const char *path, struct js *object, struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(4096);

	if (js_str(object, "nodes_key"))
		return 0;
	if (!js_str(object, "rpc_user")) {
		js_set_str(object, "rpc_user", RPC_USER);
		js_set_str(object, "database_user", DATABASE_USER);
	}
	if (add_password(object, "rpc_password", err) < 0 ||
	    add_password(object, "database_password", err) < 0 ||
	    add_password(object, "nodes_key", err) < 0 ||
	    js_print(object, JS_PRETTY, &text, err) < 0)
		return -1;
	return file_write(path, text.data, text.len, 0600, err);
}

int secrets_make(const char *path, struct arena *arena, struct secrets *ret,
		 struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(SECRETS_MAX);
	cleanup(js_freep) struct js *object = NULL;
	int rc;

	rc = file_read_if_there(path, &text, err);
	if (rc < 0)
		return -1;
	if (!rc)
		object = js_object();
	else if (js_parse(path, buf_text(&text), text.len, &object, err) < 0)
		return -1;
	if (complete(path, object, err) < 0)
		return -1;
	return secrets_read(path, arena, ret, err);
}
