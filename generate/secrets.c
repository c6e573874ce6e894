/* SPDX-License-Identifier: Apache-2.0 */
/* secrets.c - the passwords of a run: made once, then read. */
#include "generate/secrets.h"

#include "base/cleanup.h"
#include "data/json.h"
#include "generate/node_conf.h"
#include "sys/entropy.h"

enum { PASSWORD = 24 };

static int write_secrets(const char *path, struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(4096);
	cleanup(js_freep) struct js *object = js_object();
	char rpc[PASSWORD + 1], database[PASSWORD + 1];

	if (random_password(rpc, PASSWORD, err) < 0 ||
	    random_password(database, PASSWORD, err) < 0)
		return -1;
	js_set_str(object, "rpc_user", RPC_USER);
	js_set_str(object, "rpc_password", rpc);
	js_set_str(object, "database_user", DATABASE_USER);
	js_set_str(object, "database_password", database);
	if (js_print(object, JS_PRETTY, &text, err) < 0)
		return -1;
	return file_write(path, text.data, text.len, 0600, err);
}

int secrets_make(const char *path, struct arena *arena, struct secrets *ret,
		 struct error *err)
{
	if (!file_exists(path) && write_secrets(path, err) < 0)
		return -1;
	return secrets_read(path, arena, ret, err);
}
