/* SPDX-License-Identifier: Apache-2.0 */
/* kept_images.c - looks whether the images of a stored network still exist. */
#include "build-and-publish/kept_images.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/shell.h"
#include "run/engine_names.h"
#include "run/network_names.h"
#include "sys/containers.h"
#include "sys/interrupt.h"
#include "sys/process.h"

enum { LOOK_SECONDS = 60, COMMAND_MAX = 16 * 1024 };

/* One image of the network, and what it was built from. */
struct kept {
	const char *image, *component, *word; /* word: NULL if it takes none */
	const char *commit, *repo; /* of a commit-ish word, else NULL */
};

static void add_command(struct buf *out, const struct kept *k)
{
	buf_addf(out, "medley build %s", k->component);
	if (k->word) {
		buf_add_u8(out, ' ');
		shell_add_word(out, k->word);
	}
	if (k->repo && k->commit) {
		buf_add_str(out, " --repo ");
		shell_add_word(out, k->repo);
	}
}

static int missing(const struct kept *k, struct error *err)
{
	cleanup(buf_release) struct buf command = BUF_INIT(COMMAND_MAX);

	add_command(&command, k);
	if (k->commit)
		return error_set(err, ERROR_BUILD,
				 "%s, the image of the %s of %s (commit %s), "
				 "does not exist any more; `%s` builds it "
				 "again while %s means this commit",
				 k->image ?: "no name", k->component, k->word,
				 k->commit, buf_text(&command), k->word);
	return error_set(err, ERROR_BUILD,
			 "%s, the image of %s%s%s, does not exist any more; "
			 "`%s` builds it again",
			 k->image ?: "no name", k->component,
			 k->word ? " " : "", k->word ?: "", buf_text(&command));
}

static bool in_storage(const char *image)
{
	const char *argv[] = { "podman", "image", "exists", "--", image, NULL };
	const struct process_spec spec = { .argv = argv,
					   .environment = ENVIRONMENT_LOGIN,
					   .seconds = LOOK_SECONDS };
	cleanup(buf_release) struct buf out = BUF_INIT(COMMAND_MAX);

	return process_run(&spec, &out, NULL) == 0;
}

static int check_one(const struct kept *k, bool cluster, struct error *err)
{
	/* Without a digest the name may mean another image today. */
	if (!k->image || !strstr(k->image, "@sha256:"))
		return error_set(
			err, ERROR_BUILD,
			"the run has no digest of the image of %s %s, "
			"so it cannot be repeated exactly; begin a new "
			"run with `medley run`",
			k->component, k->word ?: "");
	if (cluster || in_storage(k->image))
		return 0;
	return interrupt_check(err) < 0 ? -1 : missing(k, err);
}

static unsigned list_kept(const struct network *net, struct kept *list)
{
	unsigned count = 0;

	list[count++] = (struct kept){ net->database_image, "database", NULL,
				       NULL, NULL };
	for (unsigned i = 0; i < net->release_count; i++) {
		const struct release *r = &net->releases[i];
		const bool is_commit = !release_is_maven(r->word);

		if (r->failure)
			continue;
		list[count++] = (struct kept){ r->image, "node", r->word,
					       is_commit ? r->commit : NULL,
					       net->repo };
		list[count++] = (struct kept){ r->cordapps_image, "cordapps",
					       r->cordapps, NULL, NULL };
	}
	return count;
}

static bool is_new(const struct kept *list, unsigned at)
{
	for (unsigned i = 0; i < at; i++)
		if (list[i].image && list[at].image &&
		    !strcmp(list[i].image, list[at].image))
			return false;
	return true;
}

int kept_images_check(const struct network *net, struct arena *arena,
		      unsigned *ret_count, struct error *err)
{
	const bool cluster = engine_is_cluster(net->engine);
	struct kept *list =
		arena_array(arena, 1 + 2 * net->release_count, sizeof(*list));
	unsigned count, checked = 0;

	if (!list)
		return error_nomem(err);
	if (!cluster && containers_prepare(err) < 0)
		return -1;
	count = list_kept(net, list);
	for (unsigned i = 0; i < count; i++) {
		if (!is_new(list, i))
			continue;
		if (check_one(&list[i], cluster, err) < 0)
			return -1;
		checked++;
	}
	*ret_count = checked;
	return 0;
}
