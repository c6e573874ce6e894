/* SPDX-License-Identifier: Apache-2.0 */
/* kubernetes_volumes.c - a pod's volume, by tar in its container. */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "engine/kubernetes/kubernetes.h"
#include "engine/volume_file.h"
#include "kube/exec.h"

/*
 * A volume is reached by a container that mounts it, and only while that runs:
 * ENGINE_STOP keeps its program from writing. The tar of the image works as the
 * image's user: owners become that user. The volume's own directory is root's,
 * and so is lost+found in some volumes: they are not touched.
 */
#define EACH_FILE                                                              \
	"cd \"$1\" || exit 1\n"                                                \
	"shift\n"                                                              \
	"for f in * .[!.]* ..?*; do\n"                                         \
	"	[ -e \"$f\" ] || [ -h \"$f\" ] || continue\n"                        \
	"	[ \"$f\" != lost+found ] || continue\n"
static const char save_script[] =
	EACH_FILE "	set -- \"$@\" \"./$f\"\n"
		  "done\n"
		  "exec tar --numeric-owner -cf - -T /dev/null \"$@\"";
static const char load_script[] = EACH_FILE "	rm -rf \"./$f\" || exit 1\n"
					    "done\n"
					    "exec tar -xpf -";

static const struct js *named(const struct js *list, const char *name)
{
	for (size_t i = 0; i < js_count(list); i++) {
		const char *its = js_str(js_at(list, i), "name");

		if (its && !strcmp(its, name))
			return js_at(list, i);
	}
	return NULL;
}

/* What does not outlive the pod is of no use. */
static bool is_claimed(const struct js *spec, const char *volume)
{
	const struct js *list = js_get(spec, "volumeClaimTemplates");

	for (size_t i = 0; i < js_count(list); i++) {
		const char *name =
			js_str(js_get(js_at(list, i), "metadata"), "name");

		if (name && !strcmp(name, volume))
			return true;
	}
	return false;
}

static const char *mount_path(const struct js *set, const char *name,
			      const char *volume)
{
	const struct js *spec = js_get(set, "spec");
	const struct js *pod = js_get(js_get(spec, "template"), "spec");
	const struct js *container = named(js_get(pod, "containers"), name);

	if (!is_claimed(spec, volume))
		return NULL;
	return js_str(named(js_get(container, "volumeMounts"), volume),
		      "mountPath");
}

/* Where the manifest mounts the volume in the pod's container. */
static int find_path(struct kubernetes *k, const struct pod *pod,
		     const char *volume, const char **ret, struct error *err)
{
	cleanup(js_freep) struct js *set = NULL;
	const struct kubernetes_set *s;
	const char *path;

	if (kubernetes_objects(k, err) < 0)
		return -1;
	for (s = k->sets; s && strcmp(s->object->name, pod->want.set);)
		s = s->next;
	if (s && js_parse(s->object->file, s->object->body, s->object->len,
			  &set, err) < 0)
		return -1;
	path = mount_path(set, kubernetes_container(pod), volume);
	if (!path)
		return error_set(err, ERROR_INPUT, "pod %s has no volume %s",
				 pod->name, volume);
	*ret = arena_strdup(&k->arena, path);
	return *ret ? 0 : error_nomem(err);
}

int kubernetes_volume_save(struct engine *e, const struct pod *pod,
			   const struct volume_stream *to, struct error *err)
{
	struct kubernetes *k = (struct kubernetes *)e;
	const char *argv[] = {
		"/bin/sh", "-c", save_script, "save", NULL, NULL
	};
	const struct kube_exec what = { .namespace = k->namespace,
					.pod = pod->name,
					.container = kubernetes_container(pod),
					.argv = argv,
					.seconds = to->seconds,
					.out_fd = to->fd,
					.out_max = to->max };

	if (find_path(k, pod, to->volume, &argv[4], err) < 0)
		return -1;
	if (kube_exec_run(k->kube, &what, NULL, NULL, err) < 0)
		return error_wrap(err, "saving volume %s of pod %s", to->volume,
				  pod->name);
	return 0;
}

/* All of it, since where a server's protocol cannot say that the input ends,
 * its length is to be known. */
static int send_file(struct kubernetes *k, struct kube_exec *what, int fd,
		     struct error *err)
{
	struct stat st;
	void *bytes;
	int rc;

	if (fstat(fd, &st) < 0)
		return error_errno(err, ERROR_INTERNAL, errno, "its file");
	bytes = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (bytes == MAP_FAILED)
		return error_errno(err, ERROR_INTERNAL, errno, "its file");
	what->input = bytes;
	what->input_len = (size_t)st.st_size;
	rc = kube_exec_run(k->kube, what, NULL, NULL, err);
	munmap(bytes, (size_t)st.st_size);
	return rc;
}

int kubernetes_volume_load(struct engine *e, const struct pod *pod,
			   const struct volume_stream *from, struct error *err)
{
	struct kubernetes *k = (struct kubernetes *)e;
	const char *argv[] = {
		"/bin/sh", "-c", load_script, "load", NULL, NULL
	};
	struct kube_exec what = { .namespace = k->namespace,
				  .pod = pod->name,
				  .container = kubernetes_container(pod),
				  .argv = argv,
				  .seconds = from->seconds,
				  .out_fd = -1 };

	if (find_path(k, pod, from->volume, &argv[4], err) < 0)
		return -1;
	if (volume_file_check(from, err) < 0 ||
	    send_file(k, &what, from->fd, err) < 0)
		return error_wrap(err, "loading volume %s of pod %s",
				  from->volume, pod->name);
	return 0;
}
