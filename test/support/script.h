/* SPDX-License-Identifier: Apache-2.0 */
/* script.h - a peer on loopback that says what a fuzzer's input has it say. */
#ifndef TEST_SUPPORT_SCRIPT_H
#define TEST_SUPPORT_SCRIPT_H

#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The input is cut into messages: a length of two bytes, big-endian, and so
 * many bytes. The peer sends one after the other, without waiting for what its
 * client says, and ends the connection after the last. An empty message ends
 * the connection, too: the next client is told what follows. Clients that come
 * when nothing is left are told nothing.
 *
 * A client must close soon after its peer has: the process is aborted if not.
 */
struct script {
	const uint8_t *next; /* borrowed */
	size_t left;
	uint16_t port; /* on 127.0.0.1 */
	/* Its own. */
	int listener;
	_Atomic int over;
	pthread_t thread;
};

void script_start(struct script *s, const uint8_t *data, size_t size);
/* When all clients have closed. */
void script_stop(struct script *s);

#endif
