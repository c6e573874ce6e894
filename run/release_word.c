/* SPDX-License-Identifier: Apache-2.0 */
/* release_word.c - the rules for words that name releases and CorDapps. */
#include "run/release_word.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/nearest.h"
#include "base/utf8.h"
#include "run/network_names.h"

/* First and last code point of blanks, of control characters, and of those that
 * have no shape of their own or turn the direction of others around. */
static const struct {
	unsigned first, last;
} unseen[] = {
	{ 0x01, 0x20 },	    { 0x7f, 0xa0 },	{ 0xad, 0xad },
	{ 0x61c, 0x61c },   { 0x1680, 0x1680 }, { 0x180e, 0x180e },
	{ 0x2000, 0x200f }, { 0x2028, 0x202f }, { 0x205f, 0x206f },
	{ 0x3000, 0x3000 }, { 0xfeff, 0xfeff }, { 0xfff9, 0xfffb },
};

static bool is_unseen(unsigned point)
{
	for (size_t i = 0; i < ARRAY_SIZE(unseen); i++)
		if (point >= unseen[i].first && point <= unseen[i].last)
			return true;
	return false;
}

static int check_characters(const char *word, struct error *err)
{
	unsigned point;
	size_t len;

	for (const char *p = word; *p; p += len) {
		len = utf8_next(p, &point);
		if (!len)
			return error_set(err, ERROR_INPUT,
					 "the name of a release is not UTF-8");
		if (is_unseen(point))
			return error_set(err, ERROR_INPUT,
					 "the name of a release has a blank, "
					 "control or invisible character "
					 "(U+%04X)",
					 point);
	}
	return 0;
}

int release_version_check(const char *version, struct error *err)
{
	static const char snapshot[] = "-SNAPSHOT";
	size_t len = strlen(version), tail = sizeof(snapshot) - 1, n = 0;

	while (isalnum((unsigned char)version[n]) ||
	       (n && version[n] && strchr("._-", version[n])))
		n++;
	if (!len || n < len)
		return error_set(err, ERROR_INPUT,
				 "\"%s\" is not a valid version", version);
	if (len > tail && !strcmp(version + len - tail, snapshot))
		return error_set(
			err, ERROR_INPUT,
			"\"%s\" is a snapshot, which can change; expected a "
			"released version, or for a node a commit",
			version);
	return 0;
}

int cordapps_word_check(const char *word, struct error *err)
{
	const char *version = cordapps_version(word);

	if (!version || !*version || strlen(word) > RELEASE_WORD_MAX)
		return error_set(err, ERROR_INPUT,
				 "expected finance-VERSION or release, not "
				 "'%.*s'",
				 RELEASE_WORD_MAX, word);
	return release_version_check(version, err);
}

/* "mavn:4.10": no name of git's has a ":", and few expressions begin so. */
static int check_scheme(const char *word, struct error *err)
{
	const size_t len = strcspn(word, ":");
	char scheme[RELEASE_WORD_MAX + 1];
	struct nearest n;

	if (!word[len] || release_is_maven(word))
		return 0;
	memcpy(scheme, word, len);
	scheme[len] = 0;
	n = nearest_to(scheme);
	nearest_offer(&n, "maven");
	if (!n.word)
		return 0;
	return error_set(err, ERROR_INPUT,
			 "\"%s\" is not a release; did you mean \"maven%s\"?",
			 word, word + len);
}

int release_word_check(const char *word, struct error *err)
{
	size_t len = strlen(word);

	if (!len || len > RELEASE_WORD_MAX)
		return error_set(
			err, ERROR_INPUT,
			"the name of a release must have 1 to %d bytes",
			RELEASE_WORD_MAX);
	if (word[0] == '-')
		return error_set(err, ERROR_INPUT,
				 "\"%s\": the name of a release must not begin "
				 "with \"-\"",
				 word);
	if (check_characters(word, err) < 0 || check_scheme(word, err) < 0)
		return -1;
	if (!release_is_maven(word))
		return 0;
	if (!*release_version(word))
		return error_set(err, ERROR_INPUT,
				 "\"%s\": the version is missing; expected "
				 "maven:VERSION, such as maven:4.10",
				 word);
	return release_version_check(release_version(word), err);
}
