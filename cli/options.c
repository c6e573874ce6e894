/* SPDX-License-Identifier: Apache-2.0 */
/* options.c - the table of options, and how a command line is read by it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/nearest.h"
#include "cli/cli.h"

enum { NOT_SHORT = 0, NAME_MAX_LEN = 40 };

static const struct option {
	enum option_bit bit;
	char letter; /* of the short form, or NOT_SHORT */
	const char *name; /* of the long form */
	const char *value; /* what stands for it, NULL: a flag */
	enum { TO_TEXT, TO_NUMBER } type;
	size_t offset; /* of the value in struct cli */
	const char *help;
	uint64_t most; /* of a number from 1 on; 0: any number */
} options[] = {
	{ OPT_KEEP, NOT_SHORT, "keep", .help = "leave the network up" },
	{ OPT_SEED, NOT_SHORT, "seed", "N", TO_NUMBER,
	  offsetof(struct cli, seed), .help = "instead of the file's seed" },
	{ OPT_RUNS, NOT_SHORT, "runs", "DIR", TO_TEXT,
	  offsetof(struct cli, runs),
	  .help = "where runs are kept (runs); RUN is DIR/latest unless "
		  "given" },
	{ OPT_FILE, 'f', "file", "FILE", TO_TEXT, offsetof(struct cli, file),
	  .help = "releases to build, one word a line" },
	{ OPT_NETWORK, 'f', "file", "FILE", TO_TEXT, offsetof(struct cli, file),
	  .help = "the network (network.yaml; without one, a bank of each "
		  "release in built/node-images.txt)" },
	{ OPT_ENGINE, NOT_SHORT, "engine", "ENGINE", TO_TEXT,
	  offsetof(struct cli, engine),
	  .help = "what it runs on: podman or kubernetes (the file's)" },
	{ OPT_NAMESPACE, 'n', "namespace", "NAME", TO_TEXT,
	  offsetof(struct cli, namespace),
	  .help = "namespace in the cluster (the file's, or medley)" },
	{ OPT_STORAGE_CLASS, 's', "storage-class", "NAME", TO_TEXT,
	  offsetof(struct cli, storage_class),
	  .help = "of the volumes (the file's, or the cluster's default)" },
	{ OPT_FROM_REGISTRY, NOT_SHORT, "docker-registry", "REGISTRY", TO_TEXT,
	  offsetof(struct cli, registry),
	  .help = "that has the images: host[:port][/path]" },
	{ OPT_CONTEXT, NOT_SHORT, "context", "NAME", TO_TEXT,
	  offsetof(struct cli, context),
	  .help = "cluster, by its context in the kubeconfig" },
	{ OPT_KUBECONFIG, NOT_SHORT, "kubeconfig", "FILE", TO_TEXT,
	  offsetof(struct cli, kubeconfig),
	  .help = "kubeconfig of the cluster ($KUBECONFIG, or "
		  "~/.kube/config)" },
	{ OPT_OUTPUT, 'o', "output", "DIR", TO_TEXT,
	  offsetof(struct cli, output),
	  .help = "where manifests go, and keys to DIR/.medley (config)" },
	{ OPT_FORMAT, NOT_SHORT, "format", "FORMAT", TO_TEXT,
	  offsetof(struct cli, format),
	  .help = "plain, helm (a chart) or kustomize (a base)" },
	{ OPT_REPO, NOT_SHORT, "repo", "PATH", TO_TEXT,
	  offsetof(struct cli, repo),
	  .help = "clone for commit-ish words ($MEDLEY_REPO, or the one "
		  "around this directory)" },
	{ OPT_SECONDS, NOT_SHORT, "seconds", "N", TO_NUMBER,
	  offsetof(struct cli, seconds),
	  .help = "bound of one image (900), or of the wait for "
		  "health or for a certificate (3600)",
	  .most = 86400 },
	{ OPT_ALL, NOT_SHORT, "all", .help = "every component" },
	{ OPT_LIST, NOT_SHORT, "list",
	  .help = "print built/node-images.txt instead" },
	{ OPT_REGISTRY, NOT_SHORT, "docker-registry", "HOST[:PORT]/PATH",
	  TO_TEXT, offsetof(struct cli, registry),
	  .help = "where images are published, with the passwords of "
		  "podman login or docker login" },
	{ OPT_CERT_DIR, NOT_SHORT, "cert-dir", "DIR", TO_TEXT,
	  offsetof(struct cli, cert_dir),
	  .help = "*.crt of the registry's own CA" },
	{ OPT_RECIPES, NOT_SHORT, "recipes", "DIR", TO_TEXT,
	  offsetof(struct cli, recipes),
	  .help = "components of one's own; they come before those of the "
		  "same name" },
	{ OPT_LINES, 'n', "lines", "N", TO_NUMBER, offsetof(struct cli, lines),
	  .help = "only the last N lines", .most = 1000000000 },
	{ OPT_LOAD, NOT_SHORT, "load", "FILE", TO_TEXT,
	  offsetof(struct cli, load),
	  .help = "drive the load in FILE this time, instead of the run's" },
	{ OPT_ASK_NODES, NOT_SHORT, "ask-nodes",
	  .help = "also ask each bank's node over RPC what it holds, and "
		  "compare it with the databases" },
	{ OPT_STATE, NOT_SHORT, "state", "DIR", TO_TEXT,
	  offsetof(struct cli, state),
	  .help = "directory of the doorman's state (doorman-state)" },
	{ OPT_DATABASE, NOT_SHORT, "database", "URI", TO_TEXT,
	  offsetof(struct cli, database),
	  .help = "its state in PostgreSQL instead, postgresql://USER@HOST/DB; "
		  "the password is in $PGPASSWORD" },
	{ OPT_LISTEN, NOT_SHORT, "listen", "ADDRESS:PORT", TO_TEXT,
	  offsetof(struct cli, listen),
	  .help = "where it serves (127.0.0.1:8080)" },
	{ OPT_APPROVE, NOT_SHORT, "approve", "auto|hand", TO_TEXT,
	  offsetof(struct cli, approve),
	  .help = "who approves requests (auto)" },
	{ OPT_PARAMETERS, NOT_SHORT, "parameters", "FILE", TO_TEXT,
	  offsetof(struct cli, parameters),
	  .help = "parameters of a network that has none yet" },
	{ OPT_POLL, NOT_SHORT, "poll", "SECONDS", TO_NUMBER,
	  offsetof(struct cli, poll),
	  .help = "how often nodes ask for the map (10)", .most = 86400 },
	{ OPT_RATE, NOT_SHORT, "rate", "N", TO_NUMBER,
	  offsetof(struct cli, rate),
	  .help = "requests a second of one address (100)", .most = 1000000 },
	{ OPT_REASON, NOT_SHORT, "reason", "TEXT", TO_TEXT,
	  offsetof(struct cli, reason), .help = "what nodes are told" },
	{ OPT_FROM, NOT_SHORT, "from", "ADDRESS", TO_TEXT,
	  offsetof(struct cli, from),
	  .help = "all requests of this address that nobody has decided and "
		  "whose nodes are not in the map" },
	{ OPT_AFTER, NOT_SHORT, "after", "SECONDS", TO_NUMBER,
	  offsetof(struct cli, after),
	  .help = "how long nodes may accept new parameters (86400)",
	  .most = 315360000 },
	{ OPT_NOW, NOT_SHORT, "now", .help = "also before the deadline" },
	{ OPT_OLDER_THAN, NOT_SHORT, "older-than", "TIME", TO_TEXT,
	  offsetof(struct cli, older_than),
	  .help = "only runs without a sign of life for so long (24h); 90s, "
		  "30m, 7d" },
	{ OPT_DRY_RUN, NOT_SHORT, "dry-run",
	  .help = "only say what would be removed" },
	{ OPT_ONLY_NAMESPACE, 'n', "namespace", "NAME", TO_TEXT,
	  offsetof(struct cli, namespace),
	  .help = "only this namespace of the cluster" },
	{ OPT_JSON, NOT_SHORT, "json",
	  .help = "one JSON document on standard output" },
	{ OPT_VERBOSE, 'v', "verbose",
	  .help = "every word of progress, a line each" },
	{ OPT_NO_COLOR, NOT_SHORT, "no-color",
	  .help = "no colours, also on a terminal" },
	{ OPT_HELP, 'h', "help", .help = "how this command is used" },
};

