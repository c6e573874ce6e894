/* SPDX-License-Identifier: Apache-2.0 */
/* registry.h - checks a registry's name, explains its answers. */
#ifndef BUILD_REGISTRY_H
#define BUILD_REGISTRY_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"

/* Loopback: plain HTTP, or TLS that nobody vouches for, will do, as for
 * docker and podman. */
bool registry_is_local(const char *registry);

/* ABSENT: there is no such image (yet). FINAL: asking again is of no use.
 * AGAIN: a passing fault. */
enum registry_answer { REGISTRY_ABSENT, REGISTRY_FINAL, REGISTRY_AGAIN };

/*
 * What a failure of skopeo means, by the rules of registry-answers.yaml; the
 * first that fits. *ret_fix: what the user can do, or NULL. ERROR_INTERNAL:
 * the rules cannot be read.
 */
int registry_judge(const char *text, struct arena *arena,
		   enum registry_answer *ret, const char **ret_fix,
		   struct error *err);

#endif
