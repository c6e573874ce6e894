/* SPDX-License-Identifier: Apache-2.0 */
/* images.c - built/node-images.txt: which image each release has. */
#include "run/images.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/utf8.h"
#include "data/yaml.h"
#include "run/release_word.h"
#include "sys/file.h"

enum { FILE_BYTES_MAX = 64 * 1024 * 1024, COLUMNS = 7, COLUMNS_LEAST = 6 };

struct reading {
	const char *name;
	unsigned line;
	struct built_images *images;
	struct error *err;
};

static const char *or_null(const char *column)
{
	return strcmp(column, "-") ? column : NULL;
}

/* Cuts the line at its tabs; false unless there are so many columns, none of
 * them empty. */
static bool split(char *line, char *columns[COLUMNS])
{
	static char none[] = "-";
	size_t n = 0;
	char *column;

	columns[COLUMNS - 1] = none;
	while ((column = strsep(&line, "\t"))) {
		if (n == COLUMNS || !*column)
			return false;
		columns[n++] = column;
	}
	return n >= COLUMNS_LEAST;
}

static bool read_platform(const char *text, int *ret)
{
	char *end;
	long v;

	if (!or_null(text)) {
		*ret = 0;
		return true;
	}
	v = strtol(text, &end, 10);
	*ret = (int)v;
	return !*end && v >= 1 && v <= 100000;
}

static int add_line(struct reading *r, char *line)
{
	struct built_image *b = &r->images->list[r->images->count];
	char *columns[COLUMNS];

	line[strcspn(line, "\r")] = 0;
	if (!line[strspn(line, " \t")] || *line == '#')
		return 0;
	if (!split(line, columns))
		return error_set(r->err, ERROR_INPUT,
				 "%s:%u: expected image, component, release, "
				 "commit, platform version, time and contracts "
				 "jar, with a tab between them",
				 r->name, r->line);
	if (!read_platform(columns[4], &b->platform))
		return error_set(r->err, ERROR_INPUT,
				 "%s:%u: expected a platform version or '-', "
				 "not '%.60s'",
				 r->name, r->line, columns[4]);
	b->image = columns[0];
	b->component = columns[1];
	b->release = or_null(columns[2]);
	b->commit = or_null(columns[3]);
	b->time = columns[5];
	b->contracts = or_null(columns[6]);
	r->images->count++;
	return 0;
}

static size_t count_lines(const char *text)
{
	size_t n = 1;

	for (; *text; text++)
		n += *text == '\n';
	return n;
}

int built_images_parse(const char *name, const char *text, struct arena *arena,
		       struct built_images *ret, struct error *err)
{
	struct built_images images = { .file = arena_strdup(arena, name) };
	struct reading r = { .name = name, .images = &images, .err = err };
	char *copy = arena_strdup(arena, text), *line;

	images.list =
		arena_array(arena, count_lines(text), sizeof(images.list[0]));
	if (!images.file || !copy || !images.list)
		return error_nomem(err);
	while ((line = strsep(&copy, "\n"))) {
		r.line++;
		if (add_line(&r, line) < 0)
			return -1;
	}
	*ret = images;
	return 0;
}

int built_images_read(const char *path, struct arena *arena,
		      struct built_images *ret, struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(FILE_BYTES_MAX);

	if (!file_exists(path))
		return error_set(err, ERROR_INPUT,
				 "%s does not exist; build images first: "
				 "medley build -f releases.txt",
				 path);
	if (file_read(path, &text, err) < 0 ||
	    utf8_unmark(path, &text, err) < 0)
		return -1;
	return built_images_parse(path, text.len ? buf_text(&text) : "", arena,
				  ret, err);
}

/* "host:5000/net" holds "host:5000/net/node@sha256:…". */
static bool lies_in(const char *image, const char *registry)
{
	size_t len = registry ? strlen(registry) : 0;

	while (len && registry[len - 1] == '/')
		len--;
	return !len || (!strncmp(image, registry, len) && image[len] == '/');
}

static bool same_release(const struct built_image *b, const char *release)
{
	return b->release && !strcmp(b->release, release);
}

const struct built_image *built_images_find(const struct built_images *images,
					    const char *component,
					    const char *release,
					    const char *registry)
{
	for (size_t i = images->count; i-- > 0;) {
		const struct built_image *b = &images->list[i];

		if (!strcmp(b->component, component) &&
		    (!release || same_release(b, release)) &&
		    lies_in(b->image, registry))
			return b;
	}
	return NULL;
}

