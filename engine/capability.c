/* SPDX-License-Identifier: Apache-2.0 */
/* capability.c - what each engine can, and errors for what it cannot. */
#include <stdio.h>

#include "engine/engine.h"
#include "engine/kubernetes/kubernetes.h"
#include "engine/podman/podman.h"

static const char *const words[] = {
#define CAPABILITY(name, member, words) [ENGINE_INDEX_##name] = words,
#define TRAIT(name)
#include "engine/capabilities.def"
#undef CAPABILITY
#undef TRAIT
};

static const char *const signals[ENGINE_SIGNALS] = {
	[ENGINE_TERM] = "TERM",
	[ENGINE_KILL] = "KILL",
	[ENGINE_STOP] = "STOP",
	[ENGINE_CONT] = "CONT",
};

const char *engine_signal_word(enum engine_signal signal)
{
	return signals[signal];
}

const struct engine_ops *engine_ops_of(enum engine_id id)
{
	static const struct engine_ops *const all[ENGINE_IDS] = {
		[ENGINE_ID_PODMAN] = &podman_ops,
		[ENGINE_ID_KUBERNETES] = &kubernetes_ops,
	};

	return all[id];
}

/* "kubernetes can", or "no engine can yet" */
static void write_capable(enum engine_capability what, char *room, size_t size)
{
	size_t n = 0;

	for (enum engine_id id = 0; id < ENGINE_IDS; id++)
		if (engine_ops_of(id)->can & what && n < size)
			n += (size_t)snprintf(room + n, size - n, "%s%s",
					      n ? ", " : "", engine_word(id));
	if (!n)
		snprintf(room, size, "no engine can yet");
	else if (n < size)
		snprintf(room + n, size - n, " can");
}

int engine_need(const struct engine *e, enum engine_capability what,
		struct error *err)
{
	char who[128];

	if (engine_can(e, what))
		return 0;
	write_capable(what, who, sizeof(who));
	return error_set(err, ERROR_INPUT, "the engine %s cannot %s; %s",
			 engine_word(e->ops->id), words[__builtin_ctz(what)],
			 who);
}
