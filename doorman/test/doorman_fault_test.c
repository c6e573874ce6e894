/* SPDX-License-Identifier: Apache-2.0 */
/* doorman_fault_test.c - a doorman's list is whole, or is an error, and what it
 * takes in is what it was sent, whatever fails. */
#include "doorman/doorman.h"

#include <ftw.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "doorman/names.h"
#include "doorman/requests.h"
#include "test/support/fault_loop.h"
#include "test/support/scratch.h"

enum { ROOM = 1024 * 1024 };

#define STATE "test/vectors/doorman/state"
#define POSTED "test/vectors/doorman/posted/"

struct keeping {
	struct scratch *at;
	char state[PATH_ROOM];
	struct doorman *d;
	struct buf request, text;
	char id[HASH_TEXT];
};

static struct keeping *k; /* for nftw() */

static int copy_one(const char *path, const struct stat *st, int type,
		    struct FTW *ftw)
{
	char to[PATH_ROOM];

	(void)st, (void)ftw;
	path_printf(to, "%s%s", k->state, path + strlen(STATE));
	if (type == FTW_D)
		assert_ok(dir_make(to, 0700, &k->at->err), k->at->err);
	else
		assert_ok(file_copy(path, to, 0600, &k->at->err), k->at->err);
	return 0;
}

static void as_before(void *ctx)
{
	const struct doorman_settings settings = { .directory = k->state,
						   .by_hand = true };

	(void)ctx;
	dir_remove(k->state, NULL);
	assert_int_equal(nftw(STATE, copy_one, 8, FTW_PHYS), 0);
	assert_ok(doorman_open(&settings, &k->d, &k->at->err), k->at->err);
	k->text = (struct buf)BUF_INIT(ROOM);
	k->id[0] = 0;
}

static void release(void *ctx)
{
	(void)ctx;
	doorman_close(steal(k->d));
	buf_release(&k->text);
}

static int list(void *ctx, struct error *err)
{
	cleanup(js_freep) struct js *all = NULL;

	(void)ctx;
	buf_clear(&k->text);
	if (doorman_list(k->d, &all, err) < 0)
		return -1;
	return js_print(all, JS_LINE, &k->text, err);
}

static void show_list(void *ctx, struct buf *out)
{
	(void)ctx;
	buf_add_str(out, buf_text(&k->text));
}

static void lists_all_of_it(void **state)
{
	/* Without Jansson's own allocations: its lexer fails an assertion
	 * where it cannot keep a long word. */
	static const struct fault_story story = {
		.name = "the doorman's list",
		.kinds = FAULTS_MEMORY | FAULTS_READ,
		.prepare = as_before,
		.run = list,
		.show = show_list,
		.release = release,
		.trace = TRACE_ANY,
		.places = 120,
	};
	struct keeping keeping = { .at = *state };

	k = &keeping;
	scratch_in_memory(k->at);
	path_join(k->state, k->at->dir, "state");
	fault_loop(&story, NULL);
}

static int submit(void *ctx, struct error *err)
{
	(void)ctx;
	return request_submit(k->d, k->request.data, k->request.len,
			      "192.0.2.1", k->id, err);
}

/* The request as it is kept, but for the time. */
static void show_request(void *ctx, struct buf *out)
{
	cleanup(request_release) struct request r = REQUEST_INIT;
	bool found = false;

	(void)ctx;
	if (!k->id[0])
		return;
	assert_ok(request_load(k->d, k->id, &r, &found, &k->at->err),
		  k->at->err);
	buf_addf(out, "%s %d %s\n", k->id, found,
		 found ? js_str(r.kept, "csr") : "");
}

static void keeps_a_request_as_it_came(void **state)
{
	static const struct fault_story story = {
		.name = "a request",
		.kinds = FAULTS_MEMORY | FAULTS_READ | FAULTS_WRITE,
		.prepare = as_before,
		.run = submit,
		.show = show_request,
		.release = release,
		.trace = TRACE_DONE,
		.places = 120,
	};
	struct keeping keeping = { .at = *state, .request = BUF_INIT(ROOM) };

	k = &keeping;
	scratch_in_memory(k->at);
	path_join(k->state, k->at->dir, "state");
	assert_ok(file_read(POSTED "request", &k->request, &k->at->err),
		  k->at->err);
	fault_loop(&story, NULL);
	buf_release(&k->request);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH_TEST(lists_all_of_it),
		SCRATCH_TEST(keeps_a_request_as_it_came),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
