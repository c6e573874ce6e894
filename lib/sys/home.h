/* SPDX-License-Identifier: Apache-2.0 */
/* home.h - where medley's own data files and its cache are. */
#ifndef SYS_HOME_H
#define SYS_HOME_H

#include "base/error.h"
#include "sys/file.h"

/*
 * The path of a data file that belongs to medley: in $MEDLEY_HOME if that is
 * set. Else in the nearest directory above the binary that has the data, itself
 * or in share/medley (a checkout; an installed medley); a directory that others
 * may write to is passed over. Else in the cache, where the program unpacks its
 * own copy (sys/home_data.h): a program that was copied needs nothing else.
 */
const char *home_path(char room[PATH_ROOM], const char *relative);
/* MEDLEY_HOME has no data (ERROR_INPUT), or the program cannot unpack its copy.
 */
int home_check(struct error *err);
/* Where medley keeps what can be made again: $MEDLEY_CACHE, else
 * $XDG_CACHE_HOME/medley, else ~/.cache/medley. Made if missing. */
int cache_path(char room[PATH_ROOM], const char *relative, struct error *err);

#endif
