/* SPDX-License-Identifier: Apache-2.0 */
/* scalar.h - the type of a scalar in a manifest, as kubectl reads it. */
#ifndef KUBE_SCALAR_H
#define KUBE_SCALAR_H

#include <stdbool.h>

#include "base/buf.h"
#include "data/yaml.h"

enum scalar_type {
	SCALAR_TEXT,
	SCALAR_NUMBER, /* as JSON writes it */
	SCALAR_OCTAL,
	SCALAR_TRUE,
	SCALAR_FALSE,
	SCALAR_NULL
};

/* Quoted: a text. Plain: by the rules of YAML 1.1. */
enum scalar_type scalar_type(const struct yaml_node *scalar);
void scalar_add_json(struct buf *out, const struct yaml_node *scalar);

#endif
