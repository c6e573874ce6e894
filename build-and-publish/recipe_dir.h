/* SPDX-License-Identifier: Apache-2.0 */
/* recipe_dir.h - finds the directory of a component's recipe. */
#ifndef BUILD_RECIPE_DIR_H
#define BUILD_RECIPE_DIR_H

#include "base/error.h"
#include "sys/file.h"

/* The component's directory: the user's own, else medley's. ERROR_INPUT when
 * there is none, with the names of those that are. */
int recipe_dir(const char *component, const char *own, char room[PATH_ROOM],
	       struct error *err);

#endif
