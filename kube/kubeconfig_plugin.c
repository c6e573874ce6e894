/* SPDX-License-Identifier: Apache-2.0 */
/* kubeconfig_plugin.c - reads a user's credential plugin. */
#include "kube/kubeconfig_part.h"

#include <string.h>

static int take_argv(struct part p, struct kube_plugin *g, struct error *err)
{
	const struct yaml_node *args = yaml_get(p.node, "args");
	const char *command = part_text(p, "command");
	size_t count = args && args->type == YAML_SEQUENCE ? args->count : 0;
	const char **argv = arena_array(p.arena, count + 2, sizeof(*argv));
	char room[PATH_ROOM];

	if (!command)
		return part_error(p, "command", err, "exec needs a 'command:'");
	if (!argv)
		return error_nomem(err);
	/* A bare name is looked up on $PATH, a path is beside the file. */
	argv[0] = strchr(command, '/')
			  ? arena_strdup(p.arena, part_beside(p, command, room))
			  : command;
	for (size_t i = 0; i < count; i++) {
		if (args->items[i]->type != YAML_SCALAR ||
		    yaml_is_null(args->items[i]))
			return yaml_error(p.file, args->items[i], err,
					  "expected a word");
		argv[i + 1] = args->items[i]->text;
	}
	g->argv = argv;
	return argv[0] ? 0 : error_nomem(err);
}

/* As kubectl has it: a variable needs a name; without a value, or with null, it
 * is empty. */
static int take_variable(struct part p, const char **ret, struct error *err)
{
	static const struct part_key keys[] = { { "name", YAML_SCALAR },
						{ "value", YAML_SCALAR },
						{ 0 } };
	const char *name = part_text(p, "name");

	if (p.node->type != YAML_MAP)
		return yaml_error(p.file, p.node, err,
				  "expected 'name:' and 'value:'");
	if (part_known(p, "a variable", keys, err) < 0)
		return -1;
	if (!name)
		return part_error(p, "name", err, "a variable needs a 'name:'");
	*ret = arena_printf(p.arena, "%s=%s", name,
			    part_text(p, "value") ?: "");
	return *ret ? 0 : error_nomem(err);
}

static int take_env(struct part p, struct kube_plugin *g, struct error *err)
{
	const struct yaml_node *list = yaml_get(p.node, "env");
	size_t count = list && list->type == YAML_SEQUENCE ? list->count : 0;
	const char **env = arena_array(p.arena, count + 1, sizeof(*env));

	if (!env)
		return error_nomem(err);
	for (size_t i = 0; i < count; i++)
		if (take_variable((struct part){ p.arena, p.file,
						 list->items[i] },
				  &env[i], err) < 0)
			return -1;
	g->env = env;
	return 0;
}

int kubeconfig_take_plugin(struct part p, struct kube_plugin *g,
			   struct error *err)
{
	static const struct part_key keys[] = {
		{ "apiVersion", YAML_SCALAR },
		{ "command", YAML_SCALAR },
		{ "args", YAML_SEQUENCE },
		{ "env", YAML_SEQUENCE },
		{ "installHint", YAML_SCALAR },
		{ "provideClusterInfo", YAML_SCALAR },
		{ "interactiveMode", YAML_SCALAR },
		{ 0 },
	};
	const char *version = part_text(p, "apiVersion");
	const char *mode = part_text(p, "interactiveMode");

	if (part_known(p, "a plugin", keys, err) < 0)
		return -1;
	if (!version ||
	    (strcmp(version, "client.authentication.k8s.io/v1") &&
	     strcmp(version, "client.authentication.k8s.io/v1beta1")))
		return part_error(p, "apiVersion", err,
				  "expected 'apiVersion: "
				  "client.authentication.k8s.io/v1' or "
				  "…/v1beta1");
	if (mode && !strcmp(mode, "Always"))
		return part_error(p, "interactiveMode", err,
				  "a plugin that always asks on the terminal "
				  "cannot be used here; take a token instead");
	g->api_version = version;
	g->hint = part_text(p, "installHint");
	if (part_bool(p, "provideClusterInfo", &g->cluster_info, err) < 0 ||
	    take_argv(p, g, err) < 0)
		return -1;
	return take_env(p, g, err);
}
