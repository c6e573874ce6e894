/* SPDX-License-Identifier: Apache-2.0 */
/* precheck.h - what can be wrong with a network.yaml beyond its own text. */
#ifndef CLI_PRECHECK_H
#define CLI_PRECHECK_H

#include "run/network.h"

struct yaml_faults;

/* Looks each commit-ish up in the clone, before anything is made. Errors:
 * ERROR_INPUT "file:line:column: …" with the nearest names. */
int precheck_words(const struct network *net, struct arena *arena,
		   struct error *err);
/* The same of all that can be wrong, added to `faults`. */
void precheck_all(const struct network *net, struct arena *arena,
		  struct yaml_faults *faults);
/* Whether the released versions exist, before anything is made; may ask Maven
 * (build-and-publish/released.h). */
int precheck_released(const struct network *net, struct arena *arena,
		      struct error *err);

/* Whether the images that a stored network names exist still
 * (build-and-publish/kept_images.h). */
int precheck_images(const struct network *net, struct arena *arena,
		    struct error *err);

/* Whether what runs the network is there at all, before anything is made. */
int precheck_engine(const struct network *net, struct error *err);
/* Whether the kubeconfig has the cluster that the network is to run in; the
 * cluster itself is not asked. ERROR_INPUT. */
int precheck_cluster(const struct network *net, struct error *err);

#endif
