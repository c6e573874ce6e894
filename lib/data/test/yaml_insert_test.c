/* SPDX-License-Identifier: Apache-2.0 */
/* yaml_insert_test.c - a list gets one more item, and the rest of the file
 * stays byte for byte. */
#include "data/yaml_insert.h"

#include "base/cleanup.h"
#include "data/yaml_edit.h"
#include "test/support/test.h"

enum { ROOM = 1 << 16 };

struct inserted {
	struct arena arena;
	struct buf text;
	int line;
	struct error err;
};

static void done(struct inserted *i)
{
	buf_release(&i->text);
	arena_release(&i->arena);
}

/* Adds {name: new, note: "4.10"} to `list`. */
static int insert(struct inserted *i, const char *text)
{
	struct yaml_edit t = { .arena = &i->arena };
	struct yaml_node *item;

	*i = (struct inserted){ .arena = ARENA_INIT(1 << 20),
				.text = BUF_INIT(ROOM) };
	item = yaml_edit_map(&t);
	yaml_edit_set_text(&t, item, "name", "new");
	yaml_edit_set_text(&t, item, "note", "4.10");
	return yaml_insert_item("x.yaml", text, strlen(text), "list", item,
				&i->arena, &i->text, &i->line, &i->err);
}

static void only_the_item_is_new(void **state)
{
	static const struct {
		const char *before, *after;
		int line;
	} files[] = {
		{ "", "list:\n  - name: new\n    note: \"4.10\"\n", 2 },
		{ "# all is commented out\n",
		  "# all is commented out\n\nlist:\n  - name: new\n"
		  "    note: \"4.10\"\n",
		  4 },
		{ "other: 1 # why",
		  "other: 1 # why\n\nlist:\n  - name: new\n"
		  "    note: \"4.10\"\n",
		  4 },
		{ "list:\nother: 1\n",
		  "list:\n  - name: new\n    note: \"4.10\"\nother: 1\n", 2 },
		{ "list:\n    - name: a # first\n      note: b\n",
		  "list:\n    - name: a # first\n      note: b\n"
		  "    - name: new\n      note: \"4.10\"\n",
		  4 },
		/* A comment at the list's depth is the list's, one below it
		 * that of the next key. */
		{ "list:\n  - name: a\n  # - name: old\n\n# of other\n"
		  "other: 1\n",
		  "list:\n  - name: a\n  # - name: old\n  - name: new\n"
		  "    note: \"4.10\"\n\n# of other\nother: 1\n",
		  4 },
		{ "list:\n- name: a\n\n# end\n",
		  "list:\n- name: a\n- name: new\n  note: \"4.10\"\n\n# end\n",
		  3 },
		/* What looks like a comment is text. */
		{ "list:\n  - name: |\n      a\n      # b\nother: 1\n",
		  "list:\n  - name: |\n      a\n      # b\n  - name: new\n"
		  "    note: \"4.10\"\nother: 1\n",
		  5 },
		{ "list:\n  - name: a\n    note: >\n      b\n\n      c\n",
		  "list:\n  - name: a\n    note: >\n      b\n\n      c\n"
		  "  - name: new\n    note: \"4.10\"\n",
		  7 },
		{ "list:\n  - {name: a}",
		  "list:\n  - {name: a}\n  - name: new\n    note: \"4.10\"\n",
		  3 },
	};

	(void)state;
	for (size_t k = 0; k < ARRAY_SIZE(files); k++) {
		struct inserted i;

		assert_ok(insert(&i, files[k].before), i.err);
		assert_string_equal(buf_text(&i.text), files[k].after);
		assert_int_equal(i.line, files[k].line);
		done(&i);
	}
}

static void a_form_that_cannot_be_changed_is_refused(void **state)
{
	static const struct {
		const char *text, *why;
	} bad[] = {
		{ "list: [a]\n", "x.yaml:1:7: medley cannot add an item to "
				 "'list' in this form" },
		{ "list: []\n", "x.yaml:1:7: medley cannot add" },
		{ "list: null\n", "medley cannot add" },
		{ "list: all\n", "x.yaml:1:7: medley cannot add" },
		{ "{list: }\n", "medley cannot add" },
		{ "{other: 1}\n", "medley cannot add" },
		{ "- a\n", "x.yaml:1:1: medley cannot add" },
		{ "other: 1\n...\n", "medley cannot add" },
		{ "other: 1\n---\nlist:\n", "x.yaml:" },
		{ "list:\n  - a: |+\n      b\n\n", "medley cannot add" },
		{ "list: [a\n", "x.yaml:" },
	};

	(void)state;
	for (size_t k = 0; k < ARRAY_SIZE(bad); k++) {
		struct inserted i;

		assert_error(insert(&i, bad[k].text), i.err, bad[k].why);
		assert_int_equal(i.err.kind, ERROR_INPUT);
		done(&i);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_the_item_is_new),
		cmocka_unit_test(a_form_that_cannot_be_changed_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
