/* SPDX-License-Identifier: Apache-2.0 */
/* network_saved.c - network.resolved.yaml: where the rooms meet. */
#include "run/network.h"

#include "base/cleanup.h"
#include "base/version.h"
#include "run/engine_names.h"
#include "run/network_keys.h"
#include "run/network_names.h"
#include "sys/file.h"

/*
 * The file is written and read by the same tables, so that what one step
 * saves the next one has. It is for people as well: keys as in network.yaml.
 */
static const char saved_name[] = "network.resolved.yaml";
enum { SAVED_MAX = 4 * 1024 * 1024, NODES_MAX = 5180 };

#define RELEASE(member) offsetof(struct release, member)
#define NODE(member) offsetof(struct network_node, member)
#define SAVED(member) offsetof(struct saved, member)

struct saved {
	const char *medley; /* version that wrote the file */
	struct network net;
};

#define TEXT_OF(where, member)                                                 \
	{ .name = #member, .type = KEY_TEXT, .offset = where(member) }
#define NUMBER_OF(where, member, kind)                                         \
	{ .name = #member,                                                     \
	  .type = kind,                                                        \
	  .offset = where(member),                                             \
	  .max = 100000 }

static const struct key release_list[] = {
	TEXT_OF(RELEASE, label),     TEXT_OF(RELEASE, word),
	TEXT_OF(RELEASE, cordapps),  TEXT_OF(RELEASE, commit),
	TEXT_OF(RELEASE, image),     TEXT_OF(RELEASE, cordapps_image),
	TEXT_OF(RELEASE, contracts), NUMBER_OF(RELEASE, platform, KEY_INT),
	TEXT_OF(RELEASE, failure),   TEXT_OF(RELEASE, notary_image),
};

static const struct keys release_keys = {
	.what = "a release",
	.list = release_list,
	.count = ARRAY_SIZE(release_list),
	.size = sizeof(struct release),
	.at_offset = KEYS_NO_PLACE,
};

static const struct key node_list[] = {
	TEXT_OF(NODE, name),
	{ .name = "role",
	  .type = KEY_CHOICE,
	  .offset = NODE(role),
	  .choices = "bank notary" },
	NUMBER_OF(NODE, release, KEY_UNSIGNED),
	TEXT_OF(NODE, legal_name),
	TEXT_OF(NODE, set),
	NUMBER_OF(NODE, ordinal, KEY_UNSIGNED),
	TEXT_OF(NODE, pod),
	TEXT_OF(NODE, host),
	TEXT_OF(NODE, database),
	{ .name = "validating", .type = KEY_BOOL, .offset = NODE(validating) },
	TEXT_OF(NODE, cluster),
	TEXT_OF(NODE, service),
	TEXT_OF(NODE, jvm),
};

static const struct keys node_keys = {
	.what = "a node",
	.list = node_list,
	.count = ARRAY_SIZE(node_list),
	.size = sizeof(struct network_node),
	.at_offset = KEYS_NO_PLACE,
};

#define NET(member) SAVED(net.member)

static const struct key saved_list[] = {
	TEXT_OF(SAVED, medley),
	{ .name = "file", .type = KEY_TEXT, .offset = NET(file) },
	{ .name = "database_image",
	  .type = KEY_TEXT,
	  .offset = NET(database_image) },
	{ .name = "driver_image",
	  .type = KEY_TEXT,
	  .offset = NET(driver_image) },
	{ .name = "doorman_image",
	  .type = KEY_TEXT,
	  .offset = NET(doorman_image) },
	{ .name = "health_image",
	  .type = KEY_TEXT,
	  .offset = NET(health_image) },
#include "run/network_keys.def"
	{ .name = "releases",
	  .type = KEY_LIST,
	  .offset = NET(releases),
	  .count_offset = NET(release_count),
	  .inner = &release_keys,
	  .required = true,
	  .min = 1,
	  .max = NODES_MAX,
	  .help = "what the nodes run" },
	{ .name = "nodes",
	  .type = KEY_LIST,
	  .offset = NET(nodes),
	  .count_offset = NET(node_count),
	  .inner = &node_keys,
	  .required = true,
	  .min = 1,
	  .max = NODES_MAX,
	  .help = "banks in the file's order, then notaries" },
};

static const struct keys saved_keys = KEYS_OF("a resolved network", saved_list);

int network_write(const struct network *net, struct buf *out, struct error *err)
{
	struct saved saved = { .medley = MEDLEY_VERSION, .net = *net };

	buf_add_str(out, "# Written by medley: what a run came out as.\n");
	keys_write(&saved_keys, &saved, 0, out);
	return buf_check(out, err);
}

int network_save(const struct network *net, const char *run_dir,
		 struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(SAVED_MAX);
	char path[PATH_ROOM];

	if (network_write(net, &text, err) < 0)
		return -1;
	path_join(path, run_dir, saved_name);
	return file_write(path, text.data, text.len, 0644, err);
}

/* Rooms may rely on these texts; the file may have been edited. */
static int check_texts(const struct network *net, const char *path,
		       struct error *err)
{
	const char *bad = NULL;

	if (!net->file || !net->engine || !net->namespace)
		bad = "file, engine or namespace";
	for (unsigned i = 0; i < net->release_count; i++) {
		const struct release *r = &net->releases[i];

		if (!r->label || !r->word || !r->cordapps)
			bad = "label, word or cordapps of a release";
	}
	for (unsigned i = 0; i < net->node_count; i++) {
		const struct network_node *n = &net->nodes[i];

		if (!n->name || !n->legal_name || !n->set || !n->pod ||
		    !n->host || !n->database)
			bad = "a name of a node";
	}
	if (!bad)
		return 0;
	return error_set(err, ERROR_INPUT, "%s: %s is missing", path, bad);
}

/* They become parts of paths and of commands; a run may be somebody else's. */
static int check_names(const struct network *net, const char *path,
		       struct error *err)
{
	if (!name_is_plain(net->namespace))
		return error_set(err, ERROR_INPUT,
				 "%s: namespace: expected letters, "
				 "digits and ._-",
				 path);
	for (unsigned i = 0; i < net->node_count; i++) {
		const struct network_node *n = &net->nodes[i];
		const char *const names[] = { n->name, n->set, n->pod,
					      n->host };

		for (size_t j = 0; j < ARRAY_SIZE(names); j++)
			if (!name_is_plain(names[j]))
				return error_set(err, ERROR_INPUT,
						 "%s: a name of node %u has "
						 "other characters than "
						 "letters, digits and ._-",
						 path, i);
	}
	return 0;
}

static int check_links(const struct network *net, const char *path,
		       struct error *err)
{
	for (unsigned i = 0; i < net->node_count; i++)
		if (net->nodes[i].release >= net->release_count)
			return error_set(err, ERROR_INPUT,
					 "%s: node %s names release %u of %u",
					 path, net->nodes[i].name,
					 net->nodes[i].release,
					 net->release_count);
	return 0;
}

int network_load(const char *run_dir, struct arena *arena, struct network *ret,
		 struct error *err)
{
	char path[PATH_ROOM];

	path_join(path, run_dir, saved_name);
	if (!file_exists(path))
		return error_set(err, ERROR_INPUT, "%s is no run: it has no %s",
				 run_dir, saved_name);
	return network_load_file(path, arena, ret, err);
}

int network_load_file(const char *path, struct arena *arena,
		      struct network *ret, struct error *err)
{
	struct saved saved = { 0 };
	struct yaml_file file;

	if (yaml_read(path, arena, &file, err) < 0)
		return -1;
	if (file.count != 1)
		return yaml_error(&file, NULL, err, "expected one document");
	if (keys_read(&saved_keys, &file, file.documents[0], &saved, arena,
		      err) < 0 ||
	    check_texts(&saved.net, path, err) < 0 ||
	    check_names(&saved.net, path, err) < 0 ||
	    check_links(&saved.net, path, err) < 0)
		return -1;
	*ret = saved.net;
	return 0;
}
