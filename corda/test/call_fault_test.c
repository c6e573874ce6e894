/* SPDX-License-Identifier: Apache-2.0 */
/* call_fault_test.c - stored transactions and RPC calls without memory. */
#include <pthread.h>
#include <semaphore.h>

#include "base/cleanup.h"
#include "corda/call.h"
#include "corda/cash.h"
#include "corda/cash_sums.h"
#include "corda/rpc_outbox.h"
#include "corda/signature.h"
#include "corda/transaction.h"
#include "corda/verified.h"
#include "test/support/fault_loop.h"
#include "test/support/test.h"

enum { ROOM = 16 * 1024 * 1024 };

/* What nodes stored or said, and what it means. */
struct saying {
	struct buf in, room;
	struct arena arena;
	struct verified *verified;
	struct buf out;
	int (*read)(struct saying *s, struct buf *out, struct error *err);
};

static int run(void *ctx, struct error *err)
{
	struct saying *s = ctx;
	struct buf out = BUF_INIT(ROOM);

	if (s->read(s, &out, err) < 0) {
		buf_release(&out);
		return -1;
	}
	buf_release(&s->out);
	s->out = out;
	return 0;
}

static void show(void *ctx, struct buf *out)
{
	struct saying *s = ctx;

	buf_add(out, s->out.data, s->out.len);
}

static void release(void *ctx)
{
	struct saying *s = ctx;

	arena_release(&s->arena);
	buf_release(&s->room);
	buf_release(&s->out);
}

struct operation {
	const char *name, *vector;
	int (*read)(struct saying *s, struct buf *out, struct error *err);
	uint64_t kinds;
};

static void fail_all(const struct operation *all, size_t count)
{
	struct fault_story story = {
		.run = run,
		.show = show,
		.release = release,
	};

	for (size_t i = 0; i < count; i++) {
		struct saying s = { .arena = ARENA_INIT(ROOM),
				    .room = BUF_INIT(ROOM),
				    .out = BUF_INIT(ROOM),
				    .read = all[i].read };

		if (all[i].vector)
			s.in = test_vector(all[i].vector);
		story.name = all[i].name;
		story.kinds = FAULTS_MEMORY | all[i].kinds;
		fault_loop(&story, &s);
		buf_release(&s.in);
	}
}

#define FAIL_ALL(all) fail_all(all, ARRAY_SIZE(all))

/* ---- transactions ---- */

static void add_party(const struct tx_party *p, struct buf *out)
{
	buf_addf(out, "%s ", p->name ? p->name : "anonymous");
	buf_add_hex(out, p->key.der, p->key.len);
	buf_add_str(out, "\n");
}

static void add_cash(const struct tx_cash *c, struct buf *out)
{
	buf_addf(out, "%lld %s ", (long long)c->quantity, c->currency);
	add_party(&c->issuer, out);
}

static void add_outputs(const struct transaction *tx, struct buf *out)
{
	for (size_t i = 0; i < tx->output_count; i++) {
		const struct tx_output *o = &tx->outputs[i];

		buf_addf(out, "%s %s %d ", o->contract, o->state,
			 o->constraint_type);
		add_party(&o->notary, out);
		if (o->has_cash)
			add_cash(&o->cash, out);
		for (size_t k = 0; k < o->participant_count; k++)
			add_party(&o->participants[k], out);
	}
}

static void add_transaction(const struct transaction *tx, struct buf *out)
{
	char id[TX_ID_TEXT];

	buf_addf(out, "%s\n", tx_id_text(id, &tx->id));
	for (size_t i = 0; i < tx->input_count; i++)
		buf_addf(out, "%s(%u)\n", tx_id_text(id, &tx->inputs[i].tx),
			 tx->inputs[i].index);
	add_outputs(tx, out);
	for (size_t i = 0; i < tx->command_count; i++)
		buf_addf(out, "%s %d\n", tx->commands[i].class_name,
			 tx->commands[i].issue);
	for (size_t i = 0; i < tx->signer_count; i++)
		buf_add_hex(out, tx->signers[i].der, tx->signers[i].len);
	add_party(&tx->notary, out);
	add_party(&tx->new_notary, out);
	buf_addf(out, "%s %zu %zu", tx->new_contract ? tx->new_contract : "-",
		 tx->attachment_count, tx->signature_count);
}

static int read_transaction(struct saying *s, struct buf *out,
			    struct error *err)
{
	struct transaction tx;

	if (transaction_read(s->in.data, s->in.len, &s->room, &s->arena, &tx,
			     err) < 0)
		return -1;
	add_transaction(&tx, out);
	return buf_check(out, err);
}

static int verify_transaction(struct saying *s, struct buf *out,
			      struct error *err)
{
	struct signature_result result;
	struct transaction tx;

