/* SPDX-License-Identifier: Apache-2.0 */
/* recipe_dir.h - finds the directory of a component's recipe. */
#ifndef BUILD_RECIPE_DIR_H
#define BUILD_RECIPE_DIR_H

#include "base/error.h"
#include "sys/file.h"

/* The directory of a component's recipe: the user's, else medley's. ERROR_INPUT
 * if there is none; the error lists the components that exist. */
int recipe_dir(const char *component, const char *own, char room[PATH_ROOM],
	       struct error *err);

#endif
