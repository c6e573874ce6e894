/* SPDX-License-Identifier: Apache-2.0 */
/* rpc_bench.c - medley's RPC client on its own: calls a second, CPU, memory.
 *
 * Usage: rpc_bench HOST PORT WARM-UP-CALLS CALLS DEPTH
 *
 * User and password in RPC_USER and RPC_PASSWORD. Calls currentNodeTime with
 * DEPTH calls outstanding; prints one line of JSON, as java/RpcBench.java does.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "corda/call.h"
#include "corda/rpc.h"
#include "sys/clock.h"

struct bench {
	struct loop *loop;
	struct rpc *rpc;
	struct buf body;
	long warm, total, depth;
	long to_send, to_come;
	int measuring;
	int64_t began_us, took_us;
	double cpu, cpu_took;
};

static double cpu_now(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
	       (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static void send_one(struct bench *b);

static void start(struct bench *b, long calls)
{
	b->to_send = b->to_come = calls;
	b->began_us = clock_mono_us();
	b->cpu = cpu_now();
	for (long i = 0; i < b->depth; i++)
		send_one(b);
}

static void on_answer(void *ctx, const struct rpc_result *r)
{
	struct bench *b = ctx;

	if (r->status != RPC_OK) {
		fprintf(stderr, "rpc_bench: %s\n", r->error_class);
		exit(70);
	}
	send_one(b);
	if (--b->to_come)
		return;
	if (!b->measuring) {
		b->measuring = 1;
		start(b, b->total);
		return;
	}
	b->took_us = clock_mono_us() - b->began_us;
	b->cpu_took = cpu_now() - b->cpu;
	rpc_close(b->rpc);
}

static void send_one(struct bench *b)
{
	struct error err;

	if (!b->to_send)
		return;
	b->to_send--;
	if (rpc_call(b->rpc, "currentNodeTime", b->body.data, b->body.len,
		     30000, on_answer, b, &err) < 0) {
		fprintf(stderr, "rpc_bench: %s\n", err.text);
		exit(70);
	}
}

static void on_ready(void *ctx)
{
	struct bench *b = ctx;

	start(b, b->warm);
}

static void on_failed(void *ctx, const struct error *err)
{
	(void)ctx;
	fprintf(stderr, "rpc_bench: %s\n", err->text);
	exit(70);
}

static void on_closed(void *ctx)
{
	loop_stop(((struct bench *)ctx)->loop);
}

static void print(const struct bench *b)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	printf("{\"calls\":%ld,\"depth\":%ld,\"seconds\":%.6f,"
	       "\"cpu_seconds\":%.6f,\"process_cpu_seconds\":%.6f,"
	       "\"peak_kib\":%ld}\n",
	       b->total, b->depth, (double)b->took_us / 1e6, b->cpu_took,
	       cpu_now(), u.ru_maxrss);
}

int main(int argc, char **argv)
{
	static const struct rpc_events events = { on_ready, on_failed,
						  on_closed };
	struct bench b = { .body = BUF_INIT(4096) };
	struct rpc_address address = { .open_ms = 10000 };
	struct error err;

	if (argc != 6)
		return 64;
	address.host = argv[1];
	address.port = (uint16_t)atoi(argv[2]);
	address.user = getenv("RPC_USER");
	address.password = getenv("RPC_PASSWORD");
	b.warm = atol(argv[3]);
	b.total = atol(argv[4]);
	b.depth = atol(argv[5]);
	call_nothing(&b.body);
	if (loop_new(&b.loop, &err) < 0 ||
	    rpc_open(b.loop, &address, &events, &b, &b.rpc, &err) < 0) {
		fprintf(stderr, "rpc_bench: %s\n", err.text);
		return 70;
	}
	loop_run(b.loop);
	loop_free(b.loop);
	buf_release(&b.body);
	print(&b);
	return 0;
}
