/* SPDX-License-Identifier: Apache-2.0 */
/* record_mark.c - tells a record that was written here from a sent one. */
#include "engine/kubernetes/record_mark.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/cleanup.h"
#include "sys/entropy.h"
#include "sys/file.h"
#include "sys/home.h"

enum { KEY_BYTES = 32, TEXTS_MAX = 256 * 1024 };

/* Somebody else's key, or one that others can read, is as absent. */
static int read_key(const char *path, uint8_t ret[KEY_BYTES])
{
	cleanup(buf_release) struct buf key = BUF_INIT(KEY_BYTES + 1);
	struct stat st;

	if (lstat(path, &st) < 0 || !S_ISREG(st.st_mode) ||
	    st.st_uid != geteuid() || (st.st_mode & 077) ||
	    file_read(path, &key, NULL) < 0 || key.len != KEY_BYTES)
		return -1;
	memcpy(ret, key.data, KEY_BYTES);
	return 0;
}

static int make_key(const char *path, uint8_t ret[KEY_BYTES], struct error *err)
{
	if (random_bytes(ret, KEY_BYTES, err) < 0 ||
	    file_write(path, ret, KEY_BYTES, 0600, err) < 0)
		return -1;
	/* Another medley may have made one at the same time. */
	if (read_key(path, ret) < 0)
		return error_set(err, ERROR_INTERNAL, "%s cannot be read back",
				 path);
	return 0;
}

/* Each text with its end, so that no two lists give the same bytes. */
static int add_texts(const char *const *texts, size_t count, struct buf *out,
		     struct error *err)
{
	for (size_t i = 0; i < count; i++) {
		buf_add_u8(out, texts[i] != NULL);
		buf_add(out, texts[i] ? texts[i] : "",
			texts[i] ? strlen(texts[i]) + 1 : 0);
	}
	return buf_check(out, err);
}

static int compute(const uint8_t key[KEY_BYTES], const char *const *texts,
		   size_t count, char ret[RECORD_MARK], struct error *err)
{
	cleanup(buf_release) struct buf bytes = BUF_INIT(TEXTS_MAX);
	cleanup(buf_release) struct buf hex = BUF_INIT(RECORD_MARK);
	uint8_t mark[EVP_MAX_MD_SIZE];
	unsigned len = 0;

	if (add_texts(texts, count, &bytes, err) < 0)
		return -1;
	if (!HMAC(EVP_sha256(), key, KEY_BYTES, bytes.data, bytes.len, mark,
		  &len))
		return error_nomem(err);
	buf_add_hex(&hex, mark, len);
	if (buf_check(&hex, err) < 0)
		return -1;
	memcpy(ret, buf_text(&hex), RECORD_MARK);
	return 0;
}

int record_mark(const char *const *texts, size_t count, char ret[RECORD_MARK],
		struct error *err)
{
	char path[PATH_ROOM];
	uint8_t key[KEY_BYTES];
	int rc;

	if (cache_path(path, "record-key", err) < 0 ||
	    (read_key(path, key) < 0 && make_key(path, key, err) < 0))
		return -1;
	rc = compute(key, texts, count, ret, err);
	OPENSSL_cleanse(key, sizeof(key));
	return rc;
}

bool record_is_marked(const char *const *texts, size_t count, const char *mark)
{
	char path[PATH_ROOM], right[RECORD_MARK];
	uint8_t key[KEY_BYTES];
	int rc;

	if (!mark || strlen(mark) != RECORD_MARK - 1 ||
	    cache_path(path, "record-key", NULL) < 0 || read_key(path, key) < 0)
		return false;
	rc = compute(key, texts, count, right, NULL);
	OPENSSL_cleanse(key, sizeof(key));
	return rc == 0 && !CRYPTO_memcmp(right, mark, RECORD_MARK - 1);
}
