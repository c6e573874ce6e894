/* SPDX-License-Identifier: Apache-2.0 */
/* released.c - the released versions that medley knows of. */
#include "build-and-publish/released.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/nearest.h"
#include "sys/home.h"

enum { LIST_MAX = 64 * 1024, VERSIONS_MAX = 40 };

struct released {
	const char *version; /* in the text of the file */
	unsigned distance, place;
};

static int compare(const void *a, const void *b)
{
	const struct released *x = a, *y = b;

	if (x->distance != y->distance)
		return x->distance < y->distance ? -1 : 1;
	return x->place < y->place ? -1 : 1;
}

void released_versions(const char *version, struct buf *out)
{
	static const char maven[] = "maven:";
	const size_t prefix = strlen(maven);
	cleanup(buf_release) struct buf text = BUF_INIT(LIST_MAX);
	struct released list[VERSIONS_MAX];
	char path[PATH_ROOM], *rest, *line;
	unsigned count = 0;

	if (file_read(home_path(path, "releases.txt"), &text, NULL) < 0)
		return;
	buf_add_u8(&text, 0);
	for (rest = (char *)text.data; (line = strsep(&rest, "\n"));)
		if (!strncmp(line, maven, prefix) && count < VERSIONS_MAX) {
			list[count] = (struct released){
				.version = line + prefix,
				.distance =
					word_distance(version, line + prefix),
				.place = count
			};
			count++;
		}
	qsort(list, count, sizeof(*list), compare);
	for (unsigned i = 0; i < count; i++)
		buf_addf(out, "%s%s", i ? ", " : "", list[i].version);
}
