/* SPDX-License-Identifier: Apache-2.0 */
/* odd_names_test.c - names that YAML reads as a number, a truth or null. */
#include "generate/test/generated.h"

#include "base/cleanup.h"
#include "data/yaml.h"

#define NETWORK(identity)                                                      \
	"banks: [{release: maven:4.10, count: 2}]\n"                           \
	"notaries: [{release: maven:4.10}]\n"                                  \
	"cordapps: finance-4.0\n"                                              \
	"namespace: 1e3\n"                                                     \
	"storage_class: \"0123\"\n"                                            \
	"external_database: {host: \"1234\", secret: \"true\"}\n"              \
	"identity: " identity "\n"

struct story {
	struct scratch at;
	unsigned seen; /* scalars of the names above */
};

static int set_up(void **state)
{
	*state = scratch_begin(sizeof(struct story));
	return 0;
}

/* What must stay a text wherever it comes. */
static void check(struct story *s, const char *file, const struct yaml_node *n)
{
	static const char *const names[] = { "1e3", "0123", "1234", "true" };

	for (size_t i = 0; n->type != YAML_SCALAR && i < n->count; i++)
		check(s, file, n->items[i]);
	for (size_t i = 0; n->type == YAML_SCALAR && i < ARRAY_SIZE(names);
	     i++) {
		/* Truths of the templates' own are plain, and meant so. */
		if (strcmp(n->text, names[i]) != 0 ||
		    (n->plain && !strcmp(n->text, "true")))
			continue;
		s->seen++;
		if (n->plain)
			fail_msg("%s:%d: %s is not in quotes", file, n->line,
				 n->text);
	}
}

static int check_file(const char *name, void *ctx)
{
	struct story *s = ctx;
	struct yaml_file f;

	assert_ok(yaml_read(name, &s->at.arena, &f, &s->at.err), s->at.err);
	for (size_t i = 0; i < f.count; i++)
		check(s, name, f.documents[i]);
	return 0;
}

static void check_all(struct story *s, const char *list)
{
	cleanup(buf_release) struct buf names = BUF_INIT(1 << 20);
	char path[PATH_ROOM], *save;

	assert_ok(file_read(list, &names, &s->at.err), s->at.err);
	for (char *line = strtok_r((char *)names.data, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save))
		check_file(path_printf(path, "%s/config/%s", s->at.dir, line),
			   s);
}

static void generate(struct story *s, const char *network,
		     enum generate_format format)
{
	char list[PATH_ROOM];

	generate_with(&s->at, network, format, "1e3");
	check_all(s, path_join(list, s->at.dir, "list"));
}

static void of_generated_identities(void **state)
{
	struct story *s = *state;

	generate(s, NETWORK("static"), GENERATE_PLAIN);
	assert_true(s->seen > 50);
}

static void of_nodes_that_register_themselves(void **state)
{
	struct story *s = *state;

	generate(s, NETWORK("doorman"), GENERATE_KUSTOMIZE);
	assert_true(s->seen > 50);
}

#define STORY(t) cmocka_unit_test_setup_teardown(t, set_up, scratch_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORY(of_generated_identities),
		STORY(of_nodes_that_register_themselves),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
