/* SPDX-License-Identifier: Apache-2.0 */
/* chart.c - expressions of Helm in the templates of a chart. */
#include "generate/chart.h"

#include <string.h>

#include "base/cleanup.h"

/* Pairs of a value, a line each, below whatever they stand. */
#define PAIRS_OF(value)                                                        \
	"{{- range $key, $value := " value " }}\n"                             \
	"{{ $key | quote }}: {{ $value | quote }}\n"                           \
	"{{- end }}\n"

/* A member that is left out if its value is empty. */
#define MEMBER(name, value, form)                                              \
	"{{- with " value " }}\n" name ": {{ . | " form " }}\n{{- end }}\n"

static const struct {
	const char *hole, *yaml;
} expressions[] = {
	{ "pull_secret",
	  MEMBER("imagePullSecrets", ".Values.images.pullSecrets", "toJson") },
	{ "storage_class",
	  MEMBER("storageClassName", ".Values.storage.className", "quote") },
	{ "labels", PAIRS_OF(".Values.labels") },
	{ "annotation_lines", PAIRS_OF(".Values.annotations") },
	{ "annotations", "{{- if .Values.annotations }}\n"
			 "annotations:\n"
			 "  {{- range $key, $value := .Values.annotations }}\n"
			 "  {{ $key | quote }}: {{ $value | quote }}\n"
			 "  {{- end }}\n"
			 "{{- end }}\n" },
	{ "scheduling",
	  MEMBER("nodeSelector", ".Values.nodeSelector", "toJson")
		  MEMBER("tolerations", ".Values.tolerations", "toJson")
			  MEMBER("priorityClassName",
				 ".Values.priorityClassName", "quote") },
	{ "more_requests",
	  MEMBER("ephemeral-storage", ".Values.ephemeralStorage.request",
		 "quote") },
	{ "more_limits", MEMBER("ephemeral-storage",
				".Values.ephemeralStorage.limit", "quote") },
};

static const struct {
	const char *hole, *text;
} texts[] = {
	{ "namespace", "{{ .Release.Namespace }}" },
	{ "storage", "{{ .Values.storage.size }}" },
	{ "pull_policy", "{{ .Values.images.pullPolicy }}" },
};

void chart_common(struct values *v)
{
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		values_text(v, texts[i].hole, texts[i].text);
	for (size_t i = 0; i < ARRAY_SIZE(expressions); i++)
		values_yaml(v, expressions[i].hole, expressions[i].yaml);
}

void chart_resources(struct values *v)
{
	values_text(v, "cpu", "{{ .Values.resources.requests.cpu }}");
	values_text(v, "memory", "{{ .Values.resources.requests.memory }}");
	values_yaml(v, "limits",
		    MEMBER("cpu", ".Values.resources.limits.cpu", "quote")
			    MEMBER("memory", ".Values.resources.limits.memory",
				   "quote"));
}

void chart_replicas(struct buf *out, const char *set)
{
	buf_addf(out, "replicas: {{ index .Values.replicas \"%s\" }}\n", set);
}

/* In backquotes: the text may come to stand in quotes. */
void chart_set_image(struct buf *out, const char *set, const char *kind)
{
	buf_addf(out, "{{ index .Values.images.nodes `%s` `%s` }}", set, kind);
}
