/* SPDX-License-Identifier: Apache-2.0 */
/* screen.c - what a person sees while a step goes on, and of its end. */
#include "cli/screen.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/plain.h"
#include "base/wrap.h"
#include "sys/clock.h"
#include "sys/terminal.h"

enum { LINE_WIDTH = 80, NAME_WIDTH = 10 };
enum { PLAIN_EVERY_US = 5000000, LIVE_EVERY_MS = 500, SAID_MAX = 256 };
enum { LINE_BYTES = 1024 * 1024 };

/*
 * A room says something when it has something to say; that the clock goes on
 * is shown by a thread of our own: the command's thread may block for minutes,
 * and the shared loop (net/background.h) must not: writing to a terminal blocks
 * while ^S holds it or a slow line is full, and probes and forwards would stand
 * still. `lock` guards what both threads draw from.
 */
struct screen {
	struct progress progress;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	pthread_t ticker;
	bool ticking, closing;
	bool live; /* standard error is a terminal */
	bool verbose; /* each word of a room is a line of its own */
	bool colour_out, colour_err;
	FILE *out;
	const char *step; /* NULL between steps */
	int64_t began_us, said_us;
	char said[SAID_MAX];
	double expected;
};

static const char red[] = "\033[31m", plain[] = "\033[0m";

const char *seconds_text(char room[SECONDS_TEXT], double seconds)
{
	if (seconds < 0.0995)
		snprintf(room, SECONDS_TEXT, "%.0f ms", seconds * 1000);
	else if (seconds < 9.95)
		snprintf(room, SECONDS_TEXT, "%.1f s", seconds);
	else if (seconds < 180)
		snprintf(room, SECONDS_TEXT, "%.0f s", seconds);
	else
		snprintf(room, SECONDS_TEXT, "%d min %d s", (int)seconds / 60,
			 (int)seconds % 60);
	return room;
}

/* How many bytes of text fit in so many columns. */
static int fitting(const char *text, size_t width)
{
	size_t n = 0, i = 0;

	for (; text[i]; i++) {
		n += (text[i] & 0xc0) != 0x80;
		if (n > width)
			break;
	}
	return (int)i;
}

/* What a room says may hold a node's words. */
static void make_plain(char *room, size_t size, const char *said)
{
	struct buf text = BUF_INIT(size - 1), ascii = BUF_INIT(size - 1);

	plain_line(&text, said);
	if (!terminal_utf8()) {
		plain_ascii(&ascii, buf_text(&text));
		snprintf(room, size, "%s", buf_text(&ascii));
	} else {
		snprintf(room, size, "%s", buf_text(&text));
	}
	buf_release(&text);
	buf_release(&ascii);
}

/* `text` with `right` at the right margin; text is cut if it must be. */
static void put_line(FILE *to, const char *name, const char *said,
		     const char *right, unsigned width, bool cut)
{
	char text[4 * SAID_MAX];
	size_t used = NAME_WIDTH + text_columns(right) + 2;
	size_t room = width > used ? width - used : 10;
	size_t wide;
	int bytes;

	make_plain(text, sizeof(text), said);
	bytes = cut ? fitting(text, room) : (int)strlen(text);
	wide = text_columns(text);

	fprintf(to, "%-*s%.*s%*s%s", NAME_WIDTH, name, bytes, text,
		wide < room ? (int)(room - wide) + 2 : 2, "", right);
}

/* The caller holds the lock. */
static void draw(struct screen *s)
{
	char gone[SECONDS_TEXT], whole[SECONDS_TEXT], right[96];
	double seconds = (double)(clock_mono_us() - s->began_us) / 1e6;

	seconds_text(gone, seconds);
	if (s->expected > seconds)
		snprintf(right, sizeof(right), "%s of ~%s", gone,
			 seconds_text(whole, s->expected));
	else
		snprintf(right, sizeof(right), "%s", gone);
	if (s->live)
		fputs("\r\033[K", stderr);
	put_line(stderr, s->step, s->said, right,
		 s->live ? terminal_columns(STDERR_FILENO) - 1 : LINE_WIDTH,
		 s->live);
	if (!s->live)
		fputs("\n", stderr);
	fflush(stderr);
	s->said_us = clock_mono_us();
}

static void say(struct progress *p, uint64_t done, uint64_t total,
		double expected, const char *text)
{
	struct screen *s = p->ctx;
	double gone = (double)(clock_mono_us() - s->began_us) / 1e6;
	bool changed;

	/* The first steps are the slow ones: a guess from them scares. */
	if (expected <= 0 && done && done < total && done * 4 >= total)
		expected = gone * (double)total / (double)done;
	pthread_mutex_lock(&s->lock);
	changed = strcmp(s->said, text);
	snprintf(s->said, sizeof(s->said), "%s", text);
	s->expected = expected;
	if (!s->live && s->step && changed &&
	    (s->verbose || clock_mono_us() - s->said_us > PLAIN_EVERY_US))
		draw(s);
	pthread_mutex_unlock(&s->lock);
}

