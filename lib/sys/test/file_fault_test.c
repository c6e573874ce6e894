/* SPDX-License-Identifier: Apache-2.0 */
/* file_fault_test.c - files when a disk is full, a call short or interrupted.
 */
#include "sys/file.h"

#include <sys/stat.h>

#include "base/cleanup.h"
#include "sys/entropy.h"
#include "test/support/fault_loop.h"
#include "test/support/scratch.h"

/* Longer than a page, than a pipe's atomic write and a short read. */
enum { LONG = 20000 };

struct files {
	struct scratch *at;
	char path[PATH_ROOM], other[PATH_ROOM];
	uint8_t bytes[LONG], back[32];
	struct buf text;
	char names[256];
	int fd;
};

/* What stands in a file; "-" where there is none. */
static void show_file(const char *path, struct buf *out)
{
	struct error err = { 0 };

	if (!file_exists(path))
		buf_add_str(out, "-");
	else
		assert_ok(file_read(path, out, &err), err);
}

static void show_path(void *ctx, struct buf *out)
{
	struct files *f = ctx;

	show_file(f->path, out);
}

static void files_begin(struct files *f, void **state)
{
	*f = (struct files){ .at = *state,
			     .text = BUF_INIT(2 * LONG),
			     .fd = -1 };
	scratch_in_memory(f->at);
	path_join(f->path, f->at->dir, "file");
	path_join(f->other, f->at->dir, "other");
	for (size_t i = 0; i < LONG; i++)
		f->bytes[i] = (uint8_t)(i * 7);
}

/* ---- one file ---- */

static void old_file(void *ctx)
{
	struct files *f = ctx;
	struct error err = { 0 };

	assert_ok(file_write(f->path, "old", 3, 0600, &err), err);
}

static int write_file(void *ctx, struct error *err)
{
	struct files *f = ctx;

	return file_write(f->path, f->bytes, LONG, 0600, err);
}

static void a_file_is_old_or_new(void **state)
{
	static const struct fault_story story = {
		.name = "file_write",
		.kinds = FAULTS_MEMORY | FAULTS_WRITE | FAULTS_FULL,
		.prepare = old_file,
		.run = write_file,
		.show = show_path,
	};
	struct files f;

	files_begin(&f, state);
	fault_loop(&story, &f);
}

static int append_file(void *ctx, struct error *err)
{
	struct files *f = ctx;

	return file_append(f->path, f->bytes, LONG, 0600, err);
}

static void bytes_are_appended_or_not(void **state)
{
	static const struct fault_story story = {
		.name = "file_append",
		.kinds = FAULTS_MEMORY | FAULTS_WRITE | FAULTS_FULL,
		.prepare = old_file,
		.run = append_file,
		.show = show_path,
	};
	struct files f;

	files_begin(&f, state);
	fault_loop(&story, &f);
}

static void long_file(void *ctx)
{
	struct files *f = ctx;
	struct error err = { 0 };

	assert_ok(file_write(f->path, f->bytes, LONG, 0600, &err), err);
	dir_remove(f->other, NULL);
}

static int read_file(void *ctx, struct error *err)
{
	struct files *f = ctx;

	buf_release(&f->text);
	return file_read(f->path, &f->text, err);
}

static void show_text(void *ctx, struct buf *out)
{
	struct files *f = ctx;

	buf_add(out, f->text.data, f->text.len);
}

static void free_text(void *ctx)
{
	struct files *f = ctx;

	buf_release(&f->text);
}

static void a_file_is_read_whole(void **state)
{
	static const struct fault_story story = {
		.name = "file_read",
		.kinds = FAULTS_MEMORY | FAULTS_READ,
		.prepare = long_file,
		.run = read_file,
		.show = show_text,
		.release = free_text,
		.trace = TRACE_ANY, /* a buffer may have the beginning */
	};
	struct files f;

	files_begin(&f, state);
	fault_loop(&story, &f);
}

static int copy_file(void *ctx, struct error *err)
{
	struct files *f = ctx;

	return file_copy(f->path, f->other, 0600, err);
}

static void show_other(void *ctx, struct buf *out)
{
	struct files *f = ctx;

	show_file(f->other, out);
}

static void a_copy_is_whole_or_not_there(void **state)
{
	static const struct fault_story story = {
		.name = "file_copy",
		.kinds = FAULTS_MEMORY | FAULTS_READ | FAULTS_WRITE |
			 FAULTS_FULL,
		.prepare = long_file,
		.run = copy_file,
		.show = show_other,
	};
	struct files f;

	files_begin(&f, state);
	fault_loop(&story, &f);
}

static int lock_file(void *ctx, struct error *err)
{
	struct files *f = ctx;
	int rc = file_lock(f->path, true, &f->fd, err);

	return rc < 0 ? -1 : 0;
}

static void show_lock(void *ctx, struct buf *out)
{
	struct files *f = ctx;

	buf_add_str(out, f->fd < 0 ? "open" : "locked");
}

static void unlock(void *ctx)
{
	struct files *f = ctx;

	closep(&f->fd);
	f->fd = -1;
}

