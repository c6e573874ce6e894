/* SPDX-License-Identifier: Apache-2.0 */
/* jvm.c - which options the JVMs of the nodes get. */
#include "run/jvm.h"

#include <ctype.h>
#include <string.h>

enum { OPTIONS_MAX = 1000 };

/*
 * docs/benchmarks.md has the figures. The C1 compiler alone is nearly all of
 * the gain: a node runs most of its code only a few times while it starts, and
 * C2 then takes the processor from it. The node asks for G1 itself, and two
 * collectors are an error, so that one has to be switched off.
 */
static const char fast_options[] =
	"-XX:TieredStopAtLevel=1 -XX:-UseG1GC -XX:+UseSerialGC";

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