	if (transaction_read(s->in.data, s->in.len, &s->room, &s->arena, &tx,
			     err) < 0)
		return -1;
	if (transaction_verify(&tx, &result, err) < 0)
		return -1;
	buf_addf(out, "%s, %u good", signature_fault_text(result.fault),
		 result.verified);
	return buf_check(out, err);
}

/* What a thread keeps of its first signature is not there in a new one. It is
 * made before the fault is armed. */
static struct errand {
	struct saying *saying; /* NULL: the thread is to end */
	struct buf *out;
	struct error *err;
	int rc;
	pthread_t thread;
	sem_t begin, done;
} errand;

static void *run_errands(void *ctx)
{
	(void)ctx;
	sem_post(&errand.done); /* it runs */
	for (;;) {
		sem_wait(&errand.begin);
		if (!errand.saying)
			return NULL;
		errand.rc = verify_transaction(errand.saying, errand.out,
					       errand.err);
		sem_post(&errand.done);
	}
}

static void begin_thread(void *ctx)
{
	(void)ctx;
	sem_init(&errand.begin, 0, 0);
	sem_init(&errand.done, 0, 0);
	assert_int_equal(
		pthread_create(&errand.thread, NULL, run_errands, NULL), 0);
	sem_wait(&errand.done);
}

static void end_thread(void *ctx)
{
	errand.saying = NULL;
	sem_post(&errand.begin);
	pthread_join(errand.thread, NULL);
	release(ctx);
}

static int verify_in_thread(struct saying *s, struct buf *out,
			    struct error *err)
{
	errand.saying = s;
	errand.out = out;
	errand.err = err;
	sem_post(&errand.begin);
	sem_wait(&errand.done);
	return errand.rc;
}

#define VAULT "vault/"
#define BATCH                                                                  \
	VAULT "4.10/batch2-0851A9472777FA2D3F8C54578CF50D320"                  \
	      "4B5869B74E1B8E249D44E3DFE77B70E.bin"

static void transactions(void **state)
{
	static const struct operation all[] = {
		{ "pay",
		  VAULT "4.0/pay-change-0851A9472777FA2D3F8C54578CF50D32"
			"04B5869B74E1B8E249D44E3DFE77B70E.bin",
		  read_transaction, 0 },
		{ "exit",
		  VAULT "4.0/exit-1BBB48FDF2494CE2B3AEE732B9D99FF05EFAD"
			"BB309AB6258C391CC15E456ADCB.bin",
		  read_transaction, 0 },
		{ "packed",
		  "workloads/"
		  "tx.exit.made-by-4.10.stored-by-4.10.bin",
		  read_transaction, FAULTS_LIBRARY },
	};

	(void)state;
	FAIL_ALL(all);
}

/* What is made once is made again if memory ran out: before all others. */
static void the_first_signature(void **state)
{
	struct saying s = { .in = test_vector(BATCH),
			    .arena = ARENA_INIT(ROOM),
			    .room = BUF_INIT(ROOM),
			    .out = BUF_INIT(ROOM) };
	struct signature_result result;
	struct error err = { 0 };
	struct transaction tx;
	int rc;

	(void)state;
	assert_ok(transaction_read(s.in.data, s.in.len, &s.room, &s.arena, &tx,
				   &err),
		  err);
	fault_arm(FAULT_ALLOC_REST, 1);
	rc = transaction_verify(&tx, &result, &err);
	fault_disarm();
	assert_true(rc < 0 && error_is_memory(&err));
	assert_ok(transaction_verify(&tx, &result, &err), err);
	assert_int_equal(result.fault, SIGNATURE_GOOD);
	release(&s);
	buf_release(&s.in);
}

/* The first of a batch that the notary signed at once. */
static void signatures(void **state)
{
	static const struct operation all[] = {
		{ "batch", BATCH, verify_transaction, FAULTS_LIBRARY },
	};
	static const struct fault_story story = {
		.name = "batch in a thread",
		.kinds = FAULTS_MEMORY | FAULTS_LIBRARY,
		.prepare = begin_thread,
		.run = run,
		.show = show,
		.release = end_thread,
	};
	struct saying s = { .in = test_vector(BATCH),
			    .arena = ARENA_INIT(ROOM),
			    .room = BUF_INIT(ROOM),
			    .out = BUF_INIT(ROOM),
			    .read = verify_in_thread };

	(void)state;
	FAIL_ALL(all);
	fault_loop(&story, &s);
	buf_release(&s.in);
}

/* ---- calls ---- */

static const struct party party = {
	{ NULL, NULL, "Bank", "London", NULL, "GB" }, (const uint8_t *)"key", 3
};
static const struct cash_amount amount = { 100, "USD" };

