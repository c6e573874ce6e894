/* SPDX-License-Identifier: Apache-2.0 */
/* network_labels.h - names and values of labels, as Kubernetes takes them. */
#ifndef RUN_NETWORK_LABELS_H
#define RUN_NETWORK_LABELS_H

#include <stdbool.h>

/* Of an object, names and values together. The API server takes 256 KiB, which
 * kubectl's copy of the object shares. */
enum { PAIRS_BYTES_MAX = 16 * 1024 };

/* "team" or "example.com/team": the name of a label, an annotation or a taint.
 */
bool label_key_valid(const char *text);
/* Empty, or at most 63 letters, digits and inner '-', '.' and '_'. */
bool label_value_valid(const char *text);
/* Names of labels and annotations that medley's own objects have, or that
 * would change who removes them. */
bool label_is_medleys(const char *key);

#endif
