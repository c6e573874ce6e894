/* SPDX-License-Identifier: Apache-2.0 */
/* commands.c - the table of commands: dispatch, help and docs follow it. */
#include "cli/cli.h"
#include "cli/placement.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/nearest.h"

const struct command commands[] = {
	{ .name = "run",
	  .usage = "NETWORK.yaml",
	  .brief = "all steps: build, boot, pay, check, report, tear down",
	  .text = "Builds an image of each release, boots a network in which "
		  "they are mixed, lets every node pay the others, proves from "
		  "the nodes' databases what became of the money, prints the "
		  "matrix of verdicts and tears everything down. What was seen "
		  "stays in the run's directory. A step that fails still ends "
		  "with teardown; so does ^C. A second ^C quits at once, and "
		  "`medley down` finishes the job.",
	  .options = OPT_KEEP | OPT_SEED | OPT_RUNS | OPT_ASK_NODES | OPT_JSON |
		     PLACEMENT_OPTIONS,
	  .least = 1,
	  .most = 1,
	  .run = cmd_run },
	{ .name = "build",
	  .usage = "[COMPONENT...] [COMMIT-ISH...]",
	  .brief = "images of releases, here or in a registry",
	  .text = "Builds an image of each release of each component: `medley "
		  "build node notary maven:4.10 origin/main`. Components are "
		  "node, notary, cordapps, doorman, healthcheck, driver, "
		  "database, base and those of --recipes; node if none is "
		  "named. A release is `maven:4.10`, a commit-ish of --repo "
		  "(HEAD if none is named) or a line of the file -f. An image "
		  "that is there already is found again, also in the "
		  "registry. A release that fails does not stop the others; a "
		  "table tells what came of each. Each image is a line of "
		  "built/node-images.txt.",
	  .options = OPT_FILE | OPT_REPO | OPT_ALL | OPT_LIST | OPT_REGISTRY |
		     OPT_CERT_DIR | OPT_RECIPES | OPT_SECONDS | OPT_JSON,
	  .most = CLI_ARGS,
	  .run = cmd_build },
	{ .name = "generate",
	  .usage = "NETWORK.yaml|[RUN]|-n NAME …",
	  .brief = "identities, network files and manifests",
	  .text = "Given a network.yaml, begins a run: builds what is missing "
		  "and keeps the resolved network. Then, or given a run, "
		  "writes keys, certificates, node infos, network parameters "
		  "and Kubernetes manifests to RUN/config. With any of the "
		  "options -f, -n, -s, -o, --docker-registry, --context and "
		  "--format, writes them for a cluster instead, of the images "
		  "in built/node-images.txt; docs/generate.md says what and "
		  "how it is applied.",
	  .options = OPT_SEED | OPT_RUNS | OPT_NETWORK | OPT_NAMESPACE |
		     OPT_STORAGE_CLASS | OPT_FROM_REGISTRY | OPT_CONTEXT |
		     OPT_OUTPUT | OPT_FORMAT,
	  .most = 1,
	  .run = cmd_generate },
	{ .name = "up",
	  .usage = "[RUN|NETWORK.yaml|CONFIG]",
	  .brief = "boot the network of a run",
	  .text = "Applies RUN/config and waits until every node answers "
		  "and sees the whole network. Started again, it begins anew. "
		  "Given a network.yaml, begins a run: builds and generates "
		  "first. Given a directory that `medley generate` wrote for a "
		  "cluster, begins a run of it. With --engine kubernetes the "
		  "network goes to the cluster of the context.",
	  .options = OPT_RUNS | OPT_SEED | PLACEMENT_OPTIONS,
	  .most = 1,
	  .run = cmd_up },
	{ .name = "drive",
	  .usage = "[RUN]",
	  .brief = "issue cash and pay, as the run's load says",
	  .text = "Appends a line to RUN/history.jsonl for each operation. "
		  "With --load FILE, drives the load in FILE this time. FILE "
		  "is "
		  "YAML with the key `load` of network.yaml and, if wanted, "
		  "`timeouts: {flow: SECONDS}`. A key that is missing in "
		  "`load` has the default of network.yaml, not the value of "
		  "the run. The load, gates and seed of the run do not change. "
		  "RUN/phases.jsonl records the load that was driven. One "
		  "process at a time drives or checks a run.",
	  .options = OPT_RUNS | OPT_LOAD | OPT_KUBECONFIG,
	  .most = 1,
	  .run = cmd_drive },
	{ .name = "check",
	  .usage = "[RUN]",
	  .brief = "prove from the databases what became of the money",
	  .text = "Waits until the vaults are quiet, opens every node's "
		  "database and writes RUN/settlements.jsonl, "
		  "RUN/findings.jsonl and RUN/balances.jsonl anew. With "
		  "--ask-nodes, which needs the running network, it also asks "
		  "each bank's node over RPC what it holds: an answer that the "
		  "databases do not explain is a finding, and no answer is a "
		  "note. Findings "
		  "are judged by `medley report`; this command fails only "
		  "when it cannot look.",
	  .options = OPT_RUNS | OPT_ASK_NODES | OPT_KUBECONFIG | OPT_JSON,
	  .most = 1,
	  .run = cmd_check },
	{ .name = "report",
	  .usage = "[RUN]",
	  .brief = "judge a run, also an old one; the exit code is the answer",
	  .text = "Reads what is in the run's directory and writes "
		  "results.json, junit.xml, matrix.md and report.html there. "
		  "A run that was changed after it had ended, or of which a "
		  "part is missing, is undecided.",
	  .options = OPT_RUNS | OPT_JSON,
	  .most = 1,
	  .run = cmd_report },
	{ .name = "down",
	  .usage = "[RUN]",
	  .brief = "remove everything a run made, and prove it",
	  .text = "Keeps the nodes' logs, replays the inventory backwards "
		  "and lists what is left; anything is exit code 68. Can be "
		  "repeated.",
	  .options = OPT_RUNS | OPT_ENGINE | OPT_CONTEXT | OPT_KUBECONFIG,
	  .most = 1,
	  .run = cmd_down },
	{ .name = "scale",
	  .usage = "[RUN] NODES=COUNT",
	  .brief = "other replicas of a release, in a cluster",
	  .text = "`medley scale bank-4.0=2` gives the StatefulSet of these "
		  "nodes that many pods, up to the number that was generated, "
		  "and waits until every node answers and sees the whole "
		  "network. Volumes of pods that end stay until `medley down`.",
	  .options = OPT_RUNS | OPT_KUBECONFIG,
	  .least = 1,
	  .most = 2,
	  .run = cmd_scale },
	{ .name = "upgrade",
	  .usage = "[RUN] NODES RELEASE",
	  .brief = "another release for nodes that have run, in a cluster",
	  .text = "`medley upgrade bank-4.0 maven:4.8` restarts these nodes "
		  "with the image that built/node-images.txt has of that "
		  "release, on the same volumes and databases, migrated where "
		  "the release needs it; the others get their new node infos. "
		  "In the matrix they are \"4.0-to-4.8\" from then on. A "
		  "node's own name (bank-4.0-1) upgrades that one alone; of a "
		  "StatefulSet the highest number is the first.",
	  .options = OPT_RUNS | OPT_KUBECONFIG,
	  .least = 2,
	  .most = 3,
	  .run = cmd_upgrade },
	{ .name = "clean",
	  .usage = "[ID...]",
	  .brief = "remove what dead runs have left behind",
	  .text = "Looks for pods, containers, volumes, networks and secrets "
		  "of runs in podman and, with --context or --kubeconfig, for "
		  "a cluster's objects with the labels "
		  "app.kubernetes.io/managed-by=medley "
		  "and medley.run. What belongs to a run on which no medley "
		  "works, and of which neither a thing nor a file in its "
		  "directory is younger than --older-than, is removed; all "
		  "else stays. IDs name the runs that are meant, else all; an "
		  "ID that no run has is an error. A namespace that a run "
		  "made goes when nothing of others is in it. A table tells "
		  "what came of each run; anything left is exit code 68.",
	  .options = OPT_OLDER_THAN | OPT_DRY_RUN | OPT_CONTEXT |
		     OPT_KUBECONFIG | OPT_ONLY_NAMESPACE | OPT_RUNS | OPT_JSON,
	  .most = CLI_ARGS,
	  .run = cmd_clean },
	{ .name = "status",
	  .usage = "[RUN]",
	  .brief = "nodes of a run: state and address",
	  .options = OPT_RUNS | OPT_KUBECONFIG | OPT_JSON,
	  .most = 1,
	  .run = cmd_status },
	{ .name = "logs",
	  .usage = "[RUN] NODE",
	  .brief = "the log of a node, or of the database",
	  .text = "NODE `database` is the database. From the running "
		  "container, or after teardown from RUN/logs. There, "
		  "NODE.node.log is what the node logged to its own files, "
		  "with the stacks of exceptions.",
	  .options = OPT_RUNS | OPT_LINES | OPT_KUBECONFIG,
	  .least = 1,
	  .most = 2,
	  .run = cmd_logs },
	{ .name = "show",
	  .usage = "tx ID [RUN]",
	  .brief = "what a run knows about a transaction",
	  .text = "ID is the beginning of a transaction id. Prints the "
		  "operations, what the databases said of them, and every "
		  "finding about them with its evidence.",
	  .options = OPT_RUNS,
	  .least = 2,
	  .most = 3,
	  .run = cmd_show },
	{ .name = "health",
	  .usage = "TARGET...",
	  .brief = "say whether nodes and services answer",
	  .text = "A TARGET is rpc://USER@HOST:PORT, a node that is asked over "
		  "RPC for its platform version, network map and flows (the "
		  "password in $RPC_PASSWORD), or tcp://HOST:PORT, a service "
		  "that must take a connection. Behind either, \"/optional\" "
		  "passes over a host of which the name server knows no "
		  "address, such as a pod of a set that was scaled to none. "
		  "Exit code 0: all do, 1: one does not. With --seconds it "
		  "waits until all do.",
	  .options = OPT_SECONDS | OPT_JSON,
	  .least = 1,
	  .most = CLI_ARGS,
	  .run = cmd_health },
	{ .name = "doorman",
	  .usage = "[VERB] [ID|FILE...]",
	  .brief = "let nodes register themselves: certificates and map",
	  .text = "Without a verb, or with `serve`, an HTTP service until ^C: "
		  "it signs certificate requests, takes node infos, and serves "
		  "the network map and the signed network parameters. "
		  "`list` shows requests, nodes and parameters; `approve "
		  "ID...` "
		  "and `reject ID...` decide requests; `forget ID...` removes "
		  "them; `parameters FILE` has "
		  "parameters signed once their notaries are known, or "
		  "announces an update, which `flag-day` makes valid; `publish "
		  "FILE...` takes nodeInfo files; `truststore FILE` writes "
		  "what "
		  "nodes register with. Verbs work on the same state, also "
		  "while another process serves; but `request URL NAME KEY "
		  "STORE` is for nodes that share a key: it has a doorman "
		  "certify it. --listen, --approve, --parameters, --poll and "
		  "--rate are of the service, --json of `list`, --reason of "
		  "`reject` and `parameters`, --after of `parameters`, --now "
		  "of `flag-day`, --from of `forget`, --seconds of `request`. "
		  "See "
		  "docs/doorman.md.",
	  .options = OPT_STATE | OPT_DATABASE | OPT_LISTEN | OPT_APPROVE |
		     OPT_PARAMETERS | OPT_POLL | OPT_RATE | OPT_REASON |
		     OPT_AFTER | OPT_NOW | OPT_FROM | OPT_SECONDS | OPT_JSON,
	  .most = CLI_ARGS,
	  .run = cmd_doorman },
	{ .name = "doctor",
	  .usage = "",
	  .brief = "is this machine fit, and what mends it",
	  .options = OPT_JSON,
	  .run = cmd_doctor },
	{ .name = "version",
	  .usage = "",
	  .brief = "which medley this is",
	  .run = cmd_version },
	{ .name = "help",
	  .usage = "[COMMAND|commands|network.yaml]",
	  .brief = "this text; help network.yaml: every key of that file",
	  .most = 1,
	  .run = cmd_help },
};

const unsigned command_count = ARRAY_SIZE(commands);

const struct command *command_find(const char *name, struct error *err)
{
	struct nearest n = nearest_to(name);

	for (unsigned i = 0; i < command_count; i++) {
		if (!strcmp(commands[i].name, name))
			return &commands[i];
		nearest_offer(&n, commands[i].name);
	}
	if (n.word)
		error_set(err, ERROR_INPUT,
			  "no command '%s'; did you mean '%s'?", name, n.word);
	else
		error_set(err, ERROR_INPUT,
			  "no command '%s'; 'medley help' lists them", name);
	return NULL;
}
