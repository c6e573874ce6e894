/* SPDX-License-Identifier: Apache-2.0 */
/* judged_run.c - runs of which there is nothing but what an archive reads. */
#include "test/support/judged_run.h"

#include <sys/stat.h>

#include "base/cleanup.h"

enum { TEXT_MAX = 64 * 1024 };

void add_result(struct buf *out, const char *payer, const char *payee,
		const char *verdict, unsigned p50_ms)
{
	buf_addf(out,
		 "{\"payer\":\"%s\",\"payee\":\"%s\",\"notary\":\"4.8\","
		 "\"verdict\":\"%s\",\"judged\":\"%s\",\"required\":true,"
		 "\"reason\":%s,\"payments\":7,\"ok\":7,\"settled\":6,"
		 "\"lost\":1,\"latency_ms\":{\"count\":7,\"p50\":%u,"
		 "\"p95\":%u},\"findings\":[]}",
		 payer, payee, verdict, verdict,
		 strcmp(verdict, "pass") ? "\"1 payment was lost\"" : "null",
		 p50_ms, p50_ms * 2);
}

void write_results(struct scratch *at, const char *name, const char *text)
{
	char path[PATH_ROOM];

	mkdir(path_join(path, at->dir, name), 0755);
	scratch_write(at, path_printf(path, "%s/network.resolved.yaml", name),
		      "");
	scratch_write(at, path_printf(path, "%s/results.json", name), text);
}

void write_cells(struct scratch *at, const char *name, const char *cells)
{
	cleanup(buf_release) struct buf text = BUF_INIT(TEXT_MAX);
	char path[PATH_ROOM];
	const bool failed = strstr(cells, "\"fail\"") != NULL;

	buf_addf(&text,
		 "{\"version\":3,\"medley\":\"0.1.0\",\"run\":\"%s\","
		 "\"network\":\"nightly/quick.yaml\",\"engine\":\"podman\","
		 "\"answer\":\"%s\",\"exit_code\":%d,\"reason\":null,"
		 "\"releases\":[{\"label\":\"4.0\",\"commit\":\"maven:4.0\","
		 "\"digest\":\"sha256:aa\",\"platform\":4},"
		 "{\"label\":\"4.10\",\"commit\":\"0123456789abcdef\","
		 "\"digest\":\"sha256:%.8s\",\"platform\":12}],"
		 "\"cells\":[%s],\"findings\":[],\"issues\":{}}",
		 name, failed ? "FAIL" : "PASS", failed, name, cells);
	assert_false(text.failed);
	write_results(at, name, buf_text(&text));
	scratch_write(at, path_printf(path, "%s/phases.jsonl", name),
		      buf_text(&text));
}

void write_run(struct scratch *at, const char *name, const char *verdicts,
	       unsigned p50_ms)
{
	cleanup(buf_release) struct buf cells = BUF_INIT(TEXT_MAX);
	const char *blank = strchr(verdicts, ' ');
	char first[32];

	snprintf(first, sizeof(first), "%.*s",
		 blank ? (int)(blank - verdicts) : (int)strlen(verdicts),
		 verdicts);
	add_result(&cells, "4.0", "4.10", first, p50_ms);
	if (blank) {
		buf_add_u8(&cells, ',');
		add_result(&cells, "4.10", "4.0", blank + 1, p50_ms);
	}
	write_cells(at, name, buf_text(&cells));
}
