/* SPDX-License-Identifier: Apache-2.0 */
/* chart.h - the same objects as a chart of Helm: values in place of settings.
 */
#ifndef GENERATE_CHART_H
#define GENERATE_CHART_H

#include "generate/manifest_parts.h"

/*
 * A chart's templates are the manifests, with expressions of Helm where
 * values.yaml may say something else: namespace, images, resources, storage,
 * replicas, labels, annotations, scheduling. Nodes have hosts without a
 * namespace, which they find in their own. Keys and passwords are neither in
 * templates nor in values.yaml, but in the values file
 * DIR/.medley/secrets.yaml, which an archive of the chart does not contain.
 */

/* The value of the label medley.run, behind the network's prefix: a namespace
 * has one network of each prefix. */
#define CHART_RUN "{{ .Release.Namespace }}"

/* The other holes of manifest_common(), as expressions. */
void chart_common(struct values *v);
/* The holes cpu, memory and limits. */
void chart_resources(struct values *v);
void chart_replicas(struct buf *out, const char *set);
/* "node" or "cordapps" of a StatefulSet. */
void chart_set_image(struct buf *out, const char *set, const char *kind);
/* Adds a Secret to the values that hold them. */
int chart_secret(struct buf *secret_values, const struct secret_manifest *m,
		 const struct buf *keys, struct error *err);
/* Templates and files that only a chart has: values.yaml and its schema, the
 * Secrets' template and values, the pod of `helm test`. */
int chart_write(const struct manifest_input *in, struct output *out,
		struct error *err);

#endif
