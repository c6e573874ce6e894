/* SPDX-License-Identifier: Apache-2.0 */
/* corpus: test/vectors/results */
/* merge_fuzz.c - results that are joined may come from anybody: whatever they
 * hold, one result comes of them or an error. */
#include <stdint.h>

#include "base/cleanup.h"
#include "report/merge.h"
#include "report/outputs.h"
#include "report/text.h"
#include "test/support/fuzz_dir.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ROOM = 64 * 1024 * 1024, TEXT_ROOM = 16 * 1024 * 1024 };

/* The file in a directory of its own, beside a real one. */
static void put(const char *name, const void *data, size_t size,
		char room[PATH_ROOM])
{
	char file[PATH_ROOM];

	path_join(room, fuzz_dir, name);
	fuzz_must(dir_make(room, 0700, NULL));
	fuzz_must(file_write(path_join(file, room, "results.json"), data, size,
			     0600, NULL));
}

/* Not byte by byte what the corpus has: that is refused. */
static void put_real(void)
{
	cleanup(buf_release) struct buf text = BUF_INIT(TEXT_ROOM);
	char room[PATH_ROOM];

	fuzz_must(
		file_read("test/vectors/results/version-3.json", &text, NULL));
	buf_add_u8(&text, '\n');
	put("real", text.data, text.len, room);
}

static void write_outputs(const struct judgement *j)
{
	cleanup(buf_release) struct buf out = BUF_INIT(TEXT_ROOM);

	if (results_write(j, &out, NULL) < 0)
		buf_clear(&out);
	junit_write(j, &out);
	markdown_write(j, &out);
	page_write(j, &out);
	text_write(j, NULL, &out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup(arena_release) struct arena arena = ARENA_INIT(ROOM);
	cleanup(merge_release) struct merge m = { 0 };
	char given[PATH_ROOM], real[PATH_ROOM];
	const char *dirs[] = { given, real };
	struct judgement j;

	if (fuzz_dir_begin())
		put_real();
	path_join(real, fuzz_dir, "real");
	put("given", data, size, given);
	if (merge_read(dirs, 2, "out", &arena, &m, NULL) == 0 &&
	    merge_judge(&m, &j, NULL) == 0)
		write_outputs(&j);
	return 0;
}
