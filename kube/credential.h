/* SPDX-License-Identifier: Apache-2.0 */
/* credential.h - the current credentials for a cluster. */
#ifndef KUBE_CREDENTIAL_H
#define KUBE_CREDENTIAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "kube/kubeconfig.h"

/*
 * The last answer of a plugin or content of a token file, kept in memory until
 * it expires. If the configuration itself has a token or a certificate, these
 * are used.
 */
struct credential {
	char *token; /* owned; or NULL */
	char *cert_pem, *key_pem; /* owned; or NULL */
	int64_t expires_us; /* wall clock; 0: until the server refuses it */
	bool known;
};

void credential_release(struct credential *c);

/* Makes `c` current: runs the plugin or reads the token's file if there is no
 * credential, if it has expired, or with `again` (the server refused it).
 * *ret_changed: the credential differs from the one before. */
int credential_renew(struct credential *c, const struct kubeconfig *config,
		     bool again, bool *ret_changed, struct error *err);

/* Reads the ExecCredential that a plugin printed. */
int credential_parse(const char *name, const void *text, size_t len,
		     struct credential *ret, struct error *err);

#endif
