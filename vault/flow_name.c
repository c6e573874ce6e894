/* SPDX-License-Identifier: Apache-2.0 */
/* flow_name.c - which flow an older node's checkpoint is of. */
#include "vault/flow_name.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/cursor.h"
#include "proto/snappy.h"

/* Kryo marks the end of a short text by the high bit of its last character; a
 * longer one has its length before it. */
enum { MARKED_MAX = 63, TEXT_MIN = 4, HIGH = 0x80 };
/* As in proto/snappy.h, but that blobs of Kryo have another magic. */
enum { SECTION_PACKED = 2, PACKED_SNAPPY = 1 };

static const uint8_t magic[] = { 'c', 'o', 'r', 'd', 'a', 0, 0, 1 };

static bool is_part(uint8_t c)
{
	return isalnum(c) || c == '_' || c == '$' || c == '.';
}

/* The next text of characters that names are made of; its length, 0 at the
 * end. One that does not fit is cut. */
static size_t next_text(struct cursor *c, char room[FLOW_NAME_ROOM])
{
	size_t n = 0;

	while (cursor_left(c) > 0) {
		uint8_t byte = cursor_u8(c);
		bool ends = byte & HIGH;

		if (!is_part(byte & ~HIGH) || (ends && n >= MARKED_MAX))
			ends = true;
		else if (n + 1 < FLOW_NAME_ROOM && (n > 0 || !ends))
			room[n++] = (char)(byte & ~HIGH);
		if (ends && n >= TEXT_MIN)
			break;
		if (ends)
			n = 0;
	}
	room[n] = '\0';
	return n;
}

/* "FlowLogic._stateMachine": no package, one dot. */
static bool is_field(const char *text)
{
	const char *dot = strchr(text, '.');

	return isupper((uint8_t)*text) && dot && !strchr(dot + 1, '.');
}

/* "net.corda.core.flows.ReceiveFinalityFlow" */
static bool is_class(const char *text)
{
	const char *dot = strrchr(text, '.');

	return islower((uint8_t)*text) && dot && isupper((uint8_t)dot[1]) &&
	       !strstr(text, "..");
}

static const char *find(const uint8_t *bytes, size_t len,
			char room[FLOW_NAME_ROOM])
{
	struct cursor c = cursor_over(bytes, len);
	char text[FLOW_NAME_ROOM];
	bool within = false; /* the fields of the class in `room` */

	while (next_text(&c, text) > 0) {
		if (within && strncmp(text, "FlowLogic.", 10) == 0)
			return room;
		if (is_class(text)) {
			memcpy(room, text, sizeof(text));
			within = true;
		} else if (!is_field(text)) {
			within = false;
		}
	}
	return NULL;
}

const char *flow_name(const uint8_t *checkpoint, size_t len,
		      char room[FLOW_NAME_ROOM])
{
	cleanup(buf_release) struct buf unpacked = BUF_INIT(CHECKPOINT_MAX);
	struct cursor c = cursor_over(checkpoint, len);
	const uint8_t *p = cursor_take(&c, sizeof(magic));

	if (!p || memcmp(p, magic, sizeof(magic)) != 0)
		return NULL;
	if (cursor_u8(&c) != SECTION_PACKED)
		return find(c.p, cursor_left(&c), room);
	/* What could be unpacked may have the name, though the end is cut. */
	if (cursor_u8(&c) == PACKED_SNAPPY)
		(void)snappy_unframe(c.p, cursor_left(&c), &unpacked, NULL);
	return find(unpacked.data, unpacked.len, room);
}

const char *flow_short_name(const char *name)
{
	const char *dot = strrchr(name, '.');

	return dot ? dot + 1 : name;
}
