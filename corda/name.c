/* SPDX-License-Identifier: Apache-2.0 */
/* name.c - X.500 names as Corda allows them. */
#include "corda/name.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/utf8.h"
#include "corda/der.h"
#include "corda/schemas.h"

#define DESCRIPTOR "net.corda:ngdwbt6kRT0l5nn16uf87A=="

/* The parts of a name, in the order of DER. OIDs are 2.5.4.n. */
static const struct part {
	const char *key; /* as people write it */
	const char *field; /* of CordaX500Name */
	size_t offset; /* in struct x500_name */
	uint8_t oid; /* n */
	uint8_t max; /* characters */
	uint8_t tag;
} parts[] = {
	{ "C", "country", offsetof(struct x500_name, country), 6, 2,
	  DER_PRINTABLE_STRING },
	{ "ST", "state", offsetof(struct x500_name, state), 8, 63,
	  DER_UTF8_STRING },
	{ "L", "locality", offsetof(struct x500_name, locality), 7, 63,
	  DER_UTF8_STRING },
	{ "O", "organisation", offsetof(struct x500_name, organisation), 10,
	  127, DER_UTF8_STRING },
	{ "OU", "organisationUnit",
	  offsetof(struct x500_name, organisation_unit), 11, 63,
	  DER_UTF8_STRING },
	{ "CN", "commonName", offsetof(struct x500_name, common_name), 3, 63,
	  DER_UTF8_STRING },
};

static const char **part_of(struct x500_name *name, const struct part *part)
{
	return (const char **)((char *)name + part->offset);
}

static const char *part_text(const struct x500_name *name,
			     const struct part *part)
{
	return *(const char *const *)((const char *)name + part->offset);
}

static size_t characters(const char *text)
{
	size_t n = 0;

	for (; *text; text++)
		n += (*text & 0xc0) != 0x80;
	return n;
}

/* Letters of other scripts count as such by their first byte. */
static size_t letters(const char *text)
{
	size_t n = 0;

	for (; *text; text++)
		n += isalpha((unsigned char)*text) || (*text & 0xc0) == 0xc0;
	return n;
}

/* UTF-8 without control characters: a name is printed, and put into
 * certificates, as it is. */
static int check_utf8(const struct part *part, const char *text,
		      struct error *err)
{
	unsigned code;
	size_t n;

	for (; *text; text += n) {
		n = utf8_next(text, &code);
		if (!n || code < ' ' || code == 0x7f)
			return error_set(err, ERROR_INPUT,
					 "%s has a character that is not "
					 "allowed in names",
					 part->key);
	}
	return 0;
}

static int check_part(const struct part *part, const char *text,
		      struct error *err)
{
	size_t len = strlen(text);

	if (check_utf8(part, text, err) < 0)
		return -1;
	if (!len || characters(text) > part->max)
		return error_set(err, ERROR_INPUT,
				 "%s has %zu characters, expected 1 to %d",
				 part->key, characters(text), part->max);
	if (text[0] == ' ' || text[len - 1] == ' ' || strstr(text, "  "))
		return error_set(err, ERROR_INPUT,
				 "%s \"%s\" begins or ends with a space, or "
				 "has two spaces in a row",
				 part->key, text);
	return 0;
}

static int check_name(const struct x500_name *name, struct error *err)
{
	const char *c = name->country;

	if (!name->organisation || !name->locality || !c)
		return error_set(err, ERROR_INPUT,
				 "a legal name needs O, L and C");
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		const char *text = part_text(name, &parts[i]);

		if (text && check_part(&parts[i], text, err) < 0)
			return -1;
	}
	if (!isupper((unsigned char)c[0]) || !isupper((unsigned char)c[1]))
		return error_set(err, ERROR_INPUT,
				 "C \"%s\" is not an ISO 3166 code; expected "
				 "two capital letters, such as GB",
				 c);
	if (letters(name->organisation) < 2)
		return error_set(err, ERROR_INPUT,
				 "O \"%s\" needs at least two letters",
				 name->organisation);
	return 0;
}

static const struct part *find_part(const char *key, size_t len)
{
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		if (strlen(parts[i].key) == len &&
		    !strncasecmp(parts[i].key, key, len))
			return &parts[i];
	}
	return NULL;
}

/* The value up to an unescaped comma, without spaces around. */
static const char *take_value(const char **text, struct arena *arena)
{
	const char *p = *text + strspn(*text, " ");
	char *value = arena_alloc(arena, strlen(p) + 1);
	size_t len = 0, keep = 0;

	if (!value)
		return NULL;
	for (; *p && *p != ','; p++) {
		bool escaped = *p == '\\' && p[1];

		p += escaped;
		value[len++] = *p;
		if (escaped || *p != ' ')
			keep = len;
	}
	value[keep] = 0;
	*text = p;
	return value;
}

static int parse_part(const char **text, struct arena *arena,
		      struct x500_name *name, struct error *err)
{
	const char *key = *text + strspn(*text, " ");
	size_t len = strcspn(key, "=, ");
	const struct part *part = find_part(key, len);
	const char *p = key + len + strspn(key + len, " ");