static void *tick(void *ctx)
{
	struct screen *s = ctx;
	struct timespec until;
	int64_t next;

	pthread_mutex_lock(&s->lock);
	while (!s->closing) {
		if (s->step)
			draw(s);
		next = clock_mono_us() + LIVE_EVERY_MS * 1000;
		until.tv_sec = next / 1000000;
		until.tv_nsec = next % 1000000 * 1000;
		/* Somebody may set the wall clock back. */
		pthread_cond_clockwait(&s->wake, &s->lock, CLOCK_MONOTONIC,
				       &until);
	}
	pthread_mutex_unlock(&s->lock);
	return NULL;
}

/* One that knows escape sequences. */
static bool is_terminal(int fd)
{
	const char *term = getenv("TERM");

	return isatty(fd) && !(term && !strcmp(term, "dumb"));
}

static bool wants_colour(const struct common_options *common, int fd)
{
	const char *no = getenv("NO_COLOR");

	return !common->no_color && !(no && *no) && is_terminal(fd);
}

/* Signals are for the thread that works: its waits are to see them. */
static bool start_ticker(struct screen *s)
{
	sigset_t all, before;
	bool started;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	started = !pthread_create(&s->ticker, NULL, tick, s);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return started;
}

int screen_open(const struct common_options *common, struct screen **ret,
		struct error *err)
{
	struct screen *s = calloc(1, sizeof(*s));
	bool json = common->json;

	if (!s)
		return error_nomem(err);
	s->progress = (struct progress){ .say = say, .ctx = s };
	s->verbose = common->verbose;
	s->live = is_terminal(STDERR_FILENO) && !json && !s->verbose;
	s->colour_out = !json && wants_colour(common, STDOUT_FILENO);
	s->colour_err = wants_colour(common, STDERR_FILENO);
	s->out = json ? stderr : stdout;
	pthread_mutex_init(&s->lock, NULL);
	pthread_cond_init(&s->wake, NULL);
	s->ticking = s->live && start_ticker(s);
	*ret = s;
	return 0;
}

void screen_close(struct screen *s)
{
	if (!s)
		return;
	pthread_mutex_lock(&s->lock);
	s->closing = true;
	pthread_cond_signal(&s->wake);
	pthread_mutex_unlock(&s->lock);
	if (s->ticking)
		pthread_join(s->ticker, NULL);
	pthread_cond_destroy(&s->wake);
	pthread_mutex_destroy(&s->lock);
	free(s);
}

struct progress *screen_begin(struct screen *s, const char *step)
{
	pthread_mutex_lock(&s->lock);
	s->step = step;
	s->said[0] = 0;
	s->expected = 0;
	s->began_us = s->said_us = clock_mono_us();
	pthread_cond_signal(&s->wake);
	pthread_mutex_unlock(&s->lock);
	return &s->progress;
}

/* Of a line that stays: the width of a terminal, 80 at most. */
static unsigned line_width(const struct screen *s)
{
	unsigned width = terminal_columns(fileno(s->out));

	return width < LINE_WIDTH ? width : LINE_WIDTH;
}

/* One line, or several where a terminal is too narrow for it. */
static void put_end(const struct screen *s, const char *step,
		    const char *summary, const char *right)
{
	struct buf lines = BUF_INIT(LINE_BYTES);
	char text[4 * SAID_MAX], all[5 * SAID_MAX];
	unsigned width = line_width(s);

	make_plain(text, sizeof(text), summary);
	if (width == LINE_WIDTH ||
	    NAME_WIDTH + text_columns(text) + 2 + text_columns(right) <=
		    width) {
		put_line(s->out, step, text, right, width, false);
		fputs("\n", s->out);
		return;
	}
	snprintf(all, sizeof(all), "%s  %s", text, right);
	text_wrap(&lines, all, NAME_WIDTH, NAME_WIDTH, width);
	fprintf(s->out, "%-*s%s", NAME_WIDTH, step, buf_text(&lines));
	buf_release(&lines);
}

void screen_end(struct screen *s, const char *summary, double seconds,
		bool failed)
{
	bool colour =
		failed && (s->out == stdout ? s->colour_out : s->colour_err);
	char right[SECONDS_TEXT];
	const char *step = s->step;

	pthread_mutex_lock(&s->lock);
	s->step = NULL;
	if (s->live) {
		fputs("\r\033[K", stderr);
		fflush(stderr);
	}
	pthread_mutex_unlock(&s->lock);
	fputs(colour ? red : "", s->out);
	put_end(s, step, summary, seconds_text(right, seconds));
	fputs(colour ? plain : "", s->out);
	fflush(s->out);
}

void screen_line(struct screen *s, const char *left, const char *right)
{
	struct buf begin = BUF_INIT(LINE_BYTES), end = BUF_INIT(LINE_BYTES);
	unsigned width = line_width(s);
	size_t wide;

	plain_line(&begin, left);
	plain_line(&end, right ? right : "");
	wide = text_columns(buf_text(&begin)) + text_columns(buf_text(&end));
	fputs(buf_text(&begin), s->out);
	if (right && wide + 2 > width) {
		buf_clear(&begin);
		text_wrap(&begin, buf_text(&end), 4, 4, width);
		fprintf(s->out, "\n    %s", buf_text(&begin));
	} else {
		fprintf(s->out, "%*s%s\n", right ? (int)(width - wide) : 0, "",
			buf_text(&end));
	}
	fflush(s->out);
	buf_release(&begin);
	buf_release(&end);
}

FILE *screen_out(struct screen *s)
{
	return s->out;
}

bool screen_colour(const struct screen *s)
{
	return s->colour_out;
}
