/* SPDX-License-Identifier: Apache-2.0 */
/* attachment_plants_test.c - defects in the files that transactions name. */
#include "test/support/plant.h"
#include "test/support/test.h"

#define FORGET                                                                 \
	"delete from node_attachments_contracts;"                              \
	"delete from node_attachments_signers;"                                \
	"delete from node_attachments"

static const struct plant plants[] = {
	{ .name = "attachment_is_changed",
	  .steps = { { "payee", "select lo_put(content, 100, 'X')"
				" from node_attachments" } },
	  .wanted = { { FINDING_ID_MISMATCH, "payee",
			"its SHA-256 is not the id", "" } },
	  .harm = HARM_NETWORK },
	{ .name = "attachment_is_changed_at_the_notary",
	  .run = "validating",
	  .steps = { { "notary", "select lo_put(content, 100, 'X')"
				 " from node_attachments" } },
	  .wanted = { { FINDING_ID_MISMATCH, "notary",
			"its SHA-256 is not the id", "" } },
	  .harm = HARM_NETWORK },
	{ .name = "attachment_is_missing",
	  .steps = { { "payee", FORGET } },
	  .wanted = { { FINDING_NOT_RECORDED, "payee",
			"is missing, but a stored transaction names it", "" } },
	  .harm = HARM_NETWORK },
	{ .name = "attachment_is_missing_at_the_notary",
	  .run = "validating",
	  .steps = { { "notary", FORGET } },
	  .wanted = { { FINDING_NOT_RECORDED, "notary",
			"is missing, but a stored transaction names it", "" } },
	  .harm = HARM_NETWORK },
	{ .name = "attachment_has_no_content",
	  .run = "raft",
	  .steps = { { "payer", "select lo_unlink(content)"
				" from node_attachments" } },
	  .wanted = { { FINDING_UNDECODABLE, "payer", "has no content", "" } },
	  .harm = HARM_NETWORK },
	{ .name = "attachment_has_an_odd_id",
	  .run = "two-notaries",
	  .steps = { { "payer", "insert into node_attachments"
				" (att_id, content, insertion_date, version)"
				" values ('a jar', 0, now(), 1)" } },
	  .wanted = { { FINDING_UNDECODABLE, "payer",
			"node_attachments has 'a jar' instead of an id", "" } },
	  .harm = HARM_NETWORK },
};

int main(int argc, char **argv)
{
	return plants_main(argc, argv, plants, ARRAY_SIZE(plants));
}