	if (!part || *p != '=')
		return error_set(err, ERROR_INPUT,
				 "\"%.*s\" is not a part of a name; expected "
				 "CN=, OU=, O=, L=, ST= or C=",
				 (int)len, key);
	if (part_text(name, part))
		return error_set(err, ERROR_INPUT, "%s is given twice",
				 part->key);
	p++;
	*part_of(name, part) = take_value(&p, arena);
	if (!part_text(name, part))
		return error_nomem(err);
	*text = p;
	return 0;
}

int x500_name_parse(const char *text, struct arena *arena,
		    struct x500_name *ret, struct error *err)
{
	struct x500_name name = { 0 };
	const char *p = text;

	do {
		p += *p == ',';
		if (parse_part(&p, arena, &name, err) < 0)
			return error_wrap(err, "name \"%s\"", text);
	} while (*p);
	if (check_name(&name, err) < 0)
		return error_wrap(err, "name \"%s\"", text);
	*ret = name;
	return 0;
}

void x500_name_print(const struct x500_name *name, struct buf *out)
{
	const char *between = "";

	for (size_t i = ARRAY_SIZE(parts); i-- > 0;) {
		const char *text = part_text(name, &parts[i]);

		if (!text)
			continue;
		buf_addf(out, "%s%s=", between, parts[i].key);
		for (; *text; text++) {
			if (strchr(",+\"\\<>;", *text))
				buf_add_u8(out, '\\');
			buf_add_u8(out, *text);
		}
		between = ", ";
	}
}

static void add_rdn(const struct part *part, const char *text, struct buf *out)
{
	size_t set = der_begin(out, DER_SET);
	size_t pair = der_begin(out, DER_SEQUENCE);

	der_add(out, DER_OID, (uint8_t[]){ 0x55, 0x04, part->oid }, 3);
	der_add(out, part->tag, text, strlen(text));
	der_end(out, pair);
	der_end(out, set);
}

void x500_name_der(const struct x500_name *name, struct buf *out)
{
	size_t whole = der_begin(out, DER_SEQUENCE);

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		const char *text = part_text(name, &parts[i]);

		if (text)
			add_rdn(&parts[i], text, out);
	}
	der_end(out, whole);
}

/* One SET{ SEQUENCE{ oid, text } }; the text without NULs, as UTF-8. */
static int take_rdn(struct cursor *c, struct arena *arena,
		    struct x500_name *name, struct error *err)
{
	struct cursor set = der_take(c, DER_SET);
	struct cursor pair = der_take(&set, DER_SEQUENCE);
	struct cursor oid = der_take(&pair, DER_OID), text;
	const struct part *part = NULL;
	const char *copy;

	for (size_t i = 0; i < ARRAY_SIZE(parts) && cursor_left(&oid) == 3; i++)
		if (oid.p[0] == 0x55 && oid.p[1] == 0x04 &&
		    oid.p[2] == parts[i].oid)
			part = &parts[i];
	if (!part || part_text(name, part))
		return error_set(err, ERROR_INPUT,
				 "a name with an unknown part, or with a part "
				 "twice");
	text = der_take(&pair, part->tag);
	if (pair.failed || cursor_left(&pair) || cursor_left(&set) ||
	    memchr(text.p, 0, cursor_left(&text)))
		return error_set(err, ERROR_INPUT,
				 "the value of %s is not valid; expected a "
				 "text without NUL",
				 part->key);
	copy = arena_strndup(arena, (const char *)text.p, cursor_left(&text));
	if (!copy)
		return error_nomem(err);
	*part_of(name, part) = copy;
	return 0;
}

int x500_name_from_der(struct der der, struct arena *arena,
		       struct x500_name *ret, struct error *err)
{
	struct cursor whole = cursor_over(der.bytes, der.len);
	struct cursor c = der_take(&whole, DER_SEQUENCE);
	struct x500_name name = { 0 };

	if (c.failed || cursor_left(&whole))
		return error_set(err, ERROR_INPUT, "not an X.500 name");
	while (cursor_left(&c))
		if (take_rdn(&c, arena, &name, err) < 0)
			return -1;
	if (check_name(&name, err) < 0)
		return -1;
	*ret = name;
	return 0;
}

static void write_text(struct amqp_writer *w, const char *text)
{
	if (text)
		amqp_write_string(w, text);
	else
		amqp_write_null(w);
}

void x500_name_write(const struct x500_name *name, struct amqp_writer *w)
{
	amqp_object_begin(w, DESCRIPTOR);
	write_text(w, name->common_name);
	write_text(w, name->country);
	write_text(w, name->locality);
	write_text(w, name->organisation);
	write_text(w, name->organisation_unit);
	write_text(w, name->state);
	amqp_list_end(w);
}

void x500_name_blob(const struct x500_name *name, struct buf *out)
{
	struct amqp_writer w;

	amqp_writer_init(&w, out);
	amqp_envelope_begin(&w);
	x500_name_write(name, &w);
	schema_write(&w, SCHEMA_NAME);
	amqp_list_end(&w);
}

int x500_name_from_amqp(const struct amqp_value *value, struct arena *arena,
			struct x500_name *ret, struct error *err)
{
	struct x500_name name = { 0 };

	if (!amqp_is(value, "net.corda.core.identity.CordaX500Name"))
		return error_set(err, ERROR_INPUT, "expected a CordaX500Name");
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		if (amqp_text(amqp_get(value, parts[i].field), arena,
			      part_of(&name, &parts[i]), err) < 0)
			return -1;
	if (check_name(&name, err) < 0)
		return -1;
	*ret = name;
	return 0;
}
