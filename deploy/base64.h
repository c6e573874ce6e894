/* SPDX-License-Identifier: Apache-2.0 */
/* base64.h - reads the values of a Secret. */
#ifndef DEPLOY_BASE64_H
#define DEPLOY_BASE64_H

#include "base/buf.h"
#include "base/error.h"

/* Adds the bytes that `text` stands for; blanks and newlines are skipped. */
int base64_decode(const char *text, struct buf *out, struct error *err);

#endif
