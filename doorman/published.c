/* SPDX-License-Identifier: Apache-2.0 */
/* published.c - reads stored node infos. */
#include "doorman/published.h"

void published_release(struct published *info)
{
	arena_release(&info->arena);
	buf_release(&info->bytes);
}

int published_read(struct published *info, struct error *err)
{
	if (node_info_read(info->bytes.data, info->bytes.len, &info->arena,
			   &info->file, err) < 0)
		return -1;
	if (!info->file.info.identity_count)
		return error_set(err, ERROR_INPUT,
				 "the node info has no identity");
	hash_text(info->file.inner.bytes, info->file.inner.len, info->hash);
	return certificate_read(info->file.info.identities[0].certificates[0],
				&info->leaf, err);
}

int published_load(struct doorman *d, const char *key, struct published *info,
		   bool *ret_found, struct error *err)
{
	char hash[HASH_TEXT];

	*ret_found = false;
	if (store_get_hash(d->store, "node", key, hash, err) < 0)
		return -1;
	if (!hash[0])
		return 0;
	if (store_get(d->store, "node-info", hash, &info->bytes, ret_found,
		      err) < 0)
		return -1;
	if (*ret_found && published_read(info, err) < 0)
		return store_damaged(d->store, err);
	return 0;
}

int published_key(struct doorman *d, const struct x500_name *name,
		  struct buf *room, struct der *ret, struct error *err)
{
	cleanup(published_release) struct published info = PUBLISHED_INIT;
	char key[HASH_TEXT];
	bool found;

	*ret = (struct der){ NULL, 0 };
	if (name_hash(name, key, err) < 0 ||
	    published_load(d, key, &info, &found, err) < 0)
		return -1;
	if (!found)
		return 0;
	buf_add(room, info.leaf.spki.bytes, info.leaf.spki.len);
	*ret = (struct der){ room->data, room->len };
	return buf_check(room, err);
}