static int write_calls(struct saying *s, struct buf *out, struct error *err)
{
	static const uint8_t flow[16] = { 1 };

	(void)s;
	call_nothing(out);
	call_kill_flow(out, flow);
	call_party(out, &party.name);
	call_cash_issue(out, &amount, &party);
	call_cash_pay(out, &amount, &party, true, &party);
	call_cash_sums(out);
	return buf_check(out, err);
}

/* But for names and numbers that are drawn: how long all of it is. The queue,
 * whose name has a number of any length, is in each call, as UTF-16. */
static int write_session(struct saying *s, struct buf *out, struct error *err)
{
	struct rpc_outbox box;
	char id[FLOW_ID_TEXT];
	size_t len;

	(void)s;
	if (rpc_outbox_init(&box, "user", err) < 0)
		return -1;
	rpc_outbox_greet(&box, "user", "not-a-secret");
	rpc_outbox_start(&box);
	for (int i = 0; i < 3; i++) {
		rpc_outbox_call(&box, "nodeInfo", "body", 4, id);
		rpc_outbox_done(&box, id, 1);
	}
	rpc_outbox_tell_done(&box);
	len = box.out.len - 3 * 2 * strlen(box.queue);
	if (buf_check(&box.out, err) < 0) {
		rpc_outbox_release(&box);
		return -1;
	}
	rpc_outbox_release(&box);
	buf_addf(out, "%zu", len);
	return buf_check(out, err);
}

static int read_party(struct saying *s, struct buf *out, struct error *err)
{
	struct call_reply reply;
	struct party p;

	if (call_reply_read(s->in.data, s->in.len, &s->arena, &reply, err) <
		    0 ||
	    party_read(reply.value, &s->arena, &p, err) < 0)
		return -1;
	x500_name_print(&p.name, out);
	buf_add_hex(out, p.key, p.key_len);
	return buf_check(out, err);
}

static int read_sums(struct saying *s, struct buf *out, struct error *err)
{
	struct call_reply reply;
	struct cash_sum *sums;
	size_t count;

	if (call_reply_read(s->in.data, s->in.len, &s->arena, &reply, err) <
		    0 ||
	    cash_sums_read(reply.value, &s->arena, &sums, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		buf_addf(out, "%lld %s ", (long long)sums[i].amount,
			 sums[i].currency);
	return buf_check(out, err);
}

static int read_flow(struct saying *s, struct buf *out, struct error *err)
{
	struct call_reply reply;
	struct call_flow flow;

	if (call_reply_read(s->in.data, s->in.len, &s->arena, &reply, err) <
		    0 ||
	    call_flow_read(reply.value, &s->arena, &flow, err) < 0)
		return -1;
	buf_addf(out, "%s %s %lld", flow.id_text, flow.observable,
		 (long long)flow.observable_ms);
	return buf_check(out, err);
}

static int read_failure(struct saying *s, struct buf *out, struct error *err)
{
	struct call_event event;

	if (call_event_read(s->in.data, s->in.len, &s->arena, &event, err) < 0)
		return -1;
	buf_addf(out, "%d %s %s", event.kind, event.failure.class_name,
		 event.failure.text ? event.failure.text : "-");
	return buf_check(out, err);
}

/* The transaction that a flow came to. */
static int read_result(struct saying *s, struct buf *out, struct error *err)
{
	struct call_event event;
	struct tx_id id;
	char text[TX_ID_TEXT];

	if (call_event_read(s->in.data, s->in.len, &s->arena, &event, err) <
		    0 ||
	    transaction_id_of_value(amqp_get(event.value, "stx"), &id, err) < 0)
		return -1;
	buf_add_str(out, tx_id_text(text, &id));
	return buf_check(out, err);
}

static void calls(void **state)
{
	static const struct operation all[] = {
		{ "call", NULL, write_calls, 0 },
		{ "rpc_outbox", NULL, write_session, FAULTS_RANDOM },
		{ "party", "rpc/4.8/wellKnownPartyFromX500Name.reply.bin",
		  read_party, 0 },
		{ "sums", "rpc/4.8/vaultQueryBy-sumByCurrency.reply.bin",
		  read_sums, 0 },
		{ "flow", "rpc/4.8/pay.reply.bin", read_flow, 0 },
		{ "failure", "rpc/4.5/pay-insufficient.return-0-OnError.bin",
		  read_failure, 0 },
		{ "result", "rpc/4.8/pay.return-0-OnNext.bin", read_result, 0 },
	};

	(void)state;
	FAIL_ALL(all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_signature),
		cmocka_unit_test(transactions),
		cmocka_unit_test(signatures),
		cmocka_unit_test(calls),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
