/* SPDX-License-Identifier: Apache-2.0 */
/* terminal.c - what the terminal of a person can show. */
#include "sys/terminal.h"

#include <langinfo.h>
#include <locale.h>
#include <string.h>
#include <sys/ioctl.h>

enum { NARROWEST = 40, WIDEST = 240, USUAL = 80 };

unsigned terminal_columns(int fd)
{
	struct winsize w;

	if (ioctl(fd, TIOCGWINSZ, &w) < 0 || w.ws_col < NARROWEST)
		return USUAL;
	return w.ws_col < WIDEST ? w.ws_col : WIDEST;
}

/* Not by setlocale(): what is read and written does not depend on it. */
bool terminal_utf8(void)
{
	locale_t users = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
	bool utf8;

	if (!users)
		return false;
	utf8 = !strcmp(nl_langinfo_l(CODESET, users), "UTF-8");
	freelocale(users);
	return utf8;
}
