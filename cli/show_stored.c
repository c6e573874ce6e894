/* SPDX-License-Identifier: Apache-2.0 */
/* show_stored.c - a transaction from the nodes' databases, for people. */
#include "cli/show_stored.h"

#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/money.h"
#include "deploy/deploy.h"
#include "sys/file.h"
#include "vault/stored.h"

int show_stored_read(const char *run_dir, const char *tx, struct js **ret,
		     struct error *why)
{
	cleanup(attachment_freep) struct attachment *at = NULL;
	char path[PATH_ROOM];

	*ret = NULL;
	if (!file_exists(path_join(path, run_dir, "endpoints.json")))
		return error_set(why, ERROR_INPUT,
				 "the network is down, so its databases cannot "
				 "be read");
	if (deploy_attach(run_dir, &at, why) < 0)
		return -1;
	return vault_stored(run_dir, tx, ret, why);
}

/* "Cash$Commands$Move" of
 * "net.corda.finance.contracts.asset.Cash$Commands$Move"
 */
static const char *class_name(const char *name)
{
	const char *dot = name ? strrchr(name, '.') : NULL;

	return dot ? dot + 1 : name ? name : "?";
}

static void add_texts(struct buf *out, const char *what, const struct js *list)
{
	for (size_t i = 0; i < js_count(list); i++)
		buf_addf(out, "  %-10s %s\n", what,
			 class_name(js_text(js_at(list, i))));
}

static void add_names(struct buf *out, const char *what, const struct js *list)
{
	buf_addf(out, "  %-10s ", what);
	for (size_t i = 0; i < js_count(list); i++)
		buf_addf(out, "%s%s", i ? ", " : "", js_text(js_at(list, i)));
	buf_add_str(out, "\n");
}

static void add_vaults(struct buf *out, const struct js *list)
{
	for (size_t i = 0; i < js_count(list); i++) {
		const struct js *v = js_at(list, i);

		buf_addf(out, "  %-10s in the vault of %s, %s%s%s\n", "",
			 js_str(v, "node"), js_str(v, "status"),
			 js_str(v, "owner") ? ", owner " : "",
			 js_str(v, "owner") ? js_str(v, "owner") : "");
	}
}

static void add_output(struct buf *out, const struct js *o)
{
	char what[32];

	snprintf(what, sizeof(what), "output %d", (int)js_int(o, "index", 0));
	buf_addf(out, "  %-10s ", what);
	if (js_get(o, "quantity")) {
		money_add(out, js_int(o, "quantity", 0),
			  js_str(o, "currency") ?: "");
		buf_addf(out, " issued by %s, owner's key %s\n",
			 js_str(o, "issuer") ?: "?",
			 js_str(o, "owner_key") ?: "?");
	} else {
		buf_addf(out, "%s\n", js_str(o, "state") ?: "?");
	}
	add_vaults(out, js_get(o, "vaults"));
}

void show_stored_text(const struct js *tx, struct buf *out)
{
	const struct js *outputs = js_get(tx, "outputs");
	const struct js *signatures = js_get(tx, "signatures");

	buf_addf(out, "transaction, %s\n", js_str(tx, "kind"));
	add_names(out, "stored by", js_get(tx, "stored_by"));
	buf_addf(out, "  %-10s %s\n", "notary", js_str(tx, "notary") ?: "none");
	add_texts(out, "input", js_get(tx, "inputs"));
	add_texts(out, "reference", js_get(tx, "references"));
	for (size_t i = 0; i < js_count(outputs); i++)
		add_output(out, js_at(outputs, i));
	add_texts(out, "command", js_get(tx, "commands"));
	add_texts(out, "signer", js_get(tx, "signers"));
	for (size_t i = 0; i < js_count(signatures); i++) {
		const struct js *s = js_at(signatures, i);

		buf_addf(out, "  %-10s %s%s\n", "signature", js_str(s, "key"),
			 js_bool(s, "notary", false) ? ", the notary" : "");
	}
	buf_add_str(out, "\n");
}
