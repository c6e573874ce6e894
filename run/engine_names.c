/* SPDX-License-Identifier: Apache-2.0 */
/* engine_names.c - the names of engines. */
#include "run/engine_names.h"

#include <string.h>

static const struct {
	const char *word;
	bool is_cluster;
} engines[ENGINE_IDS] = {
	[ENGINE_ID_PODMAN] = { "podman", false },
	[ENGINE_ID_KUBERNETES] = { "kubernetes", true },
};

const char *engine_word(enum engine_id id)
{
	return engines[id].word;
}

enum engine_id engine_id_of(const char *word)
{
	for (enum engine_id id = 0; word && id < ENGINE_IDS; id++)
		if (!strcmp(engines[id].word, word))
			return id;
	return ENGINE_IDS;
}

bool engine_is_cluster(const char *word)
{
	enum engine_id id = engine_id_of(word);

	return id < ENGINE_IDS && engines[id].is_cluster;
}
