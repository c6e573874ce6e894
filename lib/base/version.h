/* SPDX-License-Identifier: Apache-2.0 */
/* version.h - which medley this is, and how it was built. */
#ifndef BASE_VERSION_H
#define BASE_VERSION_H

/* A semantic version; what is behind the `+` names the commit: "0.1.0+9d25f98",
 * or "0.1.0+9d25f98.dirty" with changes that are not committed. make/version
 * computes it. Written into every run. */
extern const char medley_version[];
/* The full SHA-1 of the commit; "unknown" outside a checkout. */
extern const char medley_commit[];
/* The day of the commit, "2026-11-21"; "unknown" as well. */
extern const char medley_date[];
/* The compiler, and how it was called. */
extern const char medley_build[];
/* The flags that make a fault of the binary harder to use; "" for a sanitizer.
 */
extern const char medley_hardening[];
/* The libraries that it was built with: "libgit2 1.5.1, jansson 2.14," */
extern const char medley_libraries[];

#endif
