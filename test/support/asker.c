/* SPDX-License-Identifier: Apache-2.0 */
/* asker.c - what a node asks a doorman, and the last answer. */
#include "test/support/asker.h"

#include "base/cleanup.h"
#include "data/zip.h"
#include "test/support/test.h"

enum { ANSWER_MAX = 1 << 20, HEAD_MAX = 8192, BYTES_MAX = 64 * 1024 };

void asker_init(struct asker *a,
		void (*ask)(struct asker *a, const char *method,
			    const char *path, const struct buf *body))
{
	*a = (struct asker){ .ask = ask,
			     .head = BUF_INIT(HEAD_MAX),
			     .body = BUF_INIT(ANSWER_MAX),
			     .doorman = BUF_INIT(BYTES_MAX),
			     .root = BUF_INIT(BYTES_MAX) };
}

void asker_release(struct asker *a)
{
	buf_release(&a->head);
	buf_release(&a->body);
	buf_release(&a->doorman);
	buf_release(&a->root);
}

void asker_ask(struct asker *a, const char *method, const char *path,
	       const struct buf *body)
{
	a->status = 0;
	buf_clear(&a->head);
	buf_clear(&a->body);
	a->ask(a, method, path, body);
}

void asker_said(const struct asker *a, unsigned status, const char *part)
{
	if (a->status != status || !strstr(buf_text(&a->body), part))
		fail_msg("%u %s, expected %u %s", a->status, buf_text(&a->body),
			 status, part);
}

void asker_header(const struct asker *a, const char *name, const char *value)
{
	char line[256];

	snprintf(line, sizeof(line), "%s: %s\r\n", name, value);
	if (!strstr(buf_text(&a->head), line))
		fail_msg("no %.200s in %s", line, buf_text(&a->head));
}

void asker_request(struct asker *a, const struct applicant *from,
		   enum certificate_kind kind, char ret_path[PATH_ROOM])
{
	cleanup(buf_release) struct buf csr = BUF_INIT(BYTES_MAX);

	applicant_csr(from, kind, &csr);
	asker_ask(a, "POST", "/certificate", &csr);
	path_printf(ret_path, "/certificate/%s", buf_text(&a->body));
}

void asker_take(struct asker *a, struct applicant *to)
{
	struct error err = { 0 };

	assert_int_equal(a->status, 200);
	asker_header(a, "Content-Type", "application/zip");
	buf_clear(&to->certificate);
	buf_clear(&a->doorman);
	buf_clear(&a->root);
	assert_ok(zip_member_of(&a->body, "leaf.cer", &to->certificate, &err),
		  err);
	assert_ok(zip_member_of(&a->body, "doorman.cer", &a->doorman, &err),
		  err);
	assert_ok(zip_member_of(&a->body, "root.cer", &a->root, &err), err);
}

void asker_register(struct asker *a, struct applicant *as,
		    enum certificate_kind kind)
{
	char path[PATH_ROOM];

	asker_request(a, as, kind, path);
	asker_said(a, 200, "");
	asker_ask(a, "GET", path, NULL);
	asker_take(a, as);
}

void asker_publish(struct asker *a, struct applicant *as,
		   struct applicant *service, int64_t serial)
{
	cleanup(buf_release) struct buf info = BUF_INIT(BYTES_MAX);

	applicant_info(as, service,
		       (struct der){ a->doorman.data, a->doorman.len },
		       (struct der){ a->root.data, a->root.len }, serial,
		       &info);
	asker_ask(a, "POST", "/network-map/publish", &info);
}

void asker_map(struct asker *a, struct arena *arena, struct network_map *ret)
{
	struct error err = { 0 };
	struct signed_data data;

	asker_ask(a, "GET", "/network-map", NULL);
	asker_said(a, 200, "");
	assert_ok(signed_data_read(a->body.data, a->body.len, arena, &data,
				   &err),
		  err);
	assert_ok(network_map_read(data.inner, arena, ret, &err), err);
}

void asker_parameters(struct asker *a, struct arena *arena,
		      const uint8_t hash[SECURE_HASH],
		      struct signed_network_parameters *ret)
{
	cleanup(buf_release) struct buf path = BUF_INIT(256);
	struct error err = { 0 };

	buf_add_str(&path, "/network-map/network-parameters/");
	buf_add_hex(&path, hash, SECURE_HASH);
	asker_ask(a, "GET", buf_text(&path), NULL);
	asker_said(a, 200, "");
	assert_ok(network_parameters_read(a->body.data, a->body.len, arena, ret,
					  &err),
		  err);
}

void asker_notary_is(struct asker *a, const struct key *key)
{
	cleanup(arena_release) struct arena arena = ARENA_INIT(1 << 20);
	struct signed_network_parameters p;
	struct network_map map;

	asker_map(a, &arena, &map);
	asker_parameters(a, &arena, map.parameters, &p);
	assert_int_equal(p.parameters.notary_count, 1);
	assert_int_equal(p.parameters.notaries[0].spki.len, key_spki(key).len);
	assert_memory_equal(p.parameters.notaries[0].spki.bytes,
			    key_spki(key).bytes, key_spki(key).len);
}
