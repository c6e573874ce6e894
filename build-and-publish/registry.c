/* SPDX-License-Identifier: Apache-2.0 */
/* registry.c - checks a registry's name, explains its answers. */
#include "build-and-publish/registry.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "build-and-publish/build.h"
#include "data/yaml.h"
#include "sys/file.h"
#include "sys/home.h"

enum { REGISTRY_MAX = 200 };

/* Path components as the OCI distribution specification has them. */
static bool path_is_fit(const char *path)
{
	const char *c = path;

	for (; *c; c++) {
		bool word = islower((unsigned char)*c) ||
			    isdigit((unsigned char)*c);
		bool inner = strchr("._-/", *c);

		if (!word && (!inner || c == path ||
			      (!isalnum((unsigned char)c[-1]) && *c == '/') ||
			      (!isalnum((unsigned char)c[1]) && c[1] != *c)))
			return false;
	}
	return c > path;
}

static bool is_localhost(const char *text, size_t len)
{
	return len == 9 && !strncasecmp(text, "localhost", len);
}

int registry_check(const char *text, struct error *err)
{
	size_t len = strlen(text), host = strcspn(text, "/");
	const char *at = text;

	while (at < text + host &&
	       (isalnum((unsigned char)*at) || strchr("._-:[]", *at)))
		at++;
	/* Without a dot or a port, a name means a part of Docker Hub. */
	if (!host || len > REGISTRY_MAX || at < text + host || text[0] == '-' ||
	    (strcspn(text, ".:") >= host && !is_localhost(text, host)) ||
	    (text[host] && !path_is_fit(text + host + 1)))
		return error_set(err, ERROR_INPUT,
				 "registry \"%s\": expected HOST[:PORT]/PATH, "
				 "a host with a dot or a port, the path in "
				 "lower case, such as nexus:443/medley",
				 text);
	return 0;
}

bool registry_is_local(const char *registry)
{
	size_t host = strcspn(registry, "/");
	size_t len = strcspn(registry, ":/");
	char text[INET_ADDRSTRLEN];
	struct in_addr address;

	if (host >= 5 && !strncmp(registry, "[::1]", 5))
		return host == 5 || registry[5] == ':';
	if (is_localhost(registry, len))
		return true;
	if (len >= sizeof(text))
		return false;
	snprintf(text, sizeof(text), "%.*s", (int)len, registry);
	return inet_pton(AF_INET, text, &address) == 1 &&
	       ntohl(address.s_addr) >> 24 == 127;
}

static int read_answer(const struct yaml_file *file,
		       const struct yaml_node *rule, enum registry_answer *ret,
		       struct error *err)
{
	static const char *const words[] = { "absent", "final", "again" };
	const char *text = yaml_str(rule, "answer");

	for (int i = 0; text && i < 3; i++)
		if (!strcmp(text, words[i])) {
			*ret = (enum registry_answer)i;
			return 0;
		}
	return yaml_error(file, rule, err,
			  "answer: expected absent, final or again");
}

int registry_judge(const char *text, struct arena *arena,
		   enum registry_answer *ret, const char **ret_fix,
		   struct error *err)
{
	char path[PATH_ROOM];
	struct yaml_file file;
	const struct yaml_node *rules;

	home_path(path, "build-and-publish/registry-answers.yaml");
	if (yaml_read(path, arena, &file, err) < 0)
		return -1;
	*ret = REGISTRY_AGAIN;
	*ret_fix = NULL;
	rules = file.count ? file.documents[0] : NULL;
	for (size_t i = 0; rules && i < rules->count; i++) {
		const char *part = yaml_str(rules->items[i], "text");

		if (!part || !strcasestr(text, part))
			continue;
		*ret_fix = yaml_str(rules->items[i], "fix");
		return read_answer(&file, rules->items[i], ret, err);
	}
	return 0;
}
