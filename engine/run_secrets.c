/* SPDX-License-Identifier: Apache-2.0 */
/* run_secrets.c - what a run keeps for its pods to mount. */
#include "engine/run_secrets.h"

#include <sys/stat.h>

#include "sys/file.h"

static bool is_directory(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

int run_secrets_remove(const char *run_dir, struct error *err)
{
	char engine[PATH_ROOM], secrets[PATH_ROOM];

	path_join(engine, run_dir, "engine");
	path_join(secrets, engine, "secrets");
	if (!is_directory(engine) || !is_directory(secrets))
		return 0;
	return dir_remove(secrets, err);
}
