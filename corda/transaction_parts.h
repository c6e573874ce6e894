/* SPDX-License-Identifier: Apache-2.0 */
/* transaction_parts.h - parties, amounts, states out of decoded values. */
#ifndef CORDA_TRANSACTION_PARTS_H
#define CORDA_TRANSACTION_PARTS_H

#include "corda/transaction.h"

/*
 * Only for corda/. A part that the value lacks is also missing in the result;
 * -1 only if the value has another form. Texts live in `arena`.
 */
int tx_malformed(struct error *err, const char *what);
int tx_party_of(const struct amqp_value *party, struct arena *arena,
		struct tx_party *ret, struct error *err);
int tx_key_of(const struct amqp_value *key, struct tx_key *ret,
	      struct error *err);
int tx_id_of_hash(const struct amqp_value *secure_hash, struct tx_id *ret,
		  struct error *err);
int tx_output_of(const struct amqp_value *state, struct arena *arena,
		 struct tx_output *ret, struct error *err);
int tx_command_of(const struct amqp_value *command, struct arena *arena,
		  struct tx_command *ret, struct error *err);

#endif
