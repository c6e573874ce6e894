/* SPDX-License-Identifier: Apache-2.0 */
/* entropy.c - unpredictable bytes, for keys, serials, salts and passwords. */
#include "sys/entropy.h"

#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <sys/random.h>

int random_bytes(void *ret, size_t len, struct error *err)
{
	ssize_t n;

	assert(len <= 256); /* more may come in pieces */
	do
		n = getrandom(ret, len, 0);
	while (n < 0 && errno == EINTR);
	if (n != (ssize_t)len)
		return error_errno(err, ERROR_INTERNAL, errno, "getrandom");
	return 0;
}

int random_password(char *ret, size_t len, struct error *err)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				       "abcdefghijklmnopqrstuvwxyz0123456789";
	const size_t letters = sizeof(alphabet) - 1;
	const unsigned fair = 256 / letters * letters;

	for (size_t i = 0; i < len;) {
		uint8_t byte;

		if (random_bytes(&byte, 1, err) < 0)
			return -1;
		if (byte < fair)
			ret[i++] = alphabet[byte % letters];
	}
	ret[len] = 0;
	return 0;
}
