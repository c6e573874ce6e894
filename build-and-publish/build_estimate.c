/* SPDX-License-Identifier: Apache-2.0 */
/* build_estimate.c - estimates an image's time by the last of its kind. */
#include <stdlib.h>

#include "base/cleanup.h"
#include "build-and-publish/build_job.h"
#include "sys/file.h"
#include "sys/home.h"

static int seconds_path(const struct recipe *recipe, char room[PATH_ROOM],
			struct error *err)
{
	char dir[PATH_ROOM];

	if (cache_path(dir, "seconds", err) < 0 || dir_make(dir, 0700, err) < 0)
		return -1;
	path_join(room, dir, recipe->component);
	return 0;
}

double expected_seconds(const struct recipe *recipe)
{
	cleanup(buf_release) struct buf text = BUF_INIT(64);
	char path[PATH_ROOM];
	double v = 0;

	if (seconds_path(recipe, path, NULL) == 0 &&
	    file_read(path, &text, NULL) == 0)
		v = strtod(buf_text(&text), NULL);
	return v > 0 ? v : recipe->seconds;
}

/* Only an estimate hangs on it: a failure is no failure of the build. */
void expected_learn(const struct recipe *recipe, double seconds)
{
	cleanup(buf_release) struct buf text = BUF_INIT(64);
	char path[PATH_ROOM];

	buf_addf(&text, "%.1f\n", seconds);
	if (seconds_path(recipe, path, NULL) == 0)
		file_write(path, text.data, text.len, 0600, NULL);
}
