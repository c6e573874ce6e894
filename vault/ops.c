/* SPDX-License-Identifier: Apache-2.0 */
/* ops.c - what the check keeps of each operation of the history. */
#include "vault/ops.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "corda/transaction.h"
#include "run/history.h"

enum { BLOCK = 1024, CURRENCIES_MAX = 1024, NAMES = 256 };

struct ops {
	int fd;
	size_t count;
	struct error failure; /* kind ERROR_NONE: none */
	/* Owned: the last records while the history is read, then those that
	 * were read together because the one before them had been. */
	struct op_record *block;
	size_t filled, block_at;
	size_t last; /* that was asked for */
	const struct network *net;
	uint16_t names[NAMES]; /* nodes, by a hash of their names */
	char *currencies[CURRENCIES_MAX]; /* owned */
	uint16_t currency_count;
	size_t *failed_to; /* owned: a node */
	int64_t slowest_us;
	struct unsettled unsettled;
	struct named *named; /* owned, sorted: operations with a transaction */
	size_t named_count;
};

/* ---- the file ---- */

static void fail(struct ops *o, const char *what)
{
	if (o->failure.kind == ERROR_NONE)
		error_errno(&o->failure, ERROR_INTERNAL, errno,
			    "%s the file of operations", what);
}

static void write_at(struct ops *o, size_t at, const struct op_record *ops,
		     size_t count)
{
	const char *p = (const char *)ops;
	size_t len = count * sizeof(*ops);
	off_t to = (off_t)(at * sizeof(*ops));

	while (len > 0) {
		ssize_t n = pwrite(o->fd, p, len, to);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			fail(o, "writing");
			return;
		}
		p += n;
		to += n;
		len -= (size_t)n;
	}
}

static void flush(struct ops *o)
{
	write_at(o, o->count - o->filled, o->block, o->filled);
	o->filled = 0;
}

/* How many were read. */
static size_t read_at(struct ops *o, size_t at, struct op_record *ops,
		      size_t count)
{
	ssize_t n;

	do {
		n = pread(o->fd, ops, count * sizeof(*ops),
			  (off_t)(at * sizeof(*ops)));
	} while (n < 0 && errno == EINTR);
	if (n >= (ssize_t)sizeof(*ops))
		return (size_t)n / sizeof(*ops);
	if (n >= 0)
		errno = EIO;
	fail(o, "reading");
	return 0;
}

static bool in_block(const struct ops *o, size_t at)
{
	return at >= o->block_at && at < o->block_at + o->filled;
}

struct op_record ops_get(struct ops *o, size_t at)
{
	static const struct op_record none = { .payer = NODE_NONE,
					       .payee = NODE_NONE,
					       .notary = NODE_NONE };
	struct op_record op;
	bool follows = at == o->last + 1;

	o->last = at;
	if (!in_block(o, at) && follows) {
		o->block_at = at;
		o->filled = read_at(o, at, o->block, BLOCK);
	}
	if (in_block(o, at))
		return o->block[at - o->block_at];
	return !follows && read_at(o, at, &op, 1) ? op : none;
}

void ops_put(struct ops *o, size_t at, const struct op_record *op)
{
	write_at(o, at, op, 1);
	if (in_block(o, at))
		o->block[at - o->block_at] = *op;
}

int ops_check(const struct ops *o, struct error *err)
{
	if (o->failure.kind == ERROR_NONE)
		return 0;
	*err = o->failure;
	return -1;
}

/* ---- reading the history ---- */

static unsigned name_hash(const char *name)
{
	uint32_t h = 2166136261u;

	for (; *name; name++)
		h = (h ^ (uint8_t)*name) * 16777619u;
	return (h ^ h >> 16) % NAMES;
}

/* A history names the same few nodes again and again. */
static uint16_t node_of(struct ops *o, const char *name)
{
	uint16_t *at = name ? &o->names[name_hash(name)] : NULL;
	const struct network_node *node;

	if (!name)
		return NODE_NONE;
	if (*at != NODE_NONE && !strcmp(o->net->nodes[*at].name, name))
		return *at;
	node = network_find(o->net, name);
	if (!node)
		return NODE_NONE;
	return *at = (uint16_t)(node - o->net->nodes);
}

static int currency_of(struct ops *o, const char *name, uint16_t *ret,
		       struct error *err)
{
	for (uint16_t i = 0; i < o->currency_count; i++)
		if (!strcmp(o->currencies[i], name)) {
			*ret = i;
			return 0;
		}
	if (o->currency_count == CURRENCIES_MAX)
		return error_set(err, ERROR_INPUT,
				 HISTORY_FILE ": more than %d currencies",
				 CURRENCIES_MAX);
	o->currencies[o->currency_count] = strdup(name);
	if (!o->currencies[o->currency_count])
		return error_nomem(err);
	*ret = o->currency_count++;
	return 0;
}

static bool is_unsettled(const struct operation *op)
{
	return !op->tx && op->sent_us && op->outcome != OUTCOME_FAIL;
}

static void count(struct ops *o, const struct operation *op,
		  const struct op_record *kept)
{
	if (op->sent_us && op->done_us - op->sent_us > o->slowest_us)
		o->slowest_us = op->done_us - op->sent_us;
	if (op_has_payee(op->kind) && op->outcome == OUTCOME_FAIL &&
	    kept->payee != NODE_NONE)
		o->failed_to[kept->payee]++;
}

