/* SPDX-License-Identifier: Apache-2.0 */
/* show_stored.c - a transaction or a state from the nodes' databases, for
 * people. */
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

/* Each consumer once, with the notary's nodes that have committed it. */
static bool seen_before(const struct js *list, size_t at)
{
	const char *tx = js_str(js_at(list, at), "tx");

	for (size_t i = 0; i < at; i++)
		if (!strcmp(js_str(js_at(list, i), "tx") ?: "", tx ?: ""))
			return true;
	return false;
}

static void add_consumers(struct buf *out, int width, const char *what,
			  const struct js *list)
{
	for (size_t i = 0; i < js_count(list); i++) {
		const char *tx = js_str(js_at(list, i), "tx") ?: "?";
		const char *before = "";

		if (seen_before(list, i))
			continue;
		buf_addf(out, "  %-*s %s, committed by ", width, what, tx);
		for (size_t j = i; j < js_count(list); j++) {
			const struct js *one = js_at(list, j);

			if (strcmp(js_str(one, "tx") ?: "?", tx) != 0)
				continue;
			buf_addf(out, "%s%s", before, js_str(one, "node"));
			before = ", ";
		}
		buf_add_str(out, "\n");
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
	add_consumers(out, 10, "consumer", js_get(o, "consumed_by"));
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

/* ---- one state ---- */

static void add_line(struct buf *out, const char *what, const char *text)
{
	if (text)
		buf_addf(out, "  %-11s %s\n", what, text);
}

/* "O=BankA, L=London, C=GB, key DL…, of bank-4.0-0" */
static void add_party(struct buf *out, const char *what, const struct js *p)
{
	const char *name = js_str(p, "name"), *node = js_str(p, "node");

	buf_addf(out, "  %-11s %s%skey %s%s%s\n", what, name ?: "",
		 name ? ", " : "", js_str(p, "key") ?: "?", node ? ", of " : "",
		 node ?: "");
}

static void add_parties(struct buf *out, const struct js *o)
{
	const struct js *list = js_get(o, "participants");

	if (js_get(o, "quantity") && js_count(list) == 1)
		add_party(out, "owner", js_at(list, 0));
	for (size_t i = 0; i < js_count(list); i++)
		add_party(out, "participant", js_at(list, i));
}

static void add_cash(struct buf *out, const struct js *o)
{
	if (!js_get(o, "quantity"))
		return;
	buf_addf(out, "  %-11s ", "amount");
	money_add(out, js_int(o, "quantity", 0), js_str(o, "currency") ?: "");
	buf_add_str(out, "\n");
	add_line(out, "issuer", js_str(o, "issuer") ?: "?");
}

static bool is_consumed(const struct js *vault)
{
	return !strcmp(js_str(vault, "status") ?: "", "consumed");
}

static void add_state_vaults(struct buf *out, const struct js *list)
{
	bool locked = false;

	for (size_t i = 0; i < js_count(list); i++) {
		const struct js *v = js_at(list, i);

		buf_addf(out, "  %-11s %s, %s%s%s, recorded %s\n", "vault",
			 js_str(v, "node"), js_str(v, "status"),
			 is_consumed(v) ? " at " : "",
			 is_consumed(v) ? js_str(v, "consumed") ?: "?" : "",
			 js_str(v, "recorded") ?: "?");
	}
	if (!js_count(list))
		add_line(out, "vault", "none has it");
	for (size_t i = 0; i < js_count(list); i++) {
		const struct js *v = js_at(list, i);

		if (!js_str(v, "lock"))
			continue;
		locked = true;
		buf_addf(out, "  %-11s %s at %s, since %s\n", "soft lock",
			 js_str(v, "lock"), js_str(v, "node"),
			 js_str(v, "locked") ?: "?");
	}
	if (!locked)
		add_line(out, "soft lock", "none");
}

static void add_consumed(struct buf *out, const struct js *o)
{
	const struct js *vaults = js_get(o, "vaults");
	bool consumed = false;

	for (size_t i = 0; i < js_count(vaults); i++)
		consumed |= is_consumed(js_at(vaults, i));
	add_consumers(out, 11, "consumer", js_get(o, "consumed_by"));
	if (!js_count(js_get(o, "consumed_by")))
		add_line(out, "consumer",
			 consumed ? "unknown: no notary has committed one"
				  : "none");
}

void show_stored_state(const struct js *tx, unsigned index, struct buf *out)
{
	const struct js *o = js_at(js_get(tx, "outputs"), index);
	const struct js *by = js_get(tx, "stored_by");

	add_cash(out, o);
	add_parties(out, o);
	add_line(out, "contract", js_str(o, "contract"));
	add_line(out, "class", js_str(o, "state"));
	add_line(out, "notary", js_str(o, "notary"));
	buf_addf(out, "  %-11s a %s transaction, stored by ", "made by",
		 js_str(tx, "kind"));
	for (size_t i = 0; i < js_count(by); i++)
		buf_addf(out, "%s%s", i ? ", " : "", js_text(js_at(by, i)));
	buf_add_str(out, "\n");
	add_consumed(out, o);
	add_state_vaults(out, js_get(o, "vaults"));
	buf_add_str(out, "\n");
}
