/* SPDX-License-Identifier: Apache-2.0 */
/* network_images.c - builds the images of a network. */
#include "build-and-publish/network_images.h"

#include "base/counted.h"
#include "build-and-publish/image_record.h"
#include "run/engine_names.h"
#include "run/images.h"
#include "run/network_names.h"
#include "sys/containers.h"

#include <stdio.h>
#include <string.h>

const char built_dir[] = "built";

/* What is wanted, without repeats; place 0 is the database. */
struct wanted {
	struct build_request *requests;
	struct build_result *results;
	unsigned count;
};

static unsigned want(struct wanted *w, const char *component, const char *word,
		     const char *repo)
{
	for (unsigned i = 1; i < w->count; i++)
		if (!strcmp(w->requests[i].component, component) &&
		    !strcmp(w->requests[i].word, word))
			return i;
	w->requests[w->count] = (struct build_request){ component, word, repo };
	return w->count++;
}

static unsigned want_node(struct wanted *w, const struct network *net,
			  const struct release *r)
{
	return want(w, "node", r->word, net->repo);
}

static unsigned want_cordapps(struct wanted *w, const struct release *r)
{
	return want(w, "cordapps", r->cordapps, NULL);
}

static int list_wanted(const struct network *net, struct arena *arena,
		       struct wanted *w, struct error *err)
{
	unsigned most = 1 + 2 * net->release_count;

	w->requests = arena_array(arena, most, sizeof(w->requests[0]));
	w->results = arena_array(arena, most, sizeof(w->results[0]));
	if (!w->requests || !w->results)
		return error_nomem(err);
	w->requests[w->count++].component = "database";
	for (unsigned i = 0; i < net->release_count; i++) {
		want_node(w, net, &net->releases[i]);
		want_cordapps(w, &net->releases[i]);
	}
	return 0;
}

static const char *failure_of(const struct release *r,
			      const struct build_result *node,
			      const struct build_result *cordapps,
			      struct arena *arena)
{
	if (node->failure)
		return node->failure;
	if (!cordapps->failure)
		return NULL;
	return arena_printf(arena, "CorDapps %s: %s", r->cordapps,
			    cordapps->failure);
}

static void fill(struct network *net, struct wanted *w, struct arena *arena)
{
	for (unsigned i = 0; i < net->release_count; i++) {
		struct release *r = &net->releases[i];
		const struct build_result *node =
			&w->results[want_node(w, net, r)];
		const struct build_result *cordapps =
			&w->results[want_cordapps(w, r)];

		r->commit = node->commit;
		r->image = node->image;
		r->platform = node->platform;
		r->cordapps_image = cordapps->image;
		r->contracts = cordapps->contracts;
		r->failure = failure_of(r, node, cordapps, arena);
	}
	net->database_image = w->results[0].image;
}

struct js *build_result_details(const struct build_request *request,
				const struct build_result *result)
{
	struct js *one = js_object();

	js_set_str(one, "component", request->component);
	if (request->word)
		js_set_str(one, "word", request->word);
	js_set_str(one, "commit", result->commit);
	js_set_str(one, "image", result->image);
	if (result->contracts)
		js_set_str(one, "contracts", result->contracts);
	if (result->platform)
		js_set_int(one, "platform", result->platform);
	js_set_bool(one, "cached", result->cached);
	js_set_bool(one, "pushed", result->pushed);
	js_set_num(one, "seconds", result->seconds);
	if (result->failure)
		js_set_str(one, "failure", result->failure);
	if (result->log)
		js_set_str(one, "log", result->log);
	return one;
}

static void add_name(struct network_images *images,
		     const struct build_request *request)
{
	size_t len = strlen(images->failed_names);

	snprintf(images->failed_names + len, sizeof(images->failed_names) - len,
		 "%s%s", len ? ", " : "",
		 request->word ? request->word : request->component);
}

static struct network_images summarise(const struct wanted *w)
{
	struct network_images images = { .count = w->count };
	struct js *list = js_array();