static int keep(struct ops *o, const struct operation *op, struct error *err)
{
	struct op_record *kept = &o->block[o->filled];
	struct tx_id tx;

	memset(kept, 0, sizeof(*kept));
	kept->id = op->id;
	kept->amount = op->amount;
	kept->sent_us = op->sent_us;
	kept->payer = node_of(o, op->payer);
	kept->payee = node_of(o, op->payee);
	kept->notary = node_of(o, op->notary);
	kept->kind = (uint8_t)op->kind;
	kept->outcome = (uint8_t)op->outcome;
	kept->flags = op->flow ? OP_FLOW : 0;
	if (op->tx && tx_id_parse(op->tx, &tx)) {
		memcpy(kept->tx, tx.bytes, FACT_ID);
		kept->flags |= OP_TX_NAMED;
	}
	if (currency_of(o, op->currency, &kept->currency, err) < 0 ||
	    (is_unsettled(op) &&
	     unsettled_add(&o->unsettled, kept, o->count, err) < 0))
		return -1;
	count(o, op, kept);
	o->count++;
	if (++o->filled == BLOCK)
		flush(o);
	return ops_check(o, err);
}

static int prepare(struct ops *o, const char *run_dir, struct error *err)
{
	o->block = calloc(BLOCK, sizeof(*o->block));
	o->failed_to = calloc(o->net->node_count + 1, sizeof(*o->failed_to));
	if (!o->block || !o->failed_to)
		return error_nomem(err);
	for (size_t i = 0; i < NAMES; i++)
		o->names[i] = NODE_NONE;
	o->fd = open(run_dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (o->fd < 0)
		return error_errno(err, ERROR_INTERNAL, errno,
				   "creating a file of operations in %s",
				   run_dir);
	return 0;
}

int ops_read(const char *run_dir, const struct network *net, struct ops **ret,
	     struct error *err)
{
	cleanup(history_reader_freep) struct history_reader *r = NULL;
	cleanup(ops_freep) struct ops *o = calloc(1, sizeof(*o));
	struct operation op;
	int rc;

	if (!o)
		return error_nomem(err);
	o->fd = -1;
	o->net = net;
	if (prepare(o, run_dir, err) < 0 ||
	    history_reader_open(run_dir, &r, err) < 0)
		return -1;
	while ((rc = history_read(r, &op, err)) > 0)
		if (keep(o, &op, err) < 0)
			return -1;
	flush(o);
	if (rc < 0 || ops_check(o, err) < 0)
		return -1;
	unsettled_sort(&o->unsettled);
	*ret = steal(o);
	return 0;
}

void ops_free(struct ops *o)
{
	if (!o)
		return;
	closep(&o->fd);
	for (uint16_t i = 0; i < o->currency_count; i++)
		free(o->currencies[i]);
	unsettled_release(&o->unsettled);
	free(o->block);
	free(o->failed_to);
	free(o->named);
	free(o);
}

/* ---- what is asked ---- */

size_t ops_count(const struct ops *o)
{
	return o ? o->count : 0;
}

const char *ops_currency(const struct ops *o, const struct op_record *op)
{
	return op->currency < o->currency_count ? o->currencies[op->currency]
						: "";
}

size_t ops_failed_to(const struct ops *o, unsigned node)
{
	return node < o->net->node_count ? o->failed_to[node] : 0;
}

int64_t ops_slowest_us(const struct ops *o)
{
	return o->slowest_us;
}

struct unsettled *ops_unsettled(struct ops *o)
{
	return &o->unsettled;
}

/* The first bytes of a transaction's id, and the operation that names it. */
struct named {
	uint64_t key;
	size_t at;
};

static uint64_t first_bytes(const uint8_t tx[FACT_ID])
{
	uint64_t v;

	memcpy(&v, tx, sizeof(v));
	return v;
}

static int by_key(const void *a, const void *b)
{
	const struct named *x = a, *y = b;

	return (x->key > y->key) - (x->key < y->key);
}

/* Made when it is asked for: few runs have states of unknown transactions. */
static bool list_named(struct ops *o)
{
	o->named = calloc(o->count + 1, sizeof(*o->named));
	if (!o->named) {
		error_nomem(&o->failure);
		return false;
	}
	for (size_t i = 0; i < o->count; i++) {
		struct op_record op = ops_get(o, i);

		if (op.flags & OP_TX_NAMED)
			o->named[o->named_count++] =
				(struct named){ first_bytes(op.tx), i };
	}
	if (o->named_count > 1)
		qsort(o->named, o->named_count, sizeof(*o->named), by_key);
	return true;
}

/* Where the first with this key is, or would be. */
static size_t first_named(const struct ops *o, uint64_t key)
{
	size_t low = 0, high = o->named_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (o->named[middle].key < key)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool ops_name(struct ops *o, const uint8_t tx[FACT_ID])
{
	const uint64_t key = first_bytes(tx);

	if (!o || (!o->named && !list_named(o)))
		return false;
	for (size_t i = first_named(o, key);
	     i < o->named_count && o->named[i].key == key; i++) {
		struct op_record op = ops_get(o, o->named[i].at);

		if (!memcmp(op.tx, tx, FACT_ID))
			return true;
	}
	return false;
}
