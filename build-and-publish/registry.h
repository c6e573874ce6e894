/* SPDX-License-Identifier: Apache-2.0 */
/* registry.h - checks a registry's name, explains its answers. */
#ifndef BUILD_REGISTRY_H
#define BUILD_REGISTRY_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"

/* True for a loopback address. There plain HTTP and TLS with an unknown CA are
 * allowed, as docker and podman allow them. */
bool registry_is_local(const char *registry);

/* ABSENT: the image is not in the registry (yet). FINAL: another try would fail
 * too. AGAIN: a temporary failure. */
enum registry_answer { REGISTRY_ABSENT, REGISTRY_FINAL, REGISTRY_AGAIN };

/*
 * The meaning of skopeo's message, by the first rule of registry-answers.yaml
 * that fits. *ret_fix: what the user can do, or NULL. ERROR_INTERNAL if the
 * rules cannot be read.
 */
int registry_judge(const char *text, struct arena *arena,
		   enum registry_answer *ret, const char **ret_fix,
		   struct error *err);

#endif
