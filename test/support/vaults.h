/* SPDX-License-Identifier: Apache-2.0 */
/* vaults.h - a small network's databases in a private PostgreSQL. */
#ifndef TEST_SUPPORT_VAULTS_H
#define TEST_SUPPORT_VAULTS_H

#include "data/json.h"
#include "run/records.h"
#include "sys/file.h"

/*
 * Two banks of two releases and a notary, with what their nodes stored of one
 * issue and one payment of it: 1.00 USD of 1000.00 goes from BankA to BankD.
 */
#define VAULTS_ISSUE                                                           \
	"2283D0C2D1F0A50E8989D3BE5E21A21B24B5A1731CB2F13D3FB7FCA5E3B9B6CC"
#define VAULTS_PAY                                                             \
	"0851A9472777FA2D3F8C54578CF50D3204B5869B74E1B8E249D44E3DFE77B70E"
#define VAULTS_TIME "timestamp '2026-11-21 07:00:00'"

/* The hashes of the banks' main keys, and of the key of BankA's change. */
#define VAULTS_KEY_A "DLFB1MtkZQepheKpc1c7Fp9AByd71khKoLXVF2WAhX661v"
#define VAULTS_KEY_D "DLHmq6zCqB4ewk8dXfaQvNRy7YbH7H5kRKiqKp1YE5Ypk5"
#define VAULTS_KEY_CHANGE "DL8PbGTuV5r7CLt97X8rjk8uAomHWiDzGno2tgZqmVNU1a"

/* The directory of the run: network, endpoints, secrets, history. */
extern char vaults_run[PATH_ROOM];

/* Around all tests of a program; 0. Without PostgreSQL nothing is started,
 * and vaults_reset() skips the test. */
int vaults_start(void **state);
int vaults_stop(void **state);

/* The databases as they should be, and a history that says so. */
void vaults_reset(void);
/* To "bank_a" (a 4.0 node), "bank_d", "notary" (4.8). */
void vaults_sql(const char *database, const char *text);
/* Another history: the payment with this outcome and transaction id. */
void vaults_paid(enum op_outcome outcome, const char *tx);

/* What the last check found: kept until the next one, or vaults_stop(). */
extern struct finding *vaults_found;
extern size_t vaults_found_count;

/* Judges the vaults as they are, and reads and prints what is found. The
 * details are the caller's to free; NULL: they are not wanted. */
void vaults_judge(struct js **ret_details);
/* Reads what another call of the check has found. */
void vaults_read_found(void);

#endif
