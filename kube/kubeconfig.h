/* SPDX-License-Identifier: Apache-2.0 */
/* kubeconfig.h - reads kubeconfig files, as kubectl does. */
#ifndef KUBE_KUBECONFIG_H
#define KUBE_KUBECONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"

/* A program that gives credentials (client.authentication.k8s.io). */
struct kube_plugin {
	const char *const *argv; /* NULL-terminated; NULL: there is none */
	const char *const *env; /* "NAME=value"…, NULL-terminated */
	const char *api_version; /* …/v1 or …/v1beta1 */
	const char *hint; /* installHint, or NULL */
	bool cluster_info; /* it needs data about the cluster */
};

/* The largest number of headers of an impersonation. */
enum { KUBE_AS_MAX = 100 };

/*
 * One context, resolved: PEM texts are read and decoded. NULL where nothing
 * is said. All of it lives in the arena, secrets included.
 */
struct kubeconfig {
	struct arena arena;
	const char *context; /* its name; "in-cluster" */
	const char *server; /* "https://host:port[/path]", no '/' at the end */
	const char *ca_pem, *server_name, *proxy;
	bool insecure;
	const char *cert_pem, *key_pem;
	const char *token;
	const char *token_file; /* read again when the server refuses the
				 * token */
	struct kube_plugin plugin; /* not used if one of the above is set */
	/* Whom the identity above impersonates: headers "Impersonate-User: …"
	 * and the like, NULL-terminated; NULL: nobody. */
	const char *const *as;
	const char *namespace; /* "default" when nothing else is said */
};

/*
 * Reads the file `path`; if NULL, the files of $KUBECONFIG (a list; of two
 * entries with one name the first counts), else ~/.kube/config, else, in a pod,
 * its service account. `context` NULL: the current context. Errors: ERROR_INPUT
 * "file:line:column: what is wrong, and how to correct it".
 */
int kubeconfig_load(const char *path, const char *context,
		    struct kubeconfig *ret, struct error *err);
/* The same from one text; relative paths in it are relative to `name`'s
 * directory. */
int kubeconfig_parse(const char *name, const void *text, size_t len,
		     const char *context, struct kubeconfig *ret,
		     struct error *err);
void kubeconfig_release(struct kubeconfig *c);

#endif
