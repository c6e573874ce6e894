/* SPDX-License-Identifier: Apache-2.0 */
/* image.c - the images in this machine's storage that medley made. */
#include "build-and-publish/image.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "build-and-publish/word.h"
#include "corda/digest.h"
#include "sys/interrupt.h"
#include "sys/process.h"
#include "sys/wait.h"

enum {
	LIST_MAX = 16 * 1024 * 1024,
	LIST_SECONDS = 60,
	LIST_TRIES = 5,
	LIST_PAUSE_MS = 200,
	KEY_SHOWN = 12
};

/* Podman's listing fails when another removes an image meanwhile. */
static int run_listing(const struct process_spec *spec, struct buf *out,
		       struct error *err)
{
	int rc = -1;

	for (int i = 0; i < LIST_TRIES && rc < 0 && !interrupted(); i++) {
		if (i)
			pause_ms(LIST_PAUSE_MS);
		buf_clear(out);
		rc = process_run(spec, out, err);
	}
	return rc < 0 && interrupted() ? interrupt_check(err) : rc;
}

int images_list(struct js **ret, struct error *err)
{
	static const char *const argv[] = { "podman",	"images",
					    "--filter", "label=" LABEL_KEY,
					    "--format", "json",
					    NULL };
	const struct process_spec spec = { .argv = argv,
					   .environment = ENVIRONMENT_LOGIN,
					   .seconds = LIST_SECONDS };
	cleanup(buf_release) struct buf out = BUF_INIT(LIST_MAX);

	if (run_listing(&spec, &out, err) < 0)
		return -1;
	return js_parse_answer("podman images", out.data, out.len, ret, err);
}

/* The reference by digest in medley's own repository of the component. */
static const char *own_reference(const struct js *image, const char *component)
{
	const struct js *digests = js_get(image, "RepoDigests");
	char prefix[128];
	const char *text;

	snprintf(prefix, sizeof(prefix), "localhost/medley/%s@", component);
	for (size_t i = 0; i < js_count(digests); i++) {
		text = js_text(js_at(digests, i));
		if (text && !strncmp(text, prefix, strlen(prefix)))
			return text;
	}
	return NULL;
}

/* RFC 3339 in UTC, as make_image.c writes it. */
static int64_t time_of(const char *created)
{
	struct tm tm = { 0 };

	return created && strptime(created, "%Y-%m-%dT%H:%M:%SZ", &tm)
		       ? timegm(&tm)
		       : 0;
}

int images_find(const struct js *list, const char *component, const char *key,
		struct image *ret)
{
	const struct js *image, *labels;
	const char *found, *platform, *reference;

	for (size_t i = 0; i < js_count(list); i++) {
		image = js_at(list, i);
		labels = js_get(image, "Labels");
		found = js_str(labels, LABEL_KEY);
		reference = own_reference(image, component);
		if (!found || strcmp(found, key) || !reference)
			continue;
		platform = js_str(labels, LABEL_PLATFORM);
		ret->id = js_str(image, "Id");
		ret->reference = reference;
		ret->contracts = js_str(labels, LABEL_CONTRACTS);
		ret->platform = platform ? (int)strtol(platform, NULL, 10) : 0;
		ret->time = time_of(js_str(labels, LABEL_CREATED));
		return ret->id != NULL;
	}
	return 0;
}

void image_key(char room[IMAGE_KEY_ROOM], const char *component,
	       const char *recipe_hash, const char *word, const char *revision,
	       const char *base)
{
	cleanup(buf_release) struct buf text = BUF_INIT(4096);
	uint8_t digest[DIGEST_MAX];

	buf_addf(&text, "medley 2\n%s\n%s\n%s\n%s\n%s\n", component,
		 recipe_hash, word ?: "", revision, base ?: "");
	digest_bytes(DIGEST_SHA256, text.data, text.len, digest);
	for (int i = 0; i < 32; i++)
		snprintf(room + 2 * i, 3, "%02x", digest[i]);
}

const char *image_tag(char room[IMAGE_TAG_ROOM], const char *word,
		      const char *key)
{
	char safe[WORD_SAFE_ROOM];

	snprintf(room, IMAGE_TAG_ROOM, "%s%s%.*s",
		 word ? word_safe(safe, word) : "", word ? "-" : "", KEY_SHOWN,
		 key);
	return room;
}
