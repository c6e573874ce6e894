/* SPDX-License-Identifier: Apache-2.0 */
/* zip.c - zip archives, through libarchive: a member read, a few written. */
#include "data/zip.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>

#include "base/cleanup.h"

enum { BLOCK = 64 * 1024, FIRST_DAY = 315532800 /* of 1980, as zip's time */ };

static void archive_freep(struct archive **a)
{
	archive_free(*a);
}

static void entry_freep(struct archive_entry **entry)
{
	archive_entry_free(*entry);
}

static int zip_error(struct archive *a, const char *path, struct error *err)
{
	const char *text = archive_error_string(a);

	return error_set(err, ERROR_INPUT, "%s: %s", path,
			 text ? text : "cannot be read");
}

static int read_member(struct archive *a, const char *path, struct buf *out,
		       struct error *err)
{
	char bytes[4096];
	la_ssize_t n;

	while ((n = archive_read_data(a, bytes, sizeof(bytes))) > 0)
		buf_add(out, bytes, n);
	if (n < 0)
		return zip_error(a, path, err);
	buf_add(out, "", 0);
	return buf_check(out, err) < 0 ? error_wrap(err, "%s", path) : 0;
}

/* NULL and the error, or an archive to be freed. */
static struct archive *open_archive(const char *path, struct error *err)
{
	cleanup(archive_freep) struct archive *a = archive_read_new();

	if (!a)
		return error_nomem(err), NULL;
	archive_read_support_format_zip(a);
	if (archive_read_open_filename(a, path, BLOCK) != ARCHIVE_OK)
		return zip_error(a, path, err), NULL;
	return steal(a);
}

/* Of an archive that was opened; `path` is for messages. */
static int find_member(struct archive *a, const char *path, const char *name,
		       struct buf *out, struct error *err)
{
	struct archive_entry *entry;
	const char *found;
	int rc;

	while ((rc = archive_read_next_header(a, &entry)) == ARCHIVE_OK) {
		found = archive_entry_pathname(entry);
		if (found && !strcmp(found, name))
			return read_member(a, path, out, err);
	}
	if (rc != ARCHIVE_EOF)
		return zip_error(a, path, err);
	return error_set(err, ERROR_INPUT, "%s has no %s", path, name);
}

int zip_member(const char *path, const char *name, struct buf *out,
	       struct error *err)
{
	cleanup(archive_freep) struct archive *a = open_archive(path, err);

	return a ? find_member(a, path, name, out, err) : -1;
}

int zip_member_of(const struct buf *zip, const char *name, struct buf *out,
		  struct error *err)
{
	cleanup(archive_freep) struct archive *a = archive_read_new();

	if (!a)
		return error_nomem(err);
	archive_read_support_format_zip(a);
	if (archive_read_open_memory(a, zip->data, zip->len) != ARCHIVE_OK)
		return zip_error(a, "zip", err);
	return find_member(a, "zip", name, out, err);
}

int zip_time(const char *path, int64_t *ret, struct error *err)
{
	cleanup(archive_freep) struct archive *a = open_archive(path, err);
	struct archive_entry *entry;
	int64_t newest = 0;
	int rc;

	if (!a)
		return -1;
	while ((rc = archive_read_next_header(a, &entry)) == ARCHIVE_OK)
		if (archive_entry_mtime(entry) > newest)
			newest = archive_entry_mtime(entry);
	if (rc != ARCHIVE_EOF)
		return zip_error(a, path, err);
	*ret = newest;
	return 0;
}

static la_ssize_t take_bytes(struct archive *a, void *ctx, const void *bytes,
			     size_t len)
{
	(void)a;
	buf_add(ctx, bytes, len);
	return (la_ssize_t)len;
}

static bool write_entry(struct archive *a, const struct zip_entry *e)
{
	cleanup(entry_freep) struct archive_entry *entry = archive_entry_new();

	if (!entry)
		return false;
	archive_entry_set_pathname(entry, e->name);
	archive_entry_set_filetype(entry, AE_IFREG);
	archive_entry_set_perm(entry, 0644);
	archive_entry_set_size(entry, (la_int64_t)e->len);
	archive_entry_set_mtime(entry, FIRST_DAY, 0);
	return archive_write_header(a, entry) == ARCHIVE_OK &&
	       archive_write_data(a, e->bytes, e->len) == (la_ssize_t)e->len;
}

int zip_write(const struct zip_entry *entries, size_t count, struct buf *out,
	      struct error *err)
{
	cleanup(archive_freep) struct archive *a = archive_write_new();

	if (!a)
		return error_nomem(err);
	archive_write_set_bytes_per_block(a, 0);
	if (archive_write_set_format_zip(a) != ARCHIVE_OK ||
	    archive_write_open(a, out, NULL, take_bytes, NULL) != ARCHIVE_OK)
		return zip_error(a, "zip", err);
	for (size_t i = 0; i < count; i++)
		if (!write_entry(a, &entries[i]))
			return zip_error(a, entries[i].name, err);
	if (archive_write_close(a) != ARCHIVE_OK)
		return zip_error(a, "zip", err);
	return buf_check(out, err);
}
