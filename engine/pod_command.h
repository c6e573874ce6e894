/* SPDX-License-Identifier: Apache-2.0 */
/* pod_command.h - makes a node's container do a job instead of running. */
#ifndef ENGINE_POD_COMMAND_H
#define ENGINE_POD_COMMAND_H

#include "engine/pod_plan.h"
#include "data/yaml_edit.h"

/*
 * Changes the container's command and args as the order says. Both forms are
 * taken: a list of words ("java", "-jar", "/opt/corda/corda.jar", …) and a
 * line for a shell that has the same words in it.
 */
int pod_command_change(struct yaml_edit *t, struct yaml_node *container,
		       const struct pod_order *order, struct error *err);

#endif
