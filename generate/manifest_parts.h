/* SPDX-License-Identifier: Apache-2.0 */
/* manifest_parts.h - what the files that write manifests have in common. */
#ifndef GENERATE_MANIFEST_PARTS_H
#define GENERATE_MANIFEST_PARTS_H

#include "base/error.h"
#include "data/registry_auth.h"
#include "generate/identities.h"
#include "generate/node_conf.h"
#include "generate/output.h"
#include "generate/values.h"
#include "run/migration.h"
#include "run/run.h"

/* Everything that goes into the manifests; all borrowed. */
struct manifest_input {
	const char *run; /* value of the label medley.run */
	const struct network *net;
	const struct identities *ids;
	const struct secrets *secrets;
	const struct node_conf_rules *rules;
	const struct node_conf_rules *registration;
	const struct migrations *migrations;
	const struct registry_auth *login; /* NULL: none is needed */
	enum generate_format format;
	struct buf *secret_values; /* of a chart: manifest_secret() */
};

/*
 * A ConfigMap and a Secret hold 1 MiB, but `kubectl apply` keeps a copy of
 * what it applied in an annotation, which takes 256 KiB at most. A node info
 * has less than 5 KiB, two key stores less than 8, a configuration 1.
 */
enum { INFOS_PER_MAP = 32, KEYS_PER_SECRET = 16, CONFS_PER_MAP = 100 };

/* The holes that every template may have: prefix, namespace, run, pull_secret,
 * storage_class, storage, database_secret, and those of manifest_extras(). */
void manifest_common(const struct manifest_input *in, struct values *v);
/* The holes of what network.yaml adds to objects and pods in a cluster: labels,
 * lines of metadata.labels; annotations, metadata's member; annotation_lines,
 * lines of one that is there; scheduling, members of a pod's spec; pull_policy;
 * more_requests and more_limits, lines of a container's resources. */
void manifest_extras(const struct network *net, struct values *v);
/* What they are made of: in a cluster the network's, else nothing. */
const struct kubernetes_extras *manifest_extras_of(const struct network *net);
/* Adds the member `tolerations` of a pod's spec, if there are any. */
void manifest_tolerations(const struct kubernetes_extras *e, struct buf *out);
/* Adds the value of the label medley.run. */
void manifest_run_label(const struct manifest_input *in, struct buf *out);
/* Whether the objects are written that a setting asks for; a chart has them
 * always, below a condition. */
bool manifest_wants(const struct manifest_input *in, bool setting);
void manifest_begin_if(const struct manifest_input *in, const char *value,
		       struct buf *out);
void manifest_end_if(const struct manifest_input *in, struct buf *out);
/* Adds <part>/<set>-budget.yaml, if the network is to have such: how many pods
 * of the StatefulSet may be evicted at a time. */
int manifest_budget(const struct manifest_input *in, const char *part,
		    const char *set, unsigned max_unavailable,
		    struct output *out, struct error *err);
/* The holes of the database's address, and createdb: the init container that
 * makes a role and its database. Of the hole's maker are database_volume and
 * database_home, where it works, createdb_env and migrated_mark. */
int manifest_createdb(const struct manifest_input *in, struct values *v,
		      struct error *err);
/* A Secret: its data are the lines of `keys`, which also fill that hole. Fills
 * the template and adds it as <part>/<file>.yaml. A chart has none of them:
 * there the data go to in->secret_values. */
struct secret_manifest {
	const char *template, *part, *file;
	const char *name; /* of the Secret */
	const char *type; /* NULL: Opaque */
};
int manifest_secret(const struct manifest_input *in, struct values *v,
		    const struct secret_manifest *m, const struct buf *keys,
		    struct output *out, struct error *err);
/* The hole of an image; in a chart the value at images.<key>. */
void manifest_image(const struct manifest_input *in, struct values *v,
		    const char *hole, const char *key, const char *image);
/* Fills the template and adds it as <part>/<name>.yaml. */
int manifest_add(struct values *v, const char *template, struct output *out,
		 const char *part, const char *name, struct error *err);
/* "<stem>", then "<stem>-1" … */
enum { PART_NAME = 96 };
void manifest_part_name(const char *stem, unsigned index, char ret[PART_NAME]);
/* Adds what a health check asks, a line each. */
void manifest_targets(const struct manifest_input *in, struct buf *out);
unsigned manifest_parts(unsigned count, unsigned each);
/* Adds 'key: "base64"', a line. */
void manifest_pair(struct buf *out, const char *key, struct der value);
/* Adds the holes <hole>_mounts and <hole>_volumes for the parts of `stem`,
 * mounted at /boot/<hole>, /boot/<hole>-1 … */
void manifest_volumes(struct values *v, const char *mounts_hole,
		      const char *volumes_hole, const char *volume,
		      const char *stem, unsigned parts, bool secret);

#endif
