/* SPDX-License-Identifier: Apache-2.0 */
/* corpus: examples test/network test/vectors/network */
/* network_fuzz.c - a network.yaml that is taken is saved and read as the same,
 * and its manifests are YAML. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "data/yaml.h"
#include "generate/generate.h"
#include "run/network.h"
#include "test/support/fuzz_dir.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ROOM = 64 * 1024 * 1024, NODES_MAX = 8 };

static const char *in_dir(const char *name, char room[PATH_ROOM])
{
	return path_join(room, fuzz_dir, name);
}

static void save_and_read(const struct network *net, struct arena *arena)
{
	cleanup(buf_release) struct buf first = BUF_INIT(ROOM);
	cleanup(buf_release) struct buf second = BUF_INIT(ROOM);
	struct network again;
	char path[PATH_ROOM];

	fuzz_must(network_write(net, &first, NULL));
	fuzz_must(file_write(in_dir("network", path), first.data, first.len,
			     0600, NULL));
	fuzz_must(network_load_file(path, arena, &again, NULL));
	fuzz_must(network_write(&again, &second, NULL));
	if (strcmp(buf_text(&first), buf_text(&second)) != 0)
		abort();
}

/* What a build would have found out. */
static void fill_images(struct network *net)
{
	static const char image[] = "localhost/image@sha256:00";

	net->database_image = net->driver_image = net->health_image =
		net->doorman_image = image;
	for (unsigned i = 0; i < net->release_count; i++) {
		struct release *r = &net->releases[i];

		r->image = r->notary_image = r->cordapps_image = image;
		r->platform = 4;
	}
}

static int read_yaml(const char *name, void *ctx)
{
	cleanup(arena_release) struct arena arena = ARENA_INIT(ROOM);
	const char *above = ctx;
	struct yaml_file file;
	char path[PATH_ROOM];
	struct stat st;

	path_join(path, above, name);
	fuzz_must(stat(path, &st));
	if (S_ISDIR(st.st_mode))
		return dir_each(path, read_yaml, path, NULL);
	fuzz_must(yaml_read(path, &arena, &file, NULL));
	if (!file.count)
		abort();
	return 0;
}

/* One key store for all inputs: to make keys takes longest. */
static void generate(struct network *net)
{
	char manifests[PATH_ROOM], keys[PATH_ROOM], passwords[PATH_ROOM];
	const struct generate_order order = {
		.dir = in_dir("config", manifests),
		.keys = in_dir("keys", keys),
		.passwords = in_dir("passwords", passwords),
		.run = "fuzz",
	};
	struct generate_summary summary;

	fill_images(net);
	if (generate_network(net, &order, &summary, NULL) < 0)
		return;
	fuzz_must(dir_each(manifests, read_yaml, manifests, NULL));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup(arena_release) struct arena arena = ARENA_INIT(ROOM);
	struct network net;

	fuzz_dir_begin();
	if (network_parse("fuzz", data, size, &arena, &net, NULL) < 0)
		return 0;
	save_and_read(&net, &arena);
	if (net.node_count <= NODES_MAX)
		generate(&net);
	return 0;
}
