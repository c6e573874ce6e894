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
 * What a plugin or a token file said last, kept in memory until it expires.
 * Where the configuration itself has token or certificate these are given.
 */
struct credential {
	char *token; /* owned; or NULL */
	char *cert_pem, *key_pem; /* owned; or NULL */
	int64_t expires_us; /* wall clock; 0: until the server refuses it */
	bool known;
};

void credential_release(struct credential *c);

/* Makes `c` current: asks the plugin or reads the token's file when nothing
 * is known, it has expired, or `again` (the server refused it).
 * *ret_changed: it is another one than before. */
int credential_renew(struct credential *c, const struct kubeconfig *config,
		     bool again, bool *ret_changed, struct error *err);

/* Reads the ExecCredential that a plugin printed. */
int credential_parse(const char *name, const void *text, size_t len,
		     struct credential *ret, struct error *err);

#endif
