/* SPDX-License-Identifier: Apache-2.0 */
/* three_banks.h - a run of three small brokers, bank-a, bank-b and bank-c,
 * around a notary, for tests of loads. */
#ifndef DRIVER_TEST_THREE_BANKS_H
#define DRIVER_TEST_THREE_BANKS_H

#include "run/network.h"
#include "test/support/broker.h"
#include "test/support/run_lines.h"
#include "test/support/scratch.h"

enum { BANKS = 3 };

#define NODE(name_, release_, role_)                                           \
	{ .name = name_,                                                       \
	  .legal_name = "O=" name_ ", L=London, C=GB",                         \
	  .set = "s",                                                          \
	  .pod = name_,                                                        \
	  .host = name_,                                                       \
	  .database = "d",                                                     \
	  .role = role_,                                                       \
	  .release = release_ }

/* Nothing in these tests is to wait so long for a flow. */
#define SHORT_TIMEOUTS                                                         \
	{ .build = 1,                                                          \
	  .migrate = 1,                                                        \
	  .boot = 1,                                                           \
	  .flow = 60,                                                          \
	  .settle = 1,                                                         \
	  .down = 1 }

struct three_banks {
	struct scratch at;
	struct broker brokers[BANKS];
	struct operation *ops; /* after the run */
	size_t count;
};

/* Starts the brokers, and writes the run's network, addresses and secrets. */
static inline void three_banks_start(struct three_banks *b,
				     const struct network *net)
{
	char text[1000];

	arena_init(&b->at.arena, 1 << 24);
	for (int i = 0; i < BANKS; i++)
		broker_start(&b->brokers[i]);
	assert_ok(dir_make_temporary("/tmp/medley-drive-", b->at.dir,
				     &b->at.err),
		  b->at.err);
	assert_ok(network_save(net, b->at.dir, &b->at.err), b->at.err);
	snprintf(text, sizeof(text),
		 "{\"nodes\":{\"bank-a\":{\"host\":\"127.0.0.1\",\"port\":%u},"
		 "\"bank-b\":{\"host\":\"127.0.0.1\",\"port\":%u},"
		 "\"bank-c\":{\"host\":\"127.0.0.1\",\"port\":%u}}}",
		 b->brokers[0].port, b->brokers[1].port, b->brokers[2].port);
	scratch_write(&b->at, "endpoints.json", text);
	scratch_write(&b->at, "secrets.json",
		      "{\"rpc_user\":\"u\",\"rpc_password\":\"p\","
		      "\"database_user\":\"x\",\"database_password\":\"x\"}");
}

/* Reads the history into `ops`. */
static inline void three_banks_look(struct three_banks *b)
{
	assert_ok(all_operations(b->at.dir, &b->at.arena, &b->ops, &b->count,
				 &b->at.err),
		  b->at.err);
}

static inline void three_banks_stop(struct three_banks *b)
{
	for (int i = 0; i < BANKS; i++)
		broker_stop(&b->brokers[i]);
	dir_remove(b->at.dir, NULL);
	arena_release(&b->at.arena);
}

#endif
