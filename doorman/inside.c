/* SPDX-License-Identifier: Apache-2.0 */
/* inside.c - declarations that the files of this room share. */
#include "doorman/inside.h"

#include <ctype.h>
#include <string.h>

#include "corda/digest.h"
#include "sys/clock.h"

enum { NAME_TEXT = 4096, LINE_MAX_BYTES = 64 * 1024 };

static const char digits[] = "0123456789ABCDEF";

void hash_text(const void *bytes, size_t len, char ret[HASH_TEXT])
{
	uint8_t hash[DIGEST_MAX];

	digest_bytes(DIGEST_SHA256, bytes, len, hash);
	for (int i = 0; i < HASH_TEXT - 1; i++)
		ret[i] = digits[hash[i / 2] >> (i % 2 ? 0 : 4) & 15];
	ret[HASH_TEXT - 1] = 0;
}

bool hash_valid(const char *text)
{
	return strspn(text, digits) == HASH_TEXT - 1 && !text[HASH_TEXT - 1];
}

int name_hash(const struct x500_name *name, char ret[HASH_TEXT],
	      struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(NAME_TEXT);

	x500_name_print(name, &text);
	if (buf_check(&text, err) < 0)
		return -1;
	for (size_t i = 0; i < text.len; i++)
		text.data[i] = (uint8_t)tolower(text.data[i]);
	hash_text(text.data, text.len, ret);
	return 0;
}

int store_get_json(struct store *s, const char *kind, const char *key,
		   struct js **ret, struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(STORE_VALUE_MAX);
	bool found;

	*ret = NULL;
	if (store_get(s, kind, key, &text, &found, err) < 0)
		return -1;
	if (!found || js_parse(kind, text.data, text.len, ret, err) == 0)
		return 0;
	error_wrap(err, "%s", key);
	return store_damaged(s, err);
}

int store_put_json(struct store *s, const char *kind, const char *key,
		   const struct js *value, struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(STORE_VALUE_MAX);

	if (js_print(value, JS_LINE, &text, err) < 0)
		return -1;
	return store_put(s, kind, key, text.data, text.len, err);
}

int store_get_hash(struct store *s, const char *kind, const char *key,
		   char ret[HASH_TEXT], struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(STORE_VALUE_MAX);
	bool found;

	ret[0] = 0;
	if (store_get(s, kind, key, &text, &found, err) < 0)
		return -1;
	if (!found)
		return 0;
	if (text.len != HASH_TEXT - 1 || !hash_valid(buf_text(&text))) {
		error_set(err, ERROR_INTERNAL,
			  "the value of %s %s is not a valid hash; expected 64 "
			  "digits 0-9 and A-F",
			  kind, key);
		return store_damaged(s, err);
	}
	memcpy(ret, buf_text(&text), HASH_TEXT);
	return 0;
}

struct hashes {
	int (*fn)(const char *key, const struct buf *value, void *ctx);
	void *ctx;
};

static int take_hash(const char *key, const struct buf *value, void *ctx)
{
	const struct hashes *h = ctx;

	return hash_valid(key) ? h->fn(key, value, h->ctx) : 0;
}

int store_each_hash(struct store *s, const char *kind,
		    int (*fn)(const char *key, const struct buf *value,
			      void *ctx),
		    void *ctx, struct error *err)
{
	struct hashes h = { fn, ctx };

	return store_each(s, kind, take_hash, &h, err);
}

void doorman_say(const struct doorman *d, const char *what, struct js *event)
{
	cleanup(buf_release) struct buf line = BUF_INIT(LINE_MAX_BYTES);
	char room[CLOCK_TEXT];

	js_set_str(event, "at", clock_text(room, clock_wall_us()));
	js_set_str(event, "event", what);
	if (d->settings.log && js_print(event, JS_LINE, &line, NULL) == 0)
		d->settings.log(d->settings.ctx, buf_text(&line));
	js_free(event);
}
