/* SPDX-License-Identifier: Apache-2.0 */
/* amqp_writer_test.c - what we write is what the nodes' serialiser writes. */
#include "proto/amqp_writer.h"

#include "base/cleanup.h"
#include "test/support/test.h"

#define LIST_DESCRIPTOR "net.corda:1BLPJgNvsxdvPcbrIQd87g=="
#define NAME_DESCRIPTOR "net.corda:ngdwbt6kRT0l5nn16uf87A=="
#define SCHEMA(n) (0xc562000000000000 | (n))

static void assert_bytes(const struct buf *b, const void *want, size_t len)
{
	assert_false(b->failed);
	assert_int_equal(b->len, len);
	assert_memory_equal(b->data, want, len);
}

static void assert_vector(const struct buf *b, const char *name)
{
	cleanup(buf_release) struct buf want = test_vector(name);

	assert_bytes(b, want.data, want.len);
}

static void write_descriptor(struct amqp_writer *w, const char *symbol)
{
	amqp_describe_code(w, SCHEMA(3));
	amqp_list_begin(w);
	amqp_write_symbol(w, symbol);
	amqp_write_null(w);
	amqp_list_end(w);
}

static void write_empty_list(struct amqp_writer *w)
{
	amqp_list_begin(w);
	amqp_list_end(w);
}

static void schema_begin(struct amqp_writer *w)
{
	amqp_describe_code(w, SCHEMA(2));
	amqp_list_begin(w);
	amqp_list_begin(w);
}

/* Closes the schema, writes the transforms, closes the envelope. */
static void envelope_end(struct amqp_writer *w)
{
	amqp_list_end(w);
	amqp_list_end(w);
	amqp_describe_code(w, SCHEMA(9));
	amqp_map_begin(w);
	amqp_list_end(w);
	amqp_list_end(w);
	assert_int_equal(w->depth, 0);
}

static void writes_the_request_without_arguments(void **state)
{
	cleanup(buf_release) struct buf b = BUF_INIT(4096);
	struct amqp_writer w;

	(void)state;
	amqp_writer_init(&w, &b);
	amqp_envelope_begin(&w);
	amqp_object_begin(&w, LIST_DESCRIPTOR);
	amqp_list_end(&w);
	schema_begin(&w);
	amqp_describe_code(&w, SCHEMA(6));
	amqp_list_begin(&w);
	amqp_write_string(&w, "java.util.List<java.lang.Object>");
	amqp_write_null(&w);
	write_empty_list(&w);
	amqp_write_string(&w, "list");
	write_descriptor(&w, LIST_DESCRIPTOR);
	write_empty_list(&w);
	amqp_list_end(&w);
	envelope_end(&w);
	assert_vector(&b, "rpc/4.0/getProtocolVersion.request.bin");
}

static void write_name_field(struct amqp_writer *w, const char *name,
			     bool mandatory)
{
	amqp_describe_code(w, SCHEMA(4));
	amqp_list_begin(w);
	amqp_write_string(w, name);
	amqp_write_string(w, "string");
	write_empty_list(w);
	amqp_write_null(w);
	amqp_write_null(w);
	amqp_write_bool(w, mandatory);
	amqp_write_bool(w, false);
	amqp_list_end(w);
}

static void write_name_class(struct amqp_writer *w)
{
	amqp_describe_code(w, SCHEMA(5));
	amqp_list_begin(w);
	amqp_write_string(w, "net.corda.core.identity.CordaX500Name");
	amqp_write_null(w);
	write_empty_list(w);
	write_descriptor(w, NAME_DESCRIPTOR);
	amqp_list_begin(w);
	write_name_field(w, "commonName", false);
	write_name_field(w, "country", true);
	write_name_field(w, "locality", true);
	write_name_field(w, "organisation", true);
	write_name_field(w, "organisationUnit", false);
	write_name_field(w, "state", false);
	amqp_list_end(w);
	amqp_list_end(w);
}

static void write_name(struct amqp_writer *w)
{
	amqp_envelope_begin(w);
	amqp_object_begin(w, NAME_DESCRIPTOR);
	amqp_write_null(w);
	amqp_write_string(w, "GB");
	amqp_write_string(w, "London");
	amqp_write_string(w, "BankA");
	amqp_write_null(w);
	amqp_write_null(w);
	amqp_list_end(w);
	schema_begin(w);
	write_name_class(w);
	envelope_end(w);
}

