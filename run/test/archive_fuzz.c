/* SPDX-License-Identifier: Apache-2.0 */
/* corpus: test/vectors/archive */
/* archive_fuzz.c - history.sqlite may come from somebody else: of runs that are
 * not there nothing is ever read. */
#include <stdint.h>
#include <stdlib.h>

#include "run/archive.h"
#include "test/support/fuzz_dir.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ROOM = 16 * 1024 * 1024 };

static void read_all(struct archive *a)
{
	struct arena arena = ARENA_INIT(ROOM);
	struct archived h;

	if (archive_read(a, &(struct archive_query){ 0 }, &arena, &h, NULL) ==
		    0 &&
	    (h.run_count || h.cell_count))
		abort();
	arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct archive *a;
	char path[PATH_ROOM];

	fuzz_dir_begin();
	path_join(path, fuzz_dir, "history.sqlite");
	fuzz_must(file_write(path, data, size, 0600, NULL));
	if (archive_open(fuzz_dir, &a, NULL) == 0) {
		read_all(a);
		archive_close(a);
	}
	return 0;
}
