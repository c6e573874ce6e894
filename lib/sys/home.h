/* SPDX-License-Identifier: Apache-2.0 */
/* home.h - where medley's own data files and its cache are. */
#ifndef SYS_HOME_H
#define SYS_HOME_H

#include "base/error.h"
#include "sys/file.h"

/*
 * The path of a data file that belongs to medley: in $MEDLEY_HOME if that is
 * set. Else in the nearest directory above the binary that has the file, itself
 * or in share/medley (a checkout; an installed medley); a directory that others
 * may write to is passed over. Else where `make install` puts it.
 */
const char *home_path(char room[PATH_ROOM], const char *relative);
/* ERROR_INPUT, which says what to do, when medley's data files are in none of
 * these places, as beside a binary that was copied elsewhere. */
int home_check(struct error *err);
/* Where medley keeps what can be made again: $MEDLEY_CACHE, else
 * $XDG_CACHE_HOME/medley, else ~/.cache/medley. Made if missing. */
int cache_path(char room[PATH_ROOM], const char *relative, struct error *err);

#endif