	for (unsigned i = 0; i < w->count; i++) {
		images.cached += w->results[i].cached != 0;
		if (w->results[i].failure) {
			images.failed++;
			add_name(&images, &w->requests[i]);
		}
		js_append(list, build_result_details(&w->requests[i],
						     &w->results[i]));
	}
	images.count -= images.failed;
	images.details = js_object();
	js_set(images.details, "images", list);
	return images;
}

/* A word that may mean something else tomorrow is looked up each time. */
static bool all_released(const struct network *net)
{
	for (unsigned i = 0; i < net->release_count; i++)
		if (!release_is_maven(net->releases[i].word))
			return false;
	return true;
}

/* True when a cluster can pull all that the network needs already. */
static bool are_published(struct network *net, struct arena *arena,
			  struct network_images *ret)
{
	struct built_images images;
	char path[PATH_ROOM];

	if (!all_released(net) || !file_exists(record_path(built_dir, path)) ||
	    built_images_read(path, arena, &images, NULL) < 0 ||
	    built_images_fill(&images, net->registry, net, NULL) < 0)
		return false;
	ret->count = ret->cached = 1 + 2 * net->release_count;
	ret->details = js_object();
	return true;
}

/* Images that a network need not have, of the record that the build wrote. */
static void take_services(struct network *net, struct arena *arena)
{
	struct built_images images;
	struct network whole = *net;
	char path[PATH_ROOM];

	whole.releases =
		arena_array(arena, net->release_count, sizeof(struct release));
	if (!whole.releases || built_images_read(record_path(built_dir, path),
						 arena, &images, NULL) < 0)
		return;
	memcpy(whole.releases, net->releases,
	       net->release_count * sizeof(struct release));
	if (built_images_fill(&images, net->registry, &whole, NULL) < 0)
		return;
	net->driver_image = whole.driver_image;
	net->doorman_image = whole.doorman_image;
	net->health_image = whole.health_image;
	for (unsigned i = 0; i < net->release_count; i++)
		net->releases[i].notary_image = whole.releases[i].notary_image;
}

int network_images_build(struct network *net, struct arena *arena,
			 struct progress *progress, struct network_images *ret,
			 struct error *err)
{
	bool cluster = engine_is_cluster(net->engine);
	const struct build_options options = {
		.built_dir = built_dir,
		.registry = cluster ? net->registry : NULL,
		.seconds = net->timeouts.build
	};
	struct wanted w = { 0 };

	if (cluster && !net->registry)
		return error_set(err, ERROR_INPUT,
				 "%s: a cluster pulls images from a registry, "
				 "and none is named; add 'registry: "
				 "HOST[:PORT]/PATH' or give --docker-registry",
				 net->file);
	if (cluster && are_published(net, arena, ret))
		return 0;
	if (containers_prepare(err) < 0 ||
	    list_wanted(net, arena, &w, err) < 0 ||
	    build_images(w.requests, w.count, &options, arena, progress,
			 w.results, err) < 0)
		return -1;
	if (w.results[0].failure)
		return error_set(err, ERROR_BUILD, "the database's image: %s",
				 w.results[0].failure);
	fill(net, &w, arena);
	if (cluster)
		take_services(net, arena);
	*ret = summarise(&w);
	return 0;
}

int network_images_suffice(const struct network *net, struct error *err)
{
	unsigned banks = 0, notaries = 0;
	const char *why = "";

	for (unsigned i = 0; i < net->node_count; i++) {
		const struct network_node *n = &net->nodes[i];

		if (!network_node_runs(net, n))
			why = net->releases[n->release].failure;
		else if (n->role == NODE_BANK)
			banks++;
		else
			notaries++;
	}
	if (banks >= 2 && notaries)
		return 0;
	return error_set(err, ERROR_BUILD,
			 "only %lld %s and %lld %s have an image, but a "
			 "payment needs two banks and one notary: %s",
			 COUNTED(banks, "bank"),
			 COUNTED_AS(notaries, "notary", "notaries"), why);
}
