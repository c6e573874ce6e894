/* SPDX-License-Identifier: Apache-2.0 */
/* network_draft_test.c - a drafted network.yaml is valid, as it is and with
 * each key that is commented out, and means the same.
 */
#include "test/support/scratch.h"

#include "base/cleanup.h"
#include "run/network.h"
#include "run/network_draft.h"

static const struct draft_release three[] = {
	{ .word = "maven:4.0", .built = true, .chosen = true },
	{ .word = "maven:4.5" },
	{ .word = "maven:4.10", .chosen = true },
};

static void parse(struct scratch *at, const struct buf *text,
		  struct network *ret)
{
	assert_ok(network_parse("network.yaml", text->data, text->len,
				&at->arena, ret, &at->err),
		  at->err);
}

/* "#key:" and "#  - release:", not "# words". */
static void without_marks(const char *text, struct buf *out)
{
	while (*text) {
		size_t len = strcspn(text, "\n") + 1;

		if (text[0] == '#' && (text[1] != ' ' || text[2] == ' '))
			buf_add(out, text + 1, len - 1);
		else
			buf_add(out, text, len);
		text += len;
	}
}

static void a_draft_is_valid(void **state)
{
	cleanup(buf_release) struct buf text = BUF_INIT(65536);
	const struct network_draft draft = { .releases = three,
					     .count = 3,
					     .cordapps = "finance-4.0" };
	struct scratch *at = *state;
	struct network net;

	network_draft_write(&draft, &text);
	parse(at, &text, &net);
	assert_int_equal(net.node_count, 3);
	assert_string_equal(net.nodes[0].name, "bank-4.0-0");
	assert_string_equal(net.nodes[2].name, "notary-4.10-0");
	assert_non_null(strstr(buf_text(&text), "maven:4.0 "));
	assert_non_null(strstr(buf_text(&text), "\n#  - release: maven:4.5\n"));
}

static void lines_fit_a_terminal(void **state)
{
	cleanup(buf_release) struct buf text = BUF_INIT(65536);
	const struct network_draft draft = { .releases = three,
					     .count = 3,
					     .cordapps = "finance-4.0" };

	(void)state;
	network_draft_write(&draft, &text);
	for (const char *p = buf_text(&text); *p; p += strcspn(p, "\n") + 1)
		assert_true(strcspn(p, "\n") <= 80);
}

/* Its comments are true: what is commented out is the default. */
static void optional_keys_have_their_defaults(void **state)
{
	cleanup(buf_release) struct buf text = BUF_INIT(65536);
	cleanup(buf_release) struct buf bare = BUF_INIT(65536);
	cleanup(buf_release) struct buf first = BUF_INIT(65536);
	cleanup(buf_release) struct buf second = BUF_INIT(65536);
	struct draft_release releases[] = { three[0], three[2] };
	const struct network_draft draft = { .releases = releases,
					     .count = 2,
					     .cordapps = "finance-4.0" };
	struct scratch *at = *state;
	struct network as_it_is, all;

	network_draft_write(&draft, &text);
	without_marks(buf_text(&text), &bare);
	assert_true(bare.len < text.len);
	parse(at, &text, &as_it_is);
	parse(at, &bare, &all);
	all.seed = as_it_is.seed; /* by the clock */
	assert_ok(network_write(&as_it_is, &first, &at->err), at->err);
	assert_ok(network_write(&all, &second, &at->err), at->err);
	assert_string_equal(buf_text(&first), buf_text(&second));
}

static void other_releases_can_be_chosen(void **state)
{
	cleanup(buf_release) struct buf text = BUF_INIT(65536);
	cleanup(buf_release) struct buf bare = BUF_INIT(65536);
	const struct network_draft draft = { .releases = three,
					     .count = 3,
					     .cordapps = "finance-4.0" };
	struct scratch *at = *state;
	struct network net;

	network_draft_write(&draft, &text);
	without_marks(buf_text(&text), &bare);
	parse(at, &bare, &net);
	assert_int_equal(net.node_count, 4);
}

static void one_release_has_two_banks(void **state)
{
	cleanup(buf_release) struct buf text = BUF_INIT(65536);
	const struct draft_release one = { .word = "o'brien's",
					   .chosen = true };
	const struct network_draft draft = { .releases = &one,
					     .count = 1,
					     .repo = ".",
					     .cordapps = "finance-4.0" };
	struct scratch *at = *state;
	struct network net;

	network_draft_write(&draft, &text);
	parse(at, &text, &net);
	assert_int_equal(net.node_count, 3);
	assert_string_equal(net.releases[0].word, "o'brien's");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH_TEST(a_draft_is_valid),
		SCRATCH_TEST(lines_fit_a_terminal),
		SCRATCH_TEST(optional_keys_have_their_defaults),
		SCRATCH_TEST(other_releases_can_be_chosen),
		SCRATCH_TEST(one_release_has_two_banks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