static uint64_t taken(const struct cli *cli)
{
	return cli->command->options | OPT_COMMON;
}

/* Commands share letters and names: the one that this command takes. */
static const struct option *find_short(const struct cli *cli, char letter)
{
	for (size_t i = 0; i < ARRAY_SIZE(options); i++)
		if (letter && options[i].letter == letter &&
		    (taken(cli) & options[i].bit))
			return &options[i];
	return NULL;
}

static const struct option *find_long(const struct cli *cli, const char *name,
				      size_t len)
{
	for (size_t i = 0; i < ARRAY_SIZE(options); i++)
		if (strlen(options[i].name) == len &&
		    !memcmp(options[i].name, name, len) &&
		    (taken(cli) & options[i].bit))
			return &options[i];
	return NULL;
}

static int unknown_option(const struct cli *cli, const char *typed,
			  struct error *err)
{
	char name[NAME_MAX_LEN + 1] = "";
	struct nearest n;

	strncat(name, typed + strspn(typed, "-"), NAME_MAX_LEN);
	name[strcspn(name, "=")] = 0;
	n = nearest_to(name);
	for (size_t i = 0; i < ARRAY_SIZE(options); i++)
		if (taken(cli) & options[i].bit)
			nearest_offer(&n, options[i].name);
	if (n.word)
		return error_set(err, ERROR_INPUT,
				 "medley %s has no option '%s'; did you mean "
				 "'--%s'?",
				 cli->command->name, typed, n.word);
	return error_set(err, ERROR_INPUT,
			 "medley %s has no option '%s'; see 'medley help %s'",
			 cli->command->name, typed, cli->command->name);
}

