/* SPDX-License-Identifier: Apache-2.0 */
/* protobuf.h - ConfigMaps and Secrets as the API's protocol buffers. */
#ifndef KUBE_PROTOBUF_H
#define KUBE_PROTOBUF_H

#include <stdbool.h>

#include "base/buf.h"
#include "data/yaml.h"

/*
 * Nearly all bytes of a network are in ConfigMaps and Secrets. A server decodes
 * JSON twice (for the kind, then for the content and unknown fields), but a
 * protocol buffer once, and its bytes need no base64. The field numbers are
 * those of k8s.io/api/core/v1/generated.proto and of apimachinery's meta/v1 and
 * runtime.
 */
#define PACKED_TYPE "application/vnd.kubernetes.protobuf"

/*
 * False if the object is of another kind, or has a field that is unknown here
 * or has another type. Then send it as JSON, and the server reports what is
 * wrong, if anything is; ignore the bytes in `out`.
 */
bool protobuf_add(const struct yaml_node *object, struct buf *out);

#endif
