/* SPDX-License-Identifier: Apache-2.0 */
/* legal_name.c - the rules for the legal names of new nodes. */
#include "corda/legal_name.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/utf8.h"

/* ISO 3166-1, and ZZ for none. */
static const char countries[] =
	"AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ "
	"BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ "
	"CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ "
	"DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR "
	"GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY "
	"HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP "
	"KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY "
	"MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ "
	"NA NC NE NF NG NI NL NO NP NR NU NZ OM "
	"PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW "
	"SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ "
	"TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ "
	"UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW ZZ";

static bool is_country(const char *code)
{
	const char *at = strlen(code) == 2 && !strchr(code, ' ')
				 ? strstr(countries, code)
				 : NULL;

	return at && (at - countries) % 3 == 0;
}

/* A part may be a text of any bytes. */
static int check_part(const char *key, const char *text, struct error *err)
{
	unsigned code;
	size_t n;

	for (const char *p = text; *p; p += n) {
		n = utf8_next(p, &code);
		if (!n)
			return error_set(err, ERROR_INPUT, "%s is not UTF-8",
					 key);
		if (code < ' ' || code > '~')
			return error_set(err, ERROR_INPUT,
					 "%s has the character U+%04X; legal "
					 "names have printable ASCII only",
					 key, code);
		if (strchr(",=+<>;$\"'\\", *p) || (*p == '#' && p == text))
			return error_set(err, ERROR_INPUT,
					 "%s has the character %c, which is "
					 "not allowed in legal names%s",
					 key, *p,
					 *p == '#' ? " at the beginning" : "");
		if (p[0] == '.' && p[1] == '.')
			return error_set(err, ERROR_INPUT,
					 "%s has two dots in a row", key);
	}
	return 0;
}

int legal_name_check(const struct x500_name *name, struct error *err)
{
	const char *const parts[][2] = {
		{ "CN", name->common_name }, { "OU", name->organisation_unit },
		{ "O", name->organisation }, { "L", name->locality },
		{ "ST", name->state },	     { "C", name->country }
	};

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		if (parts[i][1] &&
		    check_part(parts[i][0], parts[i][1], err) < 0)
			return -1;
	if (!is_country(name->country))
		return error_set(err, ERROR_INPUT,
				 "C=%s is not a country code of ISO 3166-1, "
				 "such as GB, or ZZ for no country",
				 name->country);
	return 0;
}
