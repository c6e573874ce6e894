/* SPDX-License-Identifier: Apache-2.0 */
/* registry_auth.h - how this user logs in to a container registry. */
#ifndef DATA_REGISTRY_AUTH_H
#define DATA_REGISTRY_AUTH_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"

/*
 * Reads the files that `podman login` and `docker login` write, in this order;
 * the first file with an entry for the registry counts:
 *
 *	$REGISTRY_AUTH_FILE			alone, where it is set
 *	$XDG_RUNTIME_DIR/containers/auth.json	or /run/containers/<uid>/…
 *	$XDG_CONFIG_HOME/containers/auth.json	or ~/.config/containers/…
 *	$DOCKER_CONFIG/config.json		or ~/.docker/config.json
 *
 * In a file (JSON), the first of these members that exists counts, in the order
 * of docker, podman and skopeo:
 *
 *	credHelpers	the host's helper, also where it knows no login; an
 *			entry of `auths` beside it may be an old one
 *	auths		the longest key that holds the repository
 *			("host:5000/net/app", "host:5000/net", "host:5000")
 *	credsStore	the helper of all other hosts
 *
 * A helper is the program docker-credential-NAME, run with the host on its
 * standard input.
 */
struct registry_auth {
	const char *key; /* of the entry: host, or host/path */
	const char *user, *password;
	const char *token; /* identity token instead of a password, or NULL */
};

/*
 * `repository`: "host[:port][/path]". 1: found; 0: there is no login; -1: a
 * file cannot be read, or a helper failed. Parts live in `arena`.
 */
int registry_auth_find(const char *repository, struct arena *arena,
		       struct registry_auth *ret, struct error *err);

/* The same in one text; `file` is its name in errors. */
int registry_auth_parse(const char *file, const void *text, size_t len,
			const char *repository, struct arena *arena,
			struct registry_auth *ret, struct error *err);

/* Adds {"auths":{KEY:{"auth":…}}}: a file with only this entry, as in a Secret
 * of type kubernetes.io/dockerconfigjson. */
int registry_auth_write(const struct registry_auth *auth, struct buf *out,
			struct error *err);

#endif
