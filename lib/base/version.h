/* SPDX-License-Identifier: Apache-2.0 */
/* version.h - which medley this is; written into every run. */
#ifndef BASE_VERSION_H
#define BASE_VERSION_H

#define MEDLEY_VERSION "0.1.0"

#endif
