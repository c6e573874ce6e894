/* SPDX-License-Identifier: Apache-2.0 */
/* plant.h - a defect in the databases of a kept run, and what must be found. */
#ifndef TEST_SUPPORT_PLANT_H
#define TEST_SUPPORT_PLANT_H

#include "corda/transaction.h"
#include "test/support/trial.h"

/*
 * A plant is a line or two of SQL and the findings that must come of it:
 *
 *	{ .name = "payee_forgets",
 *	  .steps = { { "payee", "delete from node_transactions"
 *				" where tx_id = '{tx}'" } },
 *	  .wanted = { { FINDING_NOT_RECORDED, "payee", "has no such" } } },
 *
 * plants_main() makes a test of it for each cell of its run: with two banks
 * and a notary, one for each direction. A test picks a payment of the cell,
 * runs the SQL in copies of the databases, and has the real check and the real
 * report judge them. Then
 * - each finding must be wanted, and each wanted one must be there once;
 * - a finding about the payment must name its payer, payee and notary, and
 *   their releases;
 * - the cell of the payment must fail, and no other one;
 * - the report's text must name the releases and the payment.
 *
 * A place is "payer", "payee", "notary", "other notary" (the first one that
 * the payment does not name), or a node's name.
 *
 * In SQL, and in `tx` and `part` of what is wanted, the test replaces
 *	{tx}      the payment's transaction id
 *	{output}  the index of the payee's output
 *	{change}  the index of an output that the payer keeps
 *	{inputs}  its inputs, as rows: ('<transaction id>', <index>), ...
 *	{input}   the transaction id of its first input
 *	{index}   the index of its first input
 *	{other}   the transaction id of another payment of the cell
 *	{before}  the transaction id of any other operation that sorts before
 *	{behind}  … and behind the payment's
 */
enum { PLANT_STEPS = 6, PLANT_WANTED = 6 };

struct plant_step {
	const char *at; /* place */
	const char *sql;
};

struct wanted {
	enum finding_kind kind;
	const char *at; /* place of the finding's node; NULL: none */
	const char *part; /* of the summary; never NULL */
	/* The finding's transaction; NULL: the payment, and the finding names
	 * its cell; "": the finding names neither transaction nor cell. */
	const char *tx;
	bool note;
};

/* The last payment of the cell … */
enum plant_pick {
	PICK_UNSPENT, /* whose output the payee still has */
	PICK_SPENT, /* whose output the payee has spent */
	PICK_LEAF /* of which neither payee nor payer has spent anything */
};

/* What the report must fail by it. */
enum plant_harm { HARM_CELL, HARM_NETWORK, HARM_NONE };

struct planting;

struct plant {
	const char *name; /* [a-z0-9_]+ */
	const char *run; /* NULL: "two-releases" */
	enum plant_pick pick;
	struct plant_step steps[PLANT_STEPS];
	void (*act)(struct planting *p); /* after the steps, or NULL */
	struct wanted wanted[PLANT_WANTED];
	enum plant_harm harm;
};

/* A plant in a cell. */
struct planting {
	const struct plant *plant;
	const char *run;
	unsigned payer, payee, notary; /* nodes */
	struct trial trial;
	const struct operation *op, *other; /* the payment, and another */
	int64_t output; /* of the payment, to the payee */
	/* The payment as its payer stores it, unpacked, and what it says: its
	 * bytes and texts lie in `blob`, where act() may change them. */
	struct buf blob;
	struct transaction tx;
};

/* The main of a program of plants: PROGRAM [PATTERN]; the pattern, such as
 * "payee_*", chooses tests by name. */
int plants_main(int argc, char **argv, const struct plant *plants,
		size_t count);

/* ---- for plants_main() and act() (planting.c) ---- */

/* Begins the trial and picks the payment. */
void planting_begin(struct planting *p);
void planting_end(struct planting *p);
const struct network_node *planting_node(const struct planting *p,
					 const char *at);
/* The output that the payer keeps; fails the test when there is none. */
unsigned planting_change(const struct planting *p);
void planting_words(const struct planting *p, const char *text,
		    struct buf *out);
/* Replaces the words in `sql` and runs it at that place. */
void planting_sql(struct planting *p, const char *at, const char *sql);
/* Stores `blob` as the payment at that place. */
void planting_store(struct planting *p, const char *at);
/* Stores `blob` under the id that its bytes have now: at payer, payee and
 * notary, and in the history. {tx} is that id from here on. */
void planting_forge(struct planting *p);

#endif