static int take_number(const char *text, const struct option *o, uint64_t *ret,
		       struct error *err)
{
	const char *name = o->name;

	errno = 0;
	*ret = strtoull(text, NULL, 10);
	if (!*text || text[strspn(text, "0123456789")] || errno)
		return error_set(err, ERROR_INPUT,
				 "--%s: expected a whole number, not '%s'",
				 name, text);
	if (o->most && (*ret < 1 || *ret > o->most))
		return error_set(err, ERROR_INPUT,
				 "--%s: expected 1 to %llu, not %s", name,
				 (unsigned long long)o->most, text);
	return 0;
}

static int take(struct cli *cli, const struct option *o, const char *value,
		struct error *err)
{
	char *member = (char *)cli + o->offset;

	cli->given |= o->bit;
	if (!o->value)
		return 0;
	if (o->type == TO_NUMBER)
		return take_number(value, o, (uint64_t *)member, err);
	*(const char **)member = value;
	return 0;
}

/* One word that begins with '-'; *at moves on when its value is the next. */
static int parse_one(struct cli *cli, int argc, char **argv, int *at,
		     struct error *err)
{
	const char *word = argv[*at], *value = NULL;
	const struct option *o;
	bool is_long = word[1] == '-';

	if (is_long) {
		size_t len = strcspn(word + 2, "=");

		o = find_long(cli, word + 2, len);
		value = word[2 + len] ? word + 2 + len + 1 : NULL;
	} else {
		o = find_short(cli, word[1]);
		value = word[2] ? word + 2 : NULL;
	}
	if (!o || (!is_long && value && !o->value))
		return unknown_option(cli, word, err);
	if (value && !o->value)
		return error_set(err, ERROR_INPUT, "--%s takes no value",
				 o->name);
	if (o->value && !value && *at + 1 < argc)
		value = argv[++*at];
	if (o->value && !value)
		return error_set(err, ERROR_INPUT, "--%s needs a value: %s",
				 o->name, o->value);
	return take(cli, o, value, err);
}

static int count_args(const struct cli *cli, struct error *err)
{
	const struct command *c = cli->command;

	if (cli_has(cli, OPT_HELP) ||
	    (cli->arg_count >= c->least && cli->arg_count <= c->most))
		return 0;
	return error_set(err, ERROR_INPUT, "usage: medley %s%s%s [options]",
			 c->name, *c->usage ? " " : "", c->usage);
}

int options_parse(struct cli *cli, int argc, char **argv, struct error *err)
{
	bool only_args = false;

	for (int i = 0; i < argc; i++) {
		if (!only_args && !strcmp(argv[i], "--")) {
			only_args = true;
		} else if (!only_args && argv[i][0] == '-' && argv[i][1]) {
			if (parse_one(cli, argc, argv, &i, err) < 0)
				return -1;
		} else if (cli->arg_count == CLI_ARGS) {
			return error_set(err, ERROR_INPUT,
					 "more than %d arguments", CLI_ARGS);
		} else {
			cli->args[cli->arg_count++] = argv[i];
		}
	}
	return count_args(cli, err);
}

int options_of_verb(const struct cli *cli, const char *verb, uint64_t bits,
		    struct error *err)
{
	const uint64_t wrong = cli->given & ~(bits | OPT_COMMON);

	for (size_t i = 0; i < ARRAY_SIZE(options); i++)
		if (wrong & options[i].bit)
			return error_set(err, ERROR_INPUT,
					 "medley %s %s takes no --%s; see "
					 "'medley help %s'",
					 cli->command->name, verb,
					 options[i].name, cli->command->name);
	return 0;
}

void options_describe(uint64_t bits, bool markdown, struct buf *out)
{
	char form[64];

	for (size_t i = 0; i < ARRAY_SIZE(options); i++) {
		const struct option *o = &options[i];
		char letter[8] = "";

		if (!(bits & o->bit))
			continue;
		if (o->letter)
			snprintf(letter, sizeof(letter), "-%c, ", o->letter);
		snprintf(form, sizeof(form), "%s--%s%s%s", letter, o->name,
			 o->value ? " " : "", o->value ? o->value : "");
		if (markdown)
			buf_addf(out, "- `%s`: %s\n", form, o->help);
		else
			buf_addf(out, "  %-18s  %s\n", form, o->help);
	}
}
