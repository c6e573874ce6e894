/* SPDX-License-Identifier: Apache-2.0 */
/* protobuf.h - ConfigMaps and Secrets as the API's protocol buffers. */
#ifndef KUBE_PROTOBUF_H
#define KUBE_PROTOBUF_H

#include <stdbool.h>

#include "base/buf.h"
#include "data/yaml.h"

/*
 * Nearly all bytes of a network stand in ConfigMaps and Secrets. A server
 * decodes their JSON twice (of which kind; what is in it, and is that known),
 * a protocol buffer once, and its bytes need no base64. The numbers of the
 * fields are those of k8s.io/api/core/v1/generated.proto and of apimachinery's
 * meta/v1 and runtime.
 */
#define PACKED_TYPE "application/vnd.kubernetes.protobuf"

/*
 * False: it is of another kind, or has a field that is not known here or is
 * of another type. Then it is to be sent as JSON, and the server says what is
 * wrong with it, if anything is; what was added to `out` is worth nothing.
 */
bool protobuf_add(const struct yaml_node *object, struct buf *out);

#endif
