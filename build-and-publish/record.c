/* SPDX-License-Identifier: Apache-2.0 */
/* record.c - node-images.txt: which images were built or found. */
#include "build-and-publish/record.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "sys/clock.h"
#include "sys/file.h"

enum { RECORD_FILE_MAX = 64 * 1024 * 1024 };

static const char header[] =
	"# component\tword\tcommit\tplatform version\timage\ttime (UTC)\n";

static const char *or_dash(const char *text)
{
	return text && *text ? text : "-";
}

/* All columns but the time, with the tab behind them. */
static void add_columns(struct buf *line, const struct record *r)
{
	buf_addf(line, "%s\t%s\t%s\t", or_dash(r->component), or_dash(r->word),
		 or_dash(r->commit));
	if (r->platform)
		buf_addf(line, "%d", r->platform);
	else
		buf_add_str(line, "-");
	buf_addf(line, "\t%s\t", or_dash(r->image));
}

static int has_line(const char *text, const char *start)
{
	size_t len = strlen(start);

	for (; text; text = strchr(text, '\n'), text += text != NULL)
		if (!strncmp(text, start, len))
			return 1;
	return 0;
}

static int lock(const char *path, int *ret_fd, struct error *err)
{
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);

	/* Held for microseconds only, so that waiting needs no bound. */
	if (fd < 0 || fcntl(fd, F_OFD_SETLKW, &whole) < 0) {
		error_errno(err, ERROR_INTERNAL, errno, "%s", path);
		if (fd >= 0)
			close(fd);
		return -1;
	}
	*ret_fd = fd;
	return 0;
}

int record_add(const char *path, const struct record *record, struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(RECORD_FILE_MAX);
	cleanup(buf_release) struct buf line = BUF_INIT(16 * 1024);
	cleanup(closep) int held = -1;
	char time[CLOCK_TEXT];
	size_t at;

	if (lock(path, &held, err) < 0 || file_read(path, &text, err) < 0)
		return -1;
	if (!text.len)
		buf_add_str(&line, header);
	at = line.len;
	add_columns(&line, record);
	if (buf_check(&line, err) < 0)
		return -1;
	if (has_line(buf_text(&text), buf_text(&line) + at))
		return 0;
	buf_addf(&line, "%s\n", clock_text(time, clock_wall_us()));
	return file_append(path, line.data, line.len, 0644, err);
}
