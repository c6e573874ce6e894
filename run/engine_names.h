/* SPDX-License-Identifier: Apache-2.0 */
/* engine_names.h - the names of engines. */
#ifndef RUN_ENGINE_NAMES_H
#define RUN_ENGINE_NAMES_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The one place where the name of an engine is compared (`make lint`). The
 * names stand in network.yaml, network.resolved.yaml and results.json as the
 * word of the key `engine`.
 */
enum engine_id { ENGINE_ID_PODMAN, ENGINE_ID_KUBERNETES, ENGINE_IDS };

/* The words, in the order of enum engine_id, as a key's choices. */
#define ENGINE_WORDS "podman kubernetes"
/* The same for messages: "expected " ENGINE_EXPECTED */
#define ENGINE_EXPECTED "podman or kubernetes"

const char *engine_word(enum engine_id id);
/* ENGINE_IDS: there is no such engine. NULL is fine. */
enum engine_id engine_id_of(const char *word);
/* Whether nodes run in a cluster, which pulls images from a registry, and not
 * on this machine. NULL, of a run that did not get so far: no. */
bool engine_is_cluster(const char *word);

#endif
