/* SPDX-License-Identifier: Apache-2.0 */
/* spool.c - facts on disk, parted by their key. */
#include "vault/spool.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>

#include "sys/interrupt.h"

enum {
	BLOCK_FACTS = 32, /* 3 KiB: times the parts of three spools */
	PARTS_MIN = 4,
	PARTS_MAX = 512,
	FACTS_A_PART = 16 * 1024, /* about 1.5 MiB */
	BLOCKS_MAX = 1 << 26
};

struct part {
	struct fact *block; /* owned; BLOCK_FACTS of room, made when needed */
	size_t filled; /* of the block */
	uint32_t *written; /* owned: numbers of its blocks in the file */
	size_t written_count, written_room;
};

struct spool {
	int fd;
	pthread_mutex_t lock;
	struct error failure; /* kind ERROR_NONE: none */
	uint32_t blocks; /* in the file */
	size_t count; /* of parts, a power of two */
	struct part parts[];
};

int fact_compare(const void *a, const void *b)
{
	const struct fact *x = a, *y = b;
	int rc = memcmp(x->key, y->key, FACT_ID);

	if (rc == 0)
		rc = (x->index > y->index) - (x->index < y->index);
	if (rc == 0)
		rc = x->type - y->type;
	if (rc == 0)
		rc = x->node - y->node;
	return rc ? rc : memcmp(x->other, y->other, FACT_ID);
}

int spool_open(const char *dir, size_t facts, struct spool **ret,
	       struct error *err)
{
	size_t count = PARTS_MIN;
	struct spool *s;

	while (count < PARTS_MAX && count * FACTS_A_PART < facts)
		count *= 2;
	s = calloc(1, sizeof(*s) + count * sizeof(struct part));
	if (!s)
		return error_nomem(err);
	s->count = count;
	s->fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (s->fd < 0) {
		error_errno(err, ERROR_INTERNAL, errno,
			    "creating a spool file in %s", dir);
		free(s);
		return -1;
	}
	pthread_mutex_init(&s->lock, NULL);
	*ret = s;
	return 0;
}

void spool_free(struct spool *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->count; i++) {
		free(s->parts[i].block);
		free(s->parts[i].written);
	}
	close(s->fd);
	pthread_mutex_destroy(&s->lock);
	free(s);
}

static int write_all(int fd, const void *bytes, size_t len, off_t at)
{
	const char *p = bytes;

	while (len > 0) {
		ssize_t n = pwrite(fd, p, len, at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		p += n;
		at += n;
		len -= (size_t)n;
	}
	return 0;
}

/* Notes the number of a block that is about to be written. */
static int record_block(struct part *p, uint32_t number)
{
	if (p->written_count == p->written_room) {
		size_t room = p->written_room ? p->written_room * 2 : 16;
		uint32_t *more = reallocarray(p->written, room, sizeof(*more));

		if (!more)
			return -1;
		p->written = more;
		p->written_room = room;
	}
	p->written[p->written_count++] = number;
	return 0;
}

static void flush_block(struct spool *s, struct part *p)
{
	const size_t size = BLOCK_FACTS * sizeof(struct fact);

	if (s->blocks >= BLOCKS_MAX || record_block(p, s->blocks) < 0)
		error_nomem(&s->failure);
	else if (write_all(s->fd, p->block, size,
			   (off_t)s->blocks * (off_t)size) < 0)
		error_errno(&s->failure, ERROR_INTERNAL, errno,
			    "writing a spool file");
	s->blocks++;
	p->filled = 0;
}

void spool_add(struct spool *s, const struct fact *fact)
{
	/* The bytes are a hash already: some of them choose the part. */
	size_t at = (fact->key[1] | (size_t)fact->key[2] << 8) & (s->count - 1);
	struct part *p = &s->parts[at];

	pthread_mutex_lock(&s->lock);
	if (!p->block)
		p->block = calloc(BLOCK_FACTS, sizeof(struct fact));
	if (!p->block)
		error_nomem(&s->failure);
	if (s->failure.kind == ERROR_NONE) {
		p->block[p->filled++] = *fact;
		if (p->filled == BLOCK_FACTS)
			flush_block(s, p);
	}
	pthread_mutex_unlock(&s->lock);
}

size_t spool_parts(const struct spool *s)
{
	return s->count;
}

static int read_block(struct spool *s, uint32_t number, struct fact *to)
{
	const size_t size = BLOCK_FACTS * sizeof(struct fact);
	size_t got = 0;

	while (got < size) {
		ssize_t n = pread(s->fd, (char *)to + got, size - got,
				  (off_t)number * (off_t)size + (off_t)got);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return -1;
		got += (size_t)n;
	}
	return 0;
}

int spool_part(struct spool *s, size_t part, struct fact **ret_facts,
	       size_t *ret_count, struct error *err)
{
	struct part *p = &s->parts[part];
	size_t count = p->written_count * BLOCK_FACTS + p->filled;
	struct fact *facts;

	assert(part < s->count);
	if (s->failure.kind != ERROR_NONE) {
		*err = s->failure;
		return -1;
	}
	facts = calloc(count ? count : 1, sizeof(*facts));
	if (!facts)
		return error_nomem(err);
	for (size_t i = 0; i < p->written_count; i++)
		if (read_block(s, p->written[i], facts + i * BLOCK_FACTS) < 0) {
			free(facts);
			return error_errno(err, ERROR_INTERNAL, errno,
					   "reading a spool file");
		}
	if (p->filled > 0)
		memcpy(facts + p->written_count * BLOCK_FACTS, p->block,
		       p->filled * sizeof(*facts));
	qsort(facts, count, sizeof(*facts), fact_compare);
	*ret_facts = facts;
	*ret_count = count;
	return 0;
}

static size_t group_end(const struct fact *facts, size_t count, size_t at,
			int by_index)
{
	size_t end = at + 1;

	while (end < count &&
	       memcmp(facts[end].key, facts[at].key, FACT_ID) == 0 &&
	       (!by_index || facts[end].index == facts[at].index))
		end++;
	return end;
}

int spool_groups(struct spool *s, int by_index,
		 int (*fn)(const struct fact *facts, size_t count, void *ctx,
			   struct error *err),
		 void *ctx, struct error *err)
{
	for (size_t part = 0; part < s->count; part++) {
		cleanup(freep) struct fact *facts = NULL;
		size_t count, end;

		if (interrupt_check(err) < 0 ||
		    spool_part(s, part, &facts, &count, err) < 0)
			return -1;
		for (size_t at = 0; at < count; at = end) {
			int rc;

			end = group_end(facts, count, at, by_index);
			rc = fn(facts + at, end - at, ctx, err);
			if (rc != 0)
				return rc;
		}
	}
	return 0;
}
