/* SPDX-License-Identifier: Apache-2.0 */
/* trouble.c - finds why a pod is not ready, and whether to wait. */
#include "kube/trouble.h"

#include <stdio.h>
#include <string.h>

enum { CLAIM_GRACE_S = 600 };

/* Where a reason is found. */
enum place { WAITING, ENDED, CONDITION, POD, EVENT };

/* The grace is for what mends itself: a registry that is slow, a Secret that
 * comes later, a node that is added, a database that is not up yet. */
static const struct {
	enum place place;
	const char *reason, *family;
	int grace_s;
} reasons[] = {
	{ WAITING, "ErrImageNeverPull", "image", 0 },
	{ WAITING, "InvalidImageName", "image", 0 },
	{ WAITING, "ErrImagePull", "image", 30 },
	{ WAITING, "ImagePullBackOff", "image", 30 },
	{ WAITING, "RegistryUnavailable", "image", 60 },
	{ WAITING, "CreateContainerConfigError", "config", 20 },
	{ WAITING, "CreateContainerError", "config", 20 },
	{ WAITING, "RunContainerError", "config", 20 },
	{ WAITING, "CrashLoopBackOff", "crash", 60 },
	{ ENDED, "OOMKilled", "memory", 0 },
	{ ENDED, "ContainerCannotRun", "config", 20 },
	{ ENDED, "StartError", "config", 20 },
	{ ENDED, "Error", "crash", 60 },
	{ CONDITION, "Unschedulable", "schedule", 60 },
	{ POD, "Evicted", "evicted", 60 },
	{ EVENT, "FailedMount", "mount", 60 },
	{ EVENT, "FailedAttachVolume", "mount", 120 },
	{ EVENT, "FailedCreatePodSandBox", "sandbox", 60 },
	{ EVENT, "ProvisioningFailed", "volume", 20 },
	{ EVENT, "FailedCreate", "create", 10 },
};

static bool fill(enum place place, const char *reason, const char *message,
		 const char *container, struct kube_trouble *ret)
{
	for (size_t i = 0; reason && i < sizeof(reasons) / sizeof(reasons[0]);
	     i++) {
		if (reasons[i].place != place ||
		    strcmp(reasons[i].reason, reason) != 0)
			continue;
		ret->family = reasons[i].family;
		ret->grace_s = reasons[i].grace_s;
		snprintf(ret->container, sizeof(ret->container), "%s",
			 container ? container : "");
		snprintf(ret->text, sizeof(ret->text), "%s%s%s", reason,
			 message && *message ? ": " : "",
			 message ? message : "");
		return true;
	}
	return false;
}

static bool of_end(const struct js *state, const char *container,
		   struct kube_trouble *ret)
{
	const struct js *ended = js_get(state, "terminated");
	int64_t code = js_int(ended, "exitCode", 0);
	char exit[48];

	snprintf(exit, sizeof(exit), "exit code %d", (int)code);
	return code &&
	       fill(ENDED, js_str(ended, "reason"), exit, container, ret);
}

/* What killed it says more than that it waits to be started again. */
static bool of_container(const struct js *c, struct kube_trouble *ret)
{
	const char *name = js_str(c, "name");
	const struct js *state = js_get(c, "state");
	const struct js *waiting = js_get(state, "waiting");

	if (of_end(state, name, ret))
		return true;
	if (!waiting)
		return false;
	if (of_end(js_get(c, "lastState"), name, ret) && !ret->grace_s)
		return true;
	return fill(WAITING, js_str(waiting, "reason"),
		    js_str(waiting, "message"), name, ret);
}

static bool of_containers(const struct js *list, struct kube_trouble *ret)
{
	for (size_t i = 0; i < js_count(list); i++)
		if (of_container(js_at(list, i), ret))
			return true;
	return false;
}

static const struct js *condition(const struct js *object, const char *type)
{
	const struct js *list = js_get(js_get(object, "status"), "conditions");

	for (size_t i = 0; i < js_count(list); i++) {
		const char *t = js_str(js_at(list, i), "type");

		if (t && strcmp(t, type) == 0)
			return js_at(list, i);
	}
	return NULL;
}

bool kube_condition(const struct js *object, const char *type)
{
	const char *status = js_str(condition(object, type), "status");

	return status && strcmp(status, "True") == 0;
}

bool kube_pod_ready(const struct js *pod)
{
	return kube_condition(pod, "Ready") &&
	       !js_str(js_get(pod, "metadata"), "deletionTimestamp");
}

/* Volumes are made one after the other: with a thousand pods that takes its
 * time, and one that cannot be made says so in an event. */
static bool waits_for_claims(const struct js *scheduled)
{
	const char *why = js_str(scheduled, "message");

	return why && strstr(why, "unbound immediate PersistentVolumeClaims");
}

static bool of_schedule(const struct js *scheduled, struct kube_trouble *ret)
{
	if (!fill(CONDITION, js_str(scheduled, "reason"),
		  js_str(scheduled, "message"), NULL, ret))
		return false;
	if (waits_for_claims(scheduled)) {
		ret->family = "claim";
		ret->grace_s = CLAIM_GRACE_S;
	}
	return true;
}

/* What registries and containerd say of a login that is missing or wrong. */
static bool is_refused(const char *text)
{
	static const char *const words[] = { "uthoriz", "uthenti", "denied",
					     "orbidden" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strstr(text, words[i]))
			return true;
	return false;
}

/* "ErrImagePull with Secret regsecret: …" is where to look for the password;
 * the kubelet does not say by which login it was refused. */
static void name_login(const struct js *pod, struct kube_trouble *t)
{
	const struct js *secrets =
		js_get(js_get(pod, "spec"), "imagePullSecrets");
	const char *secret = js_str(js_at(secrets, 0), "name");
	size_t reason = strcspn(t->text, ":");
	char text[sizeof(t->text)];

	if (strcmp(t->family, "image") != 0 || !is_refused(t->text))
		return;
	snprintf(text, sizeof(text), "%.*s %s %s%.400s", (int)reason, t->text,
		 secret ? "with Secret" : "without a login,",
		 secret ? secret : "the pod has no imagePullSecrets",
		 t->text + reason);
	memcpy(t->text, text, sizeof(text));
}

static bool of_status(const struct js *pod, struct kube_trouble *ret)
{
	const struct js *status = js_get(pod, "status");

	return of_containers(js_get(status, "initContainerStatuses"), ret) ||
	       of_containers(js_get(status, "containerStatuses"), ret) ||
	       of_schedule(condition(pod, "PodScheduled"), ret) ||
	       fill(POD, js_str(status, "reason"), js_str(status, "message"),
		    NULL, ret);
}

bool kube_trouble_of_pod(const struct js *pod, struct kube_trouble *ret)
{
	if (js_str(js_get(pod, "metadata"), "deletionTimestamp") ||
	    !of_status(pod, ret))
		return false;
	name_login(pod, ret);
	return true;
}

bool kube_trouble_of_event(const struct js *event, struct kube_trouble *ret)
{
	return fill(EVENT, js_str(event, "reason"), js_str(event, "message"),
		    NULL, ret);
}
