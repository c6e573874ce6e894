/* SPDX-License-Identifier: Apache-2.0 */
/* record.c - node-images.txt: which images were built, found or published. */
#include "build-and-publish/record.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "sys/clock.h"
#include "sys/file.h"

enum { RECORD_FILE_MAX = 64 * 1024 * 1024, COLUMNS = 6 };

static const char header[] =
	"# image\tcomponent\trelease\tcommit\tplatform version\ttime (UTC)\n";

static const char *or_dash(const char *text)
{
	return text && *text ? text : "-";
}

static const char *record_path(const char *built_dir, char room[PATH_ROOM])
{
	return path_join(room, built_dir, "node-images.txt");
}

/* Held for the time of one write only, so that waiting needs no bound. */
static int lock(const char *built_dir, struct error *err)
{
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	char path[PATH_ROOM];
	int fd;

	path_join(path, built_dir, ".node-images.lock");
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	if (fd < 0 || fcntl(fd, F_OFD_SETLKW, &whole) < 0) {
		error_errno(err, ERROR_BUILD, errno, "%s", path);
		closep(&fd);
		return -1;
	}
	return fd;
}

static int read_file(const char *built_dir, struct buf *text, struct error *err)
{
	char path[PATH_ROOM];

	record_path(built_dir, path);
	return file_exists(path) ? file_read(path, text, err) : 0;
}

static int read_line(char *line, struct record *ret)
{
	char *column[COLUMNS];

	for (int i = 0; i < COLUMNS; i++)
		if (!(column[i] = strsep(&line, "\t")) || !*column[i])
			return -1;
	if (line)
		return -1;
	*ret = (struct record){ .image = column[0],
				.component = column[1],
				.release = column[2],
				.commit = column[3],
				.platform = atoi(column[4]),
				.time = column[5] };
	return 0;
}

static int each_line(const char *built_dir, char *text,
		     int (*fn)(const struct record *record, void *ctx),
		     void *ctx, struct error *err)
{
	struct record record;
	char path[PATH_ROOM], *line;
	int rc = 0;

	for (int n = 1; !rc && (line = strsep(&text, "\n")); n++) {
		if (!*line || *line == '#')
			continue;
		if (read_line(line, &record) < 0)
			return error_set(
				err, ERROR_INPUT,
				"%s:%d: expected %d columns: take the line "
				"away, `medley build` writes it again",
				record_path(built_dir, path), n, COLUMNS);
		rc = fn(&record, ctx);
	}
	return rc;
}

int record_each(const char *built_dir,
		int (*fn)(const struct record *record, void *ctx), void *ctx,
		struct arena *arena, struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(RECORD_FILE_MAX);
	char *copy;

	if (read_file(built_dir, &text, err) < 0)
		return -1;
	copy = arena_strdup(arena, buf_text(&text));
	return copy ? each_line(built_dir, copy, fn, ctx, err)
		    : error_nomem(err);
}

/* Is what the last line of a component and release says what is to be said? */
struct last {
	const struct record *wanted;
	int same;
};

static int compare(const struct record *have, void *ctx)
{
	struct last *last = ctx;
	const struct record *want = last->wanted;

	if (strcmp(have->component, or_dash(want->component)) != 0 ||
	    strcmp(have->release, or_dash(want->release)) != 0)
		return 0;
	last->same = !strcmp(have->image, or_dash(want->image)) &&
		     !strcmp(have->commit, or_dash(want->commit)) &&
		     have->platform == want->platform;
	return 0;
}

static void add_line(struct buf *text, const struct record *r)
{
	char time[CLOCK_TEXT];

	if (!text->len)
		buf_add_str(text, header);
	buf_addf(text, "%s\t%s\t%s\t%s\t", or_dash(r->image),
		 or_dash(r->component), or_dash(r->release),
		 or_dash(r->commit));
	if (r->platform)
		buf_addf(text, "%d", r->platform);
	else
		buf_add_str(text, "-");
	buf_addf(text, "\t%s\n", clock_text(time, clock_wall_us()));
}

int record_add(const char *built_dir, const struct record *record,
	       struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(RECORD_FILE_MAX);
	cleanup(freep) char *copy = NULL;
	cleanup(closep) int held = lock(built_dir, err);
	struct last last = { record, 0 };
	char path[PATH_ROOM];

	if (held < 0 || read_file(built_dir, &text, err) < 0)
		return -1;
	copy = strdup(buf_text(&text));
	if (!copy)
		return error_nomem(err);
	if (each_line(built_dir, copy, compare, &last, err) < 0)
		return -1;
	if (last.same)
		return 0;
	add_line(&text, record);
	if (buf_check(&text, err) < 0)
		return -1;
	return file_write(record_path(built_dir, path), text.data, text.len,
			  0644, err);
}