static void writes_a_name_with_its_schema(void **state)
{
	cleanup(buf_release) struct buf b = BUF_INIT(4096);
	struct amqp_writer w;

	(void)state;
	amqp_writer_init(&w, &b);
	write_name(&w);
	assert_int_equal(b.len, 469);
	assert_vector(&b, "bootstrap/blobs/name-banka.bin");
}

static void writes_numbers_in_their_shortest_form(void **state)
{
	static const uint8_t want[] = {
		0x54, 0x7f, 0x54, 0x80, 0x71, 0,    0,	  0,	0x80,
		0x71, 0xff, 0xff, 0xff, 0x7f, 0x55, 0xff, 0x81, 0,
		0,    0,    1,	  0,	0,    0,    0,	  0x41, 0x42,
	};
	cleanup(buf_release) struct buf b = BUF_INIT(4096);
	struct amqp_writer w;

	(void)state;
	amqp_writer_init(&w, &b);
	amqp_write_int(&w, 127);
	amqp_write_int(&w, -128);
	amqp_write_int(&w, 128);
	amqp_write_int(&w, -129);
	amqp_write_long(&w, -1);
	amqp_write_long(&w, (int64_t)1 << 32);
	amqp_write_bool(&w, true);
	amqp_write_bool(&w, false);
	assert_bytes(&b, want, sizeof(want));
}

/* One list of one binary, so that its content has `content` bytes. */
static void write_list_of(struct buf *b, size_t content)
{
	static const uint8_t zeros[256];
	struct amqp_writer w;

	buf_clear(b);
	amqp_writer_init(&w, b);
	amqp_list_begin(&w);
	amqp_write_binary(&w, zeros, content - 2);
	amqp_list_end(&w);
}

static void turns_to_the_long_form_where_the_nodes_do(void **state)
{
	cleanup(buf_release) struct buf b = BUF_INIT(4096);
	struct amqp_writer w;
	char text[256];

	(void)state;
	write_list_of(&b, 254);
	assert_memory_equal(b.data, "\xc0\xff\x01\xa0\xfc", 5);
	write_list_of(&b, 255);
	assert_memory_equal(b.data, "\xd0\0\0\1\x03\0\0\0\1\xa0\xfd", 11);

	memset(text, 'x', sizeof(text));
	buf_clear(&b);
	amqp_writer_init(&w, &b);
	amqp_write_string_n(&w, text, 255);
	assert_memory_equal(b.data, "\xa1\xff", 2);
	buf_clear(&b);
	amqp_write_string_n(&w, text, 256);
	assert_memory_equal(b.data, "\xb1\0\0\1\0", 5);
}

static void counts_raw_values_and_described_ones_once(void **state)
{
	static const uint8_t want[] = { 0xc1, 0x0a, 0x04, 0xa1, 1,    'k',
					0x00, 0xa3, 1,	  's',	0x40, 0x41 };
	cleanup(buf_release) struct buf b = BUF_INIT(4096);
	struct amqp_writer w;

	(void)state;
	amqp_writer_init(&w, &b);
	amqp_map_begin(&w);
	amqp_write_string(&w, "k");
	amqp_describe(&w, "s");
	amqp_write_null(&w);
	amqp_write_raw(&w, "\x41", 1, 2);
	amqp_list_end(&w);
	assert_bytes(&b, want, sizeof(want));
}

static void a_full_buffer_is_told_at_the_end(void **state)
{
	struct error err = { 0 };
	struct amqp_writer w;

	(void)state;
	for (size_t max = 0; max < 469; max++) {
		cleanup(buf_release) struct buf b = BUF_INIT(max);

		amqp_writer_init(&w, &b);
		write_name(&w);
		assert_error(buf_check(&b, &err), err, "is full");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_the_request_without_arguments),
		cmocka_unit_test(writes_a_name_with_its_schema),
		cmocka_unit_test(writes_numbers_in_their_shortest_form),
		cmocka_unit_test(turns_to_the_long_form_where_the_nodes_do),
		cmocka_unit_test(counts_raw_values_and_described_ones_once),
		cmocka_unit_test(a_full_buffer_is_told_at_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
