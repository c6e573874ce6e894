/* SPDX-License-Identifier: Apache-2.0 */
/* fault_loop.c - an operation, made to fail at each place where it can. */
#include "test/support/fault_loop.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "sys/wait.h"
#include "test/support/faults/heap.h"
#include "test/support/test.h"

enum { PEER_MS = 2000 };

enum { SHOWN_MAX = 64 * 1024 * 1024, PLACES = 1000, COMPLAINTS_MAX = 40 };

struct looping {
	const struct fault_story *story;
	void *ctx;
	enum fault_kind kind;
	unsigned nth;
	struct buf before, result, now;
	struct error err;
	unsigned tried, complaints;
	/* What was complained of, and where the fault was. */
	struct {
		const char *what;
		uint64_t place;
	} shown[COMPLAINTS_MAX];
	unsigned shown_count;
};

static bool is_known(struct looping *l, const char *what, uint64_t place)
{
	for (unsigned i = 0; i < l->shown_count; i++)
		if (l->shown[i].what == what && l->shown[i].place == place)
			return true;
	return false;
}

/* One run of a test tells of more than one fault, but of each place once. */
static void complain(struct looping *l, const char *what, const char *detail)
{
	const uint64_t place = fault_place();

	l->complaints++;
	if (l->shown_count == COMPLAINTS_MAX || is_known(l, what, place))
		return;
	l->shown[l->shown_count].what = what;
	l->shown[l->shown_count++].place = place;
	print_message("%s: %s, the %u. time: %s%s%s\n", l->story->name,
		      fault_name(l->kind), l->nth, what, detail ? ": " : "",
		      detail ? detail : "");
	fault_print_place();
}

static void show(struct looping *l, struct buf *out)
{
	heap_pause();
	buf_clear(out);
	buf_add_str(out, "");
	l->story->show(l->ctx, out);
	assert_false(out->failed);
	heap_go_on();
}

static bool same(const struct buf *a, const struct buf *b)
{
	return a->len == b->len && !memcmp(a->data, b->data, a->len);
}

static void prepare(struct looping *l)
{
	if (l->story->prepare)
		l->story->prepare(l->ctx);
}

static void release(struct looping *l)
{
	if (l->story->release)
		l->story->release(l->ctx);
}

static void check_failure(struct looping *l, bool fired)
{
	enum fault_trace trace = l->story->trace;

	if (!fired)
		complain(l, "fails without a fault", l->err.text);
	else if (fault_is_invisible(l->kind))
		complain(l, "fails", l->err.text);
	else if (!l->err.kind || !l->err.text[0])
		complain(l, "fails without an error", NULL);
	else if (fault_is_memory(l->kind) && l->err.kind != ERROR_INTERNAL)
		complain(l, "blames something else", l->err.text);
	show(l, &l->now);
	if (trace != TRACE_ANY && !same(&l->now, &l->before) &&
	    !(trace == TRACE_DONE && same(&l->now, &l->result)))
		complain(l, "fails and leaves traces", l->err.text);
	if (l->story->run(l->ctx, &l->err) < 0) {
		complain(l, "fails the second time", l->err.text);
		return;
	}
	show(l, &l->now);
	if (!same(&l->now, &l->result))
		complain(l, "gives another result the second time", NULL);
}

/* The lowest descriptor that is free. */
static int free_descriptor(void)
{
	int fd = dup(STDERR_FILENO);

	close(fd);
	return fd;
}

/* Waits until `fd` is the lowest free descriptor again: a peer on another
 * thread may hold its end of a connection a little longer. */
static bool descriptors_return(int fd)
{
	for (int ms = 0; free_descriptor() != fd; ms++) {
		if (ms == PEER_MS)
			return false;
		pause_ms(1);
	}
	return true;
}

static void check_left(struct looping *l, int fd)
{
	const void *place = NULL;
	size_t count = heap_unfreed(&place);
	char detail[128];

	if (count && !l->story->keeps_memory) {
		snprintf(detail, sizeof(detail), "%zu, the first from %p",
			 count, place);
		complain(l, "leaves memory over", detail);
	}
	if (!descriptors_return(fd))
		complain(l, "leaves a descriptor open", NULL);
}

/* Whether the operation came as far as the fault. */
static bool try_place(struct looping *l)
{
	int fd = free_descriptor(), rc;
	bool fired;

	l->tried++;
	l->err = (struct error){ 0 };
	heap_follow();
	prepare(l);
	fault_arm(l->kind, l->nth);
	rc = l->story->run(l->ctx, &l->err);
	fired = fault_fired();
	fault_disarm();
	if (rc < 0) {
		check_failure(l, fired);
	} else {
		show(l, &l->now);
		if (!same(&l->now, &l->result))
			complain(l, "silently gives another result", NULL);
	}
	release(l);
	check_left(l, fd);
	return fired;
}

static unsigned count_places(struct looping *l)
{
	const int fd = free_descriptor();
	unsigned count;

	prepare(l);
	fault_arm(l->kind, 0);
	if (l->story->run(l->ctx, &l->err) < 0) {
		fault_disarm();
		fail_msg("%s: %s", l->story->name, l->err.text);
	}
	count = fault_disarm();
	release(l);
	/* The first place is to find what the others find. */
	descriptors_return(fd);
	return count;
}

/* FAULT_PLACES=100000 tries all, for whoever looks for what a step misses. */
static unsigned places_of(const struct fault_story *story)
{
	const char *all = getenv("FAULT_PLACES");

	if (all)
		return (unsigned)strtoul(all, NULL, 10);
	return story->places ? story->places : PLACES;
}

static void try_kind(struct looping *l)
{
	const unsigned all = places_of(l->story);
	const unsigned count = count_places(l);
	const unsigned step = count > 2 * all ? (count - all) / all : 1;

	for (l->nth = 1; l->nth <= count; l->nth += l->nth < all ? 1 : step)
		if (!try_place(l))
			return;
	/* Beyond the end nothing may happen. */
	l->nth = count + 1;
	if (try_place(l))
		print_message("%s: %s: more than %u places\n", l->story->name,
			      fault_name(l->kind), count);
}

void fault_loop(const struct fault_story *story, void *ctx)
{
	struct looping l = { .story = story,
			     .ctx = ctx,
			     .before = BUF_INIT(SHOWN_MAX),
			     .result = BUF_INIT(SHOWN_MAX),
			     .now = BUF_INIT(SHOWN_MAX) };

	prepare(&l);
	show(&l, &l.before);
	if (story->run(ctx, &l.err) < 0)
		fail_msg("%s: %s", story->name, l.err.text);
	show(&l, &l.result);
	release(&l);
	for (int kind = 1; kind < FAULT_KINDS; kind++) {
		l.kind = (enum fault_kind)kind;
		if (story->kinds & FAULT_BIT(kind))
			try_kind(&l);
	}
	buf_release(&l.before);
	buf_release(&l.result);
	buf_release(&l.now);
	print_message("%s: %u places\n", story->name, l.tried);
	if (l.complaints)
		fail_msg("%s: %u of %u places", story->name, l.complaints,
			 l.tried);
}