static void waiting_for_a_lock_goes_on(void **state)
{
	static const struct fault_story story = {
		.name = "file_lock",
		.kinds = FAULTS_MEMORY | FAULT_BIT(FAULT_OPEN) |
			 FAULT_BIT(FAULT_LOCK_EINTR),
		.run = lock_file,
		.show = show_lock,
		.release = unlock,
	};
	struct files f;

	files_begin(&f, state);
	fault_loop(&story, &f);
}

/* ---- directories ---- */

static int make_directory(void *ctx, struct error *err)
{
	struct files *f = ctx;
	char path[PATH_ROOM];

	return dir_make(path_join(path, f->path, "a/b"), 0700, err);
}

static void show_directory(void *ctx, struct buf *out)
{
	struct files *f = ctx;
	char path[PATH_ROOM];

	if (file_exists(path_join(path, f->path, "a/b")))
		buf_add_str(out, "made");
}

static void no_directory(void *ctx)
{
	struct files *f = ctx;

	dir_remove(f->path, NULL);
}

static void a_directory_is_made_with_those_above(void **state)
{
	static const struct fault_story story = {
		.name = "dir_make",
		.kinds = FAULTS_MEMORY | FAULTS_WRITE | FAULTS_FULL,
		.prepare = no_directory,
		.run = make_directory,
		.show = show_directory,
	};
	struct files f;

	files_begin(&f, state);
	fault_loop(&story, &f);
}

static void full_directory(void *ctx)
{
	struct files *f = ctx;
	struct error err = { 0 };
	char path[PATH_ROOM];

	assert_ok(dir_make(path_join(path, f->path, "a"), 0700, &err), err);
	for (int i = 0; i < 3; i++) {
		path_printf(path, "%s/a/%d", f->path, i);
		assert_ok(file_write(path, "x", 1, 0600, &err), err);
	}
}

static int remove_directory(void *ctx, struct error *err)
{
	struct files *f = ctx;

	return dir_remove(f->path, err);
}

static void show_presence(void *ctx, struct buf *out)
{
	struct files *f = ctx;

	buf_add_str(out, file_exists(f->path) ? "there" : "gone");
}

static void a_directory_is_removed_whole(void **state)
{
	static const struct fault_story story = {
		.name = "dir_remove",
		.kinds = FAULTS_MEMORY | FAULTS_LIBRARY | FAULTS_WRITE,
		.prepare = full_directory,
		.run = remove_directory,
		.show = show_presence,
	};
	struct files f;

	files_begin(&f, state);
	fault_loop(&story, &f);
}

static int add_name(const char *name, void *ctx)
{
	struct files *f = ctx;
	size_t len = strlen(f->names);

	snprintf(f->names + len, sizeof(f->names) - len, "%s ", name);
	return 0;
}

static int list_directory(void *ctx, struct error *err)
{
	struct files *f = ctx;
	char path[PATH_ROOM];

	f->names[0] = 0;
	return dir_each(path_join(path, f->path, "a"), add_name, f, err);
}

static void show_names(void *ctx, struct buf *out)
{
	struct files *f = ctx;

	buf_add_str(out, f->names);
}

static void no_names(void *ctx)
{
	struct files *f = ctx;

	full_directory(f);
	f->names[0] = 0;
}

static void a_directory_is_listed_whole(void **state)
{
	static const struct fault_story story = {
		.name = "dir_each",
		.kinds = FAULTS_MEMORY | FAULTS_LIBRARY | FAULTS_READ,
		.prepare = no_names,
		.run = list_directory,
		.show = show_names,
	};
	struct files f;

	files_begin(&f, state);
	fault_loop(&story, &f);
}

/* ---- chance ---- */

static int draw(void *ctx, struct error *err)
{
	struct files *f = ctx;

	memset(f->back, 0, sizeof(f->back));
	return random_bytes(f->back, sizeof(f->back), err);
}

/* Eight bytes in a row are never all zero. */
static void show_drawn(void *ctx, struct buf *out)
{
	struct files *f = ctx;
	bool all = true;

	for (size_t i = 0; i < sizeof(f->back); i += 8)
		all = all && memcmp(f->back + i, (char[8]){ 0 }, 8) != 0;
	buf_add_str(out, all ? "all drawn" : "not all drawn");
}

static void all_bytes_are_drawn(void **state)
{
	static const struct fault_story story = {
		.name = "random_bytes",
		.kinds = FAULTS_MEMORY | FAULTS_RANDOM,
		.run = draw,
		.show = show_drawn,
	};
	struct files f;

	files_begin(&f, state);
	fault_loop(&story, &f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH_TEST(a_file_is_old_or_new),
		SCRATCH_TEST(bytes_are_appended_or_not),
		SCRATCH_TEST(a_file_is_read_whole),
		SCRATCH_TEST(a_copy_is_whole_or_not_there),
		SCRATCH_TEST(waiting_for_a_lock_goes_on),
		SCRATCH_TEST(a_directory_is_made_with_those_above),
		SCRATCH_TEST(a_directory_is_removed_whole),
		SCRATCH_TEST(a_directory_is_listed_whole),
		SCRATCH_TEST(all_bytes_are_drawn),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
