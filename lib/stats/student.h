/* SPDX-License-Identifier: Apache-2.0 */
/* student.h - quantiles of the normal and of Student's t distribution. */
#ifndef STATS_STUDENT_H
#define STATS_STUDENT_H

/* The degrees of freedom if the spread is known, not estimated: they give the
 * normal distribution. */
#define STUDENT_NORMAL 1e9

/* The chance of a value above `t`. `df` > 0 may be a fraction; from 1e6 on the
 * normal distribution is used. */
double student_above(double t, double df);
/* The value that is exceeded with the chance `above`, which is from 1e-12 to
 * 0.5. Relative error below 1e-5. */
double student_limit(double above, double df);

#endif
