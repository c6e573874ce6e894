/* SPDX-License-Identifier: Apache-2.0 */
/* absent.c - stands in for rooms that are not built in yet. */
#include "build-and-publish/build.h"
#include "deploy/deploy.h"
#include "driver/driver.h"
#include "generate/generate.h"
#include "report/report.h"
#include "vault/vault.h"

#define WEAK __attribute__((weak))

static int absent(const char *what, struct error *err)
{
	return error_set(err, ERROR_INTERNAL, "%s is not built in", what);
}

WEAK int build_images(const struct build_request *requests, unsigned count,
		      const char *dir, int seconds, struct arena *arena,
		      struct progress *progress,
		      struct build_result *ret_results, struct error *err)
{
	(void)requests, (void)count, (void)dir, (void)seconds, (void)arena;
	(void)progress, (void)ret_results;
	return absent("build", err);
}

WEAK int generate_config(const char *run_dir, struct generate_summary *ret,
			 struct error *err)
{
	(void)run_dir, (void)ret;
	return absent("generate", err);
}

WEAK int deploy_up(const char *run_dir, struct progress *progress,
		   struct js **ret_details, struct error *err)
{
	(void)run_dir, (void)progress, (void)ret_details;
	return absent("deploy", err);
}

WEAK int deploy_down(const char *run_dir, int seconds,
		     struct progress *progress, struct js **ret_details,
		     struct error *err)
{
	(void)run_dir, (void)seconds, (void)progress, (void)ret_details;
	return absent("deploy", err);
}

WEAK int deploy_status(const char *run_dir, struct js **ret, struct error *err)
{
	(void)run_dir, (void)ret;
	return absent("deploy", err);
}

WEAK int deploy_logs(const char *run_dir, const char *node, unsigned lines,
		     int fd, struct error *err)
{
	(void)run_dir, (void)node, (void)lines, (void)fd;
	return absent("deploy", err);
}

WEAK int driver_run(const char *run_dir, struct progress *progress,
		    struct js **ret_details, struct error *err)
{
	(void)run_dir, (void)progress, (void)ret_details;
	return absent("driver", err);
}

WEAK int vault_check(const char *run_dir, struct progress *progress,
		     struct js **ret_details, struct error *err)
{
	(void)run_dir, (void)progress, (void)ret_details;
	return absent("vault", err);
}

WEAK int report_write(const char *run_dir, int colour, struct buf *text,
		      int *ret_exit_code, struct error *err)
{
	(void)run_dir, (void)colour, (void)text, (void)ret_exit_code;
	return absent("report", err);
}
