/* SPDX-License-Identifier: Apache-2.0 */
/* engine_names.h - the names of engines. */
#ifndef RUN_ENGINE_NAMES_H
#define RUN_ENGINE_NAMES_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Only this code compares the names of engines (`make lint`). The names are the
 * values of the key `engine` in network.yaml, network.resolved.yaml and
 * results.json.
 */
enum engine_id { ENGINE_ID_PODMAN, ENGINE_ID_KUBERNETES, ENGINE_IDS };

/* The words, in the order of enum engine_id, as a key's choices. */
#define ENGINE_WORDS "podman kubernetes"
/* The same for messages: "expected " ENGINE_EXPECTED */
#define ENGINE_EXPECTED "podman or kubernetes"

const char *engine_word(enum engine_id id);
/* ENGINE_IDS if there is no such engine, or for NULL. */
enum engine_id engine_id_of(const char *word);
/* True if the nodes run in a cluster, which pulls images from a registry,
 * instead of on this machine. False for NULL, the engine of a run that ended
 * before its engine was known. */
bool engine_is_cluster(const char *word);

#endif