/* What to build where no release is named; NULL: the component has none. */
static const char *any_release(const char *component)
{
	if (!strcmp(component, "node"))
		return RELEASE_OLDEST;
	return !strcmp(component, "cordapps") ? CORDAPPS_OLDEST : NULL;
}

static int complain(const struct built_images *images, const char *component,
		    const char *release, const char *registry,
		    struct error *err)
{
	const char *word = release ?: any_release(component);

	return error_set(err, ERROR_INPUT,
			 "%s: no %s image%s%s%s%s; build it: medley build%s%s "
			 "%s%s%s",
			 images->file, component, release ? " of " : "",
			 release ? release : "", registry ? " in " : "",
			 registry ? registry : "",
			 registry ? " --docker-registry " : "",
			 registry ? registry : "", component, word ? " " : "",
			 word ? word : "");
}

/* With a doorman, nodes are of the image that registers itself. */
static int fill_release(const struct built_images *images, const char *registry,
			bool doorman, struct release *r, struct error *err)
{
	const struct built_image *notary,
		*node = built_images_find(images, "node", r->word, registry);
	const struct built_image *cordapps =
		built_images_find(images, "cordapps", r->cordapps, registry);

	if (!node)
		return complain(images, "node", r->word, registry, err);
	if (node->platform < 1)
		return error_set(err, ERROR_INPUT,
				 "%s: the node image of %s has no platform "
				 "version; build it again: medley build node "
				 "%s",
				 images->file, r->word, r->word);
	if (!cordapps)
		return complain(images, "cordapps", r->cordapps, registry, err);
	if (doorman) {
		notary = built_images_find(images, "notary", r->word, registry);
		if (!notary)
			return complain(images, "notary", r->word, registry,
					err);
		r->notary_image = notary->image;
	}
	r->image = node->image;
	r->commit = node->commit;
	r->platform = node->platform;
	r->cordapps_image = cordapps->image;
	r->contracts = cordapps->contracts;
	return 0;
}

int built_images_fill(const struct built_images *images, const char *registry,
		      struct network *net, struct error *err)
{
	const struct built_image *database =
		built_images_find(images, "database", NULL, registry);
	const struct built_image *doorman =
		built_images_find(images, "doorman", NULL, registry);
	const struct built_image *health =
		built_images_find(images, "healthcheck", NULL, registry);
	const bool registers = net->identity == IDENTITY_DOORMAN;
	const struct built_image *driver =
		built_images_find(images, "driver", NULL, registry);

	if (registers && !doorman)
		return complain(images, "doorman", NULL, registry, err);
	for (unsigned i = 0; i < net->release_count; i++)
		if (fill_release(images, registry, registers, &net->releases[i],
				 err) < 0)
			return -1;
	if (!database)
		return complain(images, "database", NULL, registry, err);
	net->database_image = database->image;
	net->doorman_image = registers ? doorman->image : NULL;
	net->health_image = health ? health->image : NULL;
	if (driver)
		net->driver_image = driver->image;
	return 0;
}

/* Whether this line is the one that holds for its release. */
static bool holds(const struct built_images *images,
		  const struct built_image *b, const char *registry)
{
	return !strcmp(b->component, "node") && b->release &&
	       built_images_find(images, "node", b->release, registry) == b;
}

static void add_release(struct buf *out, const char *release)
{
	buf_add_str(out, "  - release: ");
	yaml_quote(out, release);
	buf_add_str(out, "\n");
}

int built_images_network(const struct built_images *images,
			 const char *registry, struct buf *out,
			 struct error *err)
{
	const struct built_image *newest = NULL;
	const struct built_image *cordapps =
		built_images_find(images, "cordapps", NULL, registry);
	unsigned banks = 0;

	buf_add_str(out, "banks:\n");
	for (size_t i = 0; i < images->count; i++) {
		const struct built_image *b = &images->list[i];

		if (!holds(images, b, registry))
			continue;
		add_release(out, b->release);
		banks++;
		if (!newest || b->platform >= newest->platform)
			newest = b;
	}
	if (!newest)
		return complain(images, "node", NULL, registry, err);
	if (!cordapps || !cordapps->release)
		return complain(images, "cordapps", NULL, registry, err);
	if (banks == 1)
		buf_add_str(out, "    count: 2\n");
	buf_add_str(out, "notaries:\n");
	add_release(out, newest->release);
	/* Commit-ish words are looked up in the file, in no clone. */
	buf_add_str(out, "repo: .\ncordapps: ");
	yaml_quote(out, cordapps->release);
	buf_add_str(out, "\n");
	return buf_check(out, err);
}
