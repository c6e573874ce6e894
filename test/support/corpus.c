/* SPDX-License-Identifier: Apache-2.0 */
/* corpus.c - runs a fuzz target over files, and over their cut and bent
 * copies, as a plain test: what a fuzzer would try first, the same each time.
 */
#include <ftw.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "sys/file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
/* A target that takes milliseconds for an input defines it: one of so many
 * copies is tried. */
extern const unsigned corpus_step __attribute__((weak));

enum { SAMPLE_MAX = 256 * 1024, CUTS = 48, BENDS = 160 };

static unsigned files;

/* A copy in memory of its own size, so that a sanitizer sees overreads. */
static void try_bytes(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size ? size : 1);

	if (!copy)
		abort();
	if (size)
		memcpy(copy, data, size);
	LLVMFuzzerTestOneInput(copy, size);
	free(copy);
}

static void try_neighbours(uint8_t *data, size_t size)
{
	uint64_t dice = 88172645463325252u ^ size;

	const unsigned step = &corpus_step ? corpus_step : 1;

	for (size_t i = 1; i < CUTS && size; i += step)
		try_bytes(data, size * i / CUTS);
	for (unsigned i = 0; i < BENDS && size; i += step) {
		dice ^= dice << 13, dice ^= dice >> 7, dice ^= dice << 17;
		size_t at = dice % size;
		uint8_t was = data[at];

		data[at] ^= (uint8_t)(1 + (dice >> 32) % 255);
		try_bytes(data, size);
		data[at] = was;
	}
}

static int visit(const char *path, const struct stat *st, int type,
		 struct FTW *ftw)
{
	cleanup(buf_release) struct buf text = BUF_INIT(SAMPLE_MAX);

	(void)st, (void)ftw;
	if (type != FTW_F || file_read(path, &text, NULL) < 0)
		return 0;
	files++;
	try_bytes(text.data, text.len);
	try_neighbours(text.data, text.len);
	return 0;
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		nftw(argv[i], visit, 16, FTW_PHYS);
	try_bytes(NULL, 0);
	printf("%s %s (%u files)\n", files ? "[       OK ]" : "[  FAILED  ]",
	       "corpus", files);
	return !files;
}
