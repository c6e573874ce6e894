/* SPDX-License-Identifier: Apache-2.0 */
/* line_reader.c - the lines of a run's file, one by one, in fixed memory. */
#include "run/line_reader.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "data/json.h"
#include "run/lines.h"
#include "sys/file.h"

enum { CHUNK = 256 * 1024 };

struct line_reader {
	char path[PATH_ROOM];
	int fd; /* -1: there is no such file */
	size_t size; /* of the file */
	unsigned number; /* of the last line */
	struct buf text;
	size_t at; /* what is behind was not used */
	struct js *line; /* the last one, if it was read so */
};

int line_reader_open(const char *run_dir, const char *file,
		     struct line_reader **ret, struct error *err)
{
	cleanup(line_reader_freep) struct line_reader *r =
		calloc(1, sizeof(*r));

	if (!r)
		return error_nomem(err);
	r->fd = -1;
	buf_init(&r->text, LINE_MAX_BYTES + CHUNK);
	path_join(r->path, run_dir, file);
	if (file_open_to_read(r->path, &r->fd, &r->size, err) < 0)
		return -1;
	*ret = steal(r);
	return 0;
}

void line_reader_free(struct line_reader *r)
{
	if (!r)
		return;
	closep(&r->fd);
	buf_release(&r->text);
	js_free(r->line);
	free(r);
}

size_t line_file_size(const struct line_reader *r)
{
	return r->size;
}

const char *line_file(const struct line_reader *r)
{
	return r->path;
}

unsigned line_number(const struct line_reader *r)
{
	return r->number;
}

int line_wrap(const struct line_reader *r, struct error *err)
{
	return error_wrap(err, "%s:%u", r->path, r->number);
}

/* 1 when there may be more, 0 at the end of the file. */
static int read_more(struct line_reader *r, struct error *err)
{
	ssize_t n;
	void *room;

	buf_consume(&r->text, r->at);
	r->at = 0;
	room = buf_reserve(&r->text, CHUNK);
	if (!room && r->text.no_memory)
		return error_nomem(err);
	if (!room)
		return error_set(err, ERROR_INPUT,
				 "%s:%u: a line of more than %d bytes", r->path,
				 r->number + 1, LINE_MAX_BYTES);
	n = file_read_some(r->fd, room, CHUNK);
	if (n < 0)
		return error_errno(err, ERROR_INPUT, errno, "%s", r->path);
	r->text.len += (size_t)n;
	return n > 0;
}

int line_next(struct line_reader *r, char **ret_line, size_t *ret_len,
	      struct error *err)
{
	int more = r->fd >= 0;

	while (more > 0) {
		char *start = (char *)r->text.data + r->at;
		size_t len = r->text.len - r->at;
		char *end = len ? memchr(start, '\n', len) : NULL;

		if (end) {
			*end = 0;
			*ret_line = start;
			*ret_len = (size_t)(end - start);
			r->at += *ret_len + 1;
			r->number++;
			return 1;
		}
		more = read_more(r, err);
	}
	return more;
}

/* ---- members ---- */

/* What stands in a text without an escape; the rest of ASCII, and all that is
 * not, is left to the JSON library. */
static bool is_plain(char c)
{
	return (unsigned char)c >= ' ' && (unsigned char)c < 0x7f && c != '"' &&
	       c != '\\';
}

/* Behind the text whose first quote is at `p`; NULL if it is not plain. */
static char *scan_text(char *p, char **ret_text, char **ret_end)
{
	if (*p != '"')
		return NULL;
	*ret_text = ++p;
	while (is_plain(*p))
		p++;
	*ret_end = p;
	return *p == '"' ? p + 1 : NULL;
}

/* Numbers of up to 18 digits have room in 64 bits. */
static char *scan_number(char *p, int64_t *ret)
{
	bool minus = *p == '-';
	char *first = p += minus;
	int64_t n = 0;

	while (*p >= '0' && *p <= '9' && p - first < 18)
		n = n * 10 + (*p++ - '0');
	if (p == first || (*first == '0' && (n || minus)) ||
	    (*first == '0' && p - first > 1))
		return NULL;
	*ret = minus ? -n : n;
	return p;
}

static char *scan_word(char *p, struct line_value *ret)
{
	static const struct {
		const char *word;
		enum js_type type;
		bool truth;
	} words[] = { { "null", JS_NULL, false },
		      { "true", JS_BOOL, true },
		      { "false", JS_BOOL, false } };

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		size_t len = strlen(words[i].word);

		if (strncmp(p, words[i].word, len))
			continue;
		ret->type = words[i].type;
		ret->truth = words[i].truth;
		return p + len;
	}
	return NULL;
}

