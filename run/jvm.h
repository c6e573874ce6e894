/* SPDX-License-Identifier: Apache-2.0 */
/* jvm.h - the options for the JVMs of the nodes. */
#ifndef RUN_JVM_H
#define RUN_JVM_H

#include <stdbool.h>

/*
 * The key `jvm` of network.yaml is one of two words, or options as the java
 * command takes them:
 *
 *	fast	starts nodes in the shortest time; for short functional runs
 *	stock	adds nothing to the options that the node sets itself; for
 *		measuring a load
 *	-...	these options, and none of `fast`
 *
 * The variable _JAVA_OPTIONS passes them to every JVM of the node. A node's jar
 * starts a second JVM with its own options, and only this variable overrides
 * those.
 */
#define JVM_FAST "fast"
#define JVM_STOCK "stock"

/* True if the text is one of the words, or options that a manifest can
 * contain. */
bool jvm_valid(const char *text);

/* The options with which a node ran. Runs of older versions have NULL. */
static inline const char *jvm_word(const char *text)
{
	return text ? text : JVM_STOCK;
}
/* The value of _JAVA_OPTIONS, or "" where none is set; of a valid text or
 * NULL. */
const char *jvm_options(const char *text);

#endif
