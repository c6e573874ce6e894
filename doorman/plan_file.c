/* SPDX-License-Identifier: Apache-2.0 */
/* plan_file.c - the file of network parameters that an operator writes. */
#include "doorman/plan_file.h"

#include "data/keys.h"

#define NOTARY(member) offsetof(struct plan_notary, member)
#define FILE_KEY(member) offsetof(struct plan_file, member)

static const struct key notary_list[] = {
	{ .name = "name",
	  .type = KEY_TEXT,
	  .offset = NOTARY(name),
	  .required = true,
	  .help = "for 4.6 and later the name of the service "
		  "(`serviceLegalName`); else the notary's own legal name" },
	{ .name = "validating",
	  .type = KEY_BOOL,
	  .offset = NOTARY(validating),
	  .fallback = "false",
	  .help = "true: the notary also verifies the transactions with their "
		  "contracts" },
};

static const struct keys notary_keys = {
	.what = "a notary",
	.list = notary_list,
	.count = ARRAY_SIZE(notary_list),
	.size = sizeof(struct plan_notary),
	.at_offset = KEYS_NO_PLACE,
};

static const struct key file_list[] = {
	{ .name = "notaries",
	  .type = KEY_LIST,
	  .offset = FILE_KEY(notaries),
	  .count_offset = FILE_KEY(notary_count),
	  .inner = &notary_keys,
	  .required = true,
	  .min = 1,
	  .max = 32,
	  .help = "the notaries of the network; nodes list them in this "
		  "order" },
	{ .name = "minimum_platform",
	  .type = KEY_INT,
	  .offset = FILE_KEY(minimum_platform),
	  .min = 1,
	  .max = 1000,
	  .fallback = "4",
	  .help = "the lowest platform version that may join (4.0: 4)" },
	{ .name = "max_message_size",
	  .type = KEY_INT,
	  .offset = FILE_KEY(max_message_size),
	  .min = 1,
	  .max = 2147483647,
	  .fallback = "10485760",
	  .help = "bytes" },
	{ .name = "max_transaction_size",
	  .type = KEY_INT,
	  .offset = FILE_KEY(max_transaction_size),
	  .min = 1,
	  .max = 2147483647,
	  .fallback = "524288000",
	  .help = "bytes" },
	{ .name = "event_horizon_days",
	  .type = KEY_INT,
	  .offset = FILE_KEY(event_horizon_days),
	  .min = 1,
	  .max = 36500,
	  .fallback = "30",
	  .help = "how long a node may be away" },
};

static const struct keys file_keys = KEYS_OF("network parameters", file_list);

int plan_file_read(const char *path, struct arena *arena, struct plan_file *ret,
		   struct error *err)
{
	struct yaml_file file;

	if (yaml_read(path, arena, &file, err) < 0)
		return -1;
	if (file.count != 1)
		return error_set(err, ERROR_INPUT,
				 "%s: expected one document with the key "
				 "notaries",
				 path);
	return keys_read(&file_keys, &file, file.documents[0], ret, arena, err);
}
