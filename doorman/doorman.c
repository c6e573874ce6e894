/* SPDX-License-Identifier: Apache-2.0 */
/* doorman.c - opens a doorman's store, makes its keys. */
#include "doorman/doorman.h"

#include <stdlib.h>
#include <string.h>

#include "doorman/nodes.h"
#include "doorman/parameters.h"
#include "doorman/requests.h"
#include "sys/file.h"

enum { STORE_MAX = 64 * 1024 };

/* Those who begin at the same time agree on the keys that were first. */
static int load_authority(struct doorman *d, struct error *err)
{
	cleanup(buf_release) struct buf bytes = BUF_INIT(STORE_MAX);
	cleanup(buf_release) struct buf made = BUF_INIT(STORE_MAX);
	bool found;

	if (store_get(d->store, "keys", "authority", &bytes, &found, err) < 0)
		return -1;
	if (!found) {
		if (authority_make(&d->authority, err) < 0 ||
		    authority_write(&d->authority, &made, err) < 0 ||
		    store_create(d->store, "keys", "authority", made.data,
				 made.len, &found, err) < 0 ||
		    store_get(d->store, "keys", "authority", &bytes, &found,
			      err) < 0)
			return -1;
		authority_release(&d->authority);
	}
	return authority_read(&d->authority, bytes.data, bytes.len, err);
}

/* For whoever hands it to nodes: in a directory it lies beside the rest. */
static int write_truststore(struct doorman *d, struct error *err)
{
	cleanup(buf_release) struct buf bytes = BUF_INIT(STORE_MAX);
	char path[PATH_ROOM];

	path_join(path, d->settings.directory, "network-root-truststore.jks");
	if (file_exists(path))
		return 0;
	if (authority_truststore(&d->authority, &bytes, err) < 0)
		return -1;
	return file_write(path, bytes.data, bytes.len, 0644, err);
}

int doorman_open(const struct doorman_settings *settings, struct doorman **ret,
		 struct error *err)
{
	cleanup(doorman_closep) struct doorman *d = calloc(1, sizeof(*d));
	const bool make = !settings->existing;
	int rc;

	if (!d)
		return error_nomem(err);
	d->settings = *settings;
	d->authority = (struct authority)AUTHORITY_INIT;
	d->kept.most = KEPT_MAX;
	rc = settings->database ? store_open_postgres(settings->database, make,
						      &d->store, err)
				: store_open_directory(settings->directory,
						       make, &d->store, err);
	if (rc < 0)
		return -1;
	if (load_authority(d, err) < 0)
		return error_wrap(err, "the network's keys");
	if (!settings->database && write_truststore(d, err) < 0)
		return -1;
	*ret = steal(d);
	return 0;
}

void doorman_close(struct doorman *d)
{
	if (!d)
		return;
	authority_release(&d->authority);
	kept_release(&d->kept);
	store_close(d->store);
	free(d);
}

int doorman_truststore(struct doorman *d, struct buf *out, struct error *err)
{
	return authority_truststore(&d->authority, out, err);
}

int doorman_publish(struct doorman *d, const char *file, struct error *err)
{
	cleanup(buf_release) struct buf bytes = BUF_INIT(DOORMAN_BODY);

	if (file_read(file, &bytes, err) < 0)
		return -1;
	if (kept_mark(d, err) < 0)
		return -1;
	if (nodes_publish(d, bytes.data, bytes.len, err) < 0)
		return error_wrap(err, "%s", file);
	return parameters_settle(d, err);
}

int doorman_list(struct doorman *d, struct js **ret, struct error *err)
{
	cleanup(js_freep) struct js *root = js_object();
	struct js *requests = js_array(), *nodes = js_array(), *parameters;

	js_set(root, "requests", requests);
	js_set(root, "nodes", nodes);
	if (requests_list(d, requests, err) < 0 ||
	    nodes_list(d, nodes, err) < 0 ||
	    parameters_list(d, &parameters, err) < 0)
		return -1;
	js_set(root, "parameters", parameters);
	*ret = steal(root);
	return 0;
}
