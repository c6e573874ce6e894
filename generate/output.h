/* SPDX-License-Identifier: Apache-2.0 */
/* output.h - the files of a generation, in the form that was asked for. */
#ifndef GENERATE_OUTPUT_H
#define GENERATE_OUTPUT_H

#include "base/buf.h"
#include "base/error.h"
#include "generate/generate.h"

/*
 * Plain: DIR/<part>/<name>. As a kustomize base: the same, and
 * DIR/kustomization.yaml, which names them. As a chart of Helm:
 * DIR/templates/<part>/<name>, and what chart.h says.
 *
 * What an earlier generation wrote to the same directory and this one does
 * not, is removed, where a list of the files is kept. Files of others stay.
 */
struct output {
	const char *dir;
	const char *list; /* file: names of the last generation, or NULL */
	enum generate_format format;
	struct buf names; /* a line each, relative to dir */
	unsigned count;
};

void output_release(struct output *o);
/* Manifests hold keys and passwords: all files are for their owner alone. */
int output_begin(struct output *o, const char *dir, const char *list,
		 enum generate_format format, struct error *err);
int output_add(struct output *o, const char *part, const char *name,
	       const struct buf *text, struct error *err);
/* A file that is no object, by its path below the directory. */
int output_file(struct output *o, const char *name, const struct buf *text,
		struct error *err);
/* Writes what the format needs beside. */
int output_end(struct output *o, struct error *err);

#endif
