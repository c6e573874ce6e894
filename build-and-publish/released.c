/* SPDX-License-Identifier: Apache-2.0 */
/* released.c - the released versions that medley knows of. */
#include "build-and-publish/released.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/nearest.h"
#include "run/network_names.h"
#include "sys/home.h"

enum { LIST_MAX = 1024 * 1024, VERSIONS_MAX = 40 };

int released_each(released_fn *fn, void *ctx, struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(LIST_MAX);
	char path[PATH_ROOM], *rest, *line;

	if (file_read(home_path(path, "releases.txt"), &text, err) < 0)
		return -1;
	buf_add_u8(&text, 0);
	if (buf_check(&text, err) < 0)
		return -1;
	for (rest = (char *)text.data; (line = strsep(&rest, "\n"));)
		if (release_is_maven(line) && fn(line, ctx, err) < 0)
			return -1;
	return 0;
}

/* ---- the most similar first ---- */

struct released {
	char *version; /* owned */
	unsigned distance, place;
};

struct ranking {
	const char *version;
	struct released list[VERSIONS_MAX];
	unsigned count;
};

static int rank(const char *word, void *ctx, struct error *err)
{
	struct ranking *r = ctx;
	const char *version = release_version(word);
	char *copy = r->count < VERSIONS_MAX ? strdup(version) : NULL;

	(void)err;
	if (!copy)
		return 0; /* the list is for people */
	r->list[r->count] =
		(struct released){ .version = copy,
				   .distance =
					   word_distance(r->version, version),
				   .place = r->count };
	r->count++;
	return 0;
}

static int compare(const void *a, const void *b)
{
	const struct released *x = a, *y = b;

	if (x->distance != y->distance)
		return x->distance < y->distance ? -1 : 1;
	return x->place < y->place ? -1 : 1;
}

void released_versions(const char *version, struct buf *out)
{
	struct ranking r = { .version = version };

	(void)released_each(rank, &r, NULL);
	qsort(r.list, r.count, sizeof(*r.list), compare);
	for (unsigned i = 0; i < r.count; i++) {
		buf_addf(out, "%s%s", i ? ", " : "", r.list[i].version);
		free(r.list[i].version);
	}
}
