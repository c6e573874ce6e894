/* SPDX-License-Identifier: Apache-2.0 */
/* network_saved.c - writes and reads network.resolved.yaml. */
#include "run/network.h"

#include "base/cleanup.h"
#include "base/version.h"
#include "run/engine_names.h"
#include "run/network_keys.h"
#include "run/network_names.h"
#include "sys/file.h"

/*
 * The file is written and read by the same table, so that what one step
 * saves the next one has. It is for people as well: keys as in network.yaml.
 */
static const char saved_name[] = "network.resolved.yaml";
enum { SAVED_MAX = 4 * 1024 * 1024 };

int network_write(const struct network *net, struct buf *out, struct error *err)
{
	const struct network_file saved = { .medley = medley_version,
					    .net = *net };

	buf_add_str(out, "# Written by medley: the network of this run, with "
			 "commits and images.\n");
	keys_write(&network_resolved_keys, &saved, 0, out);
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
	if (*network_prefix(net) && !name_is_prefix(network_prefix(net)))
		return error_set(err, ERROR_INPUT,
				 "%s: kubernetes: prefix: expected lower-case "
				 "letters, digits and '-'",
				 path);
	for (unsigned i = 0; i < net->node_count; i++) {
		const struct network_node *n = &net->nodes[i];
		const char *const names[] = { n->name, n->set, n->pod,
					      n->host };

		for (size_t j = 0; j < ARRAY_SIZE(names); j++)
			if (!name_is_plain(names[j]))
				return error_set(
					err, ERROR_INPUT,
					"%s: a name of node %u is not valid; "
					"expected letters, digits and ._-",
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
					 "%s: node %s has release number %u, "
					 "but the file has only %u releases",
					 path, net->nodes[i].name,
					 net->nodes[i].release,
					 net->release_count);
	return 0;
}

int network_check_saved(const char *run_dir, struct error *err)
{
	char path[PATH_ROOM];

	if (file_exists(path_join(path, run_dir, saved_name)))
		return 0;
	return error_set(err, ERROR_INPUT, "%s is not a run: it has no %s",
			 run_dir, saved_name);
}

int network_load(const char *run_dir, struct arena *arena, struct network *ret,
		 struct error *err)
{
	char path[PATH_ROOM];

	if (network_check_saved(run_dir, err) < 0)
		return -1;
	path_join(path, run_dir, saved_name);
	return network_load_file(path, arena, ret, err);
}

static int read_saved(const struct yaml_file *file, struct arena *arena,
		      struct network *ret, struct error *err)
{
	struct network_file saved = { 0 };

	if (file->count != 1)
		return yaml_error(file, NULL, err, "expected one document");
	if (keys_read(&network_resolved_keys, file, file->documents[0], &saved,
		      arena, err) < 0 ||
	    check_texts(&saved.net, file->name, err) < 0 ||
	    check_names(&saved.net, file->name, err) < 0 ||
	    check_links(&saved.net, file->name, err) < 0 ||
	    names_settle(&saved.net, arena, err) < 0)
		return -1;
	*ret = saved.net;
	return 0;
}

int network_load_file(const char *path, struct arena *arena,
		      struct network *ret, struct error *err)
{
	struct yaml_file file;

	if (yaml_read(path, arena, &file, err) < 0)
		return -1;
	return read_saved(&file, arena, ret, err);
}

int network_load_text(const char *name, const void *text, size_t len,
		      struct arena *arena, struct network *ret,
		      struct error *err)
{
	struct yaml_file file;

	if (yaml_parse(name, text, len, arena, &file, err) < 0)
		return -1;
	return read_saved(&file, arena, ret, err);
}
