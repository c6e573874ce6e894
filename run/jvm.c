/* SPDX-License-Identifier: Apache-2.0 */
/* jvm.c - the options for the JVMs of the nodes. */
#include "run/jvm.h"

#include <ctype.h>
#include <string.h>

enum { OPTIONS_MAX = 1000 };

/*
 * Options that start a node sooner and leave what it does alone: bytecode is
 * verified as ever, since a jar that does not fit may show there.
 *
 *	TieredStopAtLevel=1	nearly all of the gain: a node runs most of its
 *				code a few times while it starts, and the C2
 *				compiler takes the processors from it
 *	UseSerialGC		less memory; the node asks for G1 itself, and
 *				two collectors are an error
 *	Xms, MetaspaceSize	not a dozen collections while both grow
 *	Xshare:auto		the JRE's classes from its archive
 *
 * docs/benchmarks.md has the figures.
 */
static const char fast_options[] =
	"-XX:TieredStopAtLevel=1 -XX:-UseG1GC -XX:+UseSerialGC "
	"-Xms384m -XX:MetaspaceSize=192m -Xshare:auto";

bool jvm_valid(const char *text)
{
	if (!strcmp(text, JVM_FAST) || !strcmp(text, JVM_STOCK))
		return true;
	if (*text != '-' || strlen(text) > OPTIONS_MAX)
		return false;
	/* Kubernetes and Helm replace $(NAME) and {{ }} in a manifest. */
	for (const char *p = text; *p; p++)
		if (!isprint((unsigned char)*p) || strchr("${}", *p))
			return false;
	return true;
}

const char *jvm_options(const char *text)
{
	text = jvm_word(text);
	if (!strcmp(text, JVM_STOCK))
		return "";
	return strcmp(text, JVM_FAST) ? text : fast_options;
}
