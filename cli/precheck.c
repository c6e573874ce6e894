/* SPDX-License-Identifier: Apache-2.0 */
/* precheck.c - what can be wrong with a network.yaml beyond its own text. */
#include "cli/precheck.h"

#include <string.h>

#include "build-and-publish/build.h"
#include "build-and-publish/git.h"
#include "build-and-publish/kept_images.h"
#include "build-and-publish/released.h"
#include "data/yaml.h"
#include "kube/kubeconfig.h"
#include "run/engine_names.h"
#include "run/network_names.h"
#include "sys/process.h"

/* Where the word stands; the file has been read once, so it can be again. */
static const struct yaml_node *find_word(const struct yaml_file *file,
					 const char *key, const char *word)
{
	static const char *const lists[] = { "banks", "notaries" };
	const struct yaml_node *top = yaml_get(file->documents[0], key);

	for (int l = 0; l < 2; l++) {
		const struct yaml_node *list =
			yaml_get(file->documents[0], lists[l]);

		for (size_t i = 0; list && i < list->count; i++) {
			const struct yaml_node *at =
				yaml_get(list->items[i], key);

			if (at && at->text && !strcmp(at->text, word))
				return at;
		}
	}
	return top;
}

/* `key` is that of the word in the file. */
static int complain(const struct network *net, const char *key,
		    const char *word, const struct error *why,
		    struct arena *arena, struct error *err)
{
	struct yaml_file file;

	if (yaml_read(net->file, arena, &file, err) < 0)
		return -1;
	return yaml_error(&file, find_word(&file, key, word), err, "%s: %s",
			  key, why->text);
}

static int check_word(const struct network *net, const char *word,
		      struct arena *arena, struct error *err)
{
	struct error why = { 0 };
	struct commit commit;

	if (release_is_maven(word) ||
	    commit_resolve(net->repo, word, &commit, &why) == 0)
		return 0;
	return complain(net, "release", word, &why, arena, err);
}

int precheck_words(const struct network *net, struct arena *arena,
		   struct error *err)
{
	for (unsigned i = 0; i < net->release_count; i++)
		if (check_word(net, net->releases[i].word, arena, err) < 0)
			return -1;
	return 0;
}

static int check_released(const struct network *net, const char *key,
			  struct build_request request, struct arena *arena,
			  struct error *err)
{
	struct error why = { 0 };

	if (released_check(&request, NULL, arena, &why) == 0)
		return 0;
	if (why.kind == ERROR_INPUT)
		return complain(net, key, request.word, &why, arena, err);
	*err = why;
	return -1;
}

int precheck_released(const struct network *net, struct arena *arena,
		      struct error *err)
{
	for (unsigned i = 0; i < net->release_count; i++) {
		const struct release *r = &net->releases[i];
		const struct build_request node = { "node", r->word,
						    net->repo };
		const struct build_request jars = { "cordapps", r->cordapps,
						    net->repo };

		if (check_released(net, "release", node, arena, err) < 0 ||
		    (r->cordapps &&
		     check_released(net, "cordapps", jars, arena, err) < 0))
			return -1;
	}
	return 0;
}

int precheck_images(const struct network *net, struct arena *arena,
		    struct error *err)
{
	unsigned count;

	return kept_images_check(net, arena, &count, err);
}

int precheck_engine(const struct network *net, struct error *err)
{
	if (engine_is_cluster(net->engine) || program_exists("podman"))
		return 0;
	return error_set(err, ERROR_BUILD,
			 "podman is not installed: run ./setup; nothing was "
			 "made");
}

int precheck_cluster(const struct network *net, struct error *err)
{
	struct kubeconfig config;

	if (!engine_is_cluster(net->engine))
		return 0;
	if (kubeconfig_load(NULL, net->context, &config, err) < 0)
		return -1;
	kubeconfig_release(&config);
	return 0;
}

void precheck_all(const struct network *net, struct arena *arena,
		  struct yaml_faults *faults)
{
	struct error err = { 0 };

	if (network_check_engine(net, &err) < 0)
		yaml_faults_add(faults, net->file, &err);
	for (unsigned i = 0; i < net->release_count; i++)
		if (check_word(net, net->releases[i].word, arena, &err) < 0)
			yaml_faults_add(faults, net->file, &err);
}
