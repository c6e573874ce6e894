/* SPDX-License-Identifier: Apache-2.0 */
/* version.h - which medley this is; written into every run. */
#ifndef BASE_VERSION_H
#define BASE_VERSION_H

/* A semantic version; what is behind the `+` names the commit: "0.1.0+9d25f98",
 * or "0.1.0+9d25f98.dirty" with changes that are not committed. make/version
 * computes it. */
extern const char medley_version[];
/* The compiler, and how it was called. */
extern const char medley_build[];

#endif
