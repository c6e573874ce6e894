/* SPDX-License-Identifier: Apache-2.0 */
/* completion.h - what a shell offers when a person presses the tabulator. */
#ifndef CLI_COMPLETION_H
#define CLI_COMPLETION_H

#include "base/buf.h"

/*
 * Completes the last of the words after "medley", which may be empty. Adds a
 * line with what the shell itself is to add: ":" nothing, ":files" or
 * ":directories"; then a line for each word that begins so, "word<TAB>help".
 * All of it follows from the tables of commands and options, and from the runs
 * on disk; what cannot be read is left out.
 */
void complete_words(const char *const *words, unsigned count, struct buf *out);

/* The script that makes a shell ask `medley complete`; NULL: there is none for
 * a shell of this name. */
const char *completion_script(const char *shell);
/* The shells, separated by single spaces. */
extern const char completion_shells[];

#endif
