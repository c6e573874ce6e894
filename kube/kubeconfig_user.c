/* SPDX-License-Identifier: Apache-2.0 */
/* kubeconfig_user.c - reads the credentials of a user. */
#include "kube/kubeconfig_part.h"

static int take_token_file(struct part p, struct kubeconfig *c,
			   struct error *err)
{
	const char *path = part_text(p, "tokenFile");
	char room[PATH_ROOM];

	if (!path)
		return 0;
	c->token_file = arena_strdup(p.arena, part_beside(p, path, room));
	return c->token_file ? 0 : error_nomem(err);
}

static int take_certificate(struct part p, struct kubeconfig *c,
			    struct error *err)
{
	if (part_pem(p, "client-certificate", &c->cert_pem, err) < 0 ||
	    part_pem(p, "client-key", &c->key_pem, err) < 0)
		return -1;
	if (!c->cert_pem != !c->key_pem)
		return part_error(p, "client-certificate", err,
				  "expected both client-certificate and "
				  "client-key, or neither");
	return 0;
}

int kubeconfig_take_user(struct part p, struct kubeconfig *c, struct error *err)
{
	static const struct part_key keys[] = {
		{ "token", YAML_SCALAR },
		{ "tokenFile", YAML_SCALAR },
		{ "client-certificate", YAML_SCALAR },
		{ "client-certificate-data", YAML_SCALAR },
		{ "client-key", YAML_SCALAR },
		{ "client-key-data", YAML_SCALAR },
		{ "as", YAML_SCALAR },
		{ "as-uid", YAML_SCALAR },
		{ "as-groups", YAML_SEQUENCE },
		{ "as-user-extra", YAML_MAP },
		{ "username", YAML_SCALAR },
		{ "password", YAML_SCALAR },
		{ "auth-provider", YAML_MAP },
		{ "exec", YAML_MAP },
		{ "extensions", YAML_SEQUENCE },
		{ 0 },
	};
	struct part exec = { p.arena, p.file, yaml_get(p.node, "exec") };

	if (part_known(p, "a user", keys, err) < 0)
		return -1;
	if (yaml_get(p.node, "auth-provider"))
		return part_error(p, "auth-provider", err,
				  "auth-provider was removed in Kubernetes "
				  "1.26; use an 'exec:' plugin");
	if (part_text(p, "username"))
		return part_error(p, "username", err,
				  "passwords were removed in Kubernetes 1.19; "
				  "use a token or a client certificate");
	c->token = part_text(p, "token");
	if (take_token_file(p, c, err) < 0 || take_certificate(p, c, err) < 0 ||
	    kubeconfig_take_as(p, c, err) < 0)
		return -1;
	if (exec.node && kubeconfig_take_plugin(exec, &c->plugin, err) < 0)
		return -1;
	/* A plugin is for those who have nothing else, as kubectl has it. */
	if (c->token || c->token_file || c->cert_pem)
		c->plugin = (struct kube_plugin){ 0 };
	return 0;
}
