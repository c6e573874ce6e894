/* SPDX-License-Identifier: Apache-2.0 */
/* student.c - quantiles of the normal and of Student's t distribution. */
#include "stats/student.h"

#include <assert.h>
#include <math.h>

enum { FRACTIONS_MAX = 10000, HALVINGS = 200 };

/* The incomplete beta function as a continued fraction (Abramowitz and Stegun
 * 26.5.8), evaluated from the front by Lentz's method. */
static double beta_fraction(double x, double a, double b)
{
	const double tiny = 1e-300, enough = 1e-15;
	double c = 1, d = 1 - (a + b) * x / (a + 1), f;

	d = 1 / (fabs(d) < tiny ? tiny : d);
	f = d;
	for (int m = 1; m <= FRACTIONS_MAX; m++) {
		const double terms[2] = {
			m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
			-(a + m) * (a + b + m) * x /
				((a + 2 * m) * (a + 2 * m + 1)),
		};

		for (int i = 0; i < 2; i++) {
			d = 1 + terms[i] * d;
			c = 1 + terms[i] / c;
			d = 1 / (fabs(d) < tiny ? tiny : d);
			c = fabs(c) < tiny ? tiny : c;
			f *= c * d;
		}
		if (fabs(c * d - 1) < enough)
			break;
	}
	return f;
}

/* lgamma() writes a variable that threads share. */
static double log_gamma(double x)
{
	int sign;

	return lgamma_r(x, &sign);
}

static double beta_share(double x, double a, double b)
{
	double log_front;

	if (x <= 0 || x >= 1)
		return x > 0;
	log_front = log_gamma(a + b) - log_gamma(a) - log_gamma(b) +
		    a * log(x) + b * log1p(-x);
	/* The fraction converges fast on this side of the mean. */
	if (x < (a + 1) / (a + b + 2))
		return exp(log_front) * beta_fraction(x, a, b) / a;
	return 1 - exp(log_front) * beta_fraction(1 - x, b, a) / b;
}

double student_above(double t, double df)
{
	double half;

	assert(df > 0);
	if (df >= 1e6)
		return erfc(t / sqrt(2)) / 2;
	half = beta_share(df / (df + t * t), df / 2, 0.5) / 2;
	return t >= 0 ? half : 1 - half;
}

double student_limit(double above, double df)
{
	double low = 0, high = 1;

	assert(above >= 1e-12 && above <= 0.5);
	while (student_above(high, df) > above && high < 1e200)
		high *= 2;
	for (int i = 0; i < HALVINGS && high - low > 1e-12 * high; i++) {
		double middle = (low + high) / 2;

		if (student_above(middle, df) > above)
			low = middle;
		else
			high = middle;
	}
	return (low + high) / 2;
}