static char *scan_value(char *p, struct line_value *ret, char **ret_end)
{
	char *text;

	if (*p == '"') {
		p = scan_text(p, &text, ret_end);
		ret->type = JS_TEXT;
		ret->text = text;
		return p;
	}
	if (*p != '-' && (*p < '0' || *p > '9'))
		return scan_word(p, ret);
	ret->type = JS_INTEGER;
	return scan_number(p, &ret->number);
}

/* The place of a key, which mostly follows the one before. */
static size_t place_of(const char *key, size_t len,
		       const struct line_form *form, size_t likely)
{
	for (size_t n = 0; n < form->count; n++) {
		size_t i = (likely + n) % form->count;
		const char *name = form->keys[i].name;

		if (!strncmp(name, key, len) && !name[len])
			return i;
	}
	return form->count;
}

enum { KEYS_MAX = 64 };

bool line_scan(char *line, size_t len, const struct line_form *form,
	       struct line_value *ret)
{
	const size_t count = form->count;
	char *ends[KEYS_MAX] = { NULL }, *p = line, *key, *key_end;
	uint64_t seen = 0;
	size_t at = 0;

	if (count > KEYS_MAX || *p != '{')
		return false;
	memset(ret, 0, count * sizeof(*ret));
	do {
		p = scan_text(p + 1, &key, &key_end);
		if (!p || *p != ':')
			return false;
		at = place_of(key, (size_t)(key_end - key), form, at);
		if (at == count || seen & UINT64_C(1) << at)
			return false;
		seen |= UINT64_C(1) << at;
		p = scan_value(p + 1, &ret[at], &ends[at]);
		at++;
	} while (p && *p == ',');
	if (!p || *p != '}' || p + 1 != line + len)
		return false;
	for (size_t i = 0; i < count; i++)
		if (ends[i])
			*ends[i] = 0;
	return true;
}

static int read_json(struct line_reader *r, const char *line, size_t len,
		     const struct line_form *form, struct line_value *ret,
		     struct error *err)
{
	js_free(steal(r->line));
	if (js_parse_line(r->path, r->number, line, len, &r->line, err) < 0)
		return -1;
	for (size_t i = 0; i < form->count; i++) {
		const char *key = form->keys[i].name;

		ret[i] = (struct line_value){
			.type = js_type(js_get(r->line, key)),
			.text = js_str(r->line, key),
			.number = js_int(r->line, key, 0),
			.truth = js_bool(r->line, key, false),
		};
	}
	return 0;
}

/* ---- types ---- */

static const char *type_word(enum js_type type)
{
	switch (type) {
	case JS_TEXT:
		return "a text";
	case JS_INTEGER:
		return "a whole number";
	case JS_REAL:
		return "a number";
	case JS_BOOL:
		return "true or false";
	case JS_ARRAY:
		return "a list";
	default:
		return "an object";
	}
}

static int check_type(const struct line_form *form, const struct line_key *key,
		      enum js_type type, struct error *err)
{
	const bool absent = type == JS_ABSENT || type == JS_NULL;

	if (type == key->type || (absent && !key->required) ||
	    (type == JS_INTEGER && key->type == JS_REAL))
		return 0;
	if (absent)
		return error_set(err, ERROR_INPUT,
				 "not a valid %s: its %s is missing",
				 form->noun, key->name);
	return error_set(err, ERROR_INPUT, "not a valid %s: its %s is not %s",
			 form->noun, key->name, type_word(key->type));
}

int line_check(const struct js *line, const struct line_form *form,
	       struct error *err)
{
	if (js_type(line) != JS_OBJECT)
		return error_set(err, ERROR_INPUT,
				 "not a valid %s: not an object", form->noun);
	for (size_t i = 0; i < form->count; i++)
		if (check_type(form, &form->keys[i],
			       js_type(js_get(line, form->keys[i].name)),
			       err) < 0)
			return -1;
	return 0;
}

int line_read(struct line_reader *r, const struct line_form *form,
	      struct line_value *ret, struct error *err)
{
	char *line;
	size_t len;
	int rc = line_next(r, &line, &len, err);

	if (rc <= 0)
		return rc;
	if (!line_scan(line, len, form, ret) &&
	    read_json(r, line, len, form, ret, err) < 0)
		return -1;
	for (size_t i = 0; i < form->count; i++)
		if (check_type(form, &form->keys[i], ret[i].type, err) < 0)
			return line_wrap(r, err);
	return 1;
}
