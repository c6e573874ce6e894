/* SPDX-License-Identifier: Apache-2.0 */
/* image_record.c - writes node-images.txt, the record of images. */
#include "build-and-publish/image_record.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/utf8.h"
#include "sys/clock.h"

enum { RECORD_FILE_MAX = 64 * 1024 * 1024 };
static const size_t record_arena_max = (size_t)256 * 1024 * 1024;

#define HEADER_SIX                                                             \
	"# image\tcomponent\trelease\tcommit\tplatform version\ttime (UTC)"
static const char header[] = HEADER_SIX "\tcontracts jar, SHA-256\n";
static const char header_six[] = HEADER_SIX "\n"; /* without the last column */

const char *record_path(const char *built_dir, char room[PATH_ROOM])
{
	return path_join(room, built_dir, "node-images.txt");
}

static const char *or_dash(const char *text)
{
	return text && *text ? text : "-";
}

static bool same(const char *a, const char *b)
{
	return !strcmp(or_dash(a), or_dash(b));
}

/* 1: the last line of this component and release says the same. */
static int is_said(const char *path, const struct buf *text,
		   const struct built_image *image, struct error *err)
{
	cleanup(arena_release) struct arena arena =
		ARENA_INIT(record_arena_max);
	struct built_images all;

	if (built_images_parse(path, buf_text(text), &arena, &all, err) < 0)
		return -1;
	for (size_t i = all.count; i-- > 0;) {
		const struct built_image *have = &all.list[i];

		if (same(have->component, image->component) &&
		    same(have->release, image->release))
			return same(have->image, image->image) &&
			       same(have->commit, image->commit) &&
			       same(have->contracts, image->contracts) &&
			       have->platform == image->platform;
	}
	return 0;
}

static void add_line(struct buf *text, const struct built_image *image)
{
	char time[CLOCK_TEXT];

	if (!text->len)
		buf_add_str(text, header);
	buf_addf(text, "%s\t%s\t%s\t%s\t", or_dash(image->image),
		 or_dash(image->component), or_dash(image->release),
		 or_dash(image->commit));
	if (image->platform)
		buf_addf(text, "%d", image->platform);
	else
		buf_add_str(text, "-");
	buf_addf(text, "\t%s\t%s\n", clock_text(time, clock_wall_us()),
		 or_dash(image->contracts));
}

/* The lines so far; a file of another medley's form is set aside. */
static int read_lines(const char *path, struct buf *text, struct error *err)
{
	char aside[PATH_ROOM];

	if (!file_exists(path))
		return 0;
	if (file_read(path, text, err) < 0 || utf8_unmark(path, text, err) < 0)
		return -1;
	if (!strncmp(buf_text(text), header, sizeof(header) - 1))
		return 0;
	if (!strncmp(buf_text(text), header_six, sizeof(header_six) - 1)) {
		buf_splice(text, 0, sizeof(header_six) - 1, header,
			   sizeof(header) - 1);
		return 0;
	}
	buf_clear(text);
	path_printf(aside, "%s.old", path);
	if (rename(path, aside) < 0)
		return error_errno(err, ERROR_BUILD, errno, "%s", aside);
	return 0;
}

int record_add(const char *built_dir, const struct built_image *image,
	       struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(RECORD_FILE_MAX);
	cleanup(closep) int held = -1;
	char path[PATH_ROOM];
	int said;

	/* Held for the time of one write only, so that waiting needs no bound.
	 */
	path_join(path, built_dir, ".node-images.lock");
	if (file_lock(path, true, &held, err) < 0)
		return -1;
	record_path(built_dir, path);
	if (read_lines(path, &text, err) < 0)
		return -1;
	said = is_said(path, &text, image, err);
	if (said < 0)
		return error_wrap(
			err, "move this file away, medley writes a new one");
	if (said)
		return 0;
	add_line(&text, image);
	if (buf_check(&text, err) < 0)
		return -1;
	return file_write(path, text.data, text.len, 0644, err);
}
