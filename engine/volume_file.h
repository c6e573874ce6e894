/* SPDX-License-Identifier: Apache-2.0 */
/* volume_file.h - the file that a volume is filled from, before it is read. */
#ifndef ENGINE_VOLUME_FILE_H
#define ENGINE_VOLUME_FILE_H

#include "engine/engine.h"

/* Nothing is to be emptied for a file that cannot be what is put there:
 * ERROR_INPUT unless it is a regular file of 1 to `max` bytes that begins as a
 * stream of tar does. Its position is the beginning then. */
int volume_file_check(const struct volume_stream *from, struct error *err);

#endif
