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
#include "sys/file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ROOM = 64 * 1024 * 1024, NODES_MAX = 8 };

static char dir[PATH_ROOM]; /* of what all inputs write */

static void remove_dir(void)
{
	dir_remove(dir, NULL);
}

static void must(int rc)
{
	if (rc < 0)
		abort();
}

static const char *in_dir(const char *name, char room[PATH_ROOM])
{
	return path_join(room, dir, name);
}

static void begin(void)
{
	if (dir_make_temporary("/dev/shm/medley-fuzz-", dir, NULL) < 0)
		must(dir_make_temporary("/tmp/medley-fuzz-", dir, NULL));
	atexit(remove_dir);
}

static void save_and_read(const struct network *net, struct arena *arena)
{
	cleanup(buf_release) struct buf first = BUF_INIT(ROOM);
	cleanup(buf_release) struct buf second = BUF_INIT(ROOM);
	struct network again;
	char path[PATH_ROOM];

	must(network_write(net, &first, NULL));
	must(file_write(in_dir("network", path), first.data, first.len, 0600,
			NULL));
	must(network_load_file(path, arena, &again, NULL));
	must(network_write(&again, &second, NULL));
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
	must(stat(path, &st));
	if (S_ISDIR(st.st_mode))
		return dir_each(path, read_yaml, path, NULL);
	must(yaml_read(path, &arena, &file, NULL));
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
	must(dir_each(manifests, read_yaml, manifests, NULL));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup(arena_release) struct arena arena = ARENA_INIT(ROOM);
	struct network net;

	if (!*dir)
		begin();
	if (network_parse("fuzz", data, size, &arena, &net, NULL) < 0)
		return 0;
	save_and_read(&net, &arena);
	if (net.node_count <= NODES_MAX)
		generate(&net);
	return 0;
}
