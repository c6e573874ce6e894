/* SPDX-License-Identifier: Apache-2.0 */
/* main.c - medley: are the releases of a node fit for each other? */
#include <stdio.h>

int main(void)
{
	puts("medley");
	return 0;
}
