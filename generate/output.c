/* SPDX-License-Identifier: Apache-2.0 */
/* output.c - the files of a generation, in the form that was asked for. */
#include "generate/output.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "sys/file.h"

enum { NAMES_MAX = 4 * 1024 * 1024, COMPARE_AT_ONCE = 32 * 1024 };

void output_release(struct output *o)
{
	buf_release(&o->names);
}

int output_begin(struct output *o, const char *dir, const char *list,
		 enum generate_format format, struct error *err)
{
	*o = (struct output){ .dir = dir,
			      .list = list,
			      .format = format,
			      .names = BUF_INIT(NAMES_MAX) };
	return dir_make(dir, 0700, err);
}

/* A file that would not change is left alone, with the time it was written. */
static bool is_there(const char *path, const uint8_t *text, size_t len)
{
	cleanup(closep) int fd = -1;
	uint8_t room[COMPARE_AT_ONCE];
	size_t size;
	ssize_t n;

	if (file_open_to_read(path, &fd, &size, NULL) <= 0 || size != len)
		return false;
	while ((n = file_read_some(fd, room, sizeof(room))) > 0) {
		if ((size_t)n > len || memcmp(room, text, (size_t)n) != 0)
			return false;
		text += n;
		len -= (size_t)n;
	}
	return n == 0 && !len && chmod(path, 0600) == 0;
}

static int add_file(struct output *o, const char *name, const void *text,
		    size_t len, struct error *err)
{
	char path[PATH_ROOM];

	path_join(path, o->dir, name);
	o->count++;
	buf_addf(&o->names, "%s\n", name);
	return is_there(path, text, len)
		       ? 0
		       : file_write(path, text, len, 0600, err);
}

int output_add(struct output *o, const char *part, const char *name,
	       const struct buf *text, struct error *err)
{
	const char *below = o->format == GENERATE_HELM ? "templates/" : "";
	char file[PATH_ROOM], dir[PATH_ROOM];

	path_printf(dir, "%s/%s%s", o->dir, below, part);
	if (dir_make(dir, 0700, err) < 0)
		return -1;
	path_printf(file, "%s%s/%s", below, part, name);
	return add_file(o, file, text->data, text->len, err);
}

int output_file(struct output *o, const char *name, const struct buf *text,
		struct error *err)
{
	const char *slash = strrchr(name, '/');
	char dir[PATH_ROOM];

	if (slash) {
		path_printf(dir, "%s/%.*s", o->dir, (int)(slash - name), name);
		if (dir_make(dir, 0700, err) < 0)
			return -1;
	}
	return add_file(o, name, text->data, text->len, err);
}

/* The base names every file: kustomize looks into no directory. */
static int write_kustomization(struct output *o, struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(NAMES_MAX * 2);

	buf_add_str(&text, "apiVersion: kustomize.config.k8s.io/v1beta1\n"
			   "kind: Kustomization\n"
			   "resources:\n");
	for (const char *p = buf_text(&o->names); *p;) {
		size_t len = strcspn(p, "\n");

		buf_addf(&text, "  - %.*s\n", (int)len, p);
		p += len + (p[len] == '\n');
	}
	if (buf_check(&text, err) < 0)
		return -1;
	return add_file(o, "kustomization.yaml", text.data, text.len, err);
}

static bool is_line_of(const char *text, const char *line, size_t len)
{
	for (const char *p = text; (p = strstr(p, "\n")) != NULL; p++) {
		if (!strncmp(p + 1, line, len) && p[1 + len] == '\n')
			return true;
	}
	return !strncmp(text, line, len) && text[len] == '\n';
}

/* The list may have been edited: nothing outside the directory goes. */
static void remove_file(const struct output *o, const char *name, size_t len)
{
	char path[PATH_ROOM], *slash;

	if (!len || *name == '/' || memmem(name, len, "..", 2))
		return;
	path_printf(path, "%s/%.*s", o->dir, (int)len, name);
	if (unlink(path) < 0)
		return;
	slash = strrchr(path, '/');
	*slash = 0;
	/* Fails while there is anything in it, which is as well. */
	if (strcmp(path, o->dir) != 0)
		rmdir(path);
}

static int remove_stale(struct output *o, struct error *err)
{
	cleanup(buf_release) struct buf old = BUF_INIT(NAMES_MAX);
	int rc;

	rc = file_read_if_there(o->list, &old, err);
	if (rc <= 0)
		return rc;
	for (const char *p = old.len ? buf_text(&old) : ""; *p;) {
		size_t len = strcspn(p, "\n");

		if (!is_line_of(buf_text(&o->names), p, len))
			remove_file(o, p, len);
		p += len + (p[len] == '\n');
	}
	return 0;
}

int output_end(struct output *o, struct error *err)
{
	if (o->format == GENERATE_KUSTOMIZE && write_kustomization(o, err) < 0)
		return -1;
	if (buf_check(&o->names, err) < 0)
		return -1;
	if (!o->list)
		return 0;
	if (remove_stale(o, err) < 0)
		return -1;
	return file_write(o->list, o->names.data, o->names.len, 0600, err);
}
