/* SPDX-License-Identifier: Apache-2.0 */
/* network_labels.c - names and values of labels, as Kubernetes takes them. */
#include "run/network_labels.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "run/network_names.h"

enum { LABEL_MAX = 63, KEY_MAX = 253 + 1 + LABEL_MAX };

bool label_value_valid(const char *text)
{
	size_t len = strlen(text);

	if (len > LABEL_MAX)
		return false;
	if (!len)
		return true;
	for (size_t i = 0; i < len; i++)
		if (!isalnum((unsigned char)text[i]) && !strchr("-._", text[i]))
			return false;
	return isalnum((unsigned char)text[0]) &&
	       isalnum((unsigned char)text[len - 1]);
}

bool label_key_valid(const char *text)
{
	const char *slash = strchr(text, '/');
	const char *name = slash ? slash + 1 : text;
	char prefix[KEY_MAX];

	if (!*name || !label_value_valid(name))
		return false;
	if (!slash)
		return true;
	if ((size_t)(slash - text) >= sizeof(prefix))
		return false;
	memcpy(prefix, text, (size_t)(slash - text));
	prefix[slash - text] = 0;
	return name_is_dns_subdomain(prefix);
}

bool label_is_medleys(const char *key)
{
	/* What ends with '/' stands for all names of that prefix. */
	static const char *const names[] = {
		"medley.run",
		"medley.run/",
		"app.kubernetes.io/",
		"pod-security.kubernetes.io/",
		"kubectl.kubernetes.io/last-applied-configuration",
		"meta.helm.sh/",
		"helm.sh/"
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		size_t len = strlen(names[i]);

		if (!strncmp(key, names[i], len) &&
		    (names[i][len - 1] == '/' || !key[len]))
			return true;
	}
	return false;
}
