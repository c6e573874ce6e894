/* SPDX-License-Identifier: Apache-2.0 */
/* own_names.h - which names are those of things that a run has made. */
#ifndef ENGINE_OWN_NAMES_H
#define ENGINE_OWN_NAMES_H

#include <stdbool.h>

#include "engine/engine.h"
#include "run/network.h"
#include "run/run.h"

/*
 * A run's directory may come from somebody else. What it names is removed, or
 * named to another program, only where medley could have named it so.
 */

/* "medley-<id of the run>-<four hex digits>": of all things in podman. */
bool own_prefix(const char *prefix);
/* The prefix itself, or what begins with it and '-'. */
bool own_name(const char *prefix, const char *name);
/* A database or role of one of the nodes, or of the doorman. */
bool own_database(const struct network *net, const char *name);
/* Moves the items that the run could have made to the front and returns their
 * number; the others follow. Each part keeps its order. */
unsigned own_items(struct engine *e, struct inventory_item *items,
		   unsigned count);

#endif
